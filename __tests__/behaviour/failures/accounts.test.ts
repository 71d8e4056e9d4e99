import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { tap } from '../../kit/between.ts';
import { fail, succeed } from '../../kit/failing.ts';
import { SEALING_KEY, sealedText } from '../../kit/sealed-text.ts';
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
    ['the device that is found shows it', {}, 'found', ['111122223333']],
    [
      'the device that is found shows it for a role by its name',
      { 'role-to-assume': 'deploy' },
      'found',
      ['deploy', '111122223333'],
    ],
    [
      'the device that is found shows it for a role after a session',
      { 'role-to-assume': 'deploy', 'mfa-session-first': 'true' },
      'found',
      ['deploy', '111122223333'],
    ],
    [
      'the device that is found shows it for many roles',
      { roles: 'theirs = arn:aws:iam::444455556666:role/deploy\nmine = deploy' },
      'found',
      ['111122223333'],
    ],
    [
      'the device that is found for one code shows it',
      { 'mfa-seed': '', 'mfa-code': '123456' },
      'found',
      ['111122223333'],
    ],
    ['the device shows none, but the user’s ARN does', { 'mfa-serial': TOKEN }, 'token', ['111122223333', USER]],
    [
      'the device shows none for a role by its name',
      { 'mfa-serial': TOKEN, 'role-to-assume': 'deploy' },
      'token',
      ['deploy', '111122223333'],
    ],
  ] as const)('is refused before a code is sent if %s', async (_, inputs, asked, facts) => {
    const emulator = await emulate(asked === 'token' ? { world: withToken() } : {});
    const { code, message, calls } = await fail(emulator, { inputs: { ...NOT_ALLOWED, ...inputs } });
    expectFailure({ code, message }, 'account-not-allowed', ...facts, 'allowed-account-ids');
    expect(calls.map(({ operation }) => operation)).toEqual(OPERATIONS[asked]);
  });

  test('is refused before any call if any device of a pool shows it', async () => {
    const emulator = await emulate();
    const pool = `${TOKEN} ${DEMO.seed}\n${DEMO.serial} ${DEMO.seed}`;
    const inputs = { ...NOT_ALLOWED, 'mfa-seed': '', 'mfa-devices': pool };
    const { code, message, calls } = await fail(emulator, { inputs });
    expectFailure({ code, message }, 'invalid-input', '111122223333', 'mfa-devices', 'allowed-account-ids');
    expect(calls).toEqual([]);
  });

  test('of the session alone doesn’t matter if only roles of allowed accounts leave the step', async () => {
    const through = await tap(await emulate(), (body) =>
      body.replace(/(<Arn>arn:aws:sts::)111122223333(:assumed-role\/)/, '$1444455556666$2'),
    );
    const roles = 'theirs = arn:aws:iam::444455556666:role/deploy';
    const { code, message, calls } = await fail(through, { inputs: { ...NOT_ALLOWED, roles } });
    expectFailure({ code, message }, 'assume-role-denied', 'theirs');
    expect(calls.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['ListMFADevices', 'GetSessionToken', 'AssumeRole']),
    );
  });

  const named = { 'allowed-account-ids': '444455556666' };
  test.each([
    ['the role names it', { ...named, 'role-to-assume': DEMO.roleArn }, 'role-to-assume'],
    ['one of many roles names it', { ...named, roles: `mine = ${DEMO.roleArn}` }, 'roles'],
    ['the device names it', named, 'mfa-serial'],
    ['the device names it for a role', { ...named, 'role-to-assume': 'deploy' }, 'role-to-assume'],
    ['the device names it for many roles', { ...named, roles: 'mine = deploy' }, 'roles'],
  ])('is refused before any call if %s', async (_, inputs, what) => {
    const emulator = await emulate();
    const { code, message, calls } = await fail(emulator, { inputs });
    expectFailure({ code, message }, 'invalid-input', what, '111122223333', 'allowed-account-ids');
    expect(calls).toEqual([]);
  });

  const fallback = {
    ...named,
    'sealing-key': SEALING_KEY,
    'sealed-session': sealedText(),
    'sealed-session-fallback': 'true',
  };
  test.each([
    ['a session', fallback, 'mfa-serial'],
    ['a role by its name', { ...fallback, 'role-to-assume': 'deploy' }, 'role-to-assume'],
    ['many roles', { ...fallback, roles: 'mine = deploy' }, 'roles'],
  ])('is refused before any call if the fallback of a sealed session is in it: %s', async (_, inputs, what) => {
    const emulator = await emulate();
    const { code, message, calls } = await fail(emulator, { inputs });
    expectFailure({ code, message }, 'invalid-input', what, '111122223333', 'allowed-account-ids');
    expect(calls).toEqual([]);
  });

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
      const { code, message, calls, job } = await fail(through, { inputs });
      expectFailure(
        { code, message },
        'account-not-allowed',
        DEMO.roleArn,
        'mine',
        '444455556666',
        'allowed-account-ids',
      );
      expect(calls.map(({ operation }) => operation)).toContain('AssumeRole');
      expect(existsSync(join(job.temp, 'aws-mfa-credentials', 'credentials'))).toBe(false);
    },
  );

  test('is hidden in the log if account IDs are masked', async () => {
    const emulator = await emulate();
    const { result } = await fail(emulator, { inputs: { ...NOT_ALLOWED, 'mask-aws-account-id': 'true' } });
    expect(result.lines[0]).toContain('***');
    expect(result.lines.join()).not.toContain('111122223333');
    const early = await fail(emulator, { inputs: { ...named, 'mask-aws-account-id': 'true' } });
    expect(early.result.lines[0]).toContain('***');
    expect(early.result.lines.join()).not.toContain('111122223333');
  });
});

test('an allowed account is served', async () => {
  const emulator = await emulate();
  await succeed(emulator, { inputs: { 'allowed-account-ids': '444455556666\n111122223333' } });
});
