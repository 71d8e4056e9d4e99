import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { EOL } from 'node:os';
import { Failure, messageOf } from '../core/failure.ts';
import type { Environment } from './environment.ts';

/** The files through which a step tells the runner its environment, outputs and state. */
export type CommandFile = 'GITHUB_ENV' | 'GITHUB_OUTPUT' | 'GITHUB_STATE';

/** Names and values for one command file. */
export type Entries = Readonly<Record<string, string>>;

/**
 * The path of a command file. Throws a Failure where it is missing: @actions/core would print the values on standard output
 * then.
 */
export function commandFile(env: Environment, name: CommandFile): string {
  const path = env[name];
  const what = !path ? 'is not set' : whatIsWrongWith(path);
  if (path && what === undefined) return path;
  throw new Failure('command-file-missing', `${name} ${what}, so nothing could be handed to later steps safely.`);
}

function whatIsWrongWith(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined
      ? 'names a file that does not exist'
      : found.isDirectory()
        ? 'names a folder'
        : undefined;
  } catch (error) {
    return `names what cannot be reached (${messageOf(error)})`;
  }
}

/** What is left to do where something could not be taken back. */
export const HANDED_OVER = 'Treat the session as handed over: later steps of this job may see it until it ends.';

/** Fails before anything is sent where there is no way to hand over what comes back. */
export function requireCommandFiles(env: Environment): void {
  for (const name of ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'] as const) commandFile(env, name);
}

/**
 * Appends all entries in one write and returns how to take them back: the runner reads these files even where the step
 * fails. Throws a Failure where that cannot be done, and leaves the file as it was.
 */
export function appendEntries(path: string, entries: Entries, delimiter: string): () => void {
  const size = statSync(path).size;
  const takeBack = (): void => {
    // Where nothing was added there is nothing to cut off: a file that has gone, a folder in its place, a full disk.
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? size) > size) truncateSync(path, size);
  };
  const text = Object.entries(entries)
    .map(([name, value]) => formatEntry(name, value, delimiter))
    .join('');
  if (text === '') return takeBack;
  try {
    appendFileSync(path, text);
  } catch (error) {
    const message = `A command file of the runner could not be written (${messageOf(error)}).`;
    try {
      takeBack();
    } catch (stuck) {
      throw new Failure('export-failed', `${message} What was written of it stays (${messageOf(stuck)}).`, {
        cause: error,
        remedy: HANDED_OVER,
      });
    }
    throw new Failure('export-failed', message, { cause: error });
  }
  return takeBack;
}

/** A delimiter that nobody can guess, and so nobody can write into a value. */
export function newDelimiter(): string {
  return `ghadelimiter_${process.getBuiltinModule('node:crypto').randomUUID()}`;
}

/** The runner's multi-line form. */
function formatEntry(name: string, value: string, delimiter: string): string {
  return `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`;
}
