import { identityOf, parseCredentials } from '../core/credentials.ts';
import type { Session } from '../core/ports.ts';

// A session as a file of the cache holds it, and for how long it is used.

/** A session and its times, in milliseconds since 1970. */
export interface CachedSession {
  readonly session: Session;
  readonly obtained: number;
  readonly expiration: number;
}

/** Sessions are replaced this long before they expire: clients want a new one up to 15 minutes before the end. */
const RESERVE_MS = 20 * 60_000;
/** How far in the future a session may have been obtained: the clock was corrected meanwhile. */
const AHEAD_MS = 60_000;

/**
 * Whether enough of the lifetime is left: 20 minutes, or a third of a shorter lifetime. A session from the future isn't used: the
 * clock is wrong now, or was, and its end can't be told.
 */
export function isFresh({ obtained, expiration }: CachedSession, now: number): boolean {
  const reserve = Math.min(RESERVE_MS, (expiration - obtained) / 3);
  return obtained <= now + AHEAD_MS && now <= expiration - reserve && now < expiration;
}

/** The text of its file; undefined if nobody knows when it expires. */
export function formatCached({ credentials, identity, by, serial }: Session, now: number): string | undefined {
  if (credentials.expiration === undefined) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  const { arn } = identity;
  return JSON.stringify({
    obtained: now,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: expiration.getTime(),
    arn,
    by,
    serial,
  });
}

/** The session in a text; undefined if it is anything else. */
export function parseCached(text: string): CachedSession | undefined {
  const found = propertiesOf(text);
  const { obtained, expiration, by, serial } = found;
  if (typeof obtained !== 'number' || !Number.isFinite(obtained) || typeof expiration !== 'number') return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, arn } = found;
  const credentials = parseCredentials({
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: new Date(expiration),
  });
  const identity = identityOf(arn);
  if (credentials === undefined || identity === undefined || !isSource(by) || !isSerial(serial)) return undefined;
  return { session: { credentials, identity, by, serial }, obtained, expiration };
}

function propertiesOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

const SOURCES: Readonly<Record<Session['by'], true>> = {
  GetSessionToken: true,
  AssumeRole: true,
  'the environment': true,
  AWS_PROFILE: true,
  'a sealed session': true,
};

function isSource(by: unknown): by is Session['by'] {
  return typeof by === 'string' && Object.hasOwn(SOURCES, by);
}

function isSerial(serial: unknown): serial is string | undefined {
  return serial === undefined || (typeof serial === 'string' && serial.length <= 256);
}
