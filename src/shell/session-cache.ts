import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Session } from '../core/ports.ts';
import { removeLeftovers } from '../profiles/file.ts';
import { tryLock } from '../profiles/lock.ts';
import { readOwnFile } from '../profiles/own-file.ts';
import { removeFile } from '../profiles/system.ts';
import { type CachedSession, formatCached, isFresh, parseCached } from './cached-session.ts';
import { unusable, writePrivateFile } from './private-file.ts';
import { type Waiting, withSharedLock } from './shared-lock.ts';

/** What was requested, in the form of JSON. Never with a secret: only its hash is kept, but a short secret can be guessed from that. */
export type Terms =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Terms[]
  | { readonly [name: string]: Terms };

/** What a cache needs from the process. */
export interface CacheContext {
  /** The user's cache folder. */
  readonly folder: string;
  readonly now: Clock['now'];
  readonly waiting: Waiting;
  /** The session is good, but later processes have to get their own: why it wasn't written. */
  readonly onUncached: (failure: ReturnType<typeof unusable>) => void;
}

/**
 * A session for these terms: the one in the cache while enough of its lifetime is left, otherwise a new one. One process at a time
 * obtains a session for the same terms; the others wait for it and share it.
 */
export function withCache(
  terms: Terms,
  obtain: () => Promise<Session>,
  { folder, now, waiting, onUncached }: CacheContext,
): Promise<Session> {
  const path = join(folder, `session-${keyOf(terms)}.json`);
  const obtainAndKeep = async (): Promise<Session> => {
    const session = await obtain();
    const text = formatCached(session, now());
    if (text === undefined) return session;
    try {
      removeLeftovers(path);
      writePrivateFile(path, text);
    } catch (error) {
      onUncached(unusable(path, error));
    }
    removeEnded(folder, now());
    return session;
  };
  const fresh = (): Session | undefined => {
    const cached = read(path);
    return cached !== undefined && isFresh(cached, now()) ? cached.session : undefined;
  };
  return withSharedLock(path, waiting, obtainAndKeep, fresh);
}

/** Removes all sessions from the cache, and returns how many there were. Throws a Failure `cache-unusable` if one can't be removed. */
export function clearCache(folder: string): number {
  try {
    const paths = sessionsIn(folder);
    const found = paths.filter((path) => existsSync(path));
    for (const path of found) removeFile(path);
    for (const path of paths) whileFree(path, () => removeLeftovers(path));
    return found.length;
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Removes the sessions that have expired: a pipeline with its number in the terms never requests the same again. */
function removeEnded(folder: string, now: number): void {
  const isOver = (path: string): boolean => (read(path)?.expiration ?? 0) <= now;
  try {
    for (const path of sessionsIn(folder).filter(isOver)) {
      whileFree(path, () => {
        // Another process may have written a new one in the meantime.
        if (isOver(path)) removeFile(path);
        removeLeftovers(path);
      });
    }
  } catch {
    // Then they stay: nobody uses them, and nobody else can read them.
  }
}

/** Acts only if no other process is obtaining this session. */
function whileFree(path: string, act: () => void): void {
  const lock = tryLock(path);
  if (lock === undefined) return;
  try {
    act();
  } finally {
    lock.release();
  }
}

/** Takes no lock: a file is replaced as a whole. */
function read(path: string): CachedSession | undefined {
  return parseCached(readOwnFile(path, 'private'));
}

/** The paths of all sessions, including those of which a killed process has left only a lock or a temporary file. */
function sessionsIn(folder: string): readonly string[] {
  const names = readdirSync(folder).flatMap((name) => /^session-[0-9a-f]{64}\.json/.exec(name) ?? []);
  return [...new Set(names)].map((name) => join(folder, name));
}

/** Changes whenever the meaning of the terms or the form of the files does. */
const VERSION = 1;

/** The same for the same terms, in whatever order they are given; what is undefined counts as not given. */
export function keyOf(terms: Terms): string {
  return createHash('sha256')
    .update(JSON.stringify([VERSION, terms], inOrder))
    .digest('hex');
}

/** A replacer for JSON that orders the properties of objects by name. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
