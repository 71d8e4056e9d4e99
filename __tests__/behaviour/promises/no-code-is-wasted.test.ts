import { describe, expect, test } from '@jest/globals';
import type { Call, Fault } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { fail, succeed } from '../../kit/failing.ts';
import { SEALING_KEY } from '../../kit/requests.ts';
import { roleThatAllows, worldWith } from '../../kit/worlds.ts';

// Promise 3: no code is wasted. A code is never sent twice; a device's budget is respected; a refusal that cannot be cured
// is not retried; a refusal that can be, is, within a stated wait.

const codes = (calls: readonly Call[]): readonly string[] => calls.flatMap(({ params }) => params['TokenCode'] ?? []);

function expectEachOnce(calls: readonly Call[]): void {
  const sent = codes(calls);
  expect(sent.filter((code, index) => sent.indexOf(code) !== index)).toEqual([]);
}

/** The most codes that any three-minute bucket saw. */
function busiestBucket(calls: readonly Call[]): number {
  const counts = new Map<number, number>();
  for (const { at } of calls.filter(({ params }) => params['TokenCode'] !== undefined)) {
    const bucket = Math.floor(at / 180_000);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}

/** Sleeps of the action from so many milliseconds on take no time. */
const SKIPPING = 100;

describe('a job alone', () => {
  test.each([3, 12.5, 27, 65, 100, 150, 178])(
    '%d s into three minutes is served by its first code',
    async (seconds) => {
      const time = timeInBucket(seconds);
      const { calls } = await succeed(await emulate({ clock: time.clock }), { stepEnv: time.env });
      expect(codes(calls)).toHaveLength(1);
    },
  );
});

describe('one code', () => {
  test('is enough for many roles, and for the jobs that open what the step seals', async () => {
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: time.clock });
    const sealing = { 'seal-session': 'true', 'sealing-key': SEALING_KEY, 'output-env-credentials': 'true' };
    const roles = Array.from({ length: 12 }, (_, index) => `role-${index} = deploy`).join('\n');
    const { calls, result } = await succeed(emulator, { inputs: { ...sealing, roles }, stepEnv: time.env });
    expect(codes(calls)).toHaveLength(1);
    expect(calls.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(12);
    const opening = {
      'aws-access-key-id': '',
      'aws-secret-access-key': '',
      'mfa-serial': '',
      'mfa-seed': '',
      'sealing-key': SEALING_KEY,
      'sealed-session': result.outputs['sealed-session'] ?? '',
    };
    for (const inputs of [opening, { ...opening, 'role-to-assume': 'deploy' }])
      expect(codes((await succeed(emulator, { inputs, stepEnv: time.env })).calls)).toEqual([]);
  });
});

describe('a code is never sent twice, and a device is not asked more often than it answers', () => {
  const STORM: readonly Fault[] = [
    { kind: 'reset-after' },
    { kind: 'truncate' },
    { kind: 'throttle' },
    { kind: 'status', status: 500, handled: true },
    { kind: 'reset-before' },
    { kind: 'status', status: 502, handled: true },
    { kind: 'throttle', as: 'TooManyRequestsException' },
    { kind: 'status', status: 503 },
  ];

  test('when eight answers in a row are lost, each in its own way', async () => {
    const time = timeInBucket(12.5, SKIPPING);
    const emulator = await emulate({ clock: time.clock });
    for (const fault of STORM) emulator.faults.add({ operation: 'GetSessionToken', ...fault });
    const { calls } = await succeed(emulator, { inputs: { 'mfa-max-wait-seconds': '600' }, stepEnv: time.env });
    expect(codes(calls)).toHaveLength(9);
    expectEachOnce(calls);
    expect(busiestBucket(calls)).toBeLessThanOrEqual(8);
  });

  test('when all codes are refused', async () => {
    const time = timeInBucket(2.5, SKIPPING);
    const emulator = await emulate({ clock: time.clock });
    const inputs = { 'mfa-seed': 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'mfa-max-wait-seconds': '600' };
    const { calls } = await fail(emulator, { inputs, stepEnv: time.env });
    expectEachOnce(calls);
    expect(busiestBucket(calls)).toBeLessThanOrEqual(8);
    expect(calls.map(({ mfa }) => mfa?.verdict)).not.toContain('budget');
  });

  test('when tags are dropped', async () => {
    const world = worldWith((account, _user, all) => {
      all.packedSizeLimit = 250;
      account.roles.push(roleThatAllows('tagged', ['sts:AssumeRole', 'sts:TagSession']));
    });
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: time.clock, world });
    const { calls } = await succeed(emulator, { inputs: { 'role-to-assume': 'tagged' }, stepEnv: time.env });
    expect(codes(calls)).toHaveLength(2);
    expectEachOnce(calls);
  });

  test('when five jobs start at one moment: all are served, and no code is spent for nothing but the used ones', async () => {
    const time = timeInBucket(72.5, SKIPPING);
    const emulator = await emulate({ clock: time.clock });
    const jobs = await Promise.all(
      [0, 1, 2, 3, 4].map((index) => succeed(emulator, { inputs: { 'mfa-slot': `${index}/5` }, stepEnv: time.env })),
    );
    expect(jobs).toHaveLength(5);
    expect(emulator.calls.map(({ mfa }) => mfa?.verdict).filter((verdict) => verdict !== undefined)).toEqual(
      Array(5).fill('accepted'),
    );
    expectEachOnce(emulator.calls);
  });
});

describe('a refusal that cannot be cured costs one code', () => {
  const refusal = (status: number, code: string, message: string): Fault => ({
    kind: 'refuse-with',
    operation: 'GetSessionToken',
    times: Infinity,
    status,
    code,
    message,
  });
  test.each([
    refusal(403, 'AccessDenied', 'User: x is not authorized to perform: sts:GetSessionToken'),
    refusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
    refusal(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.'),
    refusal(403, 'RegionDisabledException', 'STS is not activated in this region'),
    refusal(400, 'ValidationError', '1 validation error detected'),
  ])('$code', async (fault) => {
    const emulator = await emulate();
    emulator.faults.add(fault);
    const { calls } = await fail(emulator, { inputs: { 'mfa-max-wait-seconds': '0' } });
    expect(codes(calls)).toHaveLength(1);
  });

  test.each([
    ['the inputs are wrong already', { 'session-duration-seconds': '60' }],
    ['a profile of one of many roles is there already', { roles: 'mine = deploy\nother = deploy' }],
    [
      'no sealed session could leave the step',
      { 'seal-session': 'true', 'sealing-key': SEALING_KEY, 'http-proxy': 'http://u:e@127.0.0.1:1' },
    ],
  ])('and none where %s', async (_, inputs) => {
    const { calls } = await fail(await emulate(), { inputs });
    expect(calls).toEqual([]);
  });
});

describe('a refusal that can be cured is, within a stated wait', () => {
  test('it is said how long and why, and the next code is taken', async () => {
    const time = timeInBucket(72.5, SKIPPING);
    const emulator = await emulate({ clock: time.clock });
    const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
    emulator.faults.add({
      kind: 'refuse-with',
      operation: 'GetSessionToken',
      times: 5,
      status: 403,
      code: 'AccessDenied',
      message,
    });
    const { calls, infos } = await succeed(emulator, { stepEnv: time.env });
    expect(infos[0]).toMatch(/\b(?:4\d|5[0-3]) s\b/);
    expect(codes(calls)).toHaveLength(6);
    expectEachOnce(calls);
  });
});
