import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { messageOf } from '../core/failure.ts';
import { Unusable } from './key-source.ts';

/** More than any file with keys or a token has. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Waits for nobody: the open of a FIFO without a writer would never come back, and Node cannot end it. Windows has no such thing. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A folder, or a file that this user may not read. Nobody waits for it, and the SDKs pass over it. */
export class Unreadable extends Unusable {}

/**
 * The text of a file that somebody else named; undefined if there is none. Throws an `Unusable` that names the file if it is not
 * a plain one: a FIFO or a device may never answer, or never end. `/dev/null` is an empty file.
 */
export function readPlainFile(path: string, what: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new Unreadable(`${what} cannot be opened (${messageOf(error)})`);
  }
  try {
    const found = fstatSync(file);
    if (isNull(found)) return '';
    if (found.isDirectory()) throw new Unreadable(`${what} is a folder (${path})`);
    if (!found.isFile()) throw new Unusable(`${what} is not a plain file (${path})`);
    if (found.size > MAX_BYTES) throw new Unusable(`${what} is larger than ${MAX_BYTES / 1024 / 1024} MB (${path})`);
    return readAll(file, what);
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Unreadable(`${what} cannot be read (${messageOf(error)})`);
  }
}

function isAbsent(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Whether it is the device to which people point a variable to say "no file". */
function isNull(found: ReturnType<typeof fstatSync>): boolean {
  return found.isCharacterDevice() && found.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}
