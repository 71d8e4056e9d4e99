import { randomBytes } from 'node:crypto';
import {
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
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkFolderOf } from './folder.ts';
import { codeOf, refuseLink, reporting } from './unwritable.ts';

/** A file as it was found, held in memory only. */
export interface Snapshot {
  readonly path: string;
  /** Undefined where there is no such file. The text is the bytes as latin1, so that what is no UTF-8 survives. */
  readonly found: { readonly text: string; readonly stats: Stats } | undefined;
}

/** The text of a file, which is empty where there is no file. */
export function textOf({ found }: Snapshot): string {
  return found?.text ?? '';
}

const OWNER_ONLY = 0o600;
/** Far beyond what people write by hand, and read in an instant. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a profile file and makes sure that it can be written; changes nothing. Throws a Failure `profile-unwritable` for a
 * link (whoever may change it decides where the credentials go), for anything but a regular file, and without permission.
 */
export function readSnapshot(path: string): Snapshot {
  return reporting(path, () => {
    checkFolderOf(path);
    const seen = lstatSync(path, { throwIfNoEntry: false });
    if (seen === undefined) return { path, found: undefined };
    if (seen.isSymbolicLink()) refuseLink(path);
    requireRegular(seen);
    // Opened for writing, too: access(2) answers wrongly for root and on network file systems. Should it have become a link or
    // a FIFO since, that is neither followed nor waited for; Windows has no such flags.
    const { O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    const descriptor = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      requireRegular(stats);
      return { path, found: { text: readFileSync(descriptor, 'latin1'), stats } };
    } finally {
      closeSync(descriptor);
    }
  });
}

function requireRegular(stats: Stats): void {
  if (!stats.isFile()) throw new Error('it is not a regular file');
  if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
}

/** Whether the file still holds what it was found to hold. */
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

/** A name for a temporary file next to another one, which nothing has yet. */
export function temporaryFor(path: string): string {
  return `${path}.aws-mfa-credentials-${randomBytes(8).toString('hex')}.tmp`;
}

/**
 * Writes the text that is to take a file's place. It is its owner's alone from the first moment; if the file was closed to
 * more than that, or belongs to someone else, it stays so. Whatever fails, the caller has to remove it.
 */
export function writeTemporary(temporary: string, snapshot: Snapshot, text: string): Stats {
  return writeAs(temporary, snapshot, text, OWNER_ONLY);
}

/** Puts a file back as it was found: its bytes and permissions, or its absence. */
export function putBack(snapshot: Snapshot): void {
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

/** Puts a temporary file in the place of another, in one step for whoever reads it. */
export function moveOver(temporary: string, path: string): void {
  outlastingUse(() => renameSync(temporary, path));
}

/** Removes a file if it is there. */
export function removeFile(path: string): void {
  try {
    outlastingUse(() => unlinkSync(path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** What Windows answers where somebody has the file open. */
const IN_USE: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];
const PAUSE_MS = 20;
const ATTEMPTS = 100;

/**
 * Windows neither replaces nor removes a file that somebody has open, were it to read it for a moment, so it is tried again for
 * two seconds in all. Without an await: from the first visible change of the export to the last there is none.
 */
function outlastingUse(act: () => void): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      act();
      return;
    } catch (error) {
      if (process.platform !== 'win32' || !IN_USE.includes(codeOf(error)) || attempt === ATTEMPTS) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

const TEMPORARY_ENDING = /^\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/;

/**
 * Removes temporary files that a killed step has left next to the file, and returns those that could not be removed. What is
 * no file is none of ours. Only for the holder of the file's lock.
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
