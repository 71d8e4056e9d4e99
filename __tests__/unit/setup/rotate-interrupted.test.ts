import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import { refused } from '../../kit/fake-ports.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import {
  type Around,
  DAY,
  ended,
  HOUR,
  Killer,
  passTo,
  type RotatingUser,
  rotatingUser,
  START,
  simulateTime,
} from '../../kit/rotating.ts';

// Each step of a rotation, with each of its calls failed once and the run killed before and after each. After each call, a job tries
// what is stored. Then the daily runs go on, and finish.

beforeEach(simulateTime);
afterEach(() => {
  jest.useRealTimers();
});

interface Place {
  readonly step: string;
  /** The day on which the step is due, after the days before it went well. */
  readonly day: number;
  /** The calls of that run, in their order. */
  readonly calls: readonly string[];
  /** What is due: the age of keys and of devices, in days. */
  readonly ages: readonly [key: number, device: number];
  /** On this day, a run died after this call. */
  readonly orphan?: { readonly day: number; readonly after: number };
}

const LOOK = ['find', 'listKeys', 'lastUse'];
const LOOK_AT_TWO = [...LOOK, 'lastUse'];
const DEVICES = ['find', 'listDatedDevices'];
const TRIAL = Array.from({ length: 6 }, () => 'identify');

const KEYS: readonly [number, number] = [20, 365];
const BOTH: readonly [number, number] = [365, 20];

const PLACES: readonly Place[] = [
  {
    step: 'replace a key',
    ages: KEYS,
    day: 20,
    calls: [...LOOK, 'createKey', ...TRIAL, 'find', 'put', ...DEVICES],
  },
  { step: 'deactivate a key', ages: KEYS, day: 22, calls: [...LOOK_AT_TWO, 'setKeyStatus', ...DEVICES] },
  { step: 'delete a key', ages: KEYS, day: 29, calls: [...LOOK_AT_TWO, 'deleteKey', ...DEVICES] },
  {
    step: 'discard a key',
    ages: KEYS,
    day: 21,
    orphan: { day: 20, after: 4 },
    calls: [...LOOK_AT_TWO, 'setKeyStatus', 'deleteKey', ...DEVICES],
  },
  {
    step: 'replace a device',
    ages: BOTH,
    day: 20,
    calls: [...LOOK, ...DEVICES, 'createDevice', 'enableDevice', 'prove', 'listDatedDevices', 'find', 'put'],
  },
  { step: 'delete a device', ages: BOTH, day: 22, calls: [...LOOK, ...DEVICES, 'deactivateDevice', 'deleteDevice'] },
  {
    step: 'discard a device',
    ages: BOTH,
    day: 21,
    orphan: { day: 20, after: 7 },
    calls: [...LOOK, ...DEVICES, 'deactivateDevice', 'deleteDevice'],
  },
];

const HOW = [
  'killed before',
  'killed after',
  'refused',
  'throttled',
  'lost before',
  'lost after',
  'refused after lost',
] as const;
type How = (typeof HOW)[number];

/** In a nightly run, each place is interrupted in each way. Otherwise, killed and failed in one way after the other. */
const isNightly = propertyRuns(1).numRuns > 1;
function waysAt(index: number): readonly How[] {
  const [before, after, ...failures] = HOW;
  return isNightly ? HOW : [index % 2 ? before : after, failures[index % failures.length] ?? 'refused'];
}

/** The calls of the stores, as their failures name them. */
const STORE = { find: 'GET /secrets/A', put: 'PUT /secrets/A' } as const;

function failureOf(name: string, how: How): Failure {
  const store = name === 'find' || name === 'put' ? STORE[name] : undefined;
  const sample = (code: FailureCode): Failure => {
    const answer = refused(code);
    if (answer.ok) throw new Error('a refusal is none');
    return answer.failure;
  };
  if (store !== undefined && how.startsWith('lost')) {
    const facts = { store: 'GitHub', call: store, reason: 'silent', target: 'api:443', error: 'ECONNRESET' } as const;
    return new Failure('store-unreachable', facts);
  }
  if (store !== undefined && how === 'refused after lost') {
    const { code, facts } = sample('store-denied');
    return new Failure(code, facts, { context: { kind: 'after-lost' } });
  }
  if (store !== undefined) return sample(how === 'throttled' ? 'store-rate-limited' : 'store-denied');
  if (how === 'throttled') return sample('throttled');
  return sample(how === 'refused' ? 'access-denied' : 'network');
}

