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
import type { ProfilePaths, ProfileToWrite } from '../../../src/profiles/profile.ts';

export const CI: ProfileToWrite = {
  name: 'ci',
  region: 'eu-central-1',
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
    sessionToken: 'IQoJb3JpZ2lu==',
  },
};

export function named(name: string): ProfileToWrite {
  return { ...CI, name };
}

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** The two paths in a folder that is not there yet. */
export function freshPaths(): ProfilePaths {
  const home = realpathSync.native(mkdtempSync(join(tmpdir(), 'aws-profile-')));
  homes.push(home);
  return { config: join(home, '.aws', 'config'), credentials: join(home, '.aws', 'credentials') };
}

export const CONFIG_BEFORE = '# mine\r\n[profile dev]\r\nregion = us-east-1\r\n';
export const CREDENTIALS_BEFORE = '[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = \xff\xfe';

/** The two paths of files that hold a profile `dev`: one with CRLF, one without a last line end and not in UTF-8. */
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

/** What lies in the folder of the files. */
export function entries(paths: ProfilePaths): readonly string[] {
  return readdirSync(join(paths.config, '..')).sort();
}

/** The Failure that something ends with. */
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

/** A step in a process of its own. */
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
