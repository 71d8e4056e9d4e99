import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Whether a file is mounted by itself, as `docker run --volume FILE:FILE` does: it can be written, but no other file can take
 * its place. A bind mount within one file system shows only in Linux's list of mounts.
 */
export function isMountPoint(path: string): boolean {
  const folder = dirname(path);
  if (lstatSync(path).dev !== lstatSync(folder).dev) return true;
  return mountPoints().includes(join(realpathSync.native(folder), basename(path)));
}

function mountPoints(): readonly string[] {
  if (process.platform !== 'linux') return [];
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map(mountPointOf);
  } catch {
    // Then renaming will tell.
    return [];
  }
}

/** proc(5): the fifth field, in which white space and backslashes are octal. */
function mountPointOf(line: string): string {
  const field = line.split(' ')[4] ?? '';
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
