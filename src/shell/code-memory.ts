import { join } from 'node:path';
import { parseRecollection, recent } from '../core/codes/recollection.ts';
import { Failure } from '../core/failure.ts';
import type { Memory, Recollection } from '../core/ports.ts';
import type { Lock } from '../profiles/lock.ts';
import { readOwnFile } from '../profiles/own-file.ts';
import { unusable, writePrivateFile } from './private-file.ts';
import { type Waiting, withSharedLock } from './shared-lock.ts';

/** What all processes of this user remember of their codes and of AWS's clock. It contains no seed and no code. */
export interface CodeMemory {
  /** What is known now. Codes may only be chosen under the lock. */
  recall(): Recollection;
  /**
   * Runs what sends codes. It holds a lock from the first recall to the last keep, so no two processes send the same code. Not
   * within itself: it would wait for its own end.
   */
  underLock<T>(act: (memory: Memory) => Promise<T>): Promise<T>;
}

/** The memory in the user's cache folder. `now` is the local clock. */
export function openCodeMemory(folder: string, now: () => number, waiting: Waiting): CodeMemory {
  const path = join(folder, 'codes.json');
  const recall = (): Recollection => recent(parseRecollection(readOwnFile(path, 'private')), now());
  return {
    recall,
    underLock: (act) => withSharedLock(path, waiting, (lock) => act(memoryUnder(lock, path, recall(), now))),
  };
}

function memoryUnder(lock: Lock, path: string, found: Recollection, now: () => number): Memory {
  let kept = found;
  return {
    recall: () => kept,
    keep(recollection) {
      const next = recent(recollection, now());
      const unknown = next.attempts.filter(({ serial, step }) => !isAmong(kept, serial, step));
      try {
        requireHeld(lock, path);
        writePrivateFile(path, JSON.stringify(next));
        // Again: if this process was stopped meanwhile, the one that took the lock over may not have seen the code.
        requireHeld(lock, path);
        kept = next;
      } catch (error) {
        // A code that isn't in the file must not be sent. What became of one that is there matters less than the session it gave.
        if (unknown.length > 0) throw unusable(path, error);
      }
    },
  };
}

function isAmong({ attempts }: Recollection, serial: string, step: number): boolean {
  return attempts.some((attempt) => attempt.serial === serial && attempt.step === step);
}

function requireHeld(lock: Lock, path: string): void {
  if (lock.isLost()) throw new Failure('cache-unusable', { reason: 'lock-lost', path });
}
