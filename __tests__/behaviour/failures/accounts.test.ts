import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { fail, succeed } from '../../kit/failing.ts';
import { REMEDY } from '../../kit/remedies.ts';
import { SEALING_KEY, sealedText } from '../../kit/sealed-text.ts';
import { tap } from '../../kit/tap.ts';
import { worldWith } from '../../kit/worlds.ts';

const USER = 'arn:aws:iam::111122223333:user/ci';

/** A device that is not named shows no account before it is found. */
const NOT_ALLOWED = { 'allowed-account-ids': '444455556666', 'mfa-serial': '' };
/** A hardware token shows none at all. */
const TOKEN = 'GAHT12345678';

/** A world in which the user has a hardware token instead of a virtual device. */
const withToken = () =>
  worldWith((_account, { devices }) => {
    for (const device of devices) Object.assign(device, { serial: TOKEN });
  });

describe('an account that is not allowed', () => {
  const OPERATIONS = { found: ['ListMFADevices'], token: ['GetCallerIdentity'] };

  test.each([
    ['the device that is found shows it', {}, 'found', 'The MFA device is in the account 111122223333,'],
    [
      'the device that is found shows it for a role by its name',
      { 'role-to-assume': 'deploy' },
      'found',
      'The role deploy is in the account 111122223333,',
    ],
    [
      'the device that is found shows it for a role after a session',
      { 'role-to-assume': 'deploy', 'mfa-session-first': 'true' },
      'found',
      'The role deploy is in the account 111122223333,',
    ],
    [
      'the device that is found shows it for many roles',
      { roles: 'theirs = arn:aws:iam::444455556666:role/deploy\nmine = deploy' },
      'found',
      'The MFA device is in the account 111122223333,',
    ],
    [
      'the device that is found for one code shows it',
      { 'mfa-seed': '', 'mfa-code': '123456' },
      'found',
      'The MFA device is in the account 111122223333,',
    ],
    [
      'the device shows none, and who the user is does',
      { 'mfa-serial': TOKEN },
      'token',
      `The credentials are of the account 111122223333 (${USER}),`,
    ],
    [
      'the device shows none for a role by its name',
      { 'mfa-serial': TOKEN, 'role-to-assume': 'deploy' },
      'token',
      'The role deploy is in the account 111122223333,',
    ],
  ] as const)('is refused before a code is sent, where %s', async (_, inputs, asked, sentence) => {
    const emulator = await emulate(asked === 'token' ? { world: withToken() } : {});
    const { error, calls } = await fail(emulator, { inputs: { ...NOT_ALLOWED, ...inputs } });
    expect(error).toBe(`${sentence} which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`);
    expect(calls.map(({ operation }) => operation)).toEqual(OPERATIONS[asked]);
  });

  test('is refused before any call, where any device of a pool shows it', async () => {
    const emulator = await emulate();
    const pool = `${TOKEN} ${DEMO.seed}\n${DEMO.serial} ${DEMO.seed}`;
    const inputs = { ...NOT_ALLOWED, 'mfa-seed': '', 'mfa-devices': pool };
    const { error, calls } = await fail(emulator, { inputs });
    expect(error).toBe(
      `mfa-devices is in the account 111122223333, which allowed-account-ids does not allow.\n${REMEDY['invalid-input']}`,
    );
    expect(calls).toEqual([]);
  });

  test('of the session alone is no obstacle, where only roles of allowed ones leave the step', async () => {
    const through = await tap(await emulate(), (body) =>
      body.replace(/(<Arn>arn:aws:sts::)111122223333(:assumed-role\/)/, '$1444455556666$2'),
    );
    const roles = 'theirs = arn:aws:iam::444455556666:role/deploy';
    const { error, calls } = await fail(through, { inputs: { ...NOT_ALLOWED, roles } });
    expect(error).toMatch(/^1 of 1 roles could not be assumed/);
    expect(calls.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['ListMFADevices', 'GetSessionToken', 'AssumeRole']),
    );
  });

  const named = { 'allowed-account-ids': '444455556666' };
  test.each([
    ['the role names it', { ...named, 'role-to-assume': DEMO.roleArn }, 'role-to-assume is'],
    [
      'one of many roles names it',
      { ...named, roles: `mine = ${DEMO.roleArn}` },
      `roles has ${DEMO.roleArn}, which is`,
    ],
    ['the device names it', named, 'mfa-serial is'],
    ['the device names it for a role', { ...named, 'role-to-assume': 'deploy' }, 'role-to-assume is, as a name,'],
    [
      'the device names it for many roles',
      { ...named, roles: 'mine = deploy' },
      'roles has deploy, which is, as a name,',
    ],
  ])('is refused before any call, where %s', async (_, inputs, what) => {
    const emulator = await emulate();
    const { error, calls } = await fail(emulator, { inputs });
    expect(error).toBe(
      `${what} in the account 111122223333, which allowed-account-ids does not allow.\n${REMEDY['invalid-input']}`,
    );
    expect(calls).toEqual([]);
  });

  const fallback = {
    ...named,
    'sealing-key': SEALING_KEY,
    'sealed-session': sealedText(),
    'sealed-session-fallback': 'true',
  };
  test.each([
    ['a session', fallback, 'mfa-serial is, for sealed-session-fallback,'],
    ['a role by its name', { ...fallback, 'role-to-assume': 'deploy' }, 'role-to-assume is, as a name,'],
    ['many roles', { ...fallback, roles: 'mine = deploy' }, 'roles has deploy, which is, as a name,'],
  ])(
    'is refused before any call, where it is that of the fallback of a sealed session for %s',
    async (_, inputs, what) => {
      const emulator = await emulate();
      const { error, calls } = await fail(emulator, { inputs });
      expect(error).toBe(
        `${what} in the account 111122223333, which allowed-account-ids does not allow.\n${REMEDY['invalid-input']}`,
      );
      expect(calls).toEqual([]);
    },
  );

  test.each(['home', 'temp'])(
    'is refused though it shows only in the answer for one of many roles, and nothing is written (%s)',
    async (place) => {
      const through = await tap(await emulate(), (body) =>
        body.replace(/(<Arn>arn:aws:sts::)111122223333(:assumed-role\/)/, '$1444455556666$2'),
      );
      const inputs = {
        'allowed-account-ids': '111122223333',
        'output-credentials': 'true',
        'profiles-location': place,
        roles: `mine = ${DEMO.roleArn}`,
      };
      const { error, calls, job } = await fail(through, { inputs });
      expect(error).toBe(
        `1 of 1 roles could not be assumed, so no profile was written. mine (${DEMO.roleArn}): The role of the profile mine is in the account 444455556666, which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`,
      );
      expect(calls.map(({ operation }) => operation)).toContain('AssumeRole');
      expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
    },
  );

  test('is hidden in the log where account IDs are to be masked', async () => {
    const emulator = await emulate();
    const { result } = await fail(emulator, { inputs: { ...NOT_ALLOWED, 'mask-aws-account-id': 'true' } });
    expect(result.lines[0]).toBe(
      'Error: The MFA device is in the account ***, which allowed-account-ids does not allow.',
    );
    const early = await fail(emulator, { inputs: { ...named, 'mask-aws-account-id': 'true' } });
    expect(early.result.lines[0]).toBe(
      'Error: mfa-serial is in the account ***, which allowed-account-ids does not allow.',
    );
  });
});

test('an allowed account is served', async () => {
  const emulator = await emulate();
  await succeed(emulator, { inputs: { 'allowed-account-ids': '444455556666\n111122223333' } });
});
