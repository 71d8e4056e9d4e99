import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Call } from '../../../lab/aws/index.ts';
import { codeOfStep, DEMO, type Emulator, type Fault, stepAt } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { type SharedTime, timeInBucket } from '../../kit/clocks.ts';
import { fail, type Step, succeed } from '../../kit/failing.ts';
import { REMEDY } from '../../kit/remedies.ts';
import { spend, useUp, worldWith } from '../../kit/worlds.ts';

/** Sleeps of the action from so many milliseconds on take no time. */
const SKIPPING = 20;
const OTHER_JOB = 'the ones at hand were refused, another job may be using this device';

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
    expect(infos.filter((line) => line.startsWith('Waiting'))).toEqual([]);
  });

  test('all five are gone, and it may not wait: it says how long it would have to', async () => {
    const { emulator, time } = await midBucket();
    await spend(emulator, [-2, -1, 0, 1, 2]);
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.budget = 20;
    const { error, calls } = await fail(emulator, { inputs: { 'mfa-max-wait-seconds': '0' }, stepEnv: time.env });
    expect(error).toMatch(
      /^STS refused the codes, and mfa-max-wait-seconds is too short for another\. 5 codes were sent over 0 s; the next code could be sent in (?:4\d|5[0-3]) s \(/,
    );
    expect(error).toContain(`(${OTHER_JOB}).\n${REMEDY['mfa-code-refused']}`);
    expect(verdictsOf(calls)).toEqual(['used', 'used', 'used', 'used', 'used']);
  });

  test('all five are gone, and it may wait: the next one is accepted', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.budget = 20;
    await spend(emulator, [-2, -1, 0, 1, 2]);
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(verdictsOf(calls)).toEqual(['used', 'used', 'used', 'used', 'used', 'accepted']);
    expect(infos[0]).toMatch(
      /^Waiting (?:4\d|5[0-3]) s for a fresh code: the ones at hand were refused, another job may be using this device\.$/,
    );
  });

  test('a code given as mfa-code is sent once', async () => {
    const { emulator, time } = await midBucket();
    await spend(emulator, [0]);
    const code = codeOfStep(DEMO.seed, stepAt(emulator.clock.now()));
    const { error, calls } = await fail(emulator, { inputs: { 'mfa-seed': '', 'mfa-code': code }, stepEnv: time.env });
    expect(error).toBe(
      `GetSessionToken: STS refused the code: it is wrong, or was used before. (AWS: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.) The code given as mfa-code counts as spent.\n${REMEDY['mfa-code-spent']}`,
    );
    expect(verdictsOf(calls)).toEqual(['used']);
  });
});

describe('an answer that is lost or useless', () => {
  const faults: readonly (readonly [string, Fault, string])[] = [
    ['the connection is reset before STS has seen the code', { kind: 'reset-before' }, 'the connection was closed'],
    ['the connection is reset after the code was spent', { kind: 'reset-after' }, 'the connection was closed'],
    ['the answer ends in the middle', { kind: 'truncate' }, "AWS's answer could not be read (HTTP 200)"],
    ['the answer lacks the token', { kind: 'omit-field', field: 'SessionToken' }, 'STS answered without whole'],
    ['the answer lacks the secret', { kind: 'omit-field', field: 'SecretAccessKey' }, 'STS answered without whole'],
    ['the answer lacks the key', { kind: 'omit-field', field: 'AccessKeyId' }, 'STS answered without whole'],
    ['the answer lacks the end', { kind: 'omit-field', field: 'Expiration' }, 'STS answered without whole'],
    ['the answer is empty', { kind: 'omit-field', field: 'Credentials' }, 'STS answered without whole'],
    ['STS fails', { kind: 'status', status: 500 }, 'AWS answered InternalFailure (HTTP 500)'],
    ['STS fails after the code was spent', { kind: 'status', status: 500, handled: true }, 'HTTP 500'],
    ['a proxy has no gateway', { kind: 'status', status: 503, body: 'html' }, 'HTTP 503'],
    ['a proxy answers a page of its own', { kind: 'status', status: 200, body: 'html' }, 'STS answered without whole'],
    ['STS is asked too often', { kind: 'throttle' }, 'AWS asks to call less often'],
    ['STS is asked too often, in other words', { kind: 'throttle', as: 'TooManyRequestsException' }, 'less often'],
  ];

  test.each(faults)('%s: the next code is taken', async (_name, fault, says) => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ operation: 'GetSessionToken', ...fault });
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(
      sent(calls)
        .map(({ mfa }) => mfa?.verdict)
        .at(-1),
    ).toBe('accepted');
    expect(sent(calls)).toHaveLength(2);
    expect(infos[0]).toContain(says);
    expect(infos[0]).toMatch(/ Trying again with another code \(attempt 2 of (?:2|12)\)\.$/);
  });

  test('with disable-retry there is one attempt', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'status', status: 500 });
    const inputs = { 'disable-retry': 'true', 'role-to-assume': 'deploy' };
    const { error, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toMatch(/^AssumeRole: AWS answered InternalFailure \(HTTP 500\): .*\n/);
    expect(error.split('\n').at(-1)).toBe(REMEDY['service-unavailable']);
    expect(sent(calls)).toHaveLength(1);
  });

  test('with retry-max-attempts there are that many', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'throttle', times: Infinity });
    const inputs = { 'retry-max-attempts': '3', 'role-to-assume': 'deploy' };
    const { error, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toBe(
      `AssumeRole: AWS asks to call less often. (AWS: Throttling: Rate exceeded)\n${REMEDY['throttled']}`,
    );
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
    const { error, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toMatch(
      /^AssumeRole: the connection was closed before the answer was there \(ECONNRESET\)\. The code given as mfa-code counts as spent\.\n/,
    );
    expect(error.split('\n').at(-1)).toBe(REMEDY['mfa-code-spent']);
    expect(sent(calls)).toHaveLength(1);
  });

  test('where all codes at hand are lost and it may not wait, it says what is wrong with the way', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    emulator.faults.add({ kind: 'status', status: 502, times: Infinity });
    const inputs = { 'mfa-max-wait-seconds': '0', 'role-to-assume': 'deploy' };
    const { error, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toMatch(
      /^AssumeRole: AWS answered InternalFailure \(HTTP 502\): .{1,100}\. 5 codes were sent over [0-5] s; the next code could be sent in (?:1\d|2[0-2]) s \(the ones at hand have been used by this job\)\.\n/,
    );
    expect(error.split('\n').at(-1)).toBe(REMEDY['service-unavailable']);
    expect(sent(calls)).toHaveLength(5);
  });
});

