import { beforeEach, describe, expect, test } from '@jest/globals';
import { build } from '../../../lab/aws/index.ts';
import { type Credentials, call } from '../wire.ts';
import { ACCOUNT, ADMIN, clock, DONE, emulator, GUEST, guestWithMfa, iam, said } from './account.ts';

// The dated deny that AWS attaches to a role for "Revoke active sessions": sessions issued before a date may do nothing.

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;

const denyBefore = (ms: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(ms).toISOString() } },
    },
  });

const assume = async (keys: Credentials): Promise<Credentials> =>
  (await call(emulator, keys, 'AssumeRole', { RoleArn: ROLE_ARN, RoleSessionName: 'ci' })).credentials;
const tryAssume = (keys: Credentials) =>
  said(call(emulator, keys, 'AssumeRole', { RoleArn: ROLE_ARN, RoleSessionName: 'ci' }));
const getRole = (keys: Credentials) => said(iam(keys, 'GetRole', { RoleName: 'deploy' }));

beforeEach(() => {
  emulator.world.accounts[0]?.roles.push(
    build.role({
      name: 'deploy',
      trustPolicy: {
        Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
      },
      policies: [{ Statement: { Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' } }],
    }),
  );
});

describe('a deny of everything for sessions issued before a date', () => {
  test('on a role refuses its old sessions, and no new ones', async () => {
    const old = await assume(ADMIN);
    expect(await getRole(old)).toEqual(DONE);

    clock.advance(60_000);
    const policy = { RoleName: 'deploy', PolicyName: 'revoked', PolicyDocument: denyBefore(clock.now()) };
    await iam(ADMIN, 'PutRolePolicy', policy);
    expect(await getRole(old)).toEqual([
      403,
      'AccessDenied',
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci is not authorized to perform: iam:GetRole on resource: role deploy with an explicit deny in an identity-based policy`,
    ]);
    clock.advance(1000);
    expect(await getRole(await assume(ADMIN))).toEqual(DONE);
  });

  test('on a user refuses the user’s old sessions, but not the access key, so both must be revoked', async () => {
    const old = await guestWithMfa();
    clock.advance(60_000);
    const policy = { UserName: 'guest', PolicyName: 'revoked', PolicyDocument: denyBefore(clock.now()) };
    await iam(ADMIN, 'PutUserPolicy', policy);
    expect(await said(iam(old, 'GetUser'))).toEqual([
      403,
      'AccessDenied',
      `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform: iam:GetUser on resource: user guest with an explicit deny in an identity-based policy`,
    ]);
    expect((await tryAssume(old))[1]).toBe('AccessDenied');
    expect(await said(iam(GUEST, 'GetUser'))).toEqual(DONE);
    expect(await said(iam(await guestWithMfa(), 'GetUser'))).toEqual(DONE);
  });

  test('ends when the policy is deleted', async () => {
    const old = await assume(ADMIN);
    clock.advance(60_000);
    const policy = { RoleName: 'deploy', PolicyName: 'revoked' };
    await iam(ADMIN, 'PutRolePolicy', { ...policy, PolicyDocument: denyBefore(clock.now()) });
    expect((await getRole(old))[0]).toBe(403);
    expect((await iam(ADMIN, 'ListRolePolicies', { RoleName: 'deploy' })).fields('member')).toEqual(['revoked']);
    await iam(ADMIN, 'DeleteRolePolicy', policy);
    expect(await getRole(old)).toEqual(DONE);
  });
});

test('sessions outlive the key that they were made with', async () => {
  const session = await guestWithMfa();
  const key = { UserName: 'guest', AccessKeyId: GUEST.accessKeyId };
  await iam(ADMIN, 'UpdateAccessKey', { ...key, Status: 'Inactive' });
  expect(await said(iam(session, 'GetUser'))).toEqual(DONE);
  await iam(ADMIN, 'DeleteAccessKey', key);
  expect(await said(iam(session, 'GetUser'))).toEqual(DONE);
});
