import { beforeEach, expect, test } from '@jest/globals';
import { type Credentials, call } from '../wire.ts';
import { ACCOUNT, ADMIN, clock, DONE, emulator, iam, said } from './account.ts';

// A user or a role that is deleted and created again has the old name and ARN, but isn't the old one.

const ARN = `arn:aws:iam::${ACCOUNT}:user/ci`;
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const TRUST = {
  AssumeRolePolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: ARN }, Action: 'sts:AssumeRole' },
  }),
};

async function createUser(): Promise<Credentials & { id: string }> {
  const created = await iam(ADMIN, 'CreateUser', { UserName: 'ci' });
  const key = await iam(ADMIN, 'CreateAccessKey', { UserName: 'ci' });
  clock.advance(10_000);
  const [accessKeyId = '', secretAccessKey = ''] = [key.field('AccessKeyId'), key.field('SecretAccessKey')];
  return { accessKeyId, secretAccessKey, id: created.field('UserId') ?? '' };
}

async function deleteUser({ accessKeyId }: Credentials): Promise<void> {
  await iam(ADMIN, 'DeleteAccessKey', { UserName: 'ci', AccessKeyId: accessKeyId });
  expect(await said(iam(ADMIN, 'DeleteUser', { UserName: 'ci' }))).toEqual(DONE);
}

const assume = (keys: Credentials) => call(emulator, keys, 'AssumeRole', { RoleArn: ROLE_ARN, RoleSessionName: 'ci' });

const trusted = async () => {
  const reply = await iam(ADMIN, 'GetRole', { RoleName: 'deploy' });
  const document = JSON.parse(decodeURIComponent(reply.field('AssumeRolePolicyDocument') ?? ''));
  return [document.Statement].flat()[0].Principal.AWS;
};

let first: Awaited<ReturnType<typeof createUser>>;

beforeEach(async () => {
  first = await createUser();
  await iam(ADMIN, 'CreateRole', { RoleName: 'deploy', ...TRUST });
});

test('roles that trusted the old user don’t trust the new one until their trust policy is written again', async () => {
  expect((await assume(first)).status).toBe(200);
  await deleteUser(first);
  expect(await trusted()).toEqual([first.id]);

  const second = await createUser();
  expect(second.id).not.toBe(first.id);
  expect((await assume(second)).code).toBe('AccessDenied');
  await iam(ADMIN, 'UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: TRUST.AssumeRolePolicyDocument });
  expect(await trusted()).toBe(ARN);
  expect((await assume(second)).status).toBe(200);
});

test('a trust policy can’t name the ID of a deleted user', async () => {
  await deleteUser(first);
  const PolicyDocument = TRUST.AssumeRolePolicyDocument.replace(ARN, first.id);
  expect(await said(iam(ADMIN, 'UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument }))).toEqual([
    400,
    'MalformedPolicyDocument',
    `Invalid principal in policy: "AWS":"${first.id}"`,
  ]);
});

test('sessions of the old user or role don’t become the new one’s', async () => {
  const ofUser = (await call(emulator, first, 'GetSessionToken')).credentials;
  const ofRole = (await assume(first)).credentials;
  await deleteUser(first);
  await iam(ADMIN, 'DeleteRole', { RoleName: 'deploy' });
  clock.advance(1);
  await createUser();
  await iam(ADMIN, 'CreateRole', { RoleName: 'deploy', ...TRUST });
  for (const session of [ofUser, ofRole]) {
    expect((await call(emulator, session, 'GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  }
});
