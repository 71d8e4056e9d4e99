import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import type { Finding } from '../../../src/setup/rotation-run.ts';
import { refused } from '../../kit/fake-ports.ts';
import {
  type Around,
  DAY,
  DEVICE_SECRET,
  ended,
  HOUR,
  KEY_SECRET,
  Killer,
  passTo,
  type RotatingUser,
  type RunOptions,
  rotatingUser,
  START,
  simulateTime,
} from '../../kit/rotating.ts';

// Rotations against the emulator, in simulated time: 60 days, 24 hours, 7 days.

beforeEach(simulateTime);
afterEach(() => {
  jest.useRealTimers();
});

const FIRST = 'AKIAIOSFODNN7EXAMPLE';
const DEVICE = 'arn:aws:iam::111122223333:mfa/ci';
const dayOf = (day: number): number => START + day * DAY;

/** What a run did: the kind of each step. */
const kinds = (findings: readonly Finding[]): readonly string[] => findings.map(({ rotated }) => rotated.kind);
/** What it found: the kind of each move. */
const moves = (findings: readonly Finding[]): readonly string[] => findings.map(({ move }) => move.kind);

async function runOn(user: RotatingUser, day: number, options: RunOptions = {}): Promise<readonly Finding[]> {
  passTo(dayOf(day));
  return user.run({ devices: false, ...options });
}

/** Runs once a day. What changed something, by the day. */
async function daily(user: RotatingUser, from: number, to: number, options?: RunOptions): Promise<readonly string[]> {
  const done: string[] = [];
  for (let day = from; day <= to; day += 1)
    for (const { rotated } of await runOn(user, day, options))
      if (rotated.kind !== 'unchanged') done.push(`${day}: ${rotated.kind}`);
  return done;
}

async function expectWorking(user: RotatingUser): Promise<void> {
  const { status, code, message } = await user.session(user.given());
  expect({ status, code, message }).toEqual({ status: 200, code: undefined, message: undefined });
}

/** Something happens before or after a call. */
function at(name: string, { before, after }: { before?: () => unknown; after?: () => unknown }): Around {
  return async (called, send) => {
    if (called === name) await before?.();
    const value = await send();
    if (called === name) await after?.();
    return value;
  };
}

describe('a daily run', () => {
  test('replaces a key after 60 days, deactivates the old one after one, and deletes it a week later', async () => {
    const user = await rotatingUser();
    expect(await daily(user, 58, 70)).toEqual(['60: replaced', '62: deactivated', '69: deleted']);
    const { keys } = user.given();
    expect(user.state().keys).toEqual([keys.accessKeyId]);
    expect(keys.accessKeyId).not.toBe(FIRST);
    await expectWorking(user);
    expect(await daily(user, 119, 130)).toEqual(['120: replaced', '122: deactivated', '129: deleted']);
    await expectWorking(user);
  });

  test('replaces a device after a year, and deletes the old one after a day', async () => {
    const user = await rotatingUser({ deviceMaxAge: 50 * 24 });
    expect(await daily(user, 49, 53, { devices: true })).toEqual(['50: replaced', '52: deleted']);
    expect(user.state().devices).toEqual([`${DEVICE}-2`]);
    expect(user.store.valueOf(DEVICE_SECRET)).toMatch(/^arn:aws:iam::111122223333:mfa\/ci-2 [A-Z2-7]{64}$/);
    await expectWorking(user);
  });

  test('takes one step: the device waits for the key', async () => {
    const user = await rotatingUser({ deviceMaxAge: 60 * 24 });
    expect(await daily(user, 59, 64, { devices: true })).toEqual([
      '60: replaced',
      '61: replaced',
      '62: deactivated',
      '63: deleted',
    ]);
    await expectWorking(user);
  });

  test('changes nothing if it only looks', async () => {
    const user = await rotatingUser({ deviceMaxAge: 60 * 24 });
    const before = user.state();
    const findings = await runOn(user, 60, { mode: 'status', devices: true });
    expect([moves(findings), kinds(findings)]).toEqual([
      ['replace', 'replace'],
      ['unchanged', 'unchanged'],
    ]);
    expect(user.state()).toEqual(before);
    const operations = new Set(user.emulator.calls.map(({ operation }) => operation));
    expect([...operations]).toEqual(['GetSessionToken', 'ListAccessKeys', 'GetAccessKeyLastUsed', 'ListMFADevices']);
  });

  test('can do all of it with the policy of an enrollment', async () => {
    const user = await rotatingUser({ deviceMaxAge: 50 * 24 });
    await daily(user, 50, 70, { devices: true });
    expect(user.emulator.calls.filter(({ errorCode }) => errorCode === 'AccessDenied')).toEqual([]);
  });
});

