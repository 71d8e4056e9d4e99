import { join } from 'node:path';
import { preloading } from './preload.ts';

/** `env:` of a step on a file system that does not let `mine` be cut off, and on which `full` takes nothing. */
const FAILING_DISK = preloading(join(__dirname, 'failure-disk.cts'));

/** `env:` of a step to which the disk is full from the moment on at which it writes a command file named `full`. */
export const FILLING_DISK = preloading(join(__dirname, 'failure-full-disk.cts'));

/** `env:` of a step to which the disk is full where it writes a command file. Devices such as `/dev/full` are refused before. */
export function fullDiskAt(name: string): Readonly<Record<string, string>> {
  return { ...FAILING_DISK, [name]: 'full' };
}
