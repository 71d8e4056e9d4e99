import { closeSync, constants, fstatSync, openSync, type Stats, statSync, truncateSync, writeFileSync } from 'node:fs';
import { EOL } from 'node:os';
import { asFailure, Failure, messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';

/** The files through which a step passes its environment, outputs and state to the runner. */
export type CommandFile = 'GITHUB_ENV' | 'GITHUB_OUTPUT' | 'GITHUB_STATE';

/** Names and values for one command file. */
export type Entries = Readonly<Record<string, string>>;

/**
 * Throws a Failure unless this is a step of a workflow on a runner that accepts credentials: only there is `::add-mask::` a command,
 * and not a line that shows a secret to everyone who can read the log. Call it before anything secret is printed.
 */
export function requireRunner(env: Environment): void {
  if (env['GITHUB_ACTIONS'] !== 'true') throw new Failure('host-unknown', {});
  for (const name of ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'] as const) commandFile(env, name);
}

/**
 * The path of a command file that can be written. Throws a Failure if it is missing (@actions/core would print the values on standard
 * output then), if it isn't a regular file, and if this user can't write it.
 */
export function commandFile(env: Environment, name: CommandFile): string {
  const path = env[name];
  if (!path) throw new Failure('command-file-missing', { file: name, problem: 'unset' });
  requireFile(name, path);
  try {
    // Only opening it shows whether it can be written: access(2) gives wrong answers for root and on network file systems.
    closeSync(openToAppend(path));
  } catch (error) {
    throw new Failure('command-file-unwritable', { file: name, error: messageOf(error) }, { cause: error });
  }
  return path;
}

function requireFile(name: CommandFile, path: string): void {
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new Failure('command-file-missing', { file: name, problem: { error: messageOf(error) } });
  }
  if (found?.isFile()) return;
  const problem = found === undefined ? 'missing' : found.isDirectory() ? 'folder' : 'not-plain';
  throw new Failure('command-file-missing', { file: name, problem });
}

/**
 * Opens a regular file for appending, and nothing else: opening a FIFO waits for a reader, and Node can't cancel that. Links are
 * followed, since the runner's temporary folder may be behind one.
 */
function openToAppend(path: string): number {
  requireRegular(statSync(path));
  const { O_WRONLY, O_APPEND, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_WRONLY | O_APPEND | O_NONBLOCK);
  try {
    // It may have become something else since.
    requireRegular(fstatSync(file));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return file;
}

function requireRegular(found: Stats): void {
  if (!found.isFile()) throw new Error("it isn't a regular file");
}

/** Appends to a regular file that exists. Throws for anything else, without waiting for whoever may be at its other end. */
export function appendText(path: string, text: string): void {
  const file = openToAppend(path);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

/**
 * Appends all entries in one write and returns how to undo that: the runner reads these files even if the step fails. If it can't be
 * done, throws a Failure and leaves the file as it was.
 */
export function appendEntries(path: string, entries: Entries, delimiter: string): () => void {
  const text = Object.entries(entries)
    .map(([name, value]) => formatEntry(name, value, delimiter))
    .join('');
  const size = statSync(path).size;
  const undo = (): void => {
    // If nothing was added, there is nothing to cut off: a file that has gone, a folder in its place, a full disk.
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? size) > size) truncateSync(path, size);
  };
  if (text === '') return undo;
  try {
    appendText(path, text);
  } catch (error) {
    const failure = new Failure('export-failed', { reason: 'command-file', error: messageOf(error) }, { cause: error });
    try {
      undo();
    } catch (stuck) {
      throw notUndone(failure, [stuck]);
    }
    throw failure;
  }
  return undo;
}

/** A delimiter that nobody can guess, and so nobody can write into a value. */
export function newDelimiter(): string {
  return `ghadelimiter_${process.getBuiltinModule('node:crypto').randomUUID()}`;
}

/** Whether a value could end its own entry and start another: it contains the delimiter, which someone must have read. */
export function holdsDelimiter(value: string, delimiter: string): boolean {
  return value.includes(delimiter);
}

/** The runner's multi-line form. Throws a Failure for a value that wouldn't read back as one entry. */
function formatEntry(name: string, value: string, delimiter: string): string {
  if (holdsDelimiter(value, delimiter)) throw new Failure('export-failed', { reason: 'delimiter', name });
  return `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`;
}

/** The failure of an export that couldn't be undone completely: what failed first, and what failed while undoing it. */
export function notUndone(first: unknown, stuck: readonly unknown[]): Failure {
  const context = { kind: 'not-undone', first: asFailure(first), stuck: stuck.map(asFailure) } as const;
  return new Failure('export-failed', { reason: 'not-undone' }, { cause: first, context });
}
