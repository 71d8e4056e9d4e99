import { Failure } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';
import { type Lock, tryLock } from '../profiles/lock.ts';
import { unusable } from './private-file.ts';

/** How a process waits for another one that holds a lock. */
export interface Waiting {
  readonly sleep: Clock['sleep'];
  readonly patienceSeconds: number;
  /** Called once, after two seconds, so that a person can be shown what is being waited for. */
  readonly onWait: () => void;
}

const PAUSE_MS = 50;
const QUIET_MS = 2_000;

/**
 * Runs `act` with the lock of a file, which one process at a time holds; a killed process loses it within seconds. As soon as
 * `meanwhile` finds what the process waits for, that is the result instead: it looks before the lock is taken, while it is waited
 * for, and after. Throws a Failure `cache-unusable` when the patience is at its end, or if the lock can't be made.
 */
export async function withSharedLock<T>(
  path: string,
  { sleep, patienceSeconds, onWait }: Waiting,
  act: (lock: Lock) => Promise<T>,
  meanwhile: () => T | undefined = () => undefined,
): Promise<T> {
  // Pauses are counted, so a clock that is set meanwhile doesn't matter.
  for (let waited = 0; ; waited += PAUSE_MS) {
    const found = meanwhile();
    if (found !== undefined) return found;
    const lock = lockOf(path);
    if (lock !== undefined) {
      try {
        return meanwhile() ?? (await act(lock));
      } finally {
        lock.release();
      }
    }
    if (waited >= patienceSeconds * 1000)
      throw new Failure('cache-unusable', { reason: 'held', path, seconds: patienceSeconds });
    if (waited === QUIET_MS) onWait();
    await sleep(PAUSE_MS);
  }
}

function lockOf(path: string): Lock | undefined {
  try {
    return tryLock(path);
  } catch (error) {
    throw unusable(path, error);
  }
}
