import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Call } from '../../../lab/aws/index.ts';
import { codeOfStep, DEMO, type Emulator, type Fault, stepAt } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { type SharedTime, timeInBucket } from '../../kit/clocks.ts';
import { fail, type Step, succeed } from '../../kit/failing.ts';
import { spend, useUp, worldWith } from '../../kit/worlds.ts';

/** Sleeps of the action from so many milliseconds on take no time. */
const SKIPPING = 20;

/** The calls that carried a code, and that no code went twice. */
function sent(calls: readonly Call[]): readonly Call[] {
  const carrying = calls.filter(({ params }) => params['TokenCode'] !== undefined);
  expect(new Set(carrying.map(({ params }) => params['TokenCode'])).size).toBe(carrying.length);
  return carrying;
}

const verdictsOf = (calls: readonly Call[]) => sent(calls).map(({ mfa }) => mfa?.verdict);

/** An emulator and a step at 72.5 s of a bucket: 12.5 s into a step, whose neighbours are all of the same bucket. */
async function midBucket(skipFrom?: number): Promise<{ emulator: Emulator; time: SharedTime }> {
  const time = timeInBucket(72.5, skipFrom);
  return { emulator: await emulate({ clock: time.clock }), time };
}

describe('codes that others have used', () => {
  test('some are gone: others follow at once, and one is accepted', async () => {
    const { emulator, time } = await midBucket();
    await spend(emulator, [-1, 0, 1]);
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    // Which comes first is left to chance.
    expect(verdictsOf(calls)).toEqual([...Array(calls.length - 2).fill('used'), 'accepted']);
    expect(calls.length - 2).toBeLessThanOrEqual(3);
    expect(infos.filter((line) => /\b\d+ s\b/.test(line))).toEqual([]);
  });

  test('all five are gone, and it may not wait: it says how long it would have to', async () => {
    const { emulator, time } = await midBucket();
    await spend(emulator, [-2, -1, 0, 1, 2]);
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.budget = 20;
    const { code, message, calls } = await fail(emulator, {
      inputs: { 'mfa-max-wait-seconds': '0' },
      stepEnv: time.env,
    });
    expectFailure({ code, message }, 'mfa-code-refused', '5', 'mfa-max-wait-seconds');
    expect(message).toMatch(/\b(?:4\d|5[0-3]) s\b/);
    expect(verdictsOf(calls)).toEqual(['used', 'used', 'used', 'used', 'used']);
  });

  test('all five are gone, and it may wait: the next one is accepted', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.budget = 20;
    await spend(emulator, [-2, -1, 0, 1, 2]);
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(verdictsOf(calls)).toEqual(['used', 'used', 'used', 'used', 'used', 'accepted']);
    expect(infos[0]).toMatch(/\b(?:4\d|5[0-3]) s\b/);
  });

  test('a code given as mfa-code is sent once', async () => {
    const { emulator, time } = await midBucket();
    await spend(emulator, [0]);
    const inputs = { 'mfa-seed': '', 'mfa-code': codeOfStep(DEMO.seed, stepAt(emulator.clock.now())) };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure(
      { code, message },
      'mfa-code-spent',
      'GetSessionToken',
      'AWS: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.',
      'mfa-code',
    );
    expect(verdictsOf(calls)).toEqual(['used']);
  });
});

