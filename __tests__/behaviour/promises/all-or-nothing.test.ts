import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { fail, jobWithProfiles, soundInputs } from '../../kit/failing.ts';
import { fullDiskAt } from '../../kit/faults.ts';
import { arrived, interrupt } from '../../kit/interrupt.ts';
import { testNeeding } from '../../kit/platform.ts';

// Promise 2: all or nothing. A step that fails or is cancelled has exported nothing: the environment, the outputs and the
// profile files are byte for byte what they were, which `fail` looks at after each of these.

/** All the places that credentials can go to. */
const EVERYWHERE = {
  'output-credentials': 'true',
  'output-env-credentials': 'true',
  'aws-profile': 'mine',
  'list-buckets': 'true',
};
/** Where many roles follow from the session, there is no check of buckets. */
const MANY = {
  ...EVERYWHERE,
  'list-buckets': '',
  roles: 'one = deploy\ntwo = deploy',
  'seal-session': 'true',
  'sealing-key': randomBytes(32).toString('base64'),
};

/** A role that tools renew. */
const RENEWED = { 'role-to-assume': 'deploy', renew: 'true', 'list-buckets': 'true' };

describe('nothing is exported by a step that fails', () => {
  test('by the bucket check, with the credentials at hand', async () => {
    const emulator = await emulate();
    const { calls } = await fail(emulator, { inputs: { ...EVERYWHERE, 'expected-buckets': 'no-such-bucket' } });
    expect(calls.some(({ mfa }) => mfa?.verdict === 'accepted')).toBe(true);
  });

  test('by one role of many, with the others at hand', async () => {
    const emulator = await emulate();
    const { calls, ...failed } = await fail(emulator, { inputs: { ...MANY, roles: 'one = deploy\ntwo = other' } });
    expect(calls.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(2);
    expectFailure(failed, 'assume-role-denied', '1 of 2', 'two', 'other', 'AssumeRole');
  });

  test.each([
    ['GITHUB_STATE', 'home'],
    ['GITHUB_OUTPUT', 'temp'],
    ['GITHUB_ENV', 'home'],
    ['GITHUB_ENV', 'temp'],
  ])('at the last moment, by a full disk at %s, with many roles at %s', async (name, place) => {
    const inputs = { ...MANY, 'profiles-location': place };
    const { calls, job } = await fail(await emulate(), { inputs, stepEnv: fullDiskAt(name) });
    expect(calls.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(2);
    expect(existsSync(join(job.temp, 'aws-mfa-credentials/credentials'))).toBe(false);
    expect(existsSync(join(job.temp, 'aws-mfa-credentials/config'))).toBe(false);
  });

  test.each(
    ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'].flatMap((name) => [
      [name, EVERYWHERE] as const,
      [name, RENEWED] as const,
    ]),
  )('at the last moment, by a full disk at %s, with %j', async (name, inputs) => {
    const emulator = await emulate();
    const { calls, job } = await fail(emulator, { inputs, stepEnv: fullDiskAt(name) });
    expect(calls.map(({ operation }) => operation)).toContain('ListBuckets');
    expect(existsSync(join(job.temp, 'aws-mfa-credentials/config'))).toBe(false);
  });

  testNeeding('signals').each([
    ['SIGINT', EVERYWHERE],
    ['SIGTERM', EVERYWHERE],
    ['SIGINT', RENEWED],
  ] as const)('by %s, with the credentials at hand and %j', async (signal, inputs) => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'ListBuckets' });
    const { started } = interrupt([signal], arrived(emulator.calls, 'ListBuckets'));
    const { job } = await fail(emulator, { inputs, started });
    expect(existsSync(join(job.temp, 'aws-mfa-credentials/config'))).toBe(false);
  });

  test('by an end without notice', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'ListBuckets' });
    const { started } = interrupt(['SIGKILL'], arrived(emulator.calls, 'ListBuckets'));
    const job = jobWithProfiles();
    const before = profilesOf(job);
    const result = await job.step({ inputs: { ...soundInputs(emulator), ...EVERYWHERE }, started });
    expect(result).toMatchObject({ exitCode: null, exported: {}, outputs: {}, state: {} });
    expect(profilesOf(job)).toEqual(before);
  });
});

describe('a step that succeeds', () => {
  test('has the same session in all places, and its post step takes back all of it', async () => {
    const emulator = await emulate();
    const job = jobWithProfiles();
    const before = profilesOf(job);
    const { exitCode, exported, outputs } = await job.step({ inputs: { ...soundInputs(emulator), ...EVERYWHERE } });
    expect(exitCode).toBe(0);
    const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '', AWS_SESSION_TOKEN: token = '' } = exported;
    expect(id).toMatch(/^ASIA/);
    expect([outputs['aws-access-key-id'], outputs['aws-secret-access-key'], outputs['aws-session-token']]).toEqual([
      id,
      secret,
      token,
    ]);
    expect(profilesOf(job)['credentials']).toContain(
      `[mine]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\naws_session_token = ${token}\n`,
    );
    await job.post();
    expect(profilesOf(job)).toEqual(before);
    const left = [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ];
    expect(left.map((name) => job.env[name])).toEqual(['', '', '', '', '']);
  });

  test('has its many roles in profiles of their own, and its post step takes back all of them', async () => {
    const emulator = await emulate();
    const job = jobWithProfiles();
    const before = profilesOf(job);
    const { exitCode, outputs } = await job.step({ inputs: { ...soundInputs(emulator), ...MANY } });
    expect(exitCode).toBe(0);
    expect(outputs['sealed-session']).toMatch(/^aws-mfa-1\./);
    const written = profilesOf(job)['credentials'] ?? '';
    expect([...written.matchAll(/^\[(.+)\]$/gm)].map(([, name]) => name)).toEqual(['other', 'mine', 'one', 'two']);
    const ids = [...written.matchAll(/^aws_access_key_id = (ASIA.+)$/gm)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(3);
    await job.post();
    expect(profilesOf(job)).toEqual(before);
  });

  test('does not put long-term keys back', async () => {
    const emulator = await emulate();
    const job = jobWithProfiles({ AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey });
    const inputs = { ...soundInputs(emulator), 'aws-access-key-id': '', 'aws-secret-access-key': '' };
    const { exitCode } = await job.step({ inputs });
    expect(exitCode).toBe(0);
    await job.post();
    expect([job.env['AWS_ACCESS_KEY_ID'], job.env['AWS_SECRET_ACCESS_KEY'], job.env['AWS_SESSION_TOKEN']]).toEqual([
      '',
      '',
      '',
    ]);
  });
});

function profilesOf(job: Job): Readonly<Record<string, string>> {
  const folder = join(job.home, '.aws');
  const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
  const commandFiles = readdirSync(dirname(job.temp)).filter((name) => /^GITHUB_(?:ENV|OUTPUT|STATE)-1$/.test(name));
  expect(commandFiles.length === 0 || commandFiles.length === 3).toBe(true);
  return Object.fromEntries(texts);
}