describe('a budget that others have spent', () => {
  const spent = { inputs: { 'mfa-max-wait-seconds': '60' } };
  const askingDenied = () => worldWith((_account, user) => user.policies.splice(0));

  test('IAM confirms the device, so it is the budget: it says so, and how long it would have to wait', async () => {
    const { emulator, time } = await midBucket();
    await useUp(emulator, 9);
    const { error, calls } = await fail(emulator, { ...spent, stepEnv: time.env });
    expect(error).toMatch(
      /^No code may be sent within mfa-max-wait-seconds\. 1 code was sent over 0 s; the next code could be sent in 1[01]\d s \(this device has been asked too often in these three minutes, and AWS looks at its codes again after them\)\.\n/,
    );
    expect(error.split('\n').at(-1)).toBe(REMEDY['mfa-wait-too-long']);
    expect(verdictsOf(calls)).toEqual(['budget']);
    expect(calls.filter(({ operation }) => operation === 'ListMFADevices')).toHaveLength(1);
  });

  test('IAM may not be asked: both reasons are named', async () => {
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: time.clock, world: askingDenied() });
    await useUp(emulator, 9);
    const { error, calls } = await fail(emulator, { ...spent, stepEnv: time.env });
    expect(error).toMatch(
      /^No code may be sent within mfa-max-wait-seconds\. 1 code was sent over 0 s; the next code could be sent in 1[01]\d s \(AWS did not look at the code: either the device has been asked too often in these three minutes, or the serial number is not one of this user; one more try after them will tell\)\.\n/,
    );
    expect(verdictsOf(calls)).toEqual(['budget']);
  });

  test('it may wait: it says why, and is served in the next three minutes', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    await useUp(emulator, 9);
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(verdictsOf(calls)).toEqual(['budget', 'accepted']);
    expect(infos[0]).toMatch(
      /^Waiting 1[1-3]\d s for a fresh code: this device has been asked too often in these three minutes, and AWS looks at its codes again after them\.$/,
    );
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
    const { error, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toBe(
      `This user has no MFA device GAHT12345678; it has ${DEMO.serial}.\n${REMEDY['mfa-device-unknown']}`,
    );
    expect(verdictsOf(calls)).toEqual(['unknown-device']);
  });

  test('IAM may not be asked: it is asked once more in the next three minutes, and that tells', async () => {
    const time = timeInBucket(72.5, SKIPPING);
    const emulator = await emulate({
      clock: time.clock,
      world: worldWith((_account, user) => user.policies.splice(0)),
    });
    const inputs = { 'mfa-serial': 'arn:aws:iam::111122223333:mfa/someone' };
    const { error, calls, infos } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toMatch(
      /^This user has no MFA device with this serial number\. 2 codes were sent over 1[1-3]\d s: AWS would not look at a code in two spans of three minutes, so it is not the budget\.\n/,
    );
    expect(error.split('\n').at(-1)).toBe(REMEDY['mfa-device-unknown']);
    expect(verdictsOf(calls)).toEqual(['unknown-device', 'unknown-device']);
    expect(infos).toHaveLength(1);
  });
});