// What stops the rotations of others (docs/rotation.md).
describe('unlike others, it goes on', () => {
  test('with two keys, of which nobody has one’s secret', async () => {
    const user = await rotatingUser();
    passTo(dayOf(60));
    const killer = new Killer(4, 'after');
    expect(await ended(user.run({ around: killer.around, devices: false }), killer)).toBe('died');
    expect(killer.names.at(-1)).toBe('createKey');
    expect(user.state().keys).toHaveLength(2);
    await expectWorking(user);
    expect(await daily(user, 61, 63)).toEqual(['61: discarded', '62: replaced']);
    await expectWorking(user);
  });

  test('with two keys, of which a person created one', async () => {
    const user = await rotatingUser();
    passTo(dayOf(20));
    user.user.accessKeys.push({ id: 'AKIAOFAPERSON0000001', secret: 's', createdAt: dayOf(20) });
    const [found] = await runOn(user, 61);
    expect(found?.move).toEqual({
      kind: 'stuck',
      obstacle: { reason: 'foreign', id: 'AKIAOFAPERSON0000001', lastUsed: undefined },
    });
    expect(user.state().keys).toHaveLength(2);
    await expectWorking(user);
  });

  test('with no key: the run gets no session and changes nothing', async () => {
    const user = await rotatingUser();
    passTo(dayOf(60));
    user.user.accessKeys.length = 0;
    await expect(runOn(user, 60)).rejects.toThrow('InvalidClientTokenId');
    expect(user.state().keys).toEqual([]);
    expect(user.store.valueOf(KEY_SECRET)).toMatch(FIRST);
  });

  test('if the secret can’t be written: the new key is deleted, the old one works', async () => {
    const user = await rotatingUser();
    passTo(dayOf(60));
    const around: Around = async (name, send) =>
      name === 'put' ? (refused('store-denied') as Awaited<ReturnType<typeof send>>) : send();
    const failed = await ended(user.run({ around, devices: false }));
    expect(failed).toBeInstanceOf(Failure);
    expect(failed).toMatchObject({ code: 'store-denied' });
    expect(user.state().keys).toEqual([FIRST]);
    expect(await daily(user, 61, 61)).toEqual(['61: replaced']);
    await expectWorking(user);
  });

  test('while AWS doesn’t know the new key: it is only written once it works', async () => {
    const user = await rotatingUser();
    user.emulator.world.delays = { accessKey: { ms: 60_000 } };
    const tried: (string | undefined)[] = [];
    const around: Around = async (name, send) => {
      const value = await send();
      if (name === 'put') tried.push((await user.session(user.given())).code);
      return value;
    };
    expect(kinds(await runOn(user, 60, { around }))).toEqual(['replaced']);
    expect(tried).toEqual([undefined]);
  });

  test('if AWS never knows the new key: it is deleted, and the old one works', async () => {
    const user = await rotatingUser();
    user.emulator.world.delays = { accessKey: { ms: DAY } };
    passTo(dayOf(60));
    expect(await ended(user.run({ devices: false }))).toMatchObject({ code: 'access-key-unknown' });
    expect(user.state().keys).toEqual([FIRST]);
    await expectWorking(user);
  });
});

