import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Emulator } from '../../lab/aws/index.ts';
import type { Job } from '../../lab/runner/job.ts';
import type { ProfileFile } from '../../src/profiles/sections.ts';
import { call } from '../aws/wire.ts';

// The AWS CLI's two files in the home of a job.

/** Both files. */
export const FILES: readonly ProfileFile[] = ['config', 'credentials'];

/** Where a file is in the home of a job. */
export function pathOf({ home }: Job, file: ProfileFile): string {
  return join(home, '.aws', file);
}

/** Writes one as somebody else would have; the text is bytes as latin1. */
export function write(job: Job, file: ProfileFile, latin1: string): void {
  mkdirSync(join(job.home, '.aws'), { recursive: true });
  writeFileSync(pathOf(job, file), latin1, 'latin1');
}

/** The bytes of a file as latin1. */
export function read(path: string): string {
  return readFileSync(path, 'latin1');
}

/** The permissions of a file or folder, in octal: `600`. */
export function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

/** The keys in a credentials file, by the profile that they are of. */
export function keysIn(
  text: string,
): ReadonlyMap<string, { accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
  const sections = text.matchAll(
    /^\[(.+)\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\naws_session_token = (\S+)\n/gm,
  );
  return new Map(
    [...sections].map(([, name = '', accessKeyId = '', secretAccessKey = '', sessionToken = '']) => [
      name,
      { accessKeyId, secretAccessKey, sessionToken },
    ]),
  );
}

/** Who the keys of each profile are, as STS sees it. */
export async function whoIsIn(path: string, emulator: Emulator): Promise<Readonly<Record<string, string | undefined>>> {
  const who: Record<string, string | undefined> = {};
  for (const [name, keys] of keysIn(read(path)))
    who[name] = (await call(emulator, keys, 'GetCallerIdentity')).field('Arn');
  return who;
}

/** The files in a folder and below, as paths in it; none if there is no such folder. */
export function filesIn(...path: readonly string[]): readonly string[] {
  const folder = join(...path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}
