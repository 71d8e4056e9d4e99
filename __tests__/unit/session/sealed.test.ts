import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import type { Session } from '../../../src/core/ports.ts';
import { granted, ROLE_SESSION, refused, SESSION, USER } from '../../kit/fake-ports.ts';
import { obtain } from '../../kit/obtain.ts';
import { OPENING, ROLE, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';

describe('a session that another job sealed', () => {
  const SEALED: Session = { credentials: SESSION, identity: USER, by: 'a sealed session', serial: SERIAL };
  const BROKEN = new Failure('sealed-session-altered', {});
  const FALLBACK = { ...OPENING, ...WITH_SEED, 'sealed-session-fallback': 'true' };

  test('is used as it is, without a call', async () => {
    const { session, aws, ports } = await obtain(OPENING, {}, { sealed: SEALED });
    expect(session).toEqual(SEALED);
    expect(aws.calls).toEqual([]);
    expect(ports.sealed.asked).toMatchObject([{ text: OPENING['sealed-session'], minimumRemainingSeconds: 300 }]);
  });

  test('assumes a role, with the device that the other job used', async () => {
    const given = { ...OPENING, 'role-to-assume': 'deploy' };
    const { session, aws } = await obtain(given, {}, { sealed: SEALED });
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'session-token' }, mfa: undefined });
    expect(aws.roleCalls[0]?.roleArn).toBe(ROLE);
  });

  test('that can’t be opened ends the run, and nothing is sent', async () => {
    const { failure, aws } = await obtain(OPENING, {}, { sealed: BROKEN });
    expect(failure).toBe(BROKEN);
    expect(aws.calls).toEqual([]);
  });

  test('that can’t be opened is replaced if that is allowed, and a notice says why', async () => {
    const { session, ports } = await obtain(FALLBACK, {}, { sealed: BROKEN });
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.reporter.notices).toEqual([{ kind: 'sealed-session-unusable', failure: BROKEN }]);
  });

  test.each([
    ['it is exported itself', {}],
    ['the role is given by its name, and so is in its account', { 'role-to-assume': 'deploy' }],
    ['one of many roles is', { roles: 'a = deploy' }],
  ])('of an account that isn’t allowed is replaced, and nothing is sent with it, if %s', async (_, more) => {
    const elsewhere = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/other' };
    const given = { ...FALLBACK, ...more, 'allowed-account-ids': '123456789012' };
    const { session, aws, ports } = await obtain(given, {}, { sealed: { ...SEALED, identity: elsewhere } });
    expect(session?.by).not.toBe('a sealed session');
    expect(aws.calls.every(({ keys }) => keys.accessKeyId === KEY)).toBe(true);
    expect(ports.reporter.notices).toMatchObject([
      { kind: 'sealed-session-unusable', failure: { code: 'account-not-allowed' } },
    ]);
  });

  test('isn’t replaced if it can be opened', async () => {
    const { session, aws } = await obtain(FALLBACK, {}, { sealed: SEALED });
    expect(session).toEqual(SEALED);
    expect(aws.calls).toEqual([]);
  });

  test.each<FailureCode>(['access-key-unknown', 'session-expired'])(
    'that AWS doesn’t accept for the role (%s) is replaced if that is allowed, and a notice says why',
    async (code) => {
      const script = { assumeRole: [refused(code), granted(ROLE_SESSION)] };
      const { session, aws, ports } = await obtain({ ...FALLBACK, 'role-to-assume': ROLE }, script, { sealed: SEALED });
      expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
      expect(aws.calls).toMatchObject([
        { name: 'assumeRole', keys: { accessKeyId: 'ASIASESSION000000001' }, mfa: undefined },
        { name: 'assumeRole', keys: { accessKeyId: KEY }, mfa: { serialNumber: SERIAL } },
      ]);
      expect(ports.reporter.notices).toMatchObject([{ kind: 'sealed-session-unusable', failure: { code } }]);
    },
  );

  test.each<FailureCode>(['access-key-unknown', 'session-expired'])(
    'that AWS doesn’t accept for the role (%s) ends the run if nothing may replace it',
    async (code) => {
      const given = { ...OPENING, 'role-to-assume': ROLE };
      const { failure, aws } = await obtain(given, { assumeRole: [refused(code)] }, { sealed: SEALED });
      expect(failure?.code).toBe(code);
      expect(aws.names).toEqual(['assumeRole']);
    },
  );

  test.each<FailureCode>([
    'assume-role-denied',
    'tag-session-denied',
    'explicit-deny',
    'role-duration-too-long',
    'malformed-policy',
    'throttled',
    'service-unavailable',
    'network',
  ])('isn’t replaced if AWS refuses the role for a reason that a new one wouldn’t change: %s', async (code) => {
    const given = { ...FALLBACK, 'role-to-assume': ROLE };
    const { failure, aws, ports } = await obtain(given, { assumeRole: [refused(code)] }, { sealed: SEALED });
    expect(failure?.code).toBe(code);
    expect(aws.codes).toEqual([]);
    expect(ports.reporter.notices).toEqual([]);
  });

  test('of another partition is refused', async () => {
    const identity = { account: '123456789012', arn: 'arn:aws-cn:iam::123456789012:user/ci' };
    const { failure } = await obtain(OPENING, {}, { sealed: { ...SEALED, identity } });
    expect(failure?.code).toBe('sealed-session-elsewhere');
    expect(failure?.facts).toEqual({ scope: 'partition', sealedFor: 'aws-cn', here: 'aws' });
  });

  test('of an account that isn’t allowed is refused; with a role, the role’s account counts', async () => {
    const identity = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };
    const given = { ...OPENING, 'allowed-account-ids': '123456789012' };
    const alone = await obtain(given, {}, { sealed: { ...SEALED, identity } });
    expect(alone.failure?.code).toBe('account-not-allowed');
    const withRole = await obtain({ ...given, 'role-to-assume': ROLE }, {}, { sealed: { ...SEALED, identity } });
    expect(withRole.session?.identity).toEqual(ROLE_SESSION.identity);
  });
});
