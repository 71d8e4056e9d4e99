import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../core/failure.ts';
import { moveOver, removeFile, type Snapshot, temporaryFor, writeTemporary } from './file.ts';
import { isMountPoint } from './mount.ts';
import { reporting, USE_TEMP } from './unwritable.ts';

/**
 * Does with a profile file all that the export will do, but for the last move, so that what the system forbids shows before a
 * code is spent: permissions, quotas, room for `bytes`, names that are too long, attributes. Returns how a file that is made
 * there looks. Throws a Failure `profile-unwritable`. Only for the holder of the file's lock.
 */
export function rehearse(snapshot: Snapshot, bytes: number): Stats {
  const { path, found } = snapshot;
  return reporting(path, () => {
    if (found !== undefined) checkReplaceable(path, found.stats);
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

/** What keeps another file from taking the place of one that can be written. */
function checkReplaceable(path: string, { uid }: Stats): void {
  if (isMountPoint(path)) {
    throw new Failure('profile-unwritable', `${path} is mounted by itself, so no new file can take its place.`, {
      remedy: `Mount the folder that it lies in instead, or ${USE_TEMP}.`,
    });
  }
  const folder = statSync(dirname(path));
  const user = process.geteuid?.() ?? 0;
  const isSticky = (folder.mode & 0o1000) !== 0;
  if (isSticky && user !== 0 && uid !== user && folder.uid !== user)
    throw new Error('it belongs to another user, in a folder in which only owners may replace files');
}