describe('an answer that is lost or useless', () => {
  const faults: readonly (readonly [string, Fault, string])[] = [
    ['the connection is reset before STS has seen the code', { kind: 'reset-before' }, 'ECONNRESET'],
    ['the connection is reset after the code was spent', { kind: 'reset-after' }, 'ECONNRESET'],
    ['the answer ends in the middle', { kind: 'truncate' }, 'HTTP 200'],
    ['the answer lacks the token', { kind: 'omit-field', field: 'SessionToken' }, 'GetSessionToken'],
    ['the answer lacks the secret', { kind: 'omit-field', field: 'SecretAccessKey' }, 'GetSessionToken'],
    ['the answer lacks the key', { kind: 'omit-field', field: 'AccessKeyId' }, 'GetSessionToken'],
    ['the answer lacks the end', { kind: 'omit-field', field: 'Expiration' }, 'GetSessionToken'],
    ['the answer is empty', { kind: 'omit-field', field: 'Credentials' }, 'GetSessionToken'],
    ['STS fails', { kind: 'status', status: 500 }, 'HTTP 500 (InternalFailure: '],
    ['STS fails after the code was spent', { kind: 'status', status: 500, handled: true }, 'HTTP 500'],
    ['a proxy has no gateway', { kind: 'status', status: 503, body: 'html' }, 'HTTP 503'],
    ['a proxy answers its own page', { kind: 'status', status: 200, body: 'html' }, 'GetSessionToken'],
    ['STS is asked too often', { kind: 'throttle' }, 'GetSessionToken'],
    ['STS is asked too often, in other words', { kind: 'throttle', as: 'TooManyRequestsException' }, 'GetSessionToken'],
  ];

  test.each(faults)('%s: the next code is taken', async (_name, fault, fact) => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ operation: 'GetSessionToken', ...fault });
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(
      sent(calls)
        .map(({ mfa }) => mfa?.verdict)
        .at(-1),
    ).toBe('accepted');
    expect(sent(calls)).toHaveLength(2);
    expect(infos[0]).toContain(fact);
    expect(infos[0]).toMatch(/ 2 of (?:2|12)\b/);
  });

  test('with disable-retry there is one attempt', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'status', status: 500 });
    const inputs = { 'disable-retry': 'true', 'role-to-assume': 'deploy' };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'service-unavailable', 'AssumeRole', 'HTTP 500', 'InternalFailure');
    expect(sent(calls)).toHaveLength(1);
  });

  test('with retry-max-attempts there are that many', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'throttle', times: Infinity });
    const inputs = { 'retry-max-attempts': '3', 'role-to-assume': 'deploy' };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'throttled', 'AssumeRole', 'AWS: Throttling: Rate exceeded');
    expect(sent(calls)).toHaveLength(3);
  });

  test('a code given as mfa-code counts as spent', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'reset-after', operation: 'AssumeRole' });
    const inputs = {
      'mfa-seed': '',
      'mfa-code': codeOfStep(DEMO.seed, stepAt(emulator.clock.now())),
      'role-to-assume': 'deploy',
    };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-code-spent', 'AssumeRole', 'ECONNRESET', 'mfa-code');
    expect(sent(calls)).toHaveLength(1);
  });

  test('if all codes at hand are lost and it may not wait, it reports what is wrong with the connection', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'status', status: 502, times: Infinity });
    const inputs = { 'mfa-max-wait-seconds': '0', 'role-to-assume': 'deploy' };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'service-unavailable', 'AssumeRole', 'HTTP 502', 'InternalFailure', '5');
    expect(message).toMatch(/\b(?:1\d|2[0-2]) s\b/);
    expect(sent(calls)).toHaveLength(5);
  });
});

