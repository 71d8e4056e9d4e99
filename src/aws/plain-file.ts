import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { messageOf } from '../core/failure.ts';
import { Unusable } from './key-source.ts';

/** Larger than any file with keys or a token. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Never waits: opening a FIFO without a writer would block forever, and Node can't end that. Windows has no FIFOs. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A folder, or a file that this user can't read. The SDKs ignore those. */
export class Unreadable extends Unusable {}

/**
 * The content of a file that somebody else named; undefined if it doesn't exist. Throws an `Unusable` that names the file if it isn't
 * a regular one: a FIFO or a device may never respond, or never end. `/dev/null` is an empty file.
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

/** Whether it is the device that people set a variable to for "no file". */
function isNull(found: ReturnType<typeof fstatSync>): boolean {
  return found.isCharacterDevice() && found.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}
