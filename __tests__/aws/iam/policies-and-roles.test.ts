import { describe, expect, test } from '@jest/globals';
import { call } from '../wire.ts';
import { ACCOUNT, ADMIN, DONE, emulator, GUEST, guest, iam, said } from './account.ts';

const allow = (Action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });
const trust = (principal: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
  });
const GUEST_ARN = `arn:aws:iam::${ACCOUNT}:user/guest`;
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;

const listing = async () => (await iam(GUEST, 'ListMFADevices')).status;

describe('PutUserPolicy', () => {
  const put = (PolicyDocument: string, PolicyName = 'ci') =>
    said(iam(ADMIN, 'PutUserPolicy', { UserName: 'guest', PolicyName, PolicyDocument }));

  test('takes effect with the next call, and replaces a policy with the same name', async () => {
    guest.policies = [];
    expect(await listing()).toBe(403);
    expect(await put(allow('iam:ListMFADevices'))).toEqual(DONE);
    expect(await listing()).toBe(200);
    expect(await put(allow('s3:*'))).toEqual(DONE);
    expect(await listing()).toBe(403);
  });

  test('stores a policy that is read, listed and deleted by its name', async () => {
    await put(allow('s3:*'));
    const named = { UserName: 'guest', PolicyName: 'ci' };
    const read = await iam(ADMIN, 'GetUserPolicy', named);
    expect(JSON.parse(decodeURIComponent(read.field('PolicyDocument') ?? ''))).toEqual(JSON.parse(allow('s3:*')));
    expect((await iam(ADMIN, 'ListUserPolicies', { UserName: 'guest' })).body).toContain('<member>ci</member>');
    expect(await said(iam(ADMIN, 'DeleteUserPolicy', named))).toEqual(DONE);
    expect(await said(iam(ADMIN, 'GetUserPolicy', named))).toEqual([
      404,
      'NoSuchEntity',
      'The user policy with name ci cannot be found.',
    ]);
  });

  test.each([
    ['not JSON', '{', 'This policy contains invalid Json'],
    [
      'a principal',
      '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}}',
      'Policy document should not specify a principal.',
    ],
    ['no action', '{"Statement":{"Effect":"Allow","Resource":"*"}}', 'Missing required field Action'],
  ])('refuses a policy with %s', async (_what, source, message) => {
    expect(await put(source)).toEqual([400, 'MalformedPolicyDocument', message]);
  });

  test('refuses more than 2048 characters in total', async () => {
    expect(await put(allow('s3:*'), 'small')).toEqual(DONE);
    const large = allow(`s3:${'x'.repeat(1950)}`);
    expect(await put(large, 'large')).toEqual([
      409,
      'LimitExceeded',
      'Maximum policy size of 2048 bytes exceeded for user guest',
    ]);
  });
});

describe('managed policies', () => {
  const ARN = `arn:aws:iam::${ACCOUNT}:policy/team/devices`;
  const create = (PolicyDocument = allow('iam:ListMFADevices')) =>
    iam(ADMIN, 'CreatePolicy', { PolicyName: 'devices', Path: '/team/', PolicyDocument });

  test('apply while they are attached', async () => {
    guest.policies = [];
    const created = await create();
    expect([created.field('Arn'), created.field('PolicyName'), created.field('Path')]).toEqual([
      ARN,
      'devices',
      '/team/',
    ]);
    const attached = { UserName: 'guest', PolicyArn: ARN };
    expect(await listing()).toBe(403);
    expect(await said(iam(ADMIN, 'AttachUserPolicy', attached))).toEqual(DONE);
    expect(await said(iam(ADMIN, 'AttachUserPolicy', attached))).toEqual(DONE);
    expect(await listing()).toBe(200);
    expect((await iam(ADMIN, 'ListAttachedUserPolicies', { UserName: 'guest' })).fields('PolicyArn')).toEqual([ARN]);
    expect((await said(iam(ADMIN, 'DeletePolicy', { PolicyArn: ARN })))[1]).toBe('DeleteConflict');
    expect(await said(iam(ADMIN, 'DetachUserPolicy', attached))).toEqual(DONE);
    expect(await listing()).toBe(403);
    expect(await said(iam(ADMIN, 'DeletePolicy', { PolicyArn: ARN }))).toEqual(DONE);
  });

  test('have unique names', async () => {
    await create();
    expect(await said(create())).toEqual([
      409,
      'EntityAlreadyExists',
      'A policy called devices already exists. Duplicate names are not allowed.',
    ]);
  });

  test.each([ARN, 'arn:aws:iam::aws:policy/Nonsense', 'arn:aws-cn:iam::aws:policy/AdministratorAccess'])(
    '%s cannot be attached here',
    async (PolicyArn) => {
      expect(await said(iam(ADMIN, 'AttachUserPolicy', { UserName: 'guest', PolicyArn }))).toEqual([
        404,
        'NoSuchEntity',
        `Policy ${PolicyArn} does not exist or is not attachable.`,
      ]);
    },
  );
});

