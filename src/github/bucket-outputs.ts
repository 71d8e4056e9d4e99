import { randomUUID } from 'node:crypto';
import { rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import type { Entries } from './command-file.ts';

/** The outputs that list the buckets. */
export interface BucketOutputs {
  readonly outputs: Entries;
  /** Set if the list is too long for an output. */
  readonly file: BucketsFile | undefined;
}

/** A file for the whole list. */
export interface BucketsFile {
  /** Writes it and returns how to undo that. Throws a Failure `export-failed`. */
  write(): () => void;
}

/** An output often becomes an environment variable in later steps, which has a limit (128 KB on Linux). */
const MAX_OUTPUT_BYTES = 64 * 1024;

/** The outputs for these buckets. A list that is too long for an output is shortened there, and written to a file in full. */
export function bucketOutputs(listed: readonly string[], env: Environment): BucketOutputs {
  const count = { 'bucket-count': String(listed.length) };
  const text = JSON.stringify(listed);
  if (Buffer.byteLength(text) <= MAX_OUTPUT_BYTES) return { outputs: { ...count, buckets: text }, file: undefined };
  // The longest beginning that fits; the brackets count, and each name adds quotes and a comma.
  let size = 2;
  const fitting = listed.filter((name) => {
    size += Buffer.byteLength(JSON.stringify(name)) + 1;
    return size <= MAX_OUTPUT_BYTES;
  });
  // A name that nobody can guess, so nobody can take it first.
  const path = join(env['RUNNER_TEMP'] || '.', `aws-mfa-credentials-buckets-${randomUUID()}.json`);
  const outputs = { ...count, buckets: JSON.stringify(fitting), 'buckets-file': path };
  return { outputs, file: { write: () => writeOwnFile(path, text) } };
}

function writeOwnFile(path: string, text: string): () => void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Part of it may be there; someone else's file stays.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) rmSync(path, { force: true });
    throw new Failure('export-failed', { reason: 'buckets-file', path, error: messageOf(error) }, { cause: error });
  }
  return () => unlinkSync(path);
}
