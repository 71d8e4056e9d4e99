import { beforeEach, describe, expect, test } from '@jest/globals';
import { build, codeOfStep, type Emulator, SettableClock, type User } from '../../../lab/aws/index.ts';
import { type Credentials, call, emulate } from '../wire.ts';

const { account, device, role, user, world } = build;

const KEY: Credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const SERIAL = 'arn:aws:iam::111122223333:mfa/phone';
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

let emulator: Emulator;
let dev: User;

beforeEach(async () => {
  dev = user({
    name: 'dev',
    path: '/team/',
    accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }],
    devices: [device({ serial: SERIAL, seed: SEED, enabledAt: Date.parse('2026-08-01T07:30:00Z') })],
    securityKeys: [{ serial: 'arn:aws:iam::111122223333:u2f/user/dev/yubikey' }],
    policies: [
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'iam:ListMFADevices',
          Resource: `arn:aws:iam::*:user/team/\${aws:username}`,
        },
      },
    ],
  });
  const trustPolicy = {
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:user/team/dev' },
      Action: 'sts:AssumeRole',
    },
  } as const;
  const roles = [role({ name: 'app', trustPolicy })];
  emulator = await emulate({
    clock: new SettableClock(Date.parse('2026-09-01T12:00:00Z')),
    world: world({ accounts: [account({ id: '111122223333', users: [dev, user({ name: 'ops' })], roles })] }),
  });
});

const list = (credentials: Credentials, params: Record<string, string> = {}) =>
  call(emulator, credentials, 'ListMFADevices', params, { service: 'iam' });

describe('ListMFADevices', () => {
  test('lists the caller’s devices, including security keys', async () => {
    const reply = await list(KEY);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatch(
      /^<ListMFADevicesResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><ListMFADevicesResult><IsTruncated>false<\/IsTruncated><MFADevices><member><UserName>dev<\/UserName><SerialNumber>arn:aws:iam::111122223333:mfa\/phone<\/SerialNumber><EnableDate>2026-08-01T07:30:00Z<\/EnableDate><\/member><member>/,
    );
    expect(reply.fields('SerialNumber')).toEqual([SERIAL, 'arn:aws:iam::111122223333:u2f/user/dev/yubikey']);
    expect(emulator.calls.at(-1)).toMatchObject({ service: 'iam', operation: 'ListMFADevices', status: 200 });
  });

  test('is refused if a policy doesn’t include the user’s path', async () => {
    dev.policies = [
      {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'iam:*', Resource: `arn:aws:iam::*:user/\${aws:username}` },
      },
    ];
    const reply = await list(KEY);
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('AccessDenied');
    expect(reply.message).toBe(
      'User: arn:aws:iam::111122223333:user/team/dev is not authorized to perform: iam:ListMFADevices on resource: user dev because no identity-based policy allows the iam:ListMFADevices action',
    );
  });

  test('needs permission for another user', async () => {
    expect((await list(KEY, { UserName: 'ops' })).code).toBe('AccessDenied');
    dev.policies = [{ Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' } }];
    expect((await list(KEY, { UserName: 'ops' })).fields('SerialNumber')).toEqual([]);
    const nobody = await list(KEY, { UserName: 'nobody' });
    expect([nobody.status, nobody.code, nobody.message]).toEqual([
      404,
      'NoSuchEntity',
      'The user with name nobody cannot be found.',
    ]);
  });

  test('refuses a session without MFA', async () => {
    const { credentials } = await call(emulator, KEY, 'GetSessionToken');
    const reply = await list(credentials);
    expect([reply.status, reply.code]).toEqual([403, 'InvalidClientTokenId']);
  });

  test('accepts a session with MFA', async () => {
    const mfa = { SerialNumber: SERIAL, TokenCode: codeOfStep(SEED, 59_608_800) };
    const { credentials } = await call(emulator, KEY, 'GetSessionToken', mfa);
    expect((await list(credentials)).fields('SerialNumber')).toHaveLength(2);
  });

  test('needs a user name if a role calls it', async () => {
    const params = { RoleArn: 'arn:aws:iam::111122223333:role/app', RoleSessionName: 'ci' };
    const { credentials } = await call(emulator, KEY, 'AssumeRole', params);
    const reply = await list(credentials);
    expect([reply.status, reply.code, reply.message]).toEqual([
      400,
      'ValidationError',
      'Must specify userName when calling with non-User credentials',
    ]);
  });
});
