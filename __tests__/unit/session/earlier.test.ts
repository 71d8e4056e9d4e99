import { describe, expect, test } from '@jest/globals';
import type { Keys } from '../../../src/core/credentials.ts';
import { ROLE_SESSION, USER } from '../../kit/fake-ports.ts';
import { EARLIER, obtain } from '../../kit/obtain.ts';
import { CHAINED, ROLE, SEALING_KEY } from '../../kit/requests.ts';

const LONG_TERM: Keys = { accessKeyId: 'AKIADEFAULTCHAIN0000', secretAccessKey: 'chain-secret' };

describe('role chaining', () => {
  test('assumes the role with the session of an earlier step', async () => {
    const { session, aws } = await obtain(CHAINED, {}, { environment: EARLIER });
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: undefined });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'earlier-token' }, mfa: undefined });
  });

  test('uses a session that the default chain finds if the environment has none', async () => {
    const chain = { ...LONG_TERM, sessionToken: 'chain-token' };
    const { aws } = await obtain(CHAINED, {}, { chain });
    expect(aws.calls[0]).toMatchObject({ keys: chain });
  });

  test.each([
    ['the environment', { environment: { ...EARLIER, sessionToken: '' } }],
    ['the default chain', { chain: LONG_TERM }],
  ])('needs a session, not the long-term keys of %s', async (_, found) => {
    const { failure, aws } = await obtain(CHAINED, {}, found);
    expect(failure?.code).toBe('session-not-found');
    expect(failure?.facts).toMatchObject({ reason: 'no-token', profile: false });
    expect(aws.calls).toEqual([]);
  });

  test('without any keys fails', async () => {
    const { failure } = await obtain(CHAINED);
    expect(failure).toMatchObject({
      code: 'session-not-found',
      facts: { reason: 'none', missing: 'the runner has no keys', profile: false },
      context: undefined,
    });
  });

  test('by a role’s name is in the account of the session', async () => {
    const { aws } = await obtain({ ...CHAINED, 'role-to-assume': 'deploy' }, {}, { environment: EARLIER });
    expect(aws.names).toEqual(['callerIdentity', 'assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'earlier-token' } });
    expect(aws.roleCalls[0]?.roleArn).toBe(ROLE);
  });

  test('for many roles uses the session of an earlier step as it is', async () => {
    const given = { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy' };
    const { session, aws } = await obtain(given, {}, { environment: EARLIER });
    expect(session).toEqual({ credentials: EARLIER, identity: USER, by: 'the environment', serial: undefined });
    expect(aws.names).toEqual(['callerIdentity']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'earlier-token' } });
  });

  test('that seals the session of an earlier step must know when it expires, before any call', async () => {
    const sealing = { 'seal-session': 'true', 'sealing-key': SEALING_KEY };
    const given = { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy', ...sealing };
    const { failure, aws } = await obtain(given, {}, { environment: { ...EARLIER, expiration: undefined } });
    expect(failure?.code).toBe('session-expiry-unknown');
    expect(aws.calls).toEqual([]);
    expect((await obtain(given, {}, { environment: EARLIER })).session?.by).toBe('the environment');
  });

  test('for many roles needs a session too', async () => {
    const given = { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy' };
    const { failure, aws } = await obtain(given, {}, { chain: LONG_TERM });
    expect(failure?.code).toBe('session-not-found');
    expect(aws.calls).toEqual([]);
  });
});
