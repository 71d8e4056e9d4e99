import { describe, expect, test } from '@jest/globals';
import { codeOfStep } from '../../../lab/aws/index.ts';
import { call } from '../wire.ts';
import {
  ACCOUNT,
  ADMIN,
  clock,
  codes,
  createDevice,
  DONE,
  emulator,
  enableDevice,
  GUEST,
  guest,
  guestWithMfa,
  iam,
  PHONE,
  said,
  step,
} from './account.ts';

const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/guest-ci`;
const INVALID_CODE = [403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.'];
const INVALID_TOKEN = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';

/** A session of the guest, with a code of the new device. */
const session = (seed: string, wanted: number) =>
  said(call(emulator, GUEST, 'GetSessionToken', { SerialNumber: SERIAL, TokenCode: codeOfStep(seed, wanted) }));

describe('EnableMFADevice', () => {
  test('accepts the codes of the previous and the current step, and both stay valid for STS', async () => {
    const { seed, reply } = await enableDevice(ADMIN, 'guest-ci', 'guest');
    expect(reply.status).toBe(200);
    expect(reply.body).not.toContain('EnableMFADeviceResult');
    const enabledAt = step();
    clock.advance(15_000);
    expect(await session(seed, enabledAt - 1)).toEqual(DONE);
    expect(await session(seed, enabledAt)).toEqual(DONE);
    expect(await session(seed, enabledAt)).toEqual([403, 'AccessDenied', INVALID_TOKEN]);
  });

  test('takes effect in STS twelve seconds later', async () => {
    const { seed } = await enableDevice(ADMIN, 'guest-ci', 'guest');
    clock.advance(11_000);
    expect((await session(seed, step()))[2]).toContain('unable to validate MFA code');
    clock.advance(1_000);
    expect(await session(seed, step())).toEqual(DONE);
  });

  test.each([
    ['now and next', 0, [-1, 3]],
    ['before and now', -1, [-2, 2]],
    ['an hour ago', -121, [-122, -118]],
    ['an hour ahead', 120, [119, 123]],
  ])(
    'with the codes of %s sets the device’s time to the second one’s',
    async (_when, offset, [earliest = 0, latest = 0]) => {
      const { serial, seed } = await createDevice(ADMIN, 'guest-ci');
      const params = { UserName: 'guest', SerialNumber: serial, ...codes(seed, step() + offset) };
      expect(await said(iam(ADMIN, 'EnableMFADevice', params))).toEqual(DONE);
      clock.advance(30_000);
      const good = [];
      for (const wanted of [earliest - 1, earliest, latest, latest + 1]) {
        good.push((await session(seed, step() + wanted))[0]);
      }
      expect(good).toEqual([403, 200, 200, 403]);
    },
  );

  test.each<[string, (seed: string) => Record<string, string>]>([
    ['of a step and the previous one', (seed) => codes(seed, step(), step() - 1)],
    ['of the same step twice', (seed) => codes(seed, step(), step())],
    ['with a step between them', (seed) => codes(seed, step() - 2, step())],
    ['of another seed', () => codes(PHONE.seed, step() - 1)],
    ['of another day', (seed) => codes(seed, step() - 2880)],
  ])('refuses codes %s', async (_which, given) => {
    const { serial, seed } = await createDevice(ADMIN, 'guest-ci');
    const params = { UserName: 'guest', SerialNumber: serial, ...given(seed) };
    expect(await said(iam(ADMIN, 'EnableMFADevice', params))).toEqual(INVALID_CODE);
    expect(guest.devices).toHaveLength(1);
  });

  test('refuses invalid parameters, all in one message', async () => {
    const params = {
      UserName: 'guest',
      SerialNumber: 'short',
      AuthenticationCode1: '12345',
      AuthenticationCode2: 'a23456',
    };
    expect(await said(iam(ADMIN, 'EnableMFADevice', params))).toEqual([
      400,
      'ValidationError',
      "3 validation errors detected: Value 'short' at 'serialNumber' failed to satisfy constraint: Member must have length greater than or equal to 9; " +
        "Value '12345' at 'authenticationCode1' failed to satisfy constraint: Member must have length greater than or equal to 6; " +
        "Value 'a23456' at 'authenticationCode2' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]+",
    ]);
  });

  test('refuses a device in use, and a device or a user that doesn’t exist', async () => {
    const enable = (UserName: string, SerialNumber: string) =>
      said(iam(ADMIN, 'EnableMFADevice', { UserName, SerialNumber, ...codes(PHONE.seed, step() - 1) }));
    expect(await enable('admin', PHONE.serial)).toEqual([409, 'EntityAlreadyExists', 'MFA Device is already in use.']);
    const missing = `VirtualMFADevice with serial number ${SERIAL} doesn't exist.`;
    expect(await enable('guest', SERIAL)).toEqual([404, 'NoSuchEntity', missing]);
    expect(await enable('nobody', SERIAL)).toEqual([404, 'NoSuchEntity', 'The user with name nobody cannot be found.']);
  });

  test('refuses a ninth device, counting security keys', async () => {
    guest.securityKeys = [{ serial: `arn:aws:iam::${ACCOUNT}:u2f/user/guest/key` }];
    for (let i = 0; i < 6; i++) {
      const { reply } = await enableDevice(ADMIN, `device-${i}`, 'guest');
      expect(reply.status).toBe(200);
    }
    const { reply } = await enableDevice(ADMIN, 'one-more', 'guest');
    expect([reply.status, reply.code, reply.message]).toEqual([
      409,
      'LimitExceeded',
      'Cannot exceed quota for MFADevicesPerUser: 8',
    ]);
  });

  test('for yourself needs a session with MFA if you have a device', async () => {
    const alone = await enableDevice(GUEST, 'guest-ci', 'guest');
    expect([alone.reply.status, alone.reply.code]).toEqual([403, 'AccessDenied']);
    const { reply } = await enableDevice(await guestWithMfa(), 'guest-ci-2', 'guest');
    expect(reply.status).toBe(200);
  });

  test('for yourself needs no MFA if you have no device', async () => {
    guest.devices = [];
    const { reply } = await enableDevice(GUEST, 'guest-ci', 'guest');
    expect(reply.status).toBe(200);
  });

  test('refuses a session without MFA', async () => {
    const { credentials } = await call(emulator, GUEST, 'GetSessionToken');
    expect((await said(iam(credentials, 'EnableMFADevice')))[1]).toBe('InvalidClientTokenId');
  });

  test('is refused by a policy that requires MFA for everything else', async () => {
    guest.devices = [];
    guest.namedPolicies = {
      'nothing-without-mfa': {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Deny',
          NotAction: ['sts:GetSessionToken', 'iam:CreateVirtualMFADevice'],
          Resource: '*',
          Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
        },
      },
    };
    const { reply } = await enableDevice(GUEST, 'guest-ci', 'guest');
    expect(reply.message).toBe(
      `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform: iam:EnableMFADevice on resource: user guest with an explicit deny in an identity-based policy`,
    );
  });
});