describe('a seed that is not the one of the device', () => {
  const WRONG = { 'mfa-seed': 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };

  test('is proven within the budget of one bucket, where nobody else can have used the codes', async () => {
    const time = timeInBucket(132.5, SKIPPING);
    const emulator = await emulate({ clock: time.clock });
    const { error, calls } = await fail(emulator, { inputs: WRONG, stepEnv: time.env });
    expect(error).toBe(
      `The codes are not those of this device. 5 codes were sent over 0 s: 5 codes were refused within three minutes, more than other jobs can have used up.\n${REMEDY['mfa-seed-wrong']}`,
    );
    expect(verdictsOf(calls)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong']);
  });

  test('is not yet proven early in a bucket: it waits for the codes that prove it', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    const { error, calls } = await fail(emulator, { inputs: WRONG, stepEnv: time.env });
    expect(error).toMatch(
      /^The codes are not those of this device\. 6 codes were sent over (?:4\d|5\d) s: 6 codes were refused within three minutes, more than other jobs can have used up\.\n/,
    );
    expect(error.split('\n').at(-1)).toBe(REMEDY['mfa-seed-wrong']);
    expect(sent(calls)).toHaveLength(6);
  });
});

describe('a device that was resynchronised ten steps ahead', () => {
  test('is told from a wrong seed as far as that can be told: it may be out of sync, and how to mend that', async () => {
    const { emulator, time } = await midBucket(SKIPPING);
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.adjustmentSteps = 10;
    const { error, calls } = await fail(emulator, { stepEnv: time.env });
    expect(error).toContain('If the seed is right, the device is out of sync: run `aws iam resync-mfa-device`');
    expect(sent(calls).length).toBeLessThanOrEqual(8);
  });
});

describe('a matrix job whose turn comes too late', () => {
  test('says so before anything is sent', async () => {
    const { emulator, time } = await midBucket();
    const inputs = { 'mfa-slot': '19/20', 'mfa-max-wait-seconds': '10' };
    const { error, calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expect(error).toMatch(
      /^No code may be sent within mfa-max-wait-seconds\. No code was sent; the next code could be sent in \d{2,3} s \(the ones at hand belong to this job's neighbours in the matrix\)\.\n/,
    );
    expect(error.split('\n').at(-1)).toBe(REMEDY['mfa-wait-too-long']);
    expect(calls).toEqual([]);
  });
});

describe('a clock that is off', () => {
  let step: Step;
  beforeEach(() => {
    step = { inputs: { 'mfa-max-wait-seconds': '0' } };
  });

  test.each([
    ['20 minutes behind', 20 * 60_000, '1[12]\\d\\d s behind', ['GetSessionToken 403', 'GetSessionToken 200']],
    ['20 minutes ahead', -20 * 60_000, '1[12]\\d\\d s ahead of', ['GetSessionToken 403', 'GetSessionToken 200']],
    ['26 hours behind', 26 * 3_600_000, '93\\d\\d\\d s behind', ['GetSessionToken 403', 'GetSessionToken 200']],
    ['26 hours ahead', -26 * 3_600_000, '93\\d\\d\\d s ahead of', ['GetSessionToken 403', 'GetSessionToken 200']],
  ])('%s: the second call is served, and a warning names the difference', async (_name, ahead, words, statuses) => {
    const emulator = await emulate({ clock: { now: () => Date.now() + ahead } });
    const { calls, warnings } = await succeed(emulator, step);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      new RegExp(
        `^The clock of this runner is ${words} AWS's\\. This step goes by AWS's clock; set the runner's clock \\(NTP\\)\\.$`,
      ),
    );
    const minted = calls.filter(({ operation }) => operation === 'GetSessionToken');
    expect(minted.map(({ operation, status }) => `${operation} ${status}`)).toEqual(statuses);
  });

  test.each([
    ['31 seconds behind', 31_000, /^The clock of this runner is (?:30|31|32) s behind AWS's\./],
    ['31 seconds ahead', -31_000, /^The clock of this runner is (?:30|31|32) s ahead of AWS's\./],
    ['10 minutes behind', 600_000, /^The clock of this runner is (?:599|600|601) s behind AWS's\./],
    ['10 minutes ahead', -600_000, /^The clock of this runner is (?:599|600|601) s ahead of AWS's\./],
    ['90 seconds behind', 90_000, /^The clock of this runner is (?:89|90|91) s behind AWS's\./],
    ['90 seconds ahead', -90_000, /^The clock of this runner is (?:89|90|91) s ahead of AWS's\./],
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
    expect(warnings).toEqual([expect.stringMatching(/^The clock of this runner is (?:59|60|61) s behind AWS's\./)]);
    expect(sent(calls).length).toBeLessThanOrEqual(2);
  });

  test.each([
    ['of a cache', { date: Date.now() - 20 * 60_000, age: 1200 }],
    ['that is none', { date: 'the day before yesterday' }],
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

  test('a code made elsewhere is sent again where only the signature was too old', async () => {
    const emulator = await emulate({ clock: { now: () => Date.now() + 20 * 60_000 } });
    const code = codeOfStep(DEMO.seed, stepAt(emulator.clock.now()));
    const { calls } = await succeed(emulator, { inputs: { 'mfa-seed': '', 'mfa-code': code } });
    const carrying = calls.filter(({ params }) => params['TokenCode'] === code);
    expect(carrying.map(({ status, mfa }) => `${status} ${mfa?.verdict}`)).toEqual(['403 undefined', '200 accepted']);
  });
});
