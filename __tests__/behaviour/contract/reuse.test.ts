import { describe, expect, test } from '@jest/globals';
import { build, DEMO, demoWorld, type Emulator } from '../../../lab/aws/index.ts';
import type { Job, StepResult } from '../../../lab/runner/job.ts';
import { jobFor, operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

const REUSE = { ...SESSION, 'use-existing-credentials': 'true' };
const ROLE = { 'role-to-assume': 'arn:aws:iam::111122223333:role/deploy' };
const ROLE_ARN = 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions';
const LISTING = 'arn:aws:iam::111122223333:policy/listing';
const USER_ARN = 'arn:aws:iam::111122223333:user/ci';

/** A job whose environment holds a session of an earlier step. */
async function jobWithSession(inputs: Readonly<Record<string, string>> = {}): Promise<{
  readonly emulator: Emulator;
  readonly job: Job;
  readonly earlier: StepResult;
  /** The operations since. */
  readonly asked: () => readonly string[];
}> {
  const { emulator, job } = await startJob();
  const earlier = await succeeded(job.step({ inputs: { ...SESSION, ...inputs } }));
  const before = emulator.calls.length;
  return { emulator, job, earlier, asked: () => operations(emulator).slice(before) };
}

describe('use-existing-credentials', () => {
  test('asks STS whether the session in the environment is good, and spends no code then', async () => {
    const { job, earlier, asked } = await jobWithSession();
    const { exported, outputs, lines } = await succeeded(job.step({ inputs: REUSE }));
    expect(asked()).toEqual(['GetCallerIdentity']);
    expect(exported).toEqual(earlier.exported);
    // When it ends is not in the environment, and no device was asked.
    expect(outputs).toEqual({ 'aws-account-id': '111122223333', 'authenticated-arn': USER_ARN });
    expect(lines).toEqual([
      naming('MFA'),
      naming('arn:aws:iam::111122223333:user/ci'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
  });

  test('asks with the session itself', async () => {
    const { emulator, job, earlier } = await jobWithSession();
    await succeeded(job.step({ inputs: REUSE }));
    expect(emulator.calls.at(-1)?.accessKeyId).toBe(earlier.exported['AWS_ACCESS_KEY_ID']);
  });

  test('is off by default', async () => {
    const { job, earlier, asked } = await jobWithSession();
    const { exported } = await succeeded(job.step({ inputs: SESSION }));
    expect(asked()).toContain('GetSessionToken');
    expect(exported['AWS_ACCESS_KEY_ID']).not.toBe(earlier.exported['AWS_ACCESS_KEY_ID']);
  });

  test('does not count long-term keys for a session', async () => {
    const { emulator, job } = await startJob({
      env: { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey },
    });
    const { exported } = await succeeded(job.step({ inputs: REUSE }));
    expect(operations(emulator).toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });

  test('gets a new session if STS doesn’t accept the old one any more', async () => {
    const { emulator, job, earlier, asked } = await jobWithSession();
    emulator.faults.add({
      kind: 'refuse-with',
      operation: 'GetCallerIdentity',
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    });
    const { exported, lines } = await succeeded(job.step({ inputs: REUSE }));
    expect(asked()[0]).toBe('GetCallerIdentity');
    expect(asked()).toContain('GetSessionToken');
    expect(exported['AWS_ACCESS_KEY_ID']).not.toBe(earlier.exported['AWS_ACCESS_KEY_ID']);
    expect(lines[0]).toContain('environment');
  });

  test('takes the session of a role for that role', async () => {
    const { job, asked } = await jobWithSession(ROLE);
    const { outputs } = await succeeded(job.step({ inputs: { ...REUSE, ...ROLE } }));
    expect(asked()).toEqual(['GetCallerIdentity']);
    expect(outputs['authenticated-arn']).toBe(ROLE_ARN);
  });

  test('does not take the session of a role under another name', async () => {
    const { job, asked } = await jobWithSession({ ...ROLE, 'role-session-name': 'build' });
    const { outputs, lines } = await succeeded(
      job.step({ inputs: { ...REUSE, ...ROLE, 'role-session-name': 'deploy' } }),
    );
    expect(asked()).toEqual(['GetCallerIdentity', 'AssumeRole']);
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/deploy/deploy');
    expect(lines[0]).toEqual(naming('arn:aws:sts::111122223333:assumed-role/deploy/build'));
  });

  test('takes the session of a role for that role by its name, with role-chaining too', async () => {
    const { job, asked } = await jobWithSession(ROLE);
    const { outputs } = await succeeded(
      job.step({
        inputs: {
          'aws-region': 'us-east-1',
          'role-chaining': 'true',
          'role-to-assume': 'deploy',
          'use-existing-credentials': 'true',
        },
      }),
    );
    expect(asked()).toEqual(['GetCallerIdentity']);
    expect(outputs['authenticated-arn']).toBe(ROLE_ARN);
  });

  test.each([
    ["a user's session if a role is requested", {}, ROLE, USER_ARN],
    ["a role's session if the user's own is requested", ROLE, {}, ROLE_ARN],
    ['the session of another role', ROLE, { 'role-to-assume': 'other' }, ROLE_ARN],
    [
      "a role's session in another account",
      ROLE,
      { 'role-to-assume': 'arn:aws:iam::444455556666:role/deploy' },
      ROLE_ARN,
    ],
  ])('does not take %s', async (_, before, wanted, found) => {
    const { emulator, job } = await jobWithSession(before);
    const trust = {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    } as const;
    const [own] = emulator.world.accounts;
    own?.roles.push(build.role({ name: 'other', trustPolicy: { Statement: trust } }));
    own?.users[0]?.policies.push({ Statement: { Effect: 'Allow', Action: trust.Action, Resource: '*' } });
    const roles = [build.role({ name: 'deploy', trustPolicy: { Statement: trust } })];
    emulator.world.accounts.push(build.account({ id: '444455556666', roles }));
    const { lines, outputs } = await succeeded(job.step({ inputs: { ...REUSE, ...wanted } }));
    expect(lines[0]).toEqual(naming(found));
    expect(outputs['authenticated-arn']).not.toBe(found);
  });

  test.each([
    [
      'a session policy',
      {
        'inline-session-policy':
          '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}',
      },
    ],
    ['managed session policies', { 'managed-session-policies': LISTING }],
    ['a source identity', { 'role-source-identity': 'octocat' }],
    ['custom tags', { 'custom-tags': '{"Team":"blue"}' }],
    ['transitive tags', { 'transitive-tag-keys': 'Repository' }],
  ])('does not take the session of a role for that role with %s, which it may not have', async (_, narrowing) => {
    const { emulator, job, earlier, asked } = await jobWithSession(ROLE);
    emulator.world.accounts[0]?.managedPolicies.push({ arn: LISTING, document: { Statement: [] } });
    const { lines, exported } = await succeeded(job.step({ inputs: { ...REUSE, ...ROLE, ...narrowing } }));
    expect(asked()).toEqual(['AssumeRole']);
    expect(exported['AWS_ACCESS_KEY_ID']).not.toBe(earlier.exported['AWS_ACCESS_KEY_ID']);
    expect(lines[0]).toEqual(naming('environment', 'session polic', 'tags'));
  });

  test('does not take the session of an account that is not allowed', async () => {
    const world = demoWorld();
    const id = '444455556666';
    const key = { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' };
    const device = build.device({ serial: `arn:aws:iam::${id}:mfa/ci`, seed: DEMO.seed });
    world.accounts.push(
      build.account({ id, users: [build.user({ name: 'ci', accessKeys: [key], devices: [device] })] }),
    );
    const { emulator, job } = await startJob({ world });
    await succeeded(job.step({ inputs: SESSION }));
    const other = {
      ...REUSE,
      'aws-access-key-id': key.id,
      'aws-secret-access-key': key.secret,
      'mfa-serial': device.serial,
      'allowed-account-ids': id,
    };
    const { lines, outputs } = await succeeded(job.step({ inputs: other }));
    expect(lines[0]).toEqual(naming(USER_ARN));
    expect(outputs['aws-account-id']).toBe(id);
    expect(emulator.calls.at(-1)?.accessKeyId).toBe(key.id);
  });
});

describe('minimum-remaining-seconds', () => {
  /** A step that finds a session which ends so many seconds from now. */
  async function stepWithSecondsLeft(seconds: number, minimum: string) {
    const { emulator, job: first } = await startJob();
    const { exported } = await succeeded(first.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    const expiration = new Date(Date.now() + seconds * 1000).toISOString();
    const job = jobFor(emulator, { env: { ...exported, AWS_CREDENTIAL_EXPIRATION: expiration } });
    const inputs = { ...REUSE, 'minimum-remaining-seconds': minimum };
    const result = await succeeded(job.step({ inputs }));
    return { result, expiration, asked: operations(emulator).slice(before) };
  }

  test('lets a session pass that lasts longer, and hands its time of expiry on', async () => {
    const { result, expiration, asked } = await stepWithSecondsLeft(1870, '1800');
    expect(asked).toEqual(['GetCallerIdentity']);
    expect(result.outputs['aws-expiration']).toBe(expiration);
    expect(result.exported['AWS_CREDENTIAL_EXPIRATION']).toBe(expiration);
    expect(withoutTimes(result.lines)[2]).toEqual(naming('TIME', '31 minutes'));
  });

  test('does not let one pass that ends sooner, without asking anybody', async () => {
    const { result, asked } = await stepWithSecondsLeft(1700, '1800');
    expect(asked.toSorted()).toContain('GetSessionToken');
    expect(result.lines[0]).toContain('environment');
  });

  test.each([
    [400, 'GetCallerIdentity'],
    [200, 'GetSessionToken'],
  ])('defaults to five minutes: with %s s left the step needs %s', async (seconds, operation) => {
    const { asked } = await stepWithSecondsLeft(seconds, '');
    expect(asked).toContain(operation);
    expect(asked.includes('GetSessionToken')).toBe(operation === 'GetSessionToken');
  });
});
