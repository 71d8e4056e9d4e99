import { isAbsolute } from 'node:path';
import { isCacheName } from './cli-cache.ts';
import type { ProfileFile } from './sections.ts';
import { isHeader, isRegion, isWritableName } from './writable.ts';

/** What the post step needs to take the profiles out again: no secret, and nothing of the files' contents. */
export type WrittenProfiles = Readonly<Record<ProfileFile, WrittenFile>>;

/** One of the two files, and the sections that were written into it. */
export interface WrittenFile {
  readonly path: string;
  readonly sections: readonly SectionDigest[];
}

/** A section as it was written, without its contents: what it takes to find it again, unchanged. */
export interface SectionDigest {
  readonly name: string;
  /**
   * SHA-256, in lower-case hexadecimal, of what was written: the whole section with its header and line ends, or the lines that
   * were inserted into an existing section.
   */
  readonly sha256: string;
  /** The region that was there before. It is restored. */
  readonly region?: string;
  /** An earlier step had written that region, and must find it as its own again. */
  readonly noted?: true;
  /** The post step leaves the profile without credentials, instead of removing it: a variable that can't be unset names it. */
  readonly emptied?: true;
  /** The name under which the AWS CLI may have cached a session of the role. */
  readonly cached?: string;
  /** The section's header before, if some tools wouldn't have read it, or not that way. It is restored as well. */
  readonly header?: string;
}

/** The text of a job's state as `WrittenProfiles`; undefined if it is anything else. */
export function parseWrittenProfiles(text: string): WrittenProfiles | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecordOf(value, ['config', 'credentials'])) return undefined;
  const { config, credentials } = value;
  return isWrittenFile(config) && isWrittenFile(credentials) ? { config, credentials } : undefined;
}

function isWrittenFile(value: unknown): value is WrittenFile {
  if (!isRecordOf(value, ['path', 'sections'])) return false;
  const { path, sections } = value;
  const isPath = typeof path === 'string' && isAbsolute(path) && !path.includes('\0');
  return isPath && Array.isArray(sections) && sections.every(isSectionDigest);
}

function isSectionDigest(value: unknown): value is SectionDigest {
  if (typeof value !== 'object' || value === null) return false;
  const {
    name,
    sha256,
    region,
    noted,
    emptied,
    cached,
    header,
    ...more
  }: Partial<Record<keyof SectionDigest, unknown>> = value;
  return (
    typeof name === 'string' &&
    isWritableName(name) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    (region === undefined || (typeof region === 'string' && isRegion(region))) &&
    (header === undefined || (typeof header === 'string' && isHeader(header))) &&
    (noted === undefined || noted === true) &&
    (emptied === undefined || emptied === true) &&
    (cached === undefined || (typeof cached === 'string' && isCacheName(cached))) &&
    Object.keys(more).length === 0
  );
}

/** An object with exactly these keys, which are given in alphabetical order. */
function isRecordOf<Key extends string>(value: unknown, keys: readonly Key[]): value is Record<Key, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).sort().join() === keys.join();
}
