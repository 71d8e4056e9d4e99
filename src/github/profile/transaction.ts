import { dirname } from 'node:path';
import { Failure, messageOf } from '../../core/failure.ts';
import {
  isUnchanged,
  moveOver,
  putBack,
  readSnapshot,
  removeFile,
  removeLeftovers,
  reporting,
  type Snapshot,
  writeBeside,
} from './file.ts';
import { foldersOf, makeFolderOf, removeEmptyFolders } from './folder.ts';
import { fullPatience, type Lock, type Pause, takeLock } from './lock.ts';

interface Change {
  readonly snapshot: Snapshot;
  /** The file that is to take its place; undefined where it is to go. */
  readonly temporary: string | undefined;
}

/**
 * Replaces several files together or not at all, under their locks. A process that is killed before `commit` has changed
 * nothing but for a temporary file and a lock, which the next holder of the lock clears away.
 */
export class Transaction {
  private readonly locks: Lock[] = [];
  private readonly foldersMade = new Map<string, number>();
  private readonly changes: Change[] = [];
  private readonly committed: Snapshot[] = [];

  /**
   * Locks the files, makes their folders where they are missing, and removes what killed steps have left there. Throws a
   * Failure `profile-locked` after ten seconds of waiting, spent through `pause`, or `profile-unwritable`.
   */
  static async begin(paths: readonly string[], pause: Pause): Promise<Transaction> {
    const transaction = new Transaction();
    const patience = fullPatience(pause);
    try {
      // In the order of their paths, whatever they are for: two steps must not wait for each other.
      for (const path of [...paths].sort()) {
        transaction.locks.push(await takeLock(path, patience, () => transaction.makeFolder(path)));
        reporting(path, () => removeLeftovers(path));
      }
      return transaction;
    } catch (error) {
      await transaction.release();
      throw error;
    }
  }

  private makeFolder(path: string): void {
    const count = reporting(path, () => makeFolderOf(path));
    this.foldersMade.set(path, Math.max(count, this.foldersMadeFor(path)));
  }

  /** How many of the folders that a file lies in this transaction has made. */
  foldersMadeFor(path: string): number {
    // The other file may lie in the same folder, and its turn came first.
    const neighbours = [...this.foldersMade].filter(([other]) => dirname(other) === dirname(path));
    return Math.max(0, ...neighbours.map(([, count]) => count));
  }

  read(path: string): Snapshot {
    return readSnapshot(path);
  }

  /** Prepares a file's new text, or its removal; visible only after `commit`. */
  stage(snapshot: Snapshot, text: string | undefined): void {
    const temporary = text === undefined ? text : reporting(snapshot.path, () => writeBeside(snapshot, text));
    this.changes.push({ snapshot, temporary });
  }

  commit(): void {
    for (const { snapshot } of this.changes) this.checkUntouched(snapshot);
    try {
      for (const { snapshot, temporary } of this.changes) {
        reporting(snapshot.path, () => {
          if (temporary === undefined) removeFile(snapshot.path);
          else moveOver(temporary, snapshot.path);
        });
        this.committed.push(snapshot);
      }
    } catch (error) {
      try {
        this.rollback();
      } catch {
        // Whoever asked for this asks for the rollback once more, and reports that: here the reason must not be lost.
      }
      throw error;
    }
  }

  /** Not every tool asks for the lock, and what such a one has written meanwhile must not be lost. */
  private checkUntouched(snapshot: Snapshot): void {
    if (!this.locks.some((lock) => lock.isLost()) && isUnchanged(snapshot)) return;
    const message = `The profile file ${snapshot.path} was changed by another process while this step was about to write it.`;
    const remedy = 'Run the job again, and let nothing else write this file meanwhile.';
    throw new Failure('profile-locked', message, { remedy });
  }

  rollback(): void {
    const failures: string[] = [];
    const left: Snapshot[] = [];
    for (let snapshot = this.committed.pop(); snapshot !== undefined; snapshot = this.committed.pop()) {
      try {
        putBack(snapshot);
      } catch (error) {
        left.push(snapshot);
        failures.push(`The profile file ${snapshot.path} could not be put back as it was: ${messageOf(error)}.`);
      }
    }
    // Whoever asks once more, gets it tried once more.
    this.committed.push(...left.reverse());
    if (failures.length === 0) return;
    const remedy = 'Take the profiles of this step out of it by hand.';
    throw new Failure('profile-unwritable', failures.join(' '), { remedy });
  }

  async release(): Promise<void> {
    for (const { temporary } of this.changes) {
      try {
        if (temporary !== undefined) removeFile(temporary);
      } catch {
        // The next holder of the lock removes it.
      }
    }
    for (const lock of this.locks) await lock.release();
    removeEmptyFolders([...this.foldersMade].flatMap(([path, count]) => foldersOf(path, count)));
  }
}
