import { Failure, messageOf } from '../core/failure.ts';

/** Sleeps for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<void>;

/** The lock on one file, held until it is released. */
export interface Lock {
  /** Another process has broken the lock: this one was stopped for so long that it looked dead. */
  isLost(): boolean;
  /** Never throws: it runs where something else may have failed already. */
  release(): Promise<void>;
}

/** What is left of the time that one may wait for locks. */
export interface Patience {
  milliseconds: number;
  readonly pause: Pause;
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;
/** Well under the patience, so that the lock of a killed job is broken by the first who waits for it. */
const STALE_MS = 5_000;

/** The pause of the post step, which nothing cancels. */
export const sleep: Pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ten seconds, for all the files of one undertaking together. */
export function fullPatience(pause: Pause): Patience {
  return { milliseconds: PATIENCE_MS, pause };
}

/**
 * Takes the lock of a file: the folder `<path>.lock`, as every user of proper-lockfile has it. `prepare` runs before each
 * attempt and makes sure that its parent folder exists. Throws a Failure `profile-locked` when the patience is at its end and
 * `profile-unwritable` when the lock cannot be had at all.
 */
export async function takeLock(path: string, patience: Patience, prepare: () => void): Promise<Lock> {
  const { lock } = await loadLocker();
  let lost = false;
  const onCompromised = () => {
    lost = true;
  };
  for (;;) {
    try {
      prepare();
      // The path itself may not exist yet and is known not to be a link.
      const release = await lock(path, { realpath: false, stale: STALE_MS, onCompromised });
      return { isLost: () => lost, release: () => release().catch(() => undefined) };
    } catch (error) {
      if (error instanceof Failure) throw error;
      const code = (error as NodeJS.ErrnoException).code;
      // The folder may vanish between the preparation and the attempt, when the one before us cleans up.
      if (code !== 'ELOCKED' && code !== 'ENOENT') {
        throw new Failure('profile-unwritable', `The profile file ${path} cannot be locked: ${messageOf(error)}.`, {
          cause: error,
        });
      }
      if (patience.milliseconds <= 0) {
        const message = `The profile file ${path} was locked by another process (${path}.lock) for ${PATIENCE_MS / 1000} seconds.`;
        throw new Failure('profile-locked', message, { cause: error });
      }
    }
    patience.milliseconds -= PAUSE_MS;
    await patience.pause(PAUSE_MS);
  }
}

const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Loads proper-lockfile and takes its listeners for SIGINT and SIGTERM off again. They come from signal-exit, which ends the
 * process on the spot when it finds itself the last listener, and it does so where the action's own handler is registered
 * with `once`: whatever that handler began, and what standard output still holds, would be lost. A lock that is left behind
 * by a signal is stale within seconds; at a normal exit proper-lockfile still removes it.
 */
async function loadLocker(): Promise<typeof import('proper-lockfile')> {
  const before = INTERRUPTIONS.map((signal) => process.listeners(signal));
  const locker = await import('proper-lockfile');
  INTERRUPTIONS.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.off(signal, listener);
    }
  });
  return locker;
}