describe('the key in the secret is never deactivated or deleted', () => {
  test('by two runs at once', async () => {
    const user = await rotatingUser({ deviceMaxAge: 58 * 24 });
    for (let day = 58; day <= 75; day += 1) {
      passTo(dayOf(day));
      await Promise.all([1, 2, 3].map(() => ended(user.run())));
      await expectWorking(user);
      expect(user.state().keys.length).toBeLessThanOrEqual(2);
    }
    expect(user.state()).toEqual({ keys: [user.given().keys.accessKeyId], devices: [user.given().serial] });
  });

  test.each(['find', 'listKeys', 'lastUse'] as const)(
    'by a run that was asleep for a day since %s, while somebody wrote the older one again',
    async (name) => {
      const user = await rotatingUser();
      await daily(user, 60, 61);
      const old = `${FIRST}:${user.user.accessKeys[0]?.secret}`;
      const asleep = async (): Promise<void> => {
        await user.store.put(KEY_SECRET, old);
        passTo(dayOf(63.2));
      };
      const [did] = kinds(await runOn(user, 62, { around: at(name, { after: asleep }) }));
      expect(['overtaken', 'unchanged']).toContain(did);
      expect(user.given().keys.accessKeyId).toBe(FIRST);
      await expectWorking(user);
    },
  );

  test.each(['find', 'listKeys', 'lastUse', 'createKey', 'identify'] as const)(
    'by a run that was asleep for two days since %s, while others rotated',
    async (name) => {
      const user = await rotatingUser();
      let isAsleep = false;
      const others = async (): Promise<void> => {
        if (isAsleep) return;
        isAsleep = true;
        await daily(user, 61, 63);
      };
      await ended(runOn(user, 60, { around: at(name, { after: others }) }));
      await expectWorking(user);
      await daily(user, 64, 80);
      await expectWorking(user);
      expect(user.state().keys).toEqual([user.given().keys.accessKeyId]);
    },
  );

  test('by a run that took a queued one’s new key for a dead one’s', async () => {
    const user = await rotatingUser();
    let isAsleep = false;
    const others = async (): Promise<void> => {
      if (isAsleep) return;
      isAsleep = true;
      expect(await daily(user, 61, 61)).toEqual(['61: discarded']);
    };
    expect(kinds(await runOn(user, 60, { around: at('put', { before: others }) }))).toEqual(['overtaken']);
    expect(user.given().keys.accessKeyId).toBe(FIRST);
    await expectWorking(user);
  });

  test.each([-20 * DAY, -5 * HOUR, -20 * 60_000, 20 * 60_000, 5 * HOUR, 20 * DAY])(
    'if the clock of the store is off by %d ms',
    async (ahead) => {
      const user = await rotatingUser();
      user.store.ahead = ahead;
      await user.store.put(KEY_SECRET, user.store.valueOf(KEY_SECRET));
      const old = user.given();
      expect(await daily(user, 60, 60)).toEqual(['60: replaced']);
      // A run that was in the queue.
      const queued = await runOn(user, 60.9, { given: old });
      expect([moves(queued), kinds(queued)]).toEqual([['superseded'], ['unchanged']]);
      await expectWorking(user);
      expect(await daily(user, 61, 70)).toEqual(['63: deactivated', '69: deleted']);
      await expectWorking(user);
    },
  );

  test('if the answer to the write is lost', async () => {
    const user = await rotatingUser();
    passTo(dayOf(60));
    const lost: Around = async (name, send) => {
      const value = await send();
      const facts = { store: 'GitHub', call: 'PUT /secrets/A', reason: 'silent', target: 'x', error: 'x' } as const;
      const failure = new Failure('store-unreachable', facts);
      return name === 'put' ? ({ ok: false, failure, serverTime: undefined } as typeof value) : value;
    };
    expect(await ended(user.run({ around: lost, devices: false }))).toMatchObject({ code: 'store-unreachable' });
    expect(user.given().keys.accessKeyId).not.toBe(FIRST);
    await expectWorking(user);
    expect(await daily(user, 61, 70)).toEqual(['62: deactivated', '69: deleted']);
  });

  test('if a repeated write is refused, and the first one worked', async () => {
    const user = await rotatingUser();
    passTo(dayOf(60));
    const late: Around = async (name, send) => {
      const value = await send();
      return name === 'put' ? (refused('store-denied') as typeof value) : value;
    };
    expect(await ended(user.run({ around: late, devices: false }))).toMatchObject({ code: 'store-denied' });
    expect(user.given().keys.accessKeyId).not.toBe(FIRST);
    await expectWorking(user);
  });

  test('if somebody writes the older one again', async () => {
    const user = await rotatingUser();
    await daily(user, 60, 61);
    const old = `${FIRST}:${user.user.accessKeys[0]?.secret}`;
    await user.store.put(KEY_SECRET, old);
    expect(await daily(user, 61.5, 100)).toEqual([]);
    const [found] = await runOn(user, 101);
    expect(found?.move).toMatchObject({ kind: 'stuck', obstacle: { reason: 'not-newest' } });
    await expectWorking(user);
  });

  test('if each run is given another secret than the one that it writes', async () => {
    const user = await rotatingUser();
    const hidden = user.given();
    expect(await daily(user, 60, 90, { given: hidden })).toEqual(['60: replaced']);
    const [found] = await runOn(user, 91, { given: hidden });
    expect(found?.move).toMatchObject({ kind: 'stuck', obstacle: { reason: 'not-newest' } });
    for (const given of [hidden, user.given()]) expect((await user.session(given)).status).toBe(200);
  });

  test('if the store doesn’t say when it was written', async () => {
    const user = await rotatingUser();
    user.store.isDated = false;
    const old = user.given();
    expect(await daily(user, 60, 60)).toEqual(['60: replaced']);
    const [queued] = await runOn(user, 60.5, { given: old });
    expect(queued?.move).toMatchObject({ obstacle: { reason: 'cannot-tell' } });
    expect(await daily(user, 61, 70)).toEqual(['62: deactivated', '69: deleted']);
    await expectWorking(user);
  });
});

