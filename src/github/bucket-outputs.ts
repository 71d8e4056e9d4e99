import { randomUUID } from 'node:crypto';
import { rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import type { Entries } from './command-file.ts';

/** The outputs that tell the buckets. */
export interface BucketOutputs {
  readonly outputs: Entries;
  /** Where the list is too long for an output. */
  readonly file: BucketsFile | undefined;
}

/** A file that is to hold the whole list. */
export interface BucketsFile {
  /** Writes it and returns how to take it back. Throws a Failure `export-failed`. */
  write(): () => void;
}

/** What one output bears in later steps, where it often becomes an environment variable (128 KB on Linux). */
const MAX_OUTPUT_BYTES = 64 * 1024;

/** The outputs for these buckets. A list that is too long for an output is cut there, and goes into a file whole. */
export function bucketOutputs(listed: readonly string[], env: Environment): BucketOutputs {
  const count = { 'bucket-count': String(listed.length) };
  const text = JSON.stringify(listed);
  if (Buffer.byteLength(text) <= MAX_OUTPUT_BYTES) return { outputs: { ...count, buckets: text }, file: undefined };
  // The longest beginning that fits; the brackets count, and each name brings quotes and a comma.
  let size = 2;
  const fitting = listed.filter((name) => {
    size += Buffer.byteLength(JSON.stringify(name)) + 1;
    return size <= MAX_OUTPUT_BYTES;
  });
  // A name that nobody can guess, and so nobody can take first.
  const path = join(env['RUNNER_TEMP'] || '.', `aws-mfa-credentials-buckets-${randomUUID()}.json`);
  const outputs = { ...count, buckets: JSON.stringify(fitting), 'buckets-file': path };
  return { outputs, file: { write: () => writeOwnFile(path, text) } };
}

function writeOwnFile(path: string, text: string): () => void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // A part of it may be there; a file of somebody else's stays.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) rmSync(path, { force: true });
    throw new Failure('export-failed', { reason: 'buckets-file', path, error: messageOf(error) }, { cause: error });
  }
  return () => unlinkSync(path);
}
