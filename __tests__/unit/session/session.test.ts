import { describe, expect, test } from '@jest/globals';
import type { Keys } from '../../../src/core/credentials.ts';
import type { FailureCode } from '../../../src/core/failure.ts';
import type { Answer, RoleSession } from '../../../src/core/ports.ts';
import { granted, ROLE_SESSION, refused, SESSION, USER } from '../../kit/fake-ports.ts';
import { obtain, WITH_ROLE } from '../../kit/obtain.ts';
import { ROLE, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const LONG_TERM: Keys = { accessKeyId: 'AKIADEFAULTCHAIN0000', secretAccessKey: 'chain-secret' };

describe('a session token', () => {
  test('is obtained with the given keys, device and duration', async () => {
    const { session, aws } = await obtain({ ...WITH_SEED, 'session-duration-seconds': '900' });
    expect(session).toEqual({ credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL });
    expect(aws.calls[0]).toMatchObject({
      name: 'getSessionToken',
      keys: { accessKeyId: KEY },
      mfa: { serialNumber: SERIAL, tokenCode: expect.stringMatching(/^\d{6}$/) },
      durationSeconds: 900,
    });
  });

  test('is requested first, and the identity along with it', async () => {
    const { aws } = await obtain(WITH_SEED);
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity']);
  });

  test('that takes several codes requests the identity once', async () => {
    const no = refused('mfa-code-refused');
    const { aws } = await obtain(WITH_SEED, { getSessionToken: [no, no, granted(SESSION)] });
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity', 'getSessionToken', 'getSessionToken']);
    expect(new Set(aws.codes).size).toBe(3);
  });

  test('whose identity isn’t known is a failure', async () => {
    const { session, failure } = await obtain(WITH_SEED, { callerIdentity: [refused('network')] });
    expect(session).toBeUndefined();
    expect(failure?.code).toBe('network');
  });

  test('has nothing to leave out if the call is too large', async () => {
    const { failure, aws } = await obtain(WITH_SEED, { getSessionToken: [refused('packed-policy-too-large')] });
    expect(failure?.code).toBe('packed-policy-too-large');
    expect(aws.codes).toHaveLength(1);
  });

  test('is obtained with a code from elsewhere', async () => {
    const { session, aws } = await obtain({ ...WITH_SEED, 'mfa-seed': '', 'mfa-code': '012345' });
    expect(session?.serial).toBe(SERIAL);
    expect(aws.codes).toEqual(['012345']);
  });
});

describe('a role', () => {
  test('by its ARN takes a single call', async () => {
    const { session, aws } = await obtain(WITH_ROLE);
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { accessKeyId: KEY }, mfa: { serialNumber: SERIAL } });
  });

  test('is requested with all its parameters, and no others', async () => {
    const { aws } = await obtain({
      ...WITH_ROLE,
      'role-duration-seconds': '43200',
      'role-session-name': 'ci-session',
      'role-external-id': 'external:id',
      'role-source-identity': 'octocat',
      'inline-session-policy': '{"Statement":[]}',
      'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      'role-skip-session-tagging': 'true',
    });
    expect(aws.roleCalls).toEqual([
      {
        roleArn: ROLE,
        durationSeconds: 43_200,
        sessionName: 'ci-session',
        externalId: 'external:id',
        sourceIdentity: 'octocat',
        policy: '{"Statement":[]}',
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        sessionTags: undefined,
      },
    ]);
  });

  test('by its name is in the account of the device, without another call', async () => {
    const { aws } = await obtain({ ...WITH_SEED, 'role-to-assume': 'team/deploy' });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.roleCalls[0]?.roleArn).toBe('arn:aws:iam::123456789012:role/team/deploy');
  });

  test('by its name is in the account of the caller if the device’s number shows none', async () => {
    const { aws } = await obtain(
      { ...WITH_SEED, 'mfa-serial': 'GAHT12345678', 'role-to-assume': 'deploy' },
      { callerIdentity: [granted({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ci' })] },
    );
    expect(aws.names).toEqual(['callerIdentity', 'assumeRole']);
    expect(aws.roleCalls[0]?.roleArn).toBe('arn:aws:iam::111122223333:role/deploy');
  });

  test('by its name is of the region’s partition', async () => {
    const { aws } = await obtain({
      ...WITH_SEED,
      'aws-region': 'cn-north-1',
      'mfa-serial': 'arn:aws-cn:iam::123456789012:mfa/ci',
      'role-to-assume': 'deploy',
    });
    expect(aws.roleCalls[0]?.roleArn).toBe('arn:aws-cn:iam::123456789012:role/deploy');
  });

  test('by its name costs no code if its account can’t be found', async () => {
    const { failure, aws } = await obtain(
      { ...WITH_SEED, 'mfa-serial': 'GAHT12345678', 'role-to-assume': 'deploy' },
      { callerIdentity: [refused('access-key-unknown')] },
    );
    expect(failure?.code).toBe('access-key-unknown');
    expect(aws.codes).toEqual([]);
  });

  test('with a code made elsewhere is one call with it', async () => {
    const { aws } = await obtain({ ...WITH_SEED, 'mfa-seed': '', 'mfa-code': '012345', 'role-to-assume': 'deploy' });
    expect(aws.codes).toEqual(['012345']);
    expect(aws.roleCalls[0]?.roleArn).toBe('arn:aws:iam::123456789012:role/deploy');
  });

  test('whose tags are too large is requested again without the optional ones, with another code', async () => {
    const { session, aws, ports } = await obtain(WITH_ROLE, {
      assumeRole: [refused('packed-policy-too-large'), granted(ROLE_SESSION)],
    });
    expect(session?.by).toBe('AssumeRole');
    const keys = aws.roleCalls.map(({ sessionTags }) => sessionTags?.tags.map(({ key }) => key));
    expect(keys).toEqual([
      ['GitHub', 'Repository', 'RunId'],
      ['GitHub', 'Repository'],
    ]);
    expect(new Set(aws.codes).size).toBe(2);
    expect(ports.reporter.notices).toEqual([{ kind: 'optional-tags-dropped' }]);
  });

  test('whose tags are too large without the optional ones is given up', async () => {
    const { failure, aws } = await obtain(WITH_ROLE, { assumeRole: [refused('packed-policy-too-large')] });
    expect(failure?.code).toBe('packed-policy-too-large');
    expect(aws.roleCalls).toHaveLength(2);
  });
});

describe('a role after a session token', () => {
  const SESSION_FIRST = { ...WITH_ROLE, 'mfa-session-first': 'true' };

  test('spends one code, on the token, and none on the role', async () => {
    const { session, aws } = await obtain(SESSION_FIRST);
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
    expect(aws.names).toEqual(['getSessionToken', 'assumeRole']);
    expect(aws.calls[1]).toMatchObject({ keys: { sessionToken: 'session-token' }, mfa: undefined });
  });

  test('whose tags are too large is requested again without a code', async () => {
    const { aws } = await obtain(SESSION_FIRST, {
      assumeRole: [refused('packed-policy-too-large'), granted(ROLE_SESSION)],
    });
    expect(aws.names).toEqual(['getSessionToken', 'assumeRole', 'assumeRole']);
    expect(aws.codes).toHaveLength(1);
  });

  test('that is denied fails, and isn’t requested again', async () => {
    const { failure, aws } = await obtain(SESSION_FIRST, { assumeRole: [refused('assume-role-denied')] });
    expect(failure?.code).toBe('assume-role-denied');
    expect(aws.roleCalls).toHaveLength(1);
  });

  test('has no token that could be made smaller', async () => {
    const { aws } = await obtain(SESSION_FIRST, { getSessionToken: [refused('packed-policy-too-large')] });
    expect(aws.names).toEqual(['getSessionToken']);
  });

  test('by its name knows its account before a code is spent', async () => {
    const { aws } = await obtain({ ...SESSION_FIRST, 'mfa-serial': 'GAHT12345678', 'role-to-assume': 'deploy' });
    expect(aws.names).toEqual(['callerIdentity', 'getSessionToken', 'assumeRole']);
  });
});

describe('a secret key without special characters', () => {
  const WORKAROUND = { ...WITH_ROLE, 'mfa-session-first': 'true', 'special-characters-workaround': 'true' };
  const secret = (secretAccessKey: string): Answer<RoleSession> =>
    granted({ ...ROLE_SESSION, credentials: { ...ROLE_SESSION.credentials, secretAccessKey } });

  test('is requested until there is one, which costs no code', async () => {
    const { session, aws } = await obtain(WORKAROUND, {
      assumeRole: [secret('with/slash'), secret('with+plus'), secret('Plain123')],
    });
    expect(session?.credentials.secretAccessKey).toBe('Plain123');
    expect(aws.codes).toHaveLength(1);
  });

  test('isn’t required by default', async () => {
    const { session } = await obtain(
      { ...WITH_ROLE, 'mfa-session-first': 'true' },
      { assumeRole: [secret('with/slash')] },
    );
    expect(session?.credentials.secretAccessKey).toBe('with/slash');
  });

  test('isn’t requested forever, and there are pauses', async () => {
    const { failure, aws, ports } = await obtain(WORKAROUND, { assumeRole: [secret('with/slash')] });
    expect(failure?.facts).toEqual({ call: 'AssumeRole', reason: 'special-characters', attempts: 50 });
    expect(aws.roleCalls).toHaveLength(50);
    expect(ports.clock.slept).toEqual([100, 200, 400, 800]);
  });
});

describe('the long-term keys', () => {
  const WITHOUT_KEYS = { ...WITH_SEED, 'aws-access-key-id': '', 'aws-secret-access-key': '' };

  test('are those of the default chain if none are given', async () => {
    const { aws } = await obtain(WITHOUT_KEYS, {}, { chain: LONG_TERM });
    expect(aws.calls[0]).toMatchObject({ keys: LONG_TERM });
  });

  test.each([
    ['a token', { ...LONG_TERM, sessionToken: 'token' }],
    ['a temporary ID', { ...LONG_TERM, accessKeyId: 'ASIADEFAULTCHAIN0000' }],
  ])('of the default chain are refused if they come with %s, before anything is sent', async (_, chain) => {
    const { failure, aws } = await obtain(WITHOUT_KEYS, {}, { chain });
    expect(failure?.code).toBe('keys-temporary');
    expect(aws.calls).toEqual([]);
  });

  test('have to be somewhere', async () => {
    const { failure } = await obtain(WITHOUT_KEYS);
    expect(failure?.code).toBe('keys-not-found');
  });
});

test.each<FailureCode>(['secret-key-wrong', 'access-key-unknown', 'region-disabled'])(
  'a refusal that cannot be cured ends the run after one code: %s',
  async (code) => {
    const { failure, aws } = await obtain(WITH_SEED, {
      getSessionToken: [refused(code)],
      callerIdentity: [refused(code)],
    });
    expect(failure?.code).toBe(code);
    expect(aws.codes).toHaveLength(1);
  },
);