/** Fails one call. Afterwards, and after each other call, a job tries what is stored. */
function failing(at: number, how: How, afterEach: () => Promise<void>): Around {
  let count = 0;
  return async (name, send) => {
    count += 1;
    const isFailed = count === at;
    const isDone = !isFailed || how.endsWith('after') || how === 'refused after lost';
    const value = isDone ? await send() : undefined;
    await afterEach();
    if (!isFailed) return value as Awaited<ReturnType<typeof send>>;
    const failure = failureOf(name, how);
    if (name === 'prove') throw failure;
    return { ok: false, failure, serverTime: undefined } as Awaited<ReturnType<typeof send>>;
  };
}

/** A job tries what is stored, if anything has changed since the last one. */
function jobsOf(user: RotatingUser): () => Promise<void> {
  let last = '';
  return async () => {
    const state = JSON.stringify([user.given(), user.state()]);
    if (state === last) return;
    last = state;
    const { status, code } = await user.session(user.given());
    if (status !== 200) throw new Error(`a job was refused: ${code}`);
  };
}

async function prepared({ ages: [maxAge, deviceMaxAge], day, orphan }: Place): Promise<RotatingUser> {
  const user = await rotatingUser({ rules: { maxAge: maxAge * 24 }, deviceMaxAge: deviceMaxAge * 24 });
  for (let before = 20; before < day; before += 1) {
    passTo(START + before * DAY);
    if (before !== orphan?.day) await user.run();
    else {
      const killer = new Killer(orphan.after, 'after');
      expect(await ended(user.run({ around: killer.around }), killer)).toBe('died');
    }
  }
  passTo(START + day * DAY);
  return user;
}

/** Runs once a day, until there is nothing to do. */
async function finish(user: RotatingUser, day: number, jobs: () => Promise<void>): Promise<number> {
  for (let next = day + 1; ; next += 1) {
    if (next > day + 13) throw new Error(`it isn't finished: ${JSON.stringify(user.state())}`);
    passTo(START + next * DAY);
    const findings = await user.run({
      around: async (_, send) => {
        const value = await send();
        await jobs();
        return value;
      },
    });
    if (findings.every(({ move }) => move.kind === 'none')) return next;
  }
}

describe.each(PLACES)('$step', (place) => {
  test('makes these calls', async () => {
    const user = await prepared(place);
    const killer = new Killer(99, 'after', jobsOf(user));
    await user.run({ around: killer.around });
    expect(killer.names).toEqual(place.calls);
  });

  const ways = place.calls.flatMap((name, index) => waysAt(index).map((how) => ({ how, name, at: index + 1 })));
  test.each(ways)('$how call $at, $name', async ({ how, at }) => {
    const user = await prepared(place);
    const old = user.given();
    const jobs = jobsOf(user);
    await jobs();
    if (how === 'killed before' || how === 'killed after') {
      const killer = new Killer(at, how === 'killed before' ? 'before' : 'after', jobs);
      expect(await ended(user.run({ around: killer.around }), killer)).toBe('died');
    } else await ended(user.run({ around: failing(at, how, jobs) }));
    await jobs();
    // A job that began before that.
    passTo(Date.now() + 6 * HOUR);
    expect((await user.session(old)).status).toBe(200);
    await finish(user, place.day, jobs);
    const { keys, serial } = user.given();
    expect(user.state()).toEqual({ keys: [keys.accessKeyId], devices: [serial] });
    // What was due is new.
    const [key, device] = place.ages;
    if (key < device) expect(keys.accessKeyId).not.toBe('AKIAIOSFODNN7EXAMPLE');
    else expect(serial).not.toBe('arn:aws:iam::111122223333:mfa/ci');
  });
});
