import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../emulator/index.ts';
import { emulate } from '../../emulator/wire.ts';
import { REMEDY } from '../../support/failure-remedies.ts';
import { fail, succeed } from '../../support/failure-run.ts';
import { tap } from '../../support/failure-tap.ts';
import { SEALING_KEY, sealedText } from '../../support/sealed-text.ts';

const USER = 'arn:aws:iam::111122223333:user/ci';

/** A device that is not named tells no account before it is found. */
const NOT_ALLOWED = { 'allowed-account-ids': '444455556666', 'mfa-serial': '' };

describe('an account that is not allowed', () => {
  test('is refused before anything is exported', async () => {
    const emulator = await emulate();
    const { error } = await fail(emulator, {
      inputs: { ...NOT_ALLOWED, 'allowed-account-ids': '444455556666, 777788889999' },
    });
    expect(error).toBe(
      `The credentials are of the account 111122223333 (${USER}), which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`,
    );
  });

  test('is refused though a role of it could be assumed by its name', async () => {
    const emulator = await emulate();
    const { error } = await fail(emulator, { inputs: { ...NOT_ALLOWED, 'role-to-assume': 'deploy' } });
    expect(error).toBe(
      `The credentials are of the account 111122223333 (arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions), which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`,
    );
  });

  test('is refused though one of many roles could be assumed there by its name, and none is', async () => {
    const emulator = await emulate();
    const roles = 'theirs = arn:aws:iam::444455556666:role/deploy\nmine = deploy';
    const { error, calls } = await fail(emulator, { inputs: { ...NOT_ALLOWED, roles } });
    expect(error).toBe(
      `The role of the profile mine is in the account 111122223333, which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`,
    );
    expect(calls.map(({ operation }) => operation)).not.toContain('AssumeRole');
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
      'Error: The credentials are of the account *** (arn:aws:iam::***:user/ci), which allowed-account-ids does not allow.',
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
