import { Failure, messageOf } from '../core/failure.ts';
import {
  isUnchanged,
  moveOver,
  putBack,
  readSnapshot,
  removeFile,
  removeLeftovers,
  type Snapshot,
  temporaryFor,
  writeTemporary,
} from './file.ts';
import { makeFolderOf } from './folder.ts';
import { fullPatience, type Lock, type Pause, takeLock } from './lock.ts';
import { reporting } from './unwritable.ts';

interface Change {
  readonly snapshot: Snapshot;
  /** What is to take its place; undefined if it is to go. */
  readonly text: string | undefined;
  readonly temporary: string;
}

/**
 * Replaces several files together or not at all, under their locks. Before `commit` nothing is on the disk but the locks: a
 * process that is killed until then leaves no credentials. One that is killed within it may leave temporary files, which the
 * next holder of the lock removes.
 */
export class Transaction {
  private readonly locks: Lock[] = [];
  private readonly changes: Change[] = [];
  private readonly committed: Snapshot[] = [];
  private readonly leftovers: string[] = [];

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
        transaction.locks.push(await takeLock(path, patience, () => reporting(path, () => makeFolderOf(path))));
        transaction.leftovers.push(...reporting(path, () => removeLeftovers(path)));
      }
      return transaction;
    } catch (error) {
      transaction.release();
      throw error;
    }
  }

  /** Temporary files of killed steps that could not be removed. */
  get stuck(): readonly string[] {
    return this.leftovers;
  }

  read(path: string): Snapshot {
    return readSnapshot(path);
  }

  /** Takes note of a file's new text, or of its removal. */
  stage(snapshot: Snapshot, text: string | undefined): void {
    this.changes.push({ snapshot, text, temporary: temporaryFor(snapshot.path) });
  }

  /** Makes the changes, without an await. All of them, or none and a Failure. */
  commit(): void {
    for (const { snapshot } of this.changes) this.checkUntouched(snapshot);
    try {
      for (const { snapshot, text, temporary } of this.changes) {
        if (text !== undefined) reporting(snapshot.path, () => writeTemporary(temporary, snapshot, text));
      }
      for (const { snapshot, text, temporary } of this.changes) {
        // First, since a call may have had its effect and still fail.
        this.committed.push(snapshot);
        reporting(snapshot.path, () => {
          if (text === undefined) removeFile(snapshot.path);
          else moveOver(temporary, snapshot.path);
        });
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

  /** Puts the files back as they were, and leaves no temporary file. Throws a Failure for what stays. */
  rollback(): void {
    const failures: string[] = [];
    const left: Snapshot[] = [];
    for (let snapshot = this.committed.pop(); snapshot !== undefined; snapshot = this.committed.pop()) {
      try {
        if (!isUnchanged(snapshot)) putBack(snapshot);
      } catch (error) {
        left.push(snapshot);
        failures.push(`The profile file ${snapshot.path} could not be put back as it was: ${messageOf(error)}.`);
      }
    }
    // Whoever asks once more, gets it tried once more.
    this.committed.push(...left.reverse());
    for (const { temporary } of this.changes) {
      try {
        removeFile(temporary);
      } catch (error) {
        failures.push(`The temporary file ${temporary} could not be removed: ${messageOf(error)}.`);
      }
    }
    if (failures.length === 0) return;
    const remedy = 'Take the profiles of this step out of it by hand.';
    throw new Failure('profile-unwritable', failures.join(' '), { remedy });
  }

  /** Removes temporary files and releases the locks. Never throws. */
  release(): void {
    for (const { temporary } of this.changes) {
      try {
        removeFile(temporary);
      } catch {
        // The next holder of the lock removes it.
      }
    }
    for (const lock of this.locks) lock.release();
  }
}
