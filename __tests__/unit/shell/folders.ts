import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of this user alone, which is removed after the tests. */
export function freshFolder(): string {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'shell-')));
  folders.push(folder);
  return folder;
}

/** The permissions of a file or folder. */
export function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8);
}

/** Makes all locks in a folder as old as those of processes that were killed nine seconds ago. */
export function ageLocks(folder: string): void {
  const then = new Date(Date.now() - 9_000);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) utimesSync(join(folder, entry.name), then, then);
}

/** The Failure that something throws. */
export async function failureOf(act: () => unknown): Promise<Failure> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
