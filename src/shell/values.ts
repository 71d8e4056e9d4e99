import { closeSync, constants, createReadStream, openSync, statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import { isPair } from '../inputs/access-key.ts';
import { INPUT_NAMES, type InputName, type RawInputs } from '../inputs/names.ts';
import { flagsFor, flagVariables, type GivenFlags, type Purpose } from './flags.ts';
import type { Screen } from './report.ts';
import { readTyped } from './typed.ts';

// The inputs of the command: flags, files and variables.

/** Something is wrong with the command line itself. The message contains no value of a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A secret is short, and a device as large as a disk is none. */
const MAX_BYTES = 64 * 1024;

/** What reading the inputs needs from the process. */
export interface ValuesContext {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly screen: Screen;
}

/**
 * The value of each input: its flag, the file that its flag names, or the variable of its name. Throws a `UsageError` if a secret was
 * given as a flag, or a file can't be read; and the signal's reason if it is aborted while a file has nothing to read.
 */
export async function readValues(
  { values, files, exposed }: GivenFlags,
  purpose: Purpose,
  { env, signal, screen }: ValuesContext,
): Promise<RawInputs> {
  const [secret] = exposed;
  if (secret !== undefined)
    throw new UsageError(
      `--${secret} isn't accepted on the command line, which other users of this machine can see. Set ${variableOf(secret)}, or use --${secret}-file FILE (- for standard input).`,
    );
  if (Object.values(files).filter((path) => path === '-').length > 1)
    throw new UsageError('Only one secret can be read from standard input.');
  const secrets: Partial<Record<InputName, string>> = {};
  const flags = flagsFor(purpose);
  for (const name of flags) {
    const path = files[name];
    if (path !== undefined) secrets[name] = await readSecret(name, path, { signal, screen });
  }
  const variables: Partial<Record<InputName, string>> = {};
  const entries = INPUT_NAMES.map((name): [InputName, string] => {
    const given = secrets[name] ?? values[name];
    if (given !== undefined || !flags.includes(name)) return [name, given ?? ''];
    for (const variable of flagVariables(name)) {
      const value = env[variable]?.trim() ?? '';
      if (value === '' || (name === 'aws-access-key' && !isPair(value))) continue;
      variables[name] = variable;
      return [name, value];
    }
    return [name, ''];
  });
  return { ...(Object.fromEntries(entries) as Record<InputName, string>), variables };
}

function variableOf(name: InputName): string {
  return flagVariables(name)[0] ?? name.toUpperCase().replaceAll('-', '_');
}

/** A secret from a file, without the line end that editors and `echo` put there. */
async function readSecret(
  name: InputName,
  path: string,
  { signal, screen }: Omit<ValuesContext, 'env'>,
): Promise<string> {
  let text: string;
  try {
    if (path === '-' && process.stdin.isTTY) {
      text = await readTyped(process.stdin, signal, () =>
        screen.say(`Type or paste what --${name}-file should contain. It isn't shown. End with Ctrl+D.`),
      );
    } else text = await readStart(path, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(`--${name}-file ${path} can't be read: ${messageOf(error)}.`);
  }
  if (text.length > MAX_BYTES) throw new UsageError(`--${name}-file ${path} is larger than ${MAX_BYTES / 1024} KB.`);
  if (text.trim() === '') throw new UsageError(`--${name}-file ${path} is empty.`);
  return text.trim();
}

/** What a file contains, or the first part of it if it is too large. Standard input may come from a person, who can still end us. */
async function readStart(path: string, signal: AbortSignal): Promise<string> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  signal.addEventListener('abort', () => releaseFifo(path), { once: true });
  let text = '';
  for await (const chunk of addAbortSignal(signal, stream).setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_BYTES) break;
  }
  return text;
}

/** Opening a FIFO takes until somebody writes to it, and not even the end of the process ends that. So we do. */
function releaseFifo(path: string): void {
  try {
    if (statSync(path).isFIFO()) closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits for it, or there is no such file.
  }
}
