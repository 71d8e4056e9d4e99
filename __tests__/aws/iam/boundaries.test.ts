import { beforeEach, describe, expect, test } from '@jest/globals';
import { build } from '../../../lab/aws/index.ts';
import { call } from '../wire.ts';
import { ACCOUNT, ADMIN, DONE, emulator, GUEST, guest, guestWithMfa, iam, said } from './account.ts';

const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const OWN = `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform:`;

const setBoundary = (UserName: string, PermissionsBoundary = BOUNDARY) =>
  said(iam(ADMIN, 'PutUserPermissionsBoundary', { UserName, PermissionsBoundary }));

beforeEach(() => {
  emulator.world.accounts[0]?.managedPolicies.push({
    arn: BOUNDARY,
    document: { Statement: { Effect: 'Allow', Action: ['iam:Get*', 'sts:*'], Resource: '*' } },
  });
});

describe('a permissions boundary', () => {
  test('limits what the user’s policies allow, also for the user’s sessions', async () => {
    expect(await setBoundary('guest')).toEqual(DONE);
    for (const keys of [GUEST, await guestWithMfa()]) {
      expect(await said(iam(keys, 'GetUser'))).toEqual(DONE);
      expect(await said(iam(keys, 'ListUserTags', { UserName: 'guest' }))).toEqual([
        403,
        'AccessDenied',
        `${OWN} iam:ListUserTags on resource: user guest because no permissions boundary allows the iam:ListUserTags action`,
      ]);
    }
    expect(await said(iam(ADMIN, 'DeleteUserPermissionsBoundary', { UserName: 'guest' }))).toEqual(DONE);
    expect(await said(iam(GUEST, 'ListUserTags', { UserName: 'guest' }))).toEqual(DONE);
  });

  test('allows nothing by itself', async () => {
    await setBoundary('guest');
    guest.policies = [];
    expect((await said(iam(GUEST, 'GetUser')))[2]).toContain('because no identity-based policy allows');
  });

  test('can deny, even GetSessionToken', async () => {
    for (const policy of emulator.world.accounts[0]?.managedPolicies ?? []) {
      policy.document = { Statement: { Effect: 'Deny', Action: ['iam:*', 'sts:*'], Resource: '*' } };
    }
    await setBoundary('guest');
    expect(await said(iam(GUEST, 'GetUser'))).toEqual([
      403,
      'AccessDenied',
      `${OWN} iam:GetUser on resource: user guest with an explicit deny in a permissions boundary`,
    ]);
    expect((await said(call(emulator, GUEST, 'GetSessionToken')))[2]).toBe(
      `${OWN} sts:GetSessionToken with an explicit deny in a permissions boundary`,
    );
  });

  test('allows nothing after its policy was deleted', async () => {
    await setBoundary('guest');
    for (const account of emulator.world.accounts) account.managedPolicies = [];
    expect((await said(iam(GUEST, 'GetUser')))[2]).toContain('because no permissions boundary allows');
  });

  test('is set when a user is created, and shown', async () => {
    const created = await iam(ADMIN, 'CreateUser', { UserName: 'ci', PermissionsBoundary: BOUNDARY });
    const shown = `<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>${BOUNDARY}</PermissionsBoundaryArn></PermissionsBoundary>`;
    expect(created.body).toContain(shown);
    expect((await iam(ADMIN, 'GetUser', { UserName: 'ci' })).body).toContain(shown);
  });

  test.each([
    [
      `arn:aws:iam::${ACCOUNT}:policy/missing`,
      [404, 'NoSuchEntity', `Scope ARN: arn:aws:iam::${ACCOUNT}:policy/missing does not exist or is not attachable.`],
    ],
    [
      'arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy',
      [400, 'PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer Entity.'],
    ],
    [
      'arn',
      [
        400,
        'ValidationError',
        "1 validation error detected: Value 'arn' at 'permissionsBoundary' failed to satisfy constraint: Member must have length greater than or equal to 20",
      ],
    ],
  ])('can’t be %s', async (arn, refusal) => {
    expect(await setBoundary('guest', arn)).toEqual(refusal);
    expect(await said(iam(ADMIN, 'CreateUser', { UserName: 'ci', PermissionsBoundary: arn }))).toEqual(refusal);
    expect(emulator.world.accounts[0]?.users.map(({ name }) => name)).toEqual(['admin', 'guest']);
  });
});

test('an organisation can demand a boundary for new users', async () => {
  guest.policies = [
    {
      Statement: {
        Effect: 'Allow',
        Action: ['iam:CreateUser', 'iam:PutUserPolicy'],
        Resource: '*',
        Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } },
      },
    },
  ];
  const create = (more: Record<string, string>) => iam(GUEST, 'CreateUser', { UserName: 'ci', ...more });
  expect((await said(create({})))[1]).toBe('AccessDenied');
  expect(await said(create({ PermissionsBoundary: BOUNDARY }))).toEqual(DONE);
  const policy = { PolicyName: 'own', PolicyDocument: '{"Statement":[]}' };
  expect(await said(iam(GUEST, 'PutUserPolicy', { UserName: 'ci', ...policy }))).toEqual(DONE);
  expect((await said(iam(GUEST, 'PutUserPolicy', { UserName: 'admin', ...policy })))[1]).toBe('AccessDenied');
});

test('roles with a boundary aren’t supported', async () => {
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
  });
  const params = { RoleName: 'deploy', AssumeRolePolicyDocument, PermissionsBoundary: BOUNDARY };
  expect(await said(iam(ADMIN, 'CreateRole', params))).toEqual([
    501,
    'NotImplemented',
    "The emulator doesn't know the parameter PermissionsBoundary.",
  ]);
});

test('a role of the account can trust a user beyond the user’s boundary', async () => {
  guest.boundary = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
  const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:user/guest` };
  emulator.world.accounts[0]?.roles.push(
    build.role({
      name: 'deploy',
      trustPolicy: { Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } },
    }),
  );
  const params = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`, RoleSessionName: 'ci' };
  expect(await said(call(emulator, GUEST, 'AssumeRole', params))).toEqual(DONE);
});
