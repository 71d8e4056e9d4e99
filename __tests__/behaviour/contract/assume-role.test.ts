import { describe, expect, test } from '@jest/globals';
import { build, DEMO, demoWorld, type PolicyDocument, type World } from '../../../lab/aws/index.ts';
import { operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const TAKING_A_ROLE = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

/** Trusts the demo account's users with MFA, under more conditions where some are given. */
function trust(conditions: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${DEMO.accountId}:root` },
      Action: TAKING_A_ROLE,
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, ...conditions },
    },
  };
}

/** The demo world with one more role in its account. */
function worldWithRole(name: string, path: string): World {
  const world = demoWorld();
  world.accounts[0]?.roles.push(build.role({ name, path, trustPolicy: trust() }));
  return world;
}

describe('a role by its ARN', () => {
  test('takes one call in all, which carries the code', async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': ROLE } }));
    expect(operations(emulator)).toEqual(['AssumeRole']);
    const [call] = emulator.calls;
    expect(call?.accessKeyId).toBe('AKIAIOSFODNN7EXAMPLE');
    expect(call?.params).toMatchObject({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::111122223333:role/deploy',
      RoleSessionName: 'GitHubActions',
      DurationSeconds: '3600',
      SerialNumber: 'arn:aws:iam::111122223333:mfa/ci',
      TokenCode: expect.stringMatching(/^\d{6}$/),
    });
    const others = Object.keys(call?.params ?? {}).filter((name) => !name.startsWith('Tags.member.'));
    expect(others.toSorted()).toEqual([
      'Action',
      'DurationSeconds',
      'RoleArn',
      'RoleSessionName',
      'SerialNumber',
      'TokenCode',
      'Version',
    ]);
  });

  test('exports the role session and tells who it is', async () => {
    const { job } = await startJob();
    const { exported, outputs, lines } = await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': ROLE } }));
    expect(Object.keys(exported)).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ]);
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(outputs).toEqual({
      'aws-account-id': '111122223333',
      'authenticated-arn': 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions',
      'aws-expiration': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      'mfa-serial': 'arn:aws:iam::111122223333:mfa/ci',
    });
    expect(withoutTimes(lines)).toEqual([
      naming('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
  });

  test('lasts up to twelve hours, as long as the role allows it', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'role-to-assume': ROLE, 'role-duration-seconds': '43200' };
    const { lines } = await succeeded(job.step({ inputs }));
    expect(emulator.calls[0]?.params['DurationSeconds']).toBe('43200');
    expect(withoutTimes(lines)[1]).toEqual(naming('TIME', '12 hours'));
  });

  test('may be in another account that demands MFA, an external ID and a source identity', async () => {
    const world = demoWorld();
    const trustPolicy = trust({
      StringEquals: { 'sts:ExternalId': 'partner/7:a', 'sts:SourceIdentity': 'octocat@example.com' },
    });
    const role = build.role({ name: 'partner', trustPolicy });
    world.accounts.push(build.account({ id: '444455556666', roles: [role] }));
    const [user] = world.accounts[0]?.users ?? [];
    user?.policies.push({ Statement: { Effect: 'Allow', Action: TAKING_A_ROLE, Resource: '*' } });
    const { emulator, job } = await startJob({ world });
    const { outputs } = await succeeded(
      job.step({
        inputs: {
          ...SESSION,
          'role-to-assume': 'arn:aws:iam::444455556666:role/partner',
          'role-external-id': 'partner/7:a',
          'role-source-identity': 'octocat@example.com',
          'role-session-name': 'deploy-42',
        },
      }),
    );
    expect(outputs['aws-account-id']).toBe('444455556666');
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::444455556666:assumed-role/partner/deploy-42');
    expect(operations(emulator)).toEqual(['AssumeRole']);
    expect(emulator.calls[0]?.params).toMatchObject({
      ExternalId: 'partner/7:a',
      SourceIdentity: 'octocat@example.com',
      RoleSessionName: 'deploy-42',
    });
  });
});

describe('a role by its name', () => {
  test('is in the account of the virtual device, so that no call is needed to find it', async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': 'deploy' } }));
    expect(operations(emulator)).toEqual(['AssumeRole']);
    expect(emulator.calls[0]?.params['RoleArn']).toBe('arn:aws:iam::111122223333:role/deploy');
  });

  test('may have a path', async () => {
    const { emulator, job } = await startJob({ world: worldWithRole('release', '/team/') });
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': 'team/release' } }));
    expect(emulator.calls[0]?.params['RoleArn']).toBe('arn:aws:iam::111122223333:role/team/release');
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/release/GitHubActions');
  });

  test('is in the account of the caller, who is asked for first, where the device is a hardware token', async () => {
    const world = demoWorld();
    const [user] = world.accounts[0]?.users ?? [];
    user?.devices.push(build.device({ serial: 'GAHT12345678', seed: DEMO.seed }));
    const { emulator, job } = await startJob({ world });
    await succeeded(job.step({ inputs: { ...SESSION, 'mfa-serial': 'GAHT12345678', 'role-to-assume': 'deploy' } }));
    expect(operations(emulator)).toEqual(['GetCallerIdentity', 'AssumeRole']);
    expect(emulator.calls[1]?.params).toMatchObject({
      RoleArn: 'arn:aws:iam::111122223333:role/deploy',
      SerialNumber: 'GAHT12345678',
    });
  });

  test("is in the region's partition", async () => {
    const id = '777788889999';
    const statement = { Effect: 'Allow', Action: TAKING_A_ROLE } as const;
    const user = build.user({
      name: 'ci',
      accessKeys: [{ id: DEMO.accessKeyId, secret: DEMO.secretAccessKey }],
      devices: [build.device({ serial: `arn:aws-cn:iam::${id}:mfa/ci`, seed: DEMO.seed })],
      policies: [{ Statement: { ...statement, Resource: '*' } }],
    });
    const trustPolicy = { Statement: { ...statement, Principal: { AWS: `arn:aws-cn:iam::${id}:root` } } };
    const roles = [build.role({ name: 'deploy', trustPolicy })];
    const world = build.world({ accounts: [build.account({ id, partition: 'aws-cn', users: [user], roles })] });
    const { emulator, job } = await startJob({ world });
    const { outputs } = await succeeded(
      job.step({
        inputs: {
          ...SESSION,
          'aws-region': 'cn-north-1',
          'mfa-serial': `arn:aws-cn:iam::${id}:mfa/ci`,
          'role-to-assume': 'deploy',
        },
      }),
    );
    expect(emulator.calls.map(({ region, params }) => [region, params['RoleArn']])).toEqual([
      ['cn-north-1', 'arn:aws-cn:iam::777788889999:role/deploy'],
    ]);
    expect(outputs['authenticated-arn']).toBe('arn:aws-cn:sts::777788889999:assumed-role/deploy/GitHubActions');
  });
});
