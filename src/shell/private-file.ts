import { Failure, isFailure, messageOf } from '../core/failure.ts';
import { temporaryFor, writeTemporary } from '../profiles/file.ts';
import { moveOver, removeFile } from '../profiles/system.ts';

/**
 * Replaces a file in the user's cache folder. Only the user can access it, from the first moment. It is written aside and moved
 * into place, so that a reader sees the old text or the new one, and a link in its place is replaced, not followed.
 */
export function writePrivateFile(path: string, text: string): void {
  const temporary = temporaryFor(path);
  try {
    writeTemporary(temporary, { path, found: undefined }, Buffer.from(text).toString('latin1'));
    moveOver(temporary, path);
  } finally {
    removeFile(temporary);
  }
}

/** What keeps a file or folder of the cache from being used, as a Failure. */
export function unusable(path: string, error: unknown): Failure<'cache-unusable'> {
  if (isFailure(error, 'cache-unusable')) return error;
  return new Failure('cache-unusable', { reason: 'system', path, error: messageOf(error) }, { cause: error });
}
