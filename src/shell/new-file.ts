import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { messageOf } from '../core/failure.ts';
import { codeOf } from '../profiles/system.ts';
import { UsageError } from './values.ts';

/** Makes a file that only the user can read, before anything is spent on what comes into it. If that fails, there is no file. */
export async function intoNewFile(
  path: string,
  print: (write: (text: string) => void) => Promise<void>,
): Promise<void> {
  const file = createNew(path);
  try {
    await print((text) => writeFileSync(file, text));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function createNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new UsageError(`--output ${path} exists. Remove it first.`);
    throw new UsageError(`--output ${path} can't be written: ${messageOf(error)}.`);
  }
}
