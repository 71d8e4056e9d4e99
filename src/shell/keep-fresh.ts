import type { SessionCredentials } from '../core/credentials.ts';
import { asFailure, Failure, isLasting, isTransient } from '../core/failure.ts';
import type { Clock, Session } from '../core/ports.ts';
import { backoff } from '../core/retry.ts';

/** A session that says when it ends. */
export type LimitedSession = Session & { readonly credentials: SessionCredentials & { readonly expiration: Date } };

/** What there is to serve. */
export type Held =
  | { readonly kind: 'session'; readonly session: LimitedSession }
  /** The session has ended, and the next one is about to come: this machine was asleep. */
  | { readonly kind: 'renewing' }
  /** The session has ended, and this is why there is no other. */
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What a person should know. A reason is reported once, and once more when the session has ended. */
export type FreshnessEvent =
  | { readonly kind: 'renewed'; readonly session: LimitedSession }
  | {
      readonly kind: 'not-renewed';
      readonly failure: Failure;
      /** When the session ends, or ended, that is still served. */
      readonly expiration: Date;
      readonly next: 'another-attempt' | 'none';
    };

/** What renewing needs. */
export interface Freshness {
  /** Gets another session. Rejects with a `Failure` if it can't. */
  readonly obtain: () => Promise<Session>;
  readonly clock: Clock;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Must not throw. */
  readonly report: (event: FreshnessEvent) => void;
  /** Ends the renewal: at once if the clock's sleep ends too, in a few seconds otherwise. */
  readonly signal: AbortSignal;
}

/** A session that is renewed until the process ends. */
export interface FreshSession {
  current(): Held;
  /** Resolves when nothing is renewed any more. Never rejects. */
  readonly ended: Promise<void>;
}

const MINUTE_MS = 60_000;
/** SDKs ask again when 15 minutes are left, and some fail when 10 are. The rest is time for further attempts. */
const ENOUGH_MS = 20 * MINUTE_MS;
/** A session that is too short for that is still used for this long. */
const USED_MS = 10 * MINUTE_MS;
/** How often the clock is read: a timer stands still while the machine sleeps. */
const NAP_MS = 5000;
/** Between attempts, at least: each of them has tried several times already if that could help. */
const PAUSE_MS = 1000;
/** Between attempts if somebody must change something, such as a policy. */
const LONG_PAUSE_MS = MINUTE_MS;

/**
 * Renews a session that was just obtained, one attempt at a time, and serves the old one for as long as it is valid. Throws a `Failure`
 * if it doesn't say when it ends.
 */
export function keepFresh(first: Session, { obtain, clock, random, report, signal }: Freshness): FreshSession {
  let session = limited(first);
  let failure: Failure | undefined;
  const isOver = (): boolean => clock.now() >= session.credentials.expiration.getTime();

  const renew = async (): Promise<void> => {
    let failed = 0;
    const reported = new Set<string>();
    let due = dueAt(session, clock.now());
    while (await reached(due, clock, signal)) {
      try {
        session = stillValid(limited(await obtain()), clock.now());
        failure = undefined;
        failed = 0;
        reported.clear();
        due = dueAt(session, clock.now());
        report({ kind: 'renewed', session });
      } catch (error) {
        if (signal.aborted) return;
        failure = asFailure(error);
        failed += 1;
        due = clock.now() + pauseAfter(failure, failed, random);
        const next = isLasting(failure) ? 'none' : 'another-attempt';
        const news = `${failure.code} ${isOver()}`;
        if (!reported.has(news))
          report({ kind: 'not-renewed', failure, expiration: session.credentials.expiration, next });
        reported.add(news);
        if (next === 'none') return;
      }
    }
  };

  return {
    current() {
      if (!isOver()) return { kind: 'session', session };
      return failure === undefined ? { kind: 'renewing' } : { kind: 'failed', failure };
    },
    ended: renew(),
  };
}

/**
 * When to renew a session: when 20 minutes are left, or a third if that is more. One of less than half an hour would be renewed all the
 * time; it is used for ten minutes, or until a third is left.
 */
function dueAt({ credentials: { expiration } }: LimitedSession, now: number): number {
  const lifetime = expiration.getTime() - now;
  const left = Math.max(lifetime / 3, Math.min(ENOUGH_MS, lifetime - USED_MS));
  return Math.max(now + PAUSE_MS, expiration.getTime() - left);
}

function pauseAfter(failure: Failure, failed: number, random: () => number): number {
  return isTransient(failure) ? PAUSE_MS + backoff(failed, random) : LONG_PAUSE_MS * (0.75 + random() / 2);
}

/** Waits for a time; false if the process ends before. */
async function reached(time: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    while (!signal.aborted && clock.now() < time) await clock.sleep(Math.min(NAP_MS, time - clock.now()));
    return !signal.aborted;
  } catch {
    // Only the end of the process ends a sleep early.
    return false;
  }
}

function limited(session: Session): LimitedSession {
  const { expiration } = session.credentials;
  if (expiration === undefined) throw new Failure('session-expiry-unknown', {});
  return { ...session, credentials: { ...session.credentials, expiration } };
}

/** The local clock may be so far ahead that every new session seems to be over. Nobody could use it on this machine. */
function stillValid(session: LimitedSession, now: number): LimitedSession {
  const { expiration } = session.credentials;
  if (expiration.getTime() > now) return session;
  throw new Failure('incomplete-answer', { call: session.by, reason: 'expired', expiration });
}