describe('ResyncMFADevice', () => {
  const resync = (params: Readonly<Record<string, string>>) =>
    said(iam(GUEST, 'ResyncMFADevice', { UserName: 'guest', SerialNumber: PHONE.serial, ...params }));

  test('moves the window to the second code, without MFA', async () => {
    expect(await resync(codes(PHONE.seed, step() + 9))).toEqual(DONE);
    expect(guest.devices[0]?.adjustmentSteps).toBe(10);
    expect(await resync(codes(PHONE.seed, step() - 1))).toEqual(DONE);
    expect(guest.devices[0]?.adjustmentSteps).toBe(0);
  });

  test('refuses codes that aren’t consecutive, and another user’s device', async () => {
    expect(await resync(codes(PHONE.seed, step(), step()))).toEqual(INVALID_CODE);
    expect(await resync({ ...codes(PHONE.seed, step() - 1), SerialNumber: SERIAL })).toEqual([
      404,
      'NoSuchEntity',
      'MFA Device invalid for user.',
    ]);
  });
});

describe('DeactivateMFADevice', () => {
  const params = { UserName: 'guest', SerialNumber: PHONE.serial };

  test('returns the device to the account, and STS no longer knows it', async () => {
    const keys = await guestWithMfa();
    expect(await said(iam(keys, 'DeactivateMFADevice', params))).toEqual(DONE);
    expect(guest.devices).toEqual([]);
    expect(emulator.world.accounts[0]?.unassignedDevices.map(({ serial }) => serial)).toEqual([PHONE.serial]);
    const code = { SerialNumber: PHONE.serial, TokenCode: codeOfStep(PHONE.seed, step() + 1) };
    expect((await call(emulator, GUEST, 'GetSessionToken', code)).message).toContain('unable to validate');
  });

  test('for yourself needs a session with MFA', async () => {
    expect(await said(iam(GUEST, 'DeactivateMFADevice', params))).toEqual([
      403,
      'AccessDenied',
      'User: guest is not authorized to perform: iam:DeactivateMFADevice on resource: user guest without multi-factor authentication',
    ]);
  });

  test('deletes a security key', async () => {
    const serial = `arn:aws:iam::${ACCOUNT}:u2f/user/guest/key`;
    guest.securityKeys = [{ serial }];
    expect(await said(iam(ADMIN, 'DeactivateMFADevice', { ...params, SerialNumber: serial }))).toEqual(DONE);
    expect(guest.securityKeys).toEqual([]);
  });

  test('refuses a device that isn’t the user’s', async () => {
    expect(await said(iam(ADMIN, 'DeactivateMFADevice', { ...params, SerialNumber: SERIAL }))).toEqual([
      404,
      'NoSuchEntity',
      'MFA Device invalid for user.',
    ]);
  });
});
