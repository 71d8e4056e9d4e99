import { describe, expect, test } from '@jest/globals';
import { type Credentials, call } from '../wire.ts';
import {
  ACCOUNT,
  ADMIN,
  clock,
  DONE,
  emulator,
  enableDevice,
  GUEST,
  guest,
  guestWithMfa,
  iam,
  said,
} from './account.ts';

const create = (UserName: string, more: Readonly<Record<string, string>> = {}) =>
  iam(ADMIN, 'CreateUser', { UserName, ...more });

describe('CreateUser', () => {
  test('creates a user, with path and tags', async () => {
    const tag = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'web' };
    const reply = await create('ci', { Path: '/automation/', ...tag });
    expect(reply.body).toMatch(
      /<CreateUserResult><User><Path>\/automation\/<\/Path><UserName>ci<\/UserName><UserId>AIDA[A-Z2-7]{17}<\/UserId><Arn>arn:aws:iam::111122223333:user\/automation\/ci<\/Arn><CreateDate>2026-09-01T12:00:00Z<\/CreateDate><Tags><member><Key>team<\/Key><Value>web<\/Value><\/member><\/Tags><\/User><\/CreateUserResult>/,
    );
  });

  test.each(['ci', 'CI'])('refuses the name %s if there is a user ci', async (name) => {
    await create('ci');
    expect(await said(create(name))).toEqual([409, 'EntityAlreadyExists', `User with name ${name} already exists.`]);
  });

  test.each([
    [
      'a/b',
      'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    ],
    [
      'n'.repeat(65),
      `1 validation error detected: Value '${'n'.repeat(65)}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
  ])('refuses the name %s', async (name, message) => {
    expect(await said(create(name))).toEqual([400, 'ValidationError', message]);
  });

  test('needs permission for the user’s ARN, and for tags', async () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/ci`;
    guest.policies = [];
    expect(await said(iam(GUEST, 'CreateUser', { UserName: 'ci' }))).toEqual([
      403,
      'AccessDenied',
      `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform: iam:CreateUser on resource: ${arn} because no identity-based policy allows the iam:CreateUser action`,
    ]);
    guest.policies = [{ Statement: { Effect: 'Allow', Action: 'iam:CreateUser', Resource: arn } }];
    const tagged = { UserName: 'ci', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'web' };
    expect((await said(iam(GUEST, 'CreateUser', tagged)))[2]).toContain('iam:TagUser');
    expect(await said(iam(GUEST, 'CreateUser', { UserName: 'ci' }))).toEqual(DONE);
  });
});

describe('GetUser', () => {
  test('returns the caller if there is no name', async () => {
    expect((await iam(GUEST, 'GetUser')).field('UserName')).toBe('guest');
    expect((await iam(await guestWithMfa(), 'GetUser')).field('Arn')).toBe(`arn:aws:iam::${ACCOUNT}:user/guest`);
  });

  test('refuses a user who doesn’t exist', async () => {
    expect(await said(iam(ADMIN, 'GetUser', { UserName: 'ci' }))).toEqual([
      404,
      'NoSuchEntity',
      'The user with name ci cannot be found.',
    ]);
  });
});

describe('DeleteUser', () => {
  test('says what to delete first, until nothing is left', async () => {
    await create('ci');
    const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });
    const attached = { UserName: 'ci', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' };
    const AccessKeyId = (await iam(ADMIN, 'CreateAccessKey', { UserName: 'ci' })).field('AccessKeyId') ?? '';
    const { serial: SerialNumber } = await enableDevice(ADMIN, 'ci', 'ci');
    await iam(ADMIN, 'PutUserPolicy', { UserName: 'ci', PolicyName: 's3', PolicyDocument: policy });
    await iam(ADMIN, 'AttachUserPolicy', attached);
    for (const user of emulator.world.accounts[0]?.users ?? []) if (user.name === 'ci') user.groups = ['bots'];
    const remove = () => said(iam(ADMIN, 'DeleteUser', { UserName: 'ci' }));
    const conflict = (first: string) => [409, 'DeleteConflict', `Cannot delete entity, must ${first} first.`];

    expect(await remove()).toEqual(conflict('delete access keys'));
    await iam(ADMIN, 'DeleteAccessKey', { UserName: 'ci', AccessKeyId });
    expect(await remove()).toEqual(conflict('remove users from group'));
    expect((await iam(ADMIN, 'ListGroupsForUser', { UserName: 'ci' })).fields('GroupName')).toEqual(['bots']);
    await iam(ADMIN, 'RemoveUserFromGroup', { UserName: 'ci', GroupName: 'bots' });
    expect(await remove()).toEqual(conflict('delete MFA device'));
    await iam(ADMIN, 'DeactivateMFADevice', { UserName: 'ci', SerialNumber });
    expect(await remove()).toEqual(conflict('delete policies'));
    await iam(ADMIN, 'DeleteUserPolicy', { UserName: 'ci', PolicyName: 's3' });
    expect(await remove()).toEqual(conflict('detach all policies'));
    await iam(ADMIN, 'DetachUserPolicy', attached);
    expect(await remove()).toEqual(DONE);
    expect((await said(iam(ADMIN, 'GetUser', { UserName: 'ci' })))[1]).toBe('NoSuchEntity');
  });
});

