import { describe, expect, test } from '@jest/globals';
import { build, DEMO, demoWorld, type World } from '../../../lab/aws/index.ts';
import { operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const CHAINED = { 'aws-region': 'us-east-1', 'role-chaining': 'true', 'role-to-assume': ROLE };
const SESSION_FIRST = { ...SESSION, 'mfa-session-first': 'true', 'role-to-assume': ROLE };

/** The demo world with a role that only the role `deploy` may assume. */
function worldWithSecondRole(): World {
  const world = demoWorld();
  const trusted = { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
  const [account] = world.accounts;
  account?.roles[0]?.policies.push({ Statement: { ...trusted, Resource: '*' } });
  account?.roles.push(
    build.role({ name: 'second', trustPolicy: { Statement: { ...trusted, Principal: { AWS: DEMO.roleArn } } } }),
  );
  return world;
}

describe('mfa-session-first', () => {
  test('spends the code on a session token and assumes the role with that', async () => {
    const { emulator, job } = await startJob();
    const { exported, outputs, lines } = await succeeded(job.step({ inputs: SESSION_FIRST }));
    expect(operations(emulator)).toEqual(['GetSessionToken', 'AssumeRole']);
    const [session, role] = emulator.calls;
    expect(session?.accessKeyId).toBe('AKIAIOSFODNN7EXAMPLE');
    expect(session?.params).toMatchObject({ DurationSeconds: '3600', SerialNumber: DEMO.serial });
    expect(role?.accessKeyId).toMatch(/^ASIA/);
    expect(role?.accessKeyId).not.toBe(exported['AWS_ACCESS_KEY_ID']);
    expect(role?.params).toMatchObject({
      RoleArn: 'arn:aws:iam::111122223333:role/deploy',
      RoleSessionName: 'GitHubActions',
      DurationSeconds: '3600',
    });
    for (const name of ['SerialNumber', 'TokenCode']) expect(role?.params).not.toHaveProperty(name);
    expect(outputs).toMatchObject({
      'authenticated-arn': 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions',
      'mfa-serial': 'arn:aws:iam::111122223333:mfa/ci',
    });
    expect(withoutTimes(lines)).toEqual([
      naming('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
  });

  test('takes a duration of its own for each of the two', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION_FIRST, 'session-duration-seconds': '900', 'role-duration-seconds': '1800' };
    await succeeded(job.step({ inputs }));
    expect(emulator.calls.map(({ params }) => params['DurationSeconds'])).toEqual(['900', '1800']);
  });

  test('leaves the optional tags out where they are too large, at no further code', async () => {
    const { emulator, job } = await startJob({ world: { ...demoWorld(), packedSizeLimit: 200 } });
    await succeeded(job.step({ inputs: SESSION_FIRST }));
    expect(operations(emulator)).toEqual(['GetSessionToken', 'AssumeRole', 'AssumeRole']);
  });

  test('can ask for a secret key without special characters, at no further code', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION_FIRST, 'special-characters-workaround': 'true' };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(exported['AWS_SECRET_ACCESS_KEY']).toMatch(/^[A-Za-z0-9]{40}$/);
    const [first, ...rest] = operations(emulator);
    expect(first).toBe('GetSessionToken');
    expect(new Set(rest)).toEqual(new Set(['AssumeRole']));
  });
});

describe('role-chaining', () => {
  test('assumes a role with the session of an earlier step, without a code', async () => {
    const { emulator, job } = await startJob();
    const first = await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    const second = await succeeded(job.step({ inputs: CHAINED }));
    const [call, ...more] = emulator.calls.slice(before);
    expect(more).toEqual([]);
    expect(call?.operation).toBe('AssumeRole');
    expect(call?.accessKeyId).toBe(first.exported['AWS_ACCESS_KEY_ID']);
    expect(call?.headers['x-amz-security-token']).toBe(first.exported['AWS_SESSION_TOKEN']);
    for (const name of ['SerialNumber', 'TokenCode']) expect(call?.params).not.toHaveProperty(name);
    expect(second.exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(second.exported['AWS_ACCESS_KEY_ID']).not.toBe(first.exported['AWS_ACCESS_KEY_ID']);
    expect(second.outputs).toEqual({
      'aws-account-id': '111122223333',
      'authenticated-arn': 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions',
      'aws-expiration': expect.any(String),
    });
    expect(withoutTimes(second.lines)).toEqual([
      naming('AWS_ACCESS_KEY_ID'),
      naming('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions'),
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
  });

  test('goes on from role to role', async () => {
    const { job } = await startJob({ world: worldWithSecondRole() });
    await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': ROLE } }));
    const { outputs } = await succeeded(
      job.step({ inputs: { ...CHAINED, 'role-to-assume': 'arn:aws:iam::111122223333:role/second' } }),
    );
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/second/GitHubActions');
  });

  test("looks for a role that is given by its name in the session's account", async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    await succeeded(job.step({ inputs: { ...CHAINED, 'role-to-assume': 'deploy' } }));
    expect(operations(emulator).slice(before)).toEqual(['GetCallerIdentity', 'AssumeRole']);
    expect(emulator.calls.at(-1)?.params['RoleArn']).toBe('arn:aws:iam::111122223333:role/deploy');
  });

  test('can ask for a secret key without special characters', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const inputs = { ...CHAINED, 'special-characters-workaround': 'true' };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(exported['AWS_SECRET_ACCESS_KEY']).toMatch(/^[A-Za-z0-9]{40}$/);
  });

  test('needs a session: long-term keys alone are not sent', async () => {
    const { emulator, job } = await startJob({
      env: { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey },
    });
    const result = await job.step({ inputs: CHAINED });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'session-not-found', 'role-chaining', 'AWS_ACCESS_KEY_ID');
  });
});

describe('a role assumed from a session', () => {
  test.each([
    ['role-chaining', CHAINED],
    ['mfa-session-first', SESSION_FIRST],
  ])('with %s lasts an hour at most: more is refused before anything is sent', async (_, inputs) => {
    const { emulator, job } = await startJob();
    const result = await job.step({ inputs: { ...inputs, 'role-duration-seconds': '3601' } });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'invalid-input', 'role-duration-seconds', '3601');
  });
});
