import { describe, expect, test } from '@jest/globals';
import { granted, ROLE_SESSION, USER } from '../../kit/fake-ports.ts';
import { obtain } from '../../kit/obtain.ts';
import { ROLE, SEALING_KEY, WITH_SEED } from '../../kit/requests.ts';

describe('an account that isn’t allowed', () => {
  const elsewhere = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };

  test.each([
    ['of a session token', WITH_SEED, { callerIdentity: [granted(elsewhere)] }],
    [
      'of a role',
      { ...WITH_SEED, 'role-to-assume': 'deploy' },
      { assumeRole: [granted({ ...ROLE_SESSION, identity: elsewhere })] },
    ],
  ])('%s is refused', async (_, given, script) => {
    const { session, failure } = await obtain({ ...given, 'allowed-account-ids': '123456789012' }, script);
    expect(session).toBeUndefined();
    expect(failure?.code).toBe('account-not-allowed');
    expect(failure?.facts).toEqual({ ...elsewhere, what: 'credentials' });
  });

  test('may be that of a session that isn’t exported itself, only roles that it assumes', async () => {
    const given = { ...WITH_SEED, roles: `a = ${ROLE}`, 'allowed-account-ids': '123456789012' };
    const script = { callerIdentity: [granted(elsewhere)] };
    expect((await obtain(given, script)).session?.identity).toEqual(elsewhere);
    for (const going of [
      { 'output-env-credentials': 'true' },
      { 'output-credentials': 'true' },
      { 'aws-profile': 'ci' },
      { 'seal-session': 'true', 'sealing-key': SEALING_KEY },
    ]) {
      expect((await obtain({ ...given, ...going }, script)).failure?.code).toBe('account-not-allowed');
    }
  });

  test('is one that isn’t listed', async () => {
    const { session } = await obtain({ ...WITH_SEED, 'allowed-account-ids': '999999999999,123456789012' });
    expect(session?.identity).toEqual(USER);
  });
});
