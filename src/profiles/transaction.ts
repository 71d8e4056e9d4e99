import { Failure, messageOf } from '../core/failure.ts';
import type { Unwritable } from '../core/failure-facts.ts';
import { isUnchanged, removeLeftovers, restoreFile, type Snapshot, temporaryFor, writeTemporary } from './file.ts';
import { fullPatience, type Lock, type Pause, takeLock } from './lock.ts';
import { makeFolderOf, moveOver, removeFile, reporting, unwritable } from './system.ts';

interface Change {
  readonly snapshot: Snapshot;
  /** The new text; undefined if the file is removed. */
  readonly text: string | undefined;
  readonly temporary: string;
}

/**
 * Replaces several files together or not at all, under their locks. Before `commit` nothing is on the disk except the locks: a
 * process that is killed until then leaves no credentials. One that is killed during it may leave temporary files, which the next
 * holder of the lock removes.
 */
export class Transaction {
  private readonly locks: Lock[] = [];
  private readonly changes: Change[] = [];
  private readonly committed: Snapshot[] = [];
  private readonly leftovers: string[] = [];

  /**
   * Locks the files, makes their folders if they are missing, and removes what killed steps have left there. Throws a Failure
   * `profile-locked` after waiting for ten seconds through `pause`, or `profile-unwritable`.
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

  /** Notes a file's new text, or its removal. */
  stage(snapshot: Snapshot, text: string | undefined): void {
    this.changes.push({ snapshot, text, temporary: temporaryFor(snapshot.path) });
  }

  /** Makes the changes, without an await: all of them, or none and a Failure. */
  commit(): void {
    for (const { snapshot } of this.changes) this.requireUntouched(snapshot);
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
        // The caller rolls back once more and reports that. Here the reason must not be lost.
      }
      throw error;
    }
  }

  /** Not every tool takes the lock, and what such a tool has written in the meantime must not be lost. */
  private requireUntouched(snapshot: Snapshot): void {
    if (!this.locks.some((lock) => lock.isLost()) && isUnchanged(snapshot)) return;
    throw new Failure('profile-locked', { reason: 'changed', path: snapshot.path });
  }

  /** Restores the files, and leaves no temporary file. Throws a Failure for what can't be restored. */
  rollback(): void {
    const files: { readonly path: string; readonly because: Unwritable }[] = [];
    const temporaryFiles: { readonly path: string; readonly error: string }[] = [];
    const left: Snapshot[] = [];
    for (let snapshot = this.committed.pop(); snapshot !== undefined; snapshot = this.committed.pop()) {
      try {
        if (!isUnchanged(snapshot)) restoreFile(snapshot);
      } catch (error) {
        const { path } = snapshot;
        left.push(snapshot);
        files.push({ path, because: unwritable(path, error).facts });
      }
    }
    // If the caller tries again, so does this.
    this.committed.push(...left.reverse());
    for (const { temporary } of this.changes) {
      try {
        removeFile(temporary);
      } catch (error) {
        temporaryFiles.push({ path: temporary, error: messageOf(error) });
      }
    }
    if (files.length + temporaryFiles.length > 0)
      throw new Failure('profile-unwritable', { reason: 'not-restored', files, temporaryFiles });
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
