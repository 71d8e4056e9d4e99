import { lstatSync, mkdirSync, rmdirSync, utimesSync } from 'node:fs';
import { Failure, messageOf } from '../core/failure.ts';
import { codeOf } from './system.ts';

/** Sleeps for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<void>;

/** The lock on one file, held until it is released. */
export interface Lock {
  /** Whether another process has taken the lock over: this one was stopped for so long that it looked dead. */
  isLost(): boolean;
  /** Never throws: it runs when something else may have failed already. */
  release(): void;
}

/** How long the files of one transaction may still be waited for. */
export interface Patience {
  milliseconds: number;
  readonly pause: Pause;
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;
/** Well under the patience, so that the first to wait takes over the lock of a killed job. */
const STALE_MS = 5_000;
const HEARTBEAT_MS = 2_000;

/** The pause of the post step, which nothing cancels. */
export const sleep: Pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ten seconds, for all files of one transaction together. */
export function fullPatience(pause: Pause): Patience {
  return { milliseconds: PATIENCE_MS, pause };
}

/**
 * Takes the lock of a profile file, and waits for it. `prepare` runs before each attempt and makes sure that the parent folder
 * exists. Throws a Failure `profile-locked` when the patience is at its end, and `profile-unwritable` if
 * the lock can't be made at all.
 */
export async function takeLock(path: string, patience: Patience, prepare: () => void): Promise<Lock> {
  for (;;) {
    prepare();
    try {
      const lock = tryLock(path);
      if (lock !== undefined) return lock;
    } catch (error) {
      throw new Failure('profile-unwritable', { reason: 'lock', path, error: messageOf(error) }, { cause: error });
    }
    if (patience.milliseconds <= 0)
      throw new Failure('profile-locked', { reason: 'held', path, seconds: PATIENCE_MS / 1000 });
    patience.milliseconds -= PAUSE_MS;
    await patience.pause(PAUSE_MS);
  }
}

/**
 * Takes the lock of a file: the folder `<path>.lock`, whose time its holder keeps fresh. So a lock outlives a killed process by
 * seconds only, and proper-lockfile (which release 1.1 used) understands it. Undefined if another process holds it, or if its
 * folder vanished. Throws the system's error if it can't be made.
 */
export function tryLock(path: string): Lock | undefined {
  const folder = `${path}.lock`;
  try {
    return makeOrTakeOver(folder) ? hold(folder) : undefined;
  } catch (error) {
    // Someone removed the folder in between.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the lock is ours now. */
function makeOrTakeOver(folder: string): boolean {
  if (makeFolder(folder)) return true;
  if (!isStale(folder)) return false;
  // Of several that see a dead lock, one may take it over, and only if it is still dead by then. Its time is set in place: a
  // lock that is removed first could be someone else's new one.
  const taking = `${folder}.taking-over`;
  if (!makeFolder(taking)) {
    if (isStale(taking)) rmdirSync(taking);
    return false;
  }
  try {
    if (!isStale(folder)) return false;
    touch(folder);
    return true;
  } finally {
    rmdirSync(taking);
  }
}

function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function isStale(folder: string): boolean {
  const time = timeOf(folder);
  return time !== undefined && time < Date.now() - STALE_MS;
}

function timeOf(folder: string): number | undefined {
  return lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs;
}

/** Sets a folder's time, and returns it as the file system keeps it: some know only seconds. */
function touch(folder: string): number | undefined {
  const now = new Date();
  utimesSync(folder, now, now);
  return timeOf(folder);
}

function hold(folder: string): Lock {
  let time = touch(folder);
  const isLost = (): boolean => {
    try {
      return time === undefined || timeOf(folder) !== time;
    } catch {
      return true;
    }
  };
  const heartbeat = setInterval(() => {
    if (isLost()) return;
    try {
      time = touch(folder);
    } catch {
      // The next beat may succeed; if none does, the lock grows stale.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    isLost,
    release() {
      clearInterval(heartbeat);
      try {
        if (!isLost()) rmdirSync(folder);
      } catch {
        // Then it grows stale.
      }
    },
  };
}
