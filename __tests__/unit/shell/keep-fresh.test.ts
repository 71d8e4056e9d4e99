import { expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import type { Session } from '../../../src/core/ports.ts';
import { type FreshnessEvent, type FreshSession, type Held, keepFresh } from '../../../src/shell/keep-fresh.ts';
import { cycle, FakeClock, ROLE_SESSION } from '../../kit/fake-ports.ts';

const START = Date.parse('2027-01-15T08:00:00Z');
const MINUTE = 60_000;

const CLOSED = new Failure('network', { call: 'AssumeRole', reason: 'closed', error: 'ECONNRESET' });
const DENIED = new Failure('assume-role-denied', { call: 'AssumeRole', aws: 'AccessDenied: not authorized' });
const EXPIRED = new Failure('session-expired', { call: 'AssumeRole', aws: 'ExpiredToken: expired' });

/** A clock that runs to a time, and then ends the process. */
class LimitedClock extends FakeClock {
  readonly #end: number;
  readonly #process: AbortController;

  constructor(start: number, end: number, process: AbortController) {
    super(start);
    this.#end = end;
    this.#process = process;
  }

  override async sleep(milliseconds: number): Promise<void> {
    await super.sleep(Math.min(milliseconds, this.#end - this.time));
    if (this.time < this.#end) return;
    const failure = new Failure('cancelled', { signal: 'SIGTERM' });
    this.#process.abort(failure);
    throw failure;
  }
}

interface Outcome {
  /** When a session was requested: minutes from the start. */
  readonly requested: readonly number[];
  readonly events: readonly FreshnessEvent[];
  /** What is served at the end. */
  readonly held: Held;
}

/** Runs for that many minutes. `answers` are the failures of the attempts in turn; afterwards each gets a session. */
async function run(setting: {
  readonly minutes: number;
  readonly lifetime: number;
  readonly answers?: (attempt: number) => Failure | undefined;
  readonly random?: readonly number[];
}): Promise<Outcome> {
  const { minutes, lifetime, answers = () => undefined, random = [0.5] } = setting;
  const process = new AbortController();
  const clock = new LimitedClock(START, START + minutes * MINUTE, process);
  const requested: number[] = [];
  const events: FreshnessEvent[] = [];
  const sessionNow = (): Session => sessionUntil(new Date(clock.now() + lifetime * MINUTE));
  const fresh: FreshSession = keepFresh(sessionNow(), {
    clock,
    random: cycle(random),
    signal: process.signal,
    report: (event) => events.push(event),
    async obtain() {
      requested.push((clock.now() - START) / MINUTE);
      const failure = answers(requested.length);
      if (failure !== undefined) throw failure;
      return sessionNow();
    },
  });
  await fresh.ended;
  clock.time = START + minutes * MINUTE;
  return { requested, events, held: fresh.current() };
}

function sessionUntil(expiration: Date | undefined): Session {
  return {
    by: 'AssumeRole',
    identity: ROLE_SESSION.identity,
    serial: undefined,
    credentials: { ...ROLE_SESSION.credentials, expiration },
  };
}

/** Until when the session can be used that is served; the reason if there is none. */
function servedUntil(held: Held): string {
  if (held.kind === 'session') return held.session.credentials.expiration.toISOString();
  return held.kind === 'failed' ? held.failure.code : held.kind;
}

test.each([
  ['an hour, 20 minutes before its end', 60, [40, 80, 120, 160]],
  ['half an hour, 20 minutes before its end', 30, [10, 20, 30, 40]],
  ['20 minutes, after ten', 20, [10, 20, 30, 40]],
  ['15 minutes, when a third is left', 15, [10, 20, 30, 40]],
  ['three minutes, when a third is left', 3, [2, 4, 6, 8]],
  ['12 hours, when a third is left', 720, [480, 960, 1440, 1920]],
])('a session is renewed that lasts %s', async (_, lifetime, expected) => {
  const { requested, events } = await run({ minutes: (expected.at(-1) ?? 0) + 1, lifetime });
  expect(requested).toEqual(expected);
  expect(events.map(({ kind }) => kind)).toEqual(['renewed', 'renewed', 'renewed', 'renewed']);
});

test('the session of the start is served until the next one is there', async () => {
  expect(servedUntil((await run({ minutes: 39, lifetime: 60 })).held)).toBe('2027-01-15T09:00:00.000Z');
  expect(servedUntil((await run({ minutes: 41, lifetime: 60 })).held)).toBe('2027-01-15T09:40:00.000Z');
});

test('after a failure it tries again, with longer and longer pauses, until there is a session', async () => {
  const { requested, held } = await run({
    minutes: 50,
    lifetime: 60,
    answers: (attempt) => (attempt <= 10 ? CLOSED : undefined),
    random: [0.999999],
  });
  const seconds = requested.map((minute) => Math.round((minute - 40) * 600) / 10);
  expect(seconds).toEqual([0, 1.2, 2.6, 4.4, 7, 11.2, 18.6, 32.4, 53.4, 74.4, 95.4]);
  expect(servedUntil(held)).toBe('2027-01-15T09:41:35.400Z');
});

test('the pauses differ from machine to machine, and none is shorter than a second', async () => {
  const { requested } = await run({
    minutes: 40.1,
    lifetime: 60,
    answers: () => CLOSED,
    random: [0],
  });
  expect(requested.map((minute) => Math.round((minute - 40) * 60))).toEqual([0, 1, 2, 3, 4, 5]);
});

test('while the old session is valid it is served, and afterwards the reason', async () => {
  const answers = (): Failure => CLOSED;
  expect(servedUntil((await run({ minutes: 59, lifetime: 60, answers })).held)).toBe('2027-01-15T09:00:00.000Z');
  expect(servedUntil((await run({ minutes: 60, lifetime: 60, answers })).held)).toBe('network');
});

test('it tries for as long as the process lives, and serves again once there is a session', async () => {
  const answers = (attempt: number): Failure | undefined => (attempt < 1000 ? CLOSED : undefined);
  const { requested, held } = await run({ minutes: 240, lifetime: 60, answers });
  expect(requested.length).toBe(1000);
  expect(held.kind).toBe('session');
});

test('a reason is reported once, and once more when the session has ended', async () => {
  const { events } = await run({ minutes: 90, lifetime: 60, answers: (attempt) => (attempt === 3 ? DENIED : CLOSED) });
  expect(events.map((event) => (event.kind === 'not-renewed' ? event.failure.code : event.kind))).toEqual([
    'network',
    'assume-role-denied',
    'network',
  ]);
  expect(events[0]).toMatchObject({ expiration: new Date('2027-01-15T09:00:00Z'), next: 'another-attempt' });
});

test('after a success the same reason is reported again', async () => {
  const { events } = await run({
    minutes: 85,
    lifetime: 60,
    answers: (attempt) => (attempt === 2 ? undefined : CLOSED),
  });
  expect(events.map(({ kind }) => kind)).toEqual(['not-renewed', 'renewed', 'not-renewed']);
});

test('if somebody must change something, it tries about every minute', async () => {
  const { requested } = await run({ minutes: 45, lifetime: 60, answers: () => DENIED, random: [0, 0.5] });
  expect(requested).toEqual([40, 40.75, 41.75, 42.5, 43.5, 44.25]);
});

test('a failure that waiting does not change is final', async () => {
  const { requested, events, held } = await run({ minutes: 120, lifetime: 60, answers: () => EXPIRED });
  expect(requested).toEqual([40]);
  expect(events).toEqual([
    { kind: 'not-renewed', failure: EXPIRED, expiration: new Date('2027-01-15T09:00:00Z'), next: 'none' },
  ]);
  expect(held).toEqual({ kind: 'failed', failure: EXPIRED });
});

test('an error that nobody foresaw is reported as one, and is no reason to give up', async () => {
  const process = new AbortController();
  const events: FreshnessEvent[] = [];
  let attempts = 0;
  const fresh = keepFresh(sessionUntil(new Date(START + 60 * MINUTE)), {
    clock: new FakeClock(START),
    random: () => 0.5,
    signal: process.signal,
    report: (event) => events.push(event),
    async obtain() {
      attempts += 1;
      if (attempts === 3) process.abort();
      throw new TypeError('broken');
    },
  });
  await fresh.ended;
  expect(attempts).toBe(3);
  expect(events).toMatchObject([{ kind: 'not-renewed', failure: { code: 'unexpected', facts: { error: 'broken' } } }]);
});

test('a machine that was asleep renews within seconds, and meanwhile says so', async () => {
  const process = new AbortController();
  const clock = new FakeClock(START);
  const slept: number[] = [];
  const held: Held[] = [];
  const fresh = keepFresh(sessionUntil(new Date(START + 60 * MINUTE)), {
    clock: {
      now: () => clock.now(),
      async sleep(milliseconds) {
        slept.push(milliseconds);
        // Closed at once, and opened in the evening.
        await clock.sleep(12 * 60 * MINUTE);
      },
    },
    random: () => 0.5,
    signal: process.signal,
    report: () => process.abort(),
    async obtain() {
      held.push(fresh.current());
      return sessionUntil(new Date(clock.now() + 60 * MINUTE));
    },
  });
  await fresh.ended;
  expect(slept).toEqual([5000]);
  expect(held).toEqual([{ kind: 'renewing' }]);
  expect(servedUntil(fresh.current())).toBe('2027-01-15T21:00:00.000Z');
});

test('if the local clock is so far ahead that each new session is over, it does not request one after another', async () => {
  const { requested, held } = await run({ minutes: 1, lifetime: -5, random: [0.5] });
  expect(requested.length).toBeLessThan(20);
  expect(held).toMatchObject({
    kind: 'failed',
    failure: { code: 'incomplete-answer', facts: { call: 'AssumeRole', reason: 'expired' } },
  });
});

test('a session that does not say when it ends cannot be kept fresh', () => {
  const never = {
    clock: new FakeClock(START),
    random: () => 0.5,
    report: () => undefined,
    signal: AbortSignal.abort(),
  };
  expect(() => keepFresh(sessionUntil(undefined), { ...never, obtain: () => Promise.reject(CLOSED) })).toThrow(
    new Failure('session-expiry-unknown', {}),
  );
});

test('once the process ends, a request that fails is not reported', async () => {
  const process = new AbortController();
  const events: FreshnessEvent[] = [];
  const fresh = keepFresh(sessionUntil(new Date(START + 60 * MINUTE)), {
    clock: new FakeClock(START),
    random: () => 0.5,
    signal: process.signal,
    report: (event) => events.push(event),
    async obtain() {
      process.abort();
      throw CLOSED;
    },
  });
  await fresh.ended;
  expect(events).toEqual([]);
});
