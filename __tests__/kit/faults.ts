import { preloading } from './preload.ts';

/** What fails in the step's process. */
export interface Fault {
  /** The name of the function of `node:fs`; any of them where it is left out. */
  readonly call?: string;
  /** A part of the path that it is called with, or that its descriptor was opened with. */
  readonly path?: string;
  /** Which of the calls since the first connection; each that fits where it is left out. */
  readonly nth?: number;
  /** `EIO`, or `SIGKILL` for the end of the process. */
  readonly code: string;
  /** How much of its effect the call has before it fails. */
  readonly effect?: 'none' | 'some' | 'all';
}

/**
 * `env:` of a step whose file system fails so. What failed is appended to `hit`, a call per line; if nothing is to fail, each call
 * since the first connection.
 */
export function failingFiles(
  faults: readonly Fault[],
  hit = '',
  entry: 'main.js' | 'post.js' = 'main.js',
): Readonly<Record<string, string>> {
  return {
    ...preloading('faults'),
    TEST_FAULTS: JSON.stringify(faults),
    TEST_FAULTS_HIT: hit,
    TEST_FAULTS_IN: entry,
  };
}

/** `env:` of a step to which the disk is full as soon as it writes a command file named `full`. */
export const FILLING_DISK = preloading('full-disk');

/** `env:` of a step that finds the disk full when it writes a command file. Devices such as `/dev/full` are refused earlier. */
export function fullDiskAt(name: string): Readonly<Record<string, string>> {
  return { ...preloading('append-only'), [name]: 'full' };
}