describe('access keys', () => {
  const identity = (keys: Credentials) => said(call(emulator, keys, 'GetCallerIdentity'));

  async function createKey(UserName: string): Promise<Credentials> {
    const reply = await iam(ADMIN, 'CreateAccessKey', { UserName });
    return { accessKeyId: reply.field('AccessKeyId') ?? '', secretAccessKey: reply.field('SecretAccessKey') ?? '' };
  }

  test('aren’t known immediately', async () => {
    const key = await createKey('guest');
    expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    clock.advance(9_000);
    expect((await identity(key))[1]).toBe('InvalidClientTokenId');
    clock.advance(1_000);
    expect(await identity(key)).toEqual(DONE);
  });

  test('are two at most, including inactive ones', async () => {
    await iam(ADMIN, 'UpdateAccessKey', { UserName: 'guest', AccessKeyId: GUEST.accessKeyId, Status: 'Inactive' });
    await createKey('guest');
    expect(await said(iam(ADMIN, 'CreateAccessKey', { UserName: 'guest' }))).toEqual([
      409,
      'LimitExceeded',
      'Cannot exceed quota for AccessKeysPerUser: 2',
    ]);
  });

  test('aren’t recognized while they’re inactive', async () => {
    const set = (Status: string) =>
      iam(ADMIN, 'UpdateAccessKey', { UserName: 'guest', AccessKeyId: GUEST.accessKeyId, Status });
    await set('Inactive');
    expect((await identity(GUEST))[1]).toBe('InvalidClientTokenId');
    expect((await iam(ADMIN, 'ListAccessKeys', { UserName: 'guest' })).fields('Status')).toEqual(['Inactive']);
    await set('Active');
    expect(await identity(GUEST)).toEqual(DONE);
  });

  test('are listed without their secrets, and stop working when they’re deleted', async () => {
    const own = await iam(GUEST, 'ListAccessKeys');
    expect(own.fields('AccessKeyId')).toEqual([GUEST.accessKeyId]);
    expect(own.body).not.toContain(GUEST.secretAccessKey);
    expect(await said(iam(GUEST, 'DeleteAccessKey', { AccessKeyId: GUEST.accessKeyId }))).toEqual(DONE);
    expect((await identity(GUEST))[1]).toBe('InvalidClientTokenId');
  });

  test.each<[string, Record<string, string>]>([
    ['CreateAccessKey', {}],
    ['ListAccessKeys', {}],
    ['UpdateAccessKey', { AccessKeyId: GUEST.accessKeyId, Status: 'Active' }],
    ['DeleteAccessKey', { AccessKeyId: GUEST.accessKeyId }],
  ])('%s needs UserName if a session signs, even the user’s own', async (action, params) => {
    const session = await guestWithMfa();
    expect(await said(iam(session, action, params))).toEqual([
      400,
      'ValidationError',
      'Must specify userName when calling with non-User credentials',
    ]);
    expect(await said(iam(session, action, { ...params, UserName: 'guest' }))).toEqual(DONE);
  });

  test.each([
    [
      'UpdateAccessKey',
      { AccessKeyId: 'AKIA2222222222222222', Status: 'Active' },
      [404, 'NoSuchEntity', 'The Access Key with id AKIA2222222222222222 cannot be found.'],
    ],
    [
      'UpdateAccessKey',
      { AccessKeyId: GUEST.accessKeyId },
      [
        400,
        'ValidationError',
        "1 validation error detected: Value null at 'status' failed to satisfy constraint: Member must not be null",
      ],
    ],
  ])('%s refuses %j', async (action, params: Record<string, string>, refusal) => {
    expect(await said(iam(GUEST, action, params))).toEqual(refusal);
  });
});