describe('a budget that others have spent', () => {
  const spent = { inputs: { 'mfa-max-wait-seconds': '60' } };
  const askingDenied = () => worldWith((_account, user) => user.policies.splice(0));

  test('IAM confirms the device, so it is the budget: it says so, and how long it would have to wait', async () => {
    const { emulator, time } = await midBucket();
    await useUp(emulator, 9);
    const { code, message, calls } = await fail(emulator, { ...spent, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-wait-too-long', 'mfa-max-wait-seconds');
    expect(message).toMatch(/\b1[01]\d s\b/);
    expect(verdictsOf(calls)).toEqual(['budget']);
    expect(calls.filter(({ operation }) => operation === 'ListMFADevices')).toHaveLength(1);
  });

  test('IAM may not be asked: both reasons are named', async () => {
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: time.clock, world: askingDenied() });
    await useUp(emulator, 9);
    const { code, message, calls } = await fail(emulator, { ...spent, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-wait-too-long', 'mfa-max-wait-seconds');
    expect(message).toMatch(/\b1[01]\d s\b/);
    expect(verdictsOf(calls)).toEqual(['budget']);
  });

  test('it may wait: it says why, and is served in the next three minutes', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    await useUp(emulator, 9);
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(verdictsOf(calls)).toEqual(['budget', 'accepted']);
    expect(infos[0]).toMatch(/\b1[1-3]\d s\b/);
  });

  test('another device of the pool is asked meanwhile', async () => {
    const spare = { serial: 'arn:aws:iam::111122223333:mfa/spare', seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
    const time = timeInBucket(72.5);
    const world = worldWith((_account, user) => user.devices.push({ ...spare, adjustmentSteps: 0, budget: 9 }));
    const emulator = await emulate({ clock: time.clock, world });
    await useUp(emulator, 9);
    const pool = `${DEMO.serial} ${DEMO.seed}\n${spare.serial} ${spare.seed}`;
    const inputs = { 'mfa-serial': '', 'mfa-seed': '', 'mfa-devices': pool, 'mfa-max-wait-seconds': '0' };
    const { calls, result } = await succeed(emulator, { inputs, stepEnv: time.env });
    expect(verdictsOf(calls).at(-1)).toBe('accepted');
    expect(result.outputs['mfa-serial']).toBe(spare.serial);
  });
});

describe('a serial number that is wrong', () => {
  test('IAM may be asked: it ends with the first call, and names the right one', async () => {
    const { emulator, time } = await midBucket();
    const inputs = { 'mfa-serial': 'GAHT12345678' };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-device-unknown', DEMO.serial);
    expect(verdictsOf(calls)).toEqual(['unknown-device']);
  });

  test('IAM may not be asked: it is asked once more in the next three minutes, and that tells', async () => {
    const time = timeInBucket(72.5, SKIPPING);
    const emulator = await emulate({
      clock: time.clock,
      world: worldWith((_account, user) => user.policies.splice(0)),
    });
    const inputs = { 'mfa-serial': 'arn:aws:iam::111122223333:mfa/someone' };
    const { code, message, calls, infos } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-device-unknown', 'arn:aws:iam::111122223333:mfa/someone');
    expect(verdictsOf(calls)).toEqual(['unknown-device', 'unknown-device']);
    expect(infos).toHaveLength(1);
  });
});

describe('a seed that is not the one of the device', () => {
  const WRONG = { 'mfa-seed': 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };

  test('is proven within the budget of one bucket, if nobody else can have used the codes', async () => {
    const time = timeInBucket(132.5, SKIPPING);
    const emulator = await emulate({ clock: time.clock });
    const { code, message, calls } = await fail(emulator, { inputs: WRONG, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-seed-wrong', '5');
    expect(verdictsOf(calls)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong']);
  });

  test('is not yet proven early in a bucket: it waits for the codes that prove it', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    const { code, message, calls } = await fail(emulator, { inputs: WRONG, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-seed-wrong', '6');
    expect(sent(calls)).toHaveLength(6);
  });
});

describe('a device that was resynchronised ten steps ahead', () => {
  test('is reported as what may also be a device out of sync, with the command that fixes it', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.adjustmentSteps = 10;
    const { code, message, remedy, calls } = await fail(emulator, { stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-seed-wrong');
    expect(remedy).toContain('aws iam resync-mfa-device');
    expect(sent(calls).length).toBeLessThanOrEqual(8);
  });
});

describe('a matrix job whose turn comes too late', () => {
  test('says so before anything is sent', async () => {
    const { emulator, time } = await midBucket();
    const inputs = { 'mfa-slot': '19/20', 'mfa-max-wait-seconds': '10' };
    const { code, message, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectFailure({ code, message }, 'mfa-wait-too-long', 'mfa-max-wait-seconds');
    expect(message).toMatch(/\b\d{2,3} s\b/);
    expect(calls).toEqual([]);
  });
});

describe('a clock that is off', () => {
  let step: Step;
  beforeEach(() => {
    step = { inputs: { 'mfa-max-wait-seconds': '0' } };
  });

  test.each([
    ['20 minutes behind', 20 * 60_000, '1[12]\\d\\d s\\b.*\\bbehind', ['GetSessionToken 403', 'GetSessionToken 200']],
    ['20 minutes ahead', -20 * 60_000, '1[12]\\d\\d s\\b.*\\bahead', ['GetSessionToken 403', 'GetSessionToken 200']],
    ['26 hours behind', 26 * 3_600_000, '93\\d\\d\\d s\\b.*\\bbehind', ['GetSessionToken 403', 'GetSessionToken 200']],
    ['26 hours ahead', -26 * 3_600_000, '93\\d\\d\\d s\\b.*\\bahead', ['GetSessionToken 403', 'GetSessionToken 200']],
  ])('%s: the second call is served, and a warning names the difference', async (_name, ahead, words, statuses) => {
    const emulator = await emulate({ clock: { now: () => Date.now() + ahead } });
    const { calls, warnings } = await succeed(emulator, step);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`\\b${words}\\b`));
    const minted = calls.filter(({ operation }) => operation === 'GetSessionToken');
    expect(minted.map(({ operation, status }) => `${operation} ${status}`)).toEqual(statuses);
  });

  test.each([
    ['31 seconds behind', 31_000, /\b(?:30|31|32) s\b.*\bbehind\b/],
    ['31 seconds ahead', -31_000, /\b(?:30|31|32) s\b.*\bahead\b/],
    ['10 minutes behind', 600_000, /\b(?:599|600|601) s\b.*\bbehind\b/],
    ['10 minutes ahead', -600_000, /\b(?:599|600|601) s\b.*\bahead\b/],
    ['90 seconds behind', 90_000, /\b(?:89|90|91) s\b.*\bbehind\b/],
    ['90 seconds ahead', -90_000, /\b(?:89|90|91) s\b.*\bahead\b/],
  ])('%s, which only the code shows: two calls at most', async (_name, ahead, warning) => {
    const emulator = await emulate({ clock: { now: () => Date.now() + ahead } });
    const { calls, warnings } = await succeed(emulator, step);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(warning);
    expect(sent(calls).length).toBeLessThanOrEqual(2);
    expect(verdictsOf(calls).at(-1)).toBe('accepted');
  });

  test('a minute behind, with two of three codes still good: two calls at most', async () => {
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: { now: () => time.clock.now() + 60_000 } });
    const { calls, warnings } = await succeed(emulator, { stepEnv: time.env });
    expect(warnings).toEqual([expect.stringMatching(/\b(?:59|60|61) s\b.*\bbehind\b/)]);
    expect(sent(calls).length).toBeLessThanOrEqual(2);
  });

  test.each([
    ['of a cache', { date: Date.now() - 20 * 60_000, age: 1200 }],
    ['that isn’t a date', { date: 'the day before yesterday' }],
  ])('a date %s is not taken for AWS’s time', async (_name, date) => {
    const { emulator, time } = await midBucket();
    emulator.faults.add({ kind: 'date', times: Infinity, ...date });
    const inputs = { ...step.inputs, 'list-buckets': 'true' };
    const { calls, warnings } = await succeed(emulator, { inputs, stepEnv: time.env });
    expect(warnings).toEqual([]);
    expect(verdictsOf(calls)).toEqual(['accepted']);
  });

  test('a failure with the date of a cache costs one more call, not the step', async () => {
    const emulator = await emulate();
    const stale = Date.now() - 20 * 60_000;
    emulator.faults.add({ kind: 'status', status: 500, operation: 'AssumeRole' });
    emulator.faults.add({ kind: 'date', date: stale, age: 1200, operation: 'AssumeRole' });
    const { calls, warnings } = await succeed(emulator, { inputs: { ...step.inputs, 'role-to-assume': 'deploy' } });
    expect(warnings).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(3);
    expect(calls.at(-1)?.mfa?.verdict).toBe('accepted');
  });

  test('a code made elsewhere is sent again if only the signature was too old', async () => {
    const emulator = await emulate({ clock: { now: () => Date.now() + 20 * 60_000 } });
    const code = codeOfStep(DEMO.seed, stepAt(emulator.clock.now()));
    const { calls } = await succeed(emulator, { inputs: { 'mfa-seed': '', 'mfa-code': code } });
    const carrying = calls.filter(({ params }) => params['TokenCode'] === code);
    expect(carrying.map(({ status, mfa }) => `${status} ${mfa?.verdict}`)).toEqual(['403 undefined', '200 accepted']);
  });
});
