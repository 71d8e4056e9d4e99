import { closeSync, constants, fstatSync, openSync, type Stats, statSync, truncateSync, writeFileSync } from 'node:fs';
import { EOL } from 'node:os';
import { Failure, type FailureFacts, messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';

/** The files through which a step tells the runner its environment, outputs and state. */
export type CommandFile = 'GITHUB_ENV' | 'GITHUB_OUTPUT' | 'GITHUB_STATE';

/** Names and values for one command file. */
export type Entries = Readonly<Record<string, string>>;

/**
 * The path of a command file that can be written. Throws a Failure if it is missing (@actions/core would print the values on
 * standard output then), if it isn't a plain file, and if this user may not write it.
 */
export function commandFile(env: Environment, name: CommandFile): string {
  const path = env[name];
  if (!path) throw new Failure('command-file-missing', { file: name, problem: 'unset' });
  const problem = typeProblem(path);
  if (problem !== undefined) throw new Failure('command-file-missing', { file: name, problem });
  try {
    // Permissions are asked of the system by opening: access(2) answers wrongly for root and on network file systems.
    closeSync(openToAppend(path));
  } catch (error) {
    throw new Failure('command-file-unwritable', { file: name, error: messageOf(error) }, { cause: error });
  }
  return path;
}

function typeProblem(path: string): FailureFacts['command-file-missing']['problem'] | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'missing';
    return found.isDirectory() ? 'folder' : found.isFile() ? undefined : 'not-plain';
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/**
 * Opens a plain file for appending, and nothing else: opening a FIFO waits for a reader, and Node can't cancel that. Links are
 * followed, since the runner's temporary folder may lie behind one.
 */
function openToAppend(path: string): number {
  requirePlain(statSync(path));
  const { O_WRONLY, O_APPEND, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_WRONLY | O_APPEND | O_NONBLOCK);
  try {
    // It may have become something else since.
    requirePlain(fstatSync(file));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return file;
}

function requirePlain(found: Stats): void {
  if (!found.isFile()) throw new Error("it isn't a regular file");
}

/** Appends to a plain file that exists. Throws for anything else, without waiting for whoever may be at its other end. */
export function appendText(path: string, text: string): void {
  const file = openToAppend(path);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

/** Fails before anything is sent where there is no way to hand over what comes back. */
export function requireCommandFiles(env: Environment): void {
  for (const name of ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'] as const) commandFile(env, name);
}

/**
 * Appends all entries in one write and returns how to take them back: the runner reads these files even where the step
 * fails. Throws a Failure where that cannot be done, and leaves the file as it was.
 */
export function appendEntries(path: string, entries: Entries, delimiter: string): () => void {
  const text = Object.entries(entries)
    .map(([name, value]) => formatEntry(name, value, delimiter))
    .join('');
  const size = statSync(path).size;
  const takeBack = (): void => {
    // Where nothing was added there is nothing to cut off: a file that has gone, a folder in its place, a full disk.
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? size) > size) truncateSync(path, size);
  };
  if (text === '') return takeBack;
  try {
    appendText(path, text);
  } catch (error) {
    const failure = new Failure('export-failed', { reason: 'command-file', error: messageOf(error) }, { cause: error });
    try {
      takeBack();
    } catch (stuck) {
      throw notUndone(failure, [stuck]);
    }
    throw failure;
  }
  return takeBack;
}

/** A delimiter that nobody can guess, and so nobody can write into a value. */
export function newDelimiter(): string {
  return `ghadelimiter_${process.getBuiltinModule('node:crypto').randomUUID()}`;
}

/** Whether a value could end its own entry and begin another: it holds the delimiter, which somebody must have read. */
export function holdsDelimiter(value: string, delimiter: string): boolean {
  return value.includes(delimiter);
}

/** The runner's multi-line form. Throws a Failure for a value that would not read back as one entry. */
function formatEntry(name: string, value: string, delimiter: string): string {
  if (holdsDelimiter(value, delimiter)) {
    throw new Failure('export-failed', { reason: 'delimiter', name });
  }
  return `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`;
}

/** The failure of an export that could not be undone as a whole. */
export function notUndone(first: unknown, stuck: readonly unknown[]): Failure {
  const facts = { reason: 'not-undone' } as const;
  return new Failure('export-failed', facts, { cause: first, context: { kind: 'not-undone', first, stuck } });
}
