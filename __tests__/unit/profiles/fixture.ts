import { type ChildProcessByStdio, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterAll } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import type { Unwritable } from '../../../src/core/failure-facts.ts';
import type { OverwriteRule } from '../../../src/core/request.ts';
import type { ProfileNotice } from '../../../src/profiles/notice.ts';
import type { ProfilePaths } from '../../../src/profiles/paths.ts';
import { type ProfileToWrite, prepareProfiles } from '../../../src/profiles/profiles.ts';
import type { WrittenProfiles } from '../../../src/profiles/written.ts';

export const CI = {
  name: 'ci',
  region: 'eu-central-1',
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
    sessionToken: 'IQoJb3JpZ2lu==',
  },
} as const satisfies ProfileToWrite;

export function named(name: string): ProfileToWrite {
  return { ...CI, name };
}

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** The two paths, in a folder that doesn't exist yet. */
export function freshPaths(): ProfilePaths {
  const home = realpathSync.native(mkdtempSync(join(tmpdir(), 'aws-profile-')));
  homes.push(home);
  return { config: join(home, '.aws', 'config'), credentials: join(home, '.aws', 'credentials') };
}

export const CONFIG_BEFORE = '# mine\r\n[profile dev]\r\nregion = us-east-1\r\n';
export const CREDENTIALS_BEFORE = '[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = \xff\xfe';

/** The two paths of files that hold a profile `dev`: one with CRLF, one without a last line end and not UTF-8. */
export function filledPaths(): ProfilePaths {
  const paths = freshPaths();
  mkdirSync(join(paths.config, '..'));
  writeFileSync(paths.config, CONFIG_BEFORE, { encoding: 'latin1', mode: 0o644 });
  writeFileSync(paths.credentials, CREDENTIALS_BEFORE, { encoding: 'latin1', mode: 0o600 });
  return paths;
}

export function contents(path: string): string {
  return readFileSync(path, 'latin1');
}

export function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

/** The names in the folder of the files. */
export function entries(paths: ProfilePaths): readonly string[] {
  return readdirSync(join(paths.config, '..')).sort();
}

/** The Failure that something throws. */
export async function failureOf(act: () => unknown): Promise<Failure> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** The next line that it prints. */
  line(): Promise<string>;
  exit(): Promise<number | NodeJS.Signals | null>;
}

/** A step in its own process. */
export function startChild(
  action: 'write' | 'killed' | 'killed within' | 'interrupted',
  paths: ProfilePaths,
  name: string,
): Child {
  const script = join(__dirname, 'child.ts');
  const child = spawn(process.execPath, [script, action, paths.config, paths.credentials, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  return {
    process: child,
    line: async () => String((await lines.next()).value),
    exit: () => exited,
  };
}

/** Writes profiles as the action does: prepare, commit, release. */
export async function write(
  paths: ProfilePaths,
  profiles: readonly ProfileToWrite[] = [CI],
  overwrite: OverwriteRule = 'refuse',
): Promise<WrittenProfiles> {
  const prepared = await prepareProfiles(paths, profiles, overwrite);
  try {
    prepared.commit();
  } finally {
    prepared.release();
  }
  return prepared.written;
}

/** What a Failure `profile-unwritable` is like. */
export function unwritable(facts: Unwritable): { readonly code: string; readonly facts: Unwritable } {
  return { code: 'profile-unwritable', facts };
}

/** The notice of the post step if it removed the profile `ci`. */
export const REMOVED: readonly ProfileNotice[] = [{ kind: 'removed', names: ['ci'] }];

export const CONFIG_ADDED =
  '\r\n# Written by aws-mfa-credentials; removed when the job ends.\r\n[profile ci]\r\nregion = eu-central-1\r\n';
export const CREDENTIALS_ADDED =
  '\n# Written by aws-mfa-credentials; removed when the job ends.\n[ci]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n' +
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG\naws_session_token = IQoJb3JpZ2lu==\n';