describe('a replaced key', () => {
  test('stays while something uses it, and a person hears of it if that goes on', async () => {
    const user = await rotatingUser();
    const old = user.given();
    await runOn(user, 60);
    for (let day = 61; day < 68; day += 1) {
      passTo(dayOf(day - 0.3));
      expect((await user.session(old)).status).toBe(200);
      const [found] = await runOn(user, day);
      expect(found?.move).toMatchObject(day === 61 ? { for: 'grace' } : { for: 'using', id: FIRST });
    }
    passTo(dayOf(69));
    await user.session(old);
    const [found] = await runOn(user, 69.5);
    expect(found?.move).toMatchObject({ kind: 'stuck', obstacle: { reason: 'foreign', id: FIRST } });
    expect(user.state().keys[0]).toBe(FIRST);
  });

  test('stays inactive for a week after it was used for the last time', async () => {
    const user = await rotatingUser();
    const old = user.given();
    await runOn(user, 60);
    passTo(dayOf(65));
    await user.session(old);
    expect(await daily(user, 66, 75)).toEqual(['67: deactivated', '73: deleted']);
  });
});

describe('devices', () => {
  test.each(['createDevice', 'enableDevice', 'prove'] as const)(
    'of two runs at once have different names, if one is faster after %s',
    async (name) => {
      const user = await rotatingUser({ deviceMaxAge: 50 * 24 });
      const other = { after: async () => expect(kinds(await user.run())).toEqual(['unchanged', 'replaced']) };
      if (name !== 'createDevice') {
        // The second device is newer than the secret, so the other run waits.
        other.after = async () => expect(kinds(await user.run())).toEqual(['unchanged', 'unchanged']);
      }
      await ended(runOn(user, 50, { devices: true, around: at(name, other) }));
      await expectWorking(user);
      await daily(user, 51, 54, { devices: true });
      expect(user.state().devices).toEqual([user.given().serial]);
      await expectWorking(user);
    },
  );

  test('of runs at once give way to the one that was enabled first', async () => {
    const user = await rotatingUser({ deviceMaxAge: 50 * 24 });
    passTo(dayOf(50));
    const { promise: isProven, resolve: proven } = Promise.withResolvers<void>();
    const { promise: isOver, resolve: over } = Promise.withResolvers<void>();
    const before = async (): Promise<void> => {
      proven();
      await isOver;
    };
    const second = user.run({ around: at('createDevice', { before: () => isProven }) });
    const first = user.run({ around: at('put', { before }) });
    expect(kinds(await second)).toEqual(['unchanged', 'overtaken']);
    over();
    expect(kinds(await first)).toEqual(['unchanged', 'replaced']);
    expect(user.state().devices).toEqual([DEVICE, user.given().serial]);
    await expectWorking(user);
  });

  test('that nobody has are deleted', async () => {
    const user = await rotatingUser({ deviceMaxAge: 50 * 24 });
    passTo(dayOf(50));
    const killer = new Killer(6, 'after');
    expect(await ended(user.run({ around: killer.around }), killer)).toBe('died');
    expect(killer.names.at(-1)).toBe('createDevice');
    const unassigned = user.emulator.world.accounts[0]?.unassignedDevices;
    expect(unassigned?.map(({ serial }) => serial)).toEqual([`${DEVICE}-2`]);
    expect(await daily(user, 51, 55, { devices: true })).toEqual(['51: replaced', '53: deleted']);
    expect(user.state().devices).toEqual([`${DEVICE}-3`]);
    expect(unassigned).toEqual([]);
    await expectWorking(user);
  });
});
