import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Ours have a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** The bits of a file's mode that nobody but its owner may have. */
const FORBIDDEN = { 'others-may-read': 0o022, private: 0o077 } as const;

/**
 * The text of a regular file that this user wrote, or the owner of its folder; empty if there is none, or if others could have
 * written it, or read a private one. Follows no link, and never waits: a FIFO is opened without a writer.
 */
export function readOwnFile(path: string, access: keyof typeof FORBIDDEN): string {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = fstatSync(file);
      const { size, uid, mode } = found;
      const own = process.getuid === undefined || uid === process.getuid() || uid === statSync(dirname(path)).uid;
      const closed = process.getuid === undefined || (mode & FORBIDDEN[access]) === 0;
      if (!found.isFile() || !own || !closed || size > MAX_BYTES) return '';
      const bytes = Buffer.alloc(size);
      return bytes.toString('utf8', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
