import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { concernsCredentials, keyOf } from './contents.ts';
import { isContent, linesOf } from './sections.ts';
import { codeOf } from './system.ts';

// What our own files begin with: the settings of the user's, which they hide from tools.

/** Settings to begin a new config file with, and the file that they were copied from. */
export interface CopiedSettings {
  readonly path: string;
  /** The bytes as latin1. */
  readonly text: string;
}

/** Far more than people write by hand. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Never waits: opening a FIFO without a writer would block forever. Windows has no FIFOs. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a config file without what gives credentials. Returns and throws what `readProfileFile` does. */
export function copySettings(path: string): CopiedSettings | undefined {
  const text = readProfileFile(path);
  return text === undefined ? undefined : { path, text: withoutCredentials(text) };
}

/** The bytes of a file as latin1; undefined if there is none. Throws if it can't be read, or isn't a file. */
export function readProfileFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
  try {
    const found = fstatSync(file);
    // People set the variable to /dev/null for "no file".
    if (found.isCharacterDevice()) return undefined;
    if (!found.isFile()) throw new Error("it isn't a regular file");
    if (found.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
    return readFileSync(file, 'latin1');
  } finally {
    closeSync(file);
  }
}

/**
 * A config file's text without the lines that give credentials, in whatever section they are, and without lines that continue them,
 * which are indented more. Comments are left out as well: they have no effect, and a setting that is commented out may be a secret.
 */
export function withoutCredentials(text: string): string {
  const kept: string[] = [];
  let removedAt: number | undefined;
  for (const { start, end, next } of linesOf(text)) {
    const line = text.slice(start, end);
    if (line.trim() !== '' && !isContent(line)) continue;
    const indent = line.search(/\S/);
    if (concernsCredentials({ key: keyOf(line) })) removedAt = indent;
    else if (removedAt === undefined || indent <= removedAt) {
      if (isContent(line)) removedAt = undefined;
      kept.push(text.slice(start, next));
    }
  }
  return kept.join('');
}
