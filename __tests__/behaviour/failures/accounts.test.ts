import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../emulator/index.ts';
import { emulate } from '../../emulator/wire.ts';
import { REMEDY } from '../../support/failure-remedies.ts';
import { fail, succeed } from '../../support/failure-run.ts';

const USER = 'arn:aws:iam::111122223333:user/ci';

describe('an account that is not allowed', () => {
  test('is refused before anything is exported', async () => {
    const emulator = await emulate();
    const { error } = await fail(emulator, { inputs: { 'allowed-account-ids': '444455556666, 777788889999' } });
    expect(error).toBe(
      `The credentials are of the account 111122223333 (${USER}), which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`,
    );
  });

  test('is refused though a role of it could be assumed by its name', async () => {
    const emulator = await emulate();
    const inputs = { 'allowed-account-ids': '444455556666', 'role-to-assume': 'deploy' };
    const { error } = await fail(emulator, { inputs });
    expect(error).toBe(
      `The credentials are of the account 111122223333 (arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions), which allowed-account-ids does not allow.\n${REMEDY['account-not-allowed']}`,
    );
  });

  test('is refused before any call, where the role names it', async () => {
    const emulator = await emulate();
    const inputs = { 'allowed-account-ids': '444455556666', 'role-to-assume': DEMO.roleArn };
    const { error, calls } = await fail(emulator, { inputs });
    expect(error).toBe(
      `role-to-assume is in the account 111122223333, which allowed-account-ids does not allow.\n${REMEDY['invalid-input']}`,
    );
    expect(calls).toEqual([]);
  });

  test('is hidden in the log where account IDs are to be masked', async () => {
    const emulator = await emulate();
    const inputs = { 'allowed-account-ids': '444455556666', 'mask-aws-account-id': 'true' };
    const { result } = await fail(emulator, { inputs });
    expect(result.lines[0]).toBe(
      'Error: The credentials are of the account *** (arn:aws:iam::***:user/ci), which allowed-account-ids does not allow.',
    );
  });
});

test('an allowed account is served', async () => {
  const emulator = await emulate();
  await succeed(emulator, { inputs: { 'allowed-account-ids': '444455556666\n111122223333' } });
});
