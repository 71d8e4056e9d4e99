import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { type Snapshot, temporaryFor, writeTemporary } from './file.ts';
import { moveOver, removeFile, reporting } from './system.ts';

/**
 * Does everything with a profile file that the export will do, except for the last move. So whatever the system forbids shows before
 * a code is spent: permissions, quotas, room for `bytes`, names that are too long, attributes. Returns what a file that is made
 * there looks like. Throws a Failure `profile-unwritable`. Only for the holder of the file's lock.
 */
export function rehearse(snapshot: Snapshot, bytes: number): Stats {
  const { path, found } = snapshot;
  return reporting(path, () => {
    if (found !== undefined) requireReplaceable(path, found.stats);
    const [temporary, moved] = [temporaryFor(path), temporaryFor(path)];
    try {
      const made = writeTemporary(temporary, snapshot, '\n'.repeat(bytes));
      moveOver(temporary, moved);
      return made;
    } finally {
      removeFile(temporary);
      removeFile(moved);
    }
  });
}

/** Throws if a file can be written, but not replaced by another one. */
function requireReplaceable(path: string, { uid }: Stats): void {
  if (isMountPoint(path)) throw new Failure('profile-unwritable', { reason: 'mounted', path });
  const folder = statSync(dirname(path));
  const user = process.geteuid?.() ?? 0;
  const isSticky = (folder.mode & 0o1000) !== 0;
  if (isSticky && user !== 0 && uid !== user && folder.uid !== user)
    throw new Failure('profile-unwritable', { reason: 'only-owner-may-replace', path });
}

/**
 * Whether a file is mounted by itself, as `docker run --volume FILE:FILE` does. A bind mount within one file system shows only in
 * Linux's list of mounts.
 */
function isMountPoint(path: string): boolean {
  const folder = dirname(path);
  if (lstatSync(path).dev !== lstatSync(folder).dev) return true;
  return mountPoints().includes(join(realpathSync.native(folder), basename(path)));
}

function mountPoints(): readonly string[] {
  if (process.platform !== 'linux') return [];
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map(mountPointOf);
  } catch {
    // Then the renaming fails.
    return [];
  }
}

/** proc(5): the fifth field, in which white space and backslashes are octal. */
function mountPointOf(line: string): string {
  const field = line.split(' ')[4] ?? '';
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
