import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { codeOf, moveOver, removeFile, reporting } from './system.ts';

/** A file as it was found, held only in memory. */
export interface Snapshot {
  readonly path: string;
  /** Undefined if there is no such file. The text is the bytes as latin1, so that what isn't UTF-8 survives. */
  readonly found: { readonly text: string; readonly stats: Stats } | undefined;
}

/** The text of a file; empty if there is no file. */
export function textOf({ found }: Snapshot): string {
  return found?.text ?? '';
}

const OWNER_ONLY = 0o600;
/** Far more than people write by hand, and read in an instant. */
const MAX_MEGABYTES = 16;

/**
 * Reads a profile file and makes sure that it can be written; changes nothing. Throws a Failure `profile-unwritable` for a link
 * (whoever can change it decides where the credentials go), for anything but a regular file, and without permission.
 */
export function readSnapshot(path: string): Snapshot {
  return reporting(path, () => {
    checkFolderOf(path);
    const seen = lstatSync(path, { throwIfNoEntry: false });
    if (seen === undefined) return { path, found: undefined };
    requireRegular(path, seen);
    // Opened for writing, too: access(2) gives wrong answers for root and on network file systems. If it has become a link or a FIFO
    // since, that is neither followed nor waited for; Windows has no such flags.
    const { O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    const descriptor = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      requireRegular(path, stats);
      return { path, found: { text: readFileSync(descriptor, 'latin1'), stats } };
    } finally {
      closeSync(descriptor);
    }
  });
}

function requireRegular(path: string, stats: Stats): void {
  if (stats.isSymbolicLink()) throw new Failure('profile-unwritable', { reason: 'link', path });
  if (!stats.isFile()) throw new Failure('profile-unwritable', { reason: 'not-a-file', path });
  if (stats.size > MAX_MEGABYTES * 1024 * 1024)
    throw new Failure('profile-unwritable', { reason: 'too-large', path, megabytes: MAX_MEGABYTES });
}

/** Throws if a file can't be made in its folder, or the folder can't be made. */
function checkFolderOf(path: string): void {
  let folder = dirname(path);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Failure('profile-unwritable', { reason: 'link', path: folder });
  // If it's missing, it will be made in the nearest folder that exists.
  while (!lstatSync(folder, { throwIfNoEntry: false }) && dirname(folder) !== folder) folder = dirname(folder);
  if (!statSync(folder).isDirectory())
    throw new Failure('profile-unwritable', { reason: 'not-a-folder', path, folder });
  accessSync(folder, constants.W_OK | constants.X_OK);
}

/** Whether the folder of a file is gone. Throws if that can't be seen: then the file may well be there. */
export function isFolderGone(path: string): boolean {
  try {
    lstatSync(dirname(path));
    return false;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

/** Whether the file still contains what it was found to contain. */
export function isUnchanged({ path, found }: Snapshot): boolean {
  return readSnapshot(path).found?.text === found?.text;
}

/** Whether two paths lead to one file, through a folder that is a link or in a file system that ignores case. */
export function isSameFile(one: Snapshot, other: Snapshot): boolean {
  const [first, second] = [one, other].map(({ path, found }) =>
    found === undefined ? path : realpathSync.native(path),
  );
  return first === second;
}

/** An unused name for a temporary file next to another one. */
export function temporaryFor(path: string): string {
  return `${path}.aws-mfa-credentials-${randomBytes(8).toString('hex')}.tmp`;
}

/**
 * Writes the text that is to replace a file. Only its owner can access it, from the first moment; if the file had narrower
 * permissions or belongs to someone else, that stays so. If it fails, the caller must remove the temporary file.
 */
export function writeTemporary(temporary: string, snapshot: Snapshot, text: string): Stats {
  return writeAs(temporary, snapshot, text, OWNER_ONLY);
}

/** Restores a file as it was found: its bytes and permissions, or its absence. */
export function restoreFile(snapshot: Snapshot): void {
  const { path, found } = snapshot;
  if (found === undefined) {
    removeFile(path);
    return;
  }
  const temporary = temporaryFor(path);
  try {
    writeAs(temporary, snapshot, found.text, 0o777);
    moveOver(temporary, path);
  } finally {
    removeFile(temporary);
  }
}

function writeAs(temporary: string, { found }: Snapshot, text: string, mask: number): Stats {
  const descriptor = openSync(temporary, 'wx', OWNER_ONLY);
  try {
    writeFileSync(descriptor, text, 'latin1');
    const made = fstatSync(descriptor);
    if (found !== undefined) {
      if (made.uid !== found.stats.uid) fchownSync(descriptor, found.stats.uid, found.stats.gid);
      fchmodSync(descriptor, found.stats.mode & mask);
    }
    fsyncSync(descriptor);
    return made;
  } finally {
    closeSync(descriptor);
  }
}

const TEMPORARY_ENDING = /^\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/;

/**
 * Removes temporary files that a killed step has left next to the file, and returns those that can't be removed. What isn't a file
 * isn't ours. Only for the holder of the file's lock.
 */
export function removeLeftovers(path: string): readonly string[] {
  const folder = dirname(path);
  const name = basename(path);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(name))
    .filter((entry) => TEMPORARY_ENDING.test(entry.name.slice(name.length)))
    .map((entry) => join(folder, entry.name))
    .filter((leftover) => {
      try {
        removeFile(leftover);
        return false;
      } catch {
        return true;
      }
    });
}
