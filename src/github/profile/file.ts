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
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure, messageOf } from '../../core/failure.ts';

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

/** What `act` returns; whatever it throws becomes a Failure `profile-unwritable` that names the file. */
export function reporting<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const message = `The profile file ${path} cannot be written: ${messageOf(error)}.`;
    throw new Failure('profile-unwritable', message, { cause: error });
  }
}

/**
 * Reads a profile file and makes sure that it can be replaced; changes nothing. Throws a Failure `profile-unwritable` for a
 * link (whoever may change it decides where the credentials go), for anything but a regular file, and without permission.
 */
export function readSnapshot(path: string): Snapshot {
  return reporting(path, () => {
    checkFolderOf(path);
    const seen = lstatSync(path, { throwIfNoEntry: false });
    if (seen === undefined) return { path, found: undefined };
    if (seen.isSymbolicLink()) refuseLink(path);
    if (!seen.isFile()) throw new Error('it is not a regular file');
    accessSync(path, constants.R_OK | constants.W_OK);
    // Not followed here either, should it have become a link since. Windows has no such flag.
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return { path, found: { text: readFileSync(descriptor, 'latin1'), stats: fstatSync(descriptor) } };
    } finally {
      closeSync(descriptor);
    }
  });
}

function checkFolderOf(path: string): void {
  let folder = dirname(path);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) refuseLink(folder);
  // Where it is missing it will be made, in the nearest one that is there.
  while (!lstatSync(folder, { throwIfNoEntry: false }) && dirname(folder) !== folder) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function refuseLink(path: string): never {
  throw new Failure('profile-unwritable', `${path} is a symbolic link, and profiles are not written through links.`, {
    remedy:
      'Name the real files in AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or put the real file or folder there.',
  });
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

/**
 * Writes a text to a temporary file beside the one that they are for, and returns its path. It is its owner's alone from the
 * first moment; where the file was closed to more than that, or belongs to someone else, it stays so.
 */
export function writeBeside(snapshot: Snapshot, text: string): string {
  return writeTemporary(snapshot, text, OWNER_ONLY);
}

/** Puts a file back as it was found: its bytes and permissions, or its absence. */
export function putBack(snapshot: Snapshot): void {
  if (snapshot.found === undefined) removeFile(snapshot.path);
  else moveOver(writeTemporary(snapshot, snapshot.found.text, 0o777), snapshot.path);
}

function writeTemporary({ path, found }: Snapshot, text: string, mask: number): string {
  const temporary = `${path}.aws-mfa-credentials-${randomBytes(8).toString('hex')}.tmp`;
  const descriptor = openSync(temporary, 'wx', OWNER_ONLY);
  let complete = false;
  try {
    writeFileSync(descriptor, text, 'latin1');
    if (found !== undefined) {
      if (fstatSync(descriptor).uid !== found.stats.uid) fchownSync(descriptor, found.stats.uid, found.stats.gid);
      fchmodSync(descriptor, found.stats.mode & mask);
    }
    fsyncSync(descriptor);
    complete = true;
  } finally {
    closeSync(descriptor);
    if (!complete) removeFile(temporary);
  }
  return temporary;
}

/** Puts a temporary file in the place of another, in one step for whoever reads it. */
export function moveOver(temporary: string, path: string): void {
  outlastingUse(() => renameSync(temporary, path));
}

/** Removes a file if it is there. */
export function removeFile(path: string): void {
  outlastingUse(() => rmSync(path, { force: true }));
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
      const code = (error as NodeJS.ErrnoException).code;
      if (process.platform !== 'win32' || !IN_USE.includes(code) || attempt === ATTEMPTS) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

const TEMPORARY_ENDING = /^\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/;

/** Removes temporary files that a killed step has left beside the file. Only for the holder of the file's lock. */
export function removeLeftovers(path: string): void {
  const folder = dirname(path);
  const name = basename(path);
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith(name) && TEMPORARY_ENDING.test(entry.slice(name.length))) removeFile(join(folder, entry));
  }
}