describe('roles', () => {
  const create = (AssumeRolePolicyDocument: string, more: Readonly<Record<string, string>> = {}) =>
    iam(ADMIN, 'CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument, ...more });
  const assume = (DurationSeconds = '900') =>
    call(emulator, GUEST, 'AssumeRole', { RoleArn: ROLE_ARN, RoleSessionName: 'ci', DurationSeconds });

  test('are assumed by those the trust policy names, with the role’s permissions', async () => {
    guest.policies = [{ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE_ARN } }];
    const created = await create(trust(GUEST_ARN), { Description: 'Deploys', MaxSessionDuration: '7200' });
    expect(created.field('Arn')).toBe(ROLE_ARN);
    expect(JSON.parse(decodeURIComponent(created.field('AssumeRolePolicyDocument') ?? ''))).toEqual(
      JSON.parse(trust(GUEST_ARN)),
    );
    const { credentials } = await assume('7200');
    const getRole = () => said(iam(credentials, 'GetRole', { RoleName: 'deploy' }));
    expect((await getRole())[1]).toBe('AccessDenied');
    const policy = { RoleName: 'deploy', PolicyName: 'own', PolicyDocument: allow('iam:GetRole') };
    expect(await said(iam(ADMIN, 'PutRolePolicy', policy))).toEqual(DONE);
    expect(await getRole()).toEqual(DONE);
  });

  test('are updated: what UpdateRole leaves out resets to its default', async () => {
    await create(trust(GUEST_ARN));
    const update = (more: Readonly<Record<string, string>>) =>
      iam(ADMIN, 'UpdateRole', { RoleName: 'deploy', ...more });
    const maximum = async () => (await iam(ADMIN, 'GetRole', { RoleName: 'deploy' })).field('MaxSessionDuration');
    expect(await said(update({ MaxSessionDuration: '7200' }))).toEqual(DONE);
    expect(await maximum()).toBe('7200');
    await update({ Description: 'Deploys' });
    expect(await maximum()).toBe('3600');
    const admin = `arn:aws:iam::${ACCOUNT}:user/admin`;
    const replaced = { RoleName: 'deploy', PolicyDocument: trust(admin) };
    expect(await said(iam(ADMIN, 'UpdateAssumeRolePolicy', replaced))).toEqual(DONE);
    expect((await assume()).code).toBe('AccessDenied');
  });

  test.each([
    [{ MaxSessionDuration: '900' }, 'ValidationError'],
    [{ AssumeRolePolicyDocument: allow('s3:*') }, 'MalformedPolicyDocument'],
    [{ AssumeRolePolicyDocument: trust(`arn:aws:iam::${ACCOUNT}:user/nobody`) }, 'MalformedPolicyDocument'],
  ])('aren’t created with %j', async (more: Record<string, string>, code) => {
    expect((await said(create(trust(GUEST_ARN), more)))[1]).toBe(code);
  });

  test('exist once, and are deleted after their policies', async () => {
    await create(trust(GUEST_ARN));
    expect(await said(create(trust(GUEST_ARN)))).toEqual([
      409,
      'EntityAlreadyExists',
      'Role with name deploy already exists.',
    ]);
    const attached = { RoleName: 'deploy', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' };
    await iam(ADMIN, 'AttachRolePolicy', attached);
    expect((await said(iam(ADMIN, 'DeleteRole', { RoleName: 'deploy' })))[1]).toBe('DeleteConflict');
    await iam(ADMIN, 'DetachRolePolicy', attached);
    expect(await said(iam(ADMIN, 'DeleteRole', { RoleName: 'deploy' }))).toEqual(DONE);
    expect((await said(iam(ADMIN, 'GetRole', { RoleName: 'deploy' })))[1]).toBe('NoSuchEntity');
  });
});
