import { describe, expect, test } from '@jest/globals';
import { granted, ROLE_SESSION, refused, USER } from '../../kit/fake-ports.ts';
import { EARLIER, NOW, obtain } from '../../kit/obtain.ts';
import { CHAINED, ROLE, SEALING_KEY, WITH_SEED } from '../../kit/requests.ts';

describe('the session in the environment', () => {
  const REUSE = { ...WITH_SEED, 'use-existing-credentials': 'true' };
  const ROLE_IDENTITY = ROLE_SESSION.identity;

  test('is reused if it is still valid, without a code', async () => {
    const { session, aws, ports } = await obtain(REUSE, {}, { environment: EARLIER });
    expect(session).toEqual({ credentials: EARLIER, identity: USER, by: 'the environment', serial: undefined });
    expect(aws.names).toEqual(['callerIdentity']);
    expect(ports.reporter.notices).toEqual([{ kind: 'reused' }]);
  });

  test('is reused if nothing says when it expires, since STS accepts it', async () => {
    const { session } = await obtain(REUSE, {}, { environment: { ...EARLIER, expiration: undefined } });
    expect(session?.by).toBe('the environment');
    expect(session?.credentials.expiration).toBeUndefined();
  });

  test('is sealed only if it says when it expires', async () => {
    const given = { ...REUSE, 'seal-session': 'true', 'sealing-key': SEALING_KEY };
    const ended = await obtain(given, {}, { environment: EARLIER });
    expect(ended.session?.by).toBe('the environment');
    const { session, ports } = await obtain(given, {}, { environment: { ...EARLIER, expiration: undefined } });
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.reporter.notices).toEqual([{ kind: 'not-reused', reason: 'expiry-unknown' }]);
  });

  test('isn’t considered unless that is requested', async () => {
    const { session } = await obtain(WITH_SEED, {}, { environment: EARLIER });
    expect(session?.by).toBe('GetSessionToken');
  });

  test('doesn’t exist if there are long-term keys', async () => {
    const { session, aws } = await obtain(REUSE, {}, { environment: { ...EARLIER, sessionToken: '' } });
    expect(session?.by).toBe('GetSessionToken');
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity']);
  });

  test.each([
    ['300', 3_300_000, 'the environment'],
    ['300', 3_300_001, 'GetSessionToken'],
    ['0', 3_600_000, 'the environment'],
    ['3600', 1, 'GetSessionToken'],
  ] as const)(
    'must be valid for %s s: %i ms after an hour before it expires, the session comes from %s',
    async (minimum, later, by) => {
      const { session } = await obtain(
        { ...REUSE, 'minimum-remaining-seconds': minimum },
        {},
        { environment: EARLIER, now: NOW + later },
      );
      expect(session?.by).toBe(by);
    },
  );

  test('that expires too soon isn’t reused, without a call for it', async () => {
    const { aws, ports } = await obtain(REUSE, {}, { environment: EARLIER, now: NOW + 3_500_000 });
    expect(ports.reporter.notices).toEqual([{ kind: 'not-reused', reason: 'expires-soon' }]);
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity']);
  });

  test('that can’t be checked isn’t replaced: the step fails, and no code is spent', async () => {
    const { failure, aws } = await obtain(REUSE, { callerIdentity: [refused('throttled')] }, { environment: EARLIER });
    expect(failure?.code).toBe('throttled');
    expect(aws.names).toEqual(['callerIdentity']);
  });

  test('that STS doesn’t recognize is replaced, and a notice says so', async () => {
    const { session, ports } = await obtain(
      REUSE,
      { callerIdentity: [refused('session-expired'), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.reporter.notices).toEqual([{ kind: 'not-reused', reason: 'invalid' }]);
  });

  test.each([
    ['of the role', ROLE, ROLE_IDENTITY, true],
    ['of the role by its name', 'deploy', ROLE_IDENTITY, true],
    ['of the role with a path', 'arn:aws:iam::123456789012:role/team/deploy', ROLE_IDENTITY, true],
    ['of another role', 'arn:aws:iam::123456789012:role/other', ROLE_IDENTITY, false],
    ['of a role whose name begins so', 'arn:aws:iam::123456789012:role/deploy-more', ROLE_IDENTITY, false],
    [
      'of the role of another account',
      ROLE,
      { account: '999999999999', arn: 'arn:aws:sts::999999999999:assumed-role/deploy/x' },
      false,
    ],
    [
      'of a role by that name in another account than the device’s',
      'deploy',
      { account: '999999999999', arn: 'arn:aws:sts::999999999999:assumed-role/deploy/x' },
      false,
    ],
    ['of a user', ROLE, USER, false],
    ['of another name', ROLE, { ...ROLE_IDENTITY, arn: `${ROLE_IDENTITY.arn}-2` }, false],
  ])('is reused for a role only if it is one %s', async (_, role, identity, used) => {
    const { session, ports } = await obtain(
      { ...REUSE, 'role-to-assume': role },
      { callerIdentity: [granted(identity), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe(used ? 'the environment' : 'AssumeRole');
    if (!used) {
      expect(ports.reporter.notices).toEqual([{ kind: 'not-reused', reason: 'other-identity', arn: identity.arn }]);
    }
  });

  test('is reused for a role only if it has the session name of this step', async () => {
    for (const [name, by] of [
      ['GitHubActions', 'the environment'],
      ['githubactions', 'AssumeRole'],
      ['ci', 'AssumeRole'],
    ]) {
      const { session } = await obtain(
        { ...REUSE, 'role-to-assume': ROLE, 'role-session-name': name ?? '' },
        { callerIdentity: [granted(ROLE_IDENTITY)] },
        { environment: EARLIER },
      );
      expect(session?.by).toBe(by);
    }
  });

  test('isn’t reused for a user if it belongs to a role', async () => {
    const { session } = await obtain(
      REUSE,
      { callerIdentity: [granted(ROLE_IDENTITY), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('GetSessionToken');
  });

  test('isn’t reused for a user of another account than the device’s', async () => {
    const stranger = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };
    const { session } = await obtain(
      REUSE,
      { callerIdentity: [granted(stranger), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('GetSessionToken');
  });

  test('isn’t reused if its account isn’t allowed; the new one is checked itself', async () => {
    const stranger = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };
    const given = { ...REUSE, 'mfa-serial': 'GAHT12345678', 'allowed-account-ids': '123456789012' };
    const script = { callerIdentity: [granted(stranger), granted(USER)] };
    const { session } = await obtain(given, script, { environment: EARLIER });
    expect(session?.by).toBe('GetSessionToken');
  });

  test('is reused if its account is allowed', async () => {
    const given = { ...REUSE, 'mfa-serial': 'GAHT12345678', 'allowed-account-ids': '123456789012' };
    const { session } = await obtain(given, {}, { environment: EARLIER });
    expect(session?.by).toBe('the environment');
  });

  test('isn’t reused if a role is given by its name, which would be in its account', async () => {
    const given = { ...REUSE, 'mfa-serial': '', roles: 'a = deploy', 'allowed-account-ids': '999999999999' };
    const { aws, ports } = await obtain(given, {}, { environment: EARLIER });
    expect(aws.names).not.toEqual(['callerIdentity']);
    expect(ports.reporter.notices).toEqual([
      { kind: 'not-reused', reason: 'other-identity', arn: 'arn:aws:iam::123456789012:user/ci' },
    ]);
  });

  test('is reused although its account isn’t allowed, if it isn’t exported itself and only roles elsewhere are', async () => {
    const roles = 'a = arn:aws:iam::999999999999:role/deploy';
    const given = { ...REUSE, roles, 'allowed-account-ids': '999999999999' };
    const { session, aws, ports } = await obtain(given, {}, { environment: EARLIER });
    expect(session).toEqual({ credentials: EARLIER, identity: USER, by: 'the environment', serial: undefined });
    expect(aws.names).toEqual(['callerIdentity']);
    expect(ports.reporter.notices).toEqual([{ kind: 'reused' }]);
  });

  test.each([
    ['a session policy', { 'inline-session-policy': '{"Version":"2012-10-17","Statement":[]}' }],
    ['a managed session policy', { 'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    ['a source identity', { 'role-source-identity': 'octocat' }],
    ['a custom tag', { 'custom-tags': '{"Team":"blue"}' }],
    ['a transitive tag', { 'transitive-tag-keys': 'Repository' }],
  ])('isn’t reused for a role with %s, which it may not have; a notice says so, without a call', async (_, given) => {
    const { session, aws, ports } = await obtain(
      { ...REUSE, 'role-to-assume': ROLE, ...given },
      { callerIdentity: [granted(ROLE_IDENTITY)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('AssumeRole');
    expect(aws.names).toEqual(['assumeRole']);
    expect(ports.reporter.notices).toEqual([{ kind: 'not-reused', reason: 'hidden-terms' }]);
  });

  test('is reused for many roles that each have a session policy: they are assumed anyway', async () => {
    const policies = { 'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
    const { session } = await obtain({ ...REUSE, roles: `a = ${ROLE}`, ...policies }, {}, { environment: EARLIER });
    expect(session?.by).toBe('the environment');
  });

  test('is reused instead of a chained role if it is one of that role already', async () => {
    const { session, aws } = await obtain(
      { ...CHAINED, 'use-existing-credentials': 'true' },
      { callerIdentity: [granted(ROLE_IDENTITY)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('the environment');
    expect(aws.names).toEqual(['callerIdentity']);
  });

  test('assumes a chained role if it isn’t', async () => {
    const { session } = await obtain({ ...CHAINED, 'use-existing-credentials': 'true' }, {}, { environment: EARLIER });
    expect(session?.by).toBe('AssumeRole');
  });
});
