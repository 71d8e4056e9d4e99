import { lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, isFailure, messageOf } from '../core/failure.ts';

// Calls of the file system, and how they fail.

/** Runs `act`; what it throws becomes a Failure `profile-unwritable` that names the file. */
export function reporting<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(path, error);
  }
}

/** What keeps a file from being written, as a Failure. */
export function unwritable(path: string, error: unknown): Failure<'profile-unwritable'> {
  if (isFailure(error, 'profile-unwritable')) return error;
  return new Failure('profile-unwritable', { reason: 'system', path, error: messageOf(error) }, { cause: error });
}

/** The system's name of an error: `EACCES`. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Makes the folder of a file, accessible only to its owner. It stays: an empty `.aws` does no harm. Not `recursive`: if the system
 * accepts no folders and answers ENOENT, as in /proc, Node tries forever.
 */
export function makeFolderOf(path: string): void {
  const folder = dirname(path);
  if (folder === path || lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  makeFolderOf(folder);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another step may have made it in the meantime.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Puts a temporary file in the place of another. Whoever reads it sees the one or the other. */
export function moveOver(temporary: string, path: string): void {
  outlastingUse(() => renameSync(temporary, path));
}

/** Removes a file if it exists. */
export function removeFile(path: string): void {
  try {
    outlastingUse(() => unlinkSync(path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** What Windows answers if another process has the file open. */
const IN_USE: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];
const PAUSE_MS = 20;
const ATTEMPTS = 100;

/**
 * Windows neither replaces nor removes a file that another process has open, even for reading, so it is tried again for up to two
 * seconds. Without an await: from the first visible change of the export to the last there is none.
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
