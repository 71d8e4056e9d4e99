import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../src/core/failure.ts';
import type { Answer, KeyRing, Keys, RoleSession, Session } from '../../src/core/ports.ts';
import type { RawInputs } from '../../src/core/request/inputs.ts';
import { obtainSession } from '../../src/core/session.ts';
import {
  FakeAws,
  FakeSealed,
  fakePorts,
  granted,
  keyRing,
  ROLE_SESSION,
  refused,
  type Script,
  SESSION,
  USER,
} from '../support/fake-ports.ts';
import { CHAINED, OPENING, ROLE, requestOf, SEALING_KEY, SERIAL, WITH_SEED } from '../support/requests.ts';

const WITH_ROLE: Partial<RawInputs> = { ...WITH_SEED, 'role-to-assume': ROLE };
const WITHOUT_SERIAL: Partial<RawInputs> = { ...WITH_SEED, 'mfa-serial': '' };
const LONG_TERM: Keys = { accessKeyId: 'AKIADEFAULTCHAIN0000', secretAccessKey: 'chain-secret' };
/** What an earlier step exported. */
const EARLIER: NonNullable<ReturnType<KeyRing['fromEnvironment']>> & { readonly sessionToken: string } = {
  accessKeyId: 'ASIAEARLIER000000000',
  secretAccessKey: 'earlier-secret',
  sessionToken: 'earlier-token',
  expiration: new Date('2027-01-15T09:00:00Z'),
};
/** An hour before that. */
const NOW = Date.parse('2027-01-15T08:00:00Z');
const KEY = 'AKIAIOSFODNN7EXAMPLE';

/** What one run got, asked and said. */
async function obtain(
  given: Partial<RawInputs>,
  script: Script = {},
  options: {
    readonly environment?: typeof EARLIER;
    readonly chain?: Keys;
    readonly sealed?: Session | Failure;
    readonly now?: number;
  } = {},
) {
  const aws = new FakeAws(script);
  const sealed = new FakeSealed(options.sealed);
  const ports = fakePorts(aws, { now: options.now ?? NOW, keys: keyRing(options), sealed });
  const result = obtainSession(await requestOf(given), ports);
  const [session, failure] = await result.then(
    (value): readonly [Session | undefined, Failure | undefined] => [value, undefined],
    (error: unknown): readonly [Session | undefined, Failure | undefined] => {
      if (!(error instanceof Failure)) throw error;
      return [undefined, error];
    },
  );
  return { session, failure, aws, ports };
}

describe('a session token', () => {
  test('is got with the keys, the device and the duration that were given', async () => {
    const { session, aws } = await obtain({ ...WITH_SEED, 'session-duration-seconds': '900' });
    expect(session).toEqual({ credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL });
    expect(aws.calls[0]).toMatchObject({
      name: 'getSessionToken',
      keys: { accessKeyId: KEY },
      mfa: { serialNumber: SERIAL, tokenCode: expect.stringMatching(/^\d{6}$/) },
      durationSeconds: 900,
    });
  });

  test('is asked for first, and who that is beside it', async () => {
    const { aws } = await obtain(WITH_SEED);
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity']);
  });

  test('that takes several codes asks once who that is', async () => {
    const no = refused('mfa-code-refused');
    const { aws } = await obtain(WITH_SEED, { getSessionToken: [no, no, granted(SESSION)] });
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity', 'getSessionToken', 'getSessionToken']);
    expect(new Set(aws.codes).size).toBe(3);
  });

  test('whose owner cannot be told is none', async () => {
    const { session, failure } = await obtain(WITH_SEED, { callerIdentity: [refused('network')] });
    expect(session).toBeUndefined();
    expect(failure?.code).toBe('network');
  });

  test('has nothing that could be left out where it is too large', async () => {
    const { failure, aws } = await obtain(WITH_SEED, { getSessionToken: [refused('packed-policy-too-large')] });
    expect(failure?.code).toBe('packed-policy-too-large');
    expect(aws.codes).toHaveLength(1);
  });

  test('is got with one code made elsewhere', async () => {
    const { session, aws } = await obtain({ ...WITH_SEED, 'mfa-seed': '', 'mfa-code': '012345' });
    expect(session?.serial).toBe(SERIAL);
    expect(aws.codes).toEqual(['012345']);
  });
});

describe('a role', () => {
  test('by its ARN is one call, and nobody is asked who that is', async () => {
    const { session, aws } = await obtain(WITH_ROLE);
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { accessKeyId: KEY }, mfa: { serialNumber: SERIAL } });
  });

  test('is asked for with all that goes with it, and with nothing else', async () => {
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

  test('by its name is in the account of the device, and nobody is asked', async () => {
    const { aws } = await obtain({ ...WITH_SEED, 'role-to-assume': 'team/deploy' });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.roleCalls[0]?.roleArn).toBe('arn:aws:iam::123456789012:role/team/deploy');
  });

  test('by its name is in the account of the caller where the device’s number names none', async () => {
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

  test('by its name spends no code where nobody can say whose account it is', async () => {
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

  test('whose tags are too large is asked for again without the optional ones, with another code', async () => {
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
    expect(ports.reporter.infos).toEqual([
      'STS found the session tags and policies too large; trying again without the optional tags.',
    ]);
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

  test('whose tags are too large is asked for again without a code', async () => {
    const { aws } = await obtain(SESSION_FIRST, {
      assumeRole: [refused('packed-policy-too-large'), granted(ROLE_SESSION)],
    });
    expect(aws.names).toEqual(['getSessionToken', 'assumeRole', 'assumeRole']);
    expect(aws.codes).toHaveLength(1);
  });

  test('that is denied says so, and is not asked for again', async () => {
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

  test('is asked for until one comes, at no cost of a code', async () => {
    const { session, aws } = await obtain(WORKAROUND, {
      assumeRole: [secret('with/slash'), secret('with+plus'), secret('Plain123')],
    });
    expect(session?.credentials.secretAccessKey).toBe('Plain123');
    expect(aws.codes).toHaveLength(1);
  });

  test('is not asked for where nobody wants one', async () => {
    const { session } = await obtain(
      { ...WITH_ROLE, 'mfa-session-first': 'true' },
      { assumeRole: [secret('with/slash')] },
    );
    expect(session?.credentials.secretAccessKey).toBe('with/slash');
  });

  test('is not asked for for ever, and now and then there is a pause', async () => {
    const { failure, aws, ports } = await obtain(WORKAROUND, { assumeRole: [secret('with/slash')] });
    expect(failure?.message).toBe('Each of 50 secret keys had special characters.');
    expect(failure?.remedy).toBe('Leave special-characters-workaround out, or run the step again.');
    expect(aws.roleCalls).toHaveLength(50);
    expect(ports.clock.slept).toEqual([100, 200, 400, 800]);
  });
});

describe('role chaining', () => {
  test('assumes the role with the session of an earlier step', async () => {
    const { session, aws } = await obtain(CHAINED, {}, { environment: EARLIER });
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: undefined });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'earlier-token' }, mfa: undefined });
  });

  test('takes a session that the default chain finds where the environment holds none', async () => {
    const chain = { ...LONG_TERM, sessionToken: 'chain-token' };
    const { aws } = await obtain(CHAINED, {}, { chain });
    expect(aws.calls[0]).toMatchObject({ keys: chain });
  });

  test.each([
    ['the environment', { environment: { ...EARLIER, sessionToken: '' } }],
    ['the default chain', { chain: LONG_TERM }],
  ])('needs a session: long-term keys of %s are none', async (_, found) => {
    const { failure, aws } = await obtain(CHAINED, {}, found);
    expect(failure?.code).toBe('session-not-found');
    expect(aws.calls).toEqual([]);
  });

  test('without any keys at all says so', async () => {
    const { failure } = await obtain(CHAINED);
    expect(failure?.code).toBe('keys-not-found');
  });

  test('by a role’s name is in the account of the session', async () => {
    const { aws } = await obtain({ ...CHAINED, 'role-to-assume': 'deploy' }, {}, { environment: EARLIER });
    expect(aws.names).toEqual(['callerIdentity', 'assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'earlier-token' } });
    expect(aws.roleCalls[0]?.roleArn).toBe(ROLE);
  });

  test('to many roles begins at the session of an earlier step, as it is', async () => {
    const given = { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy' };
    const { session, aws } = await obtain(given, {}, { environment: EARLIER });
    expect(session).toEqual({ credentials: EARLIER, identity: USER, by: 'the environment', serial: undefined });
    expect(aws.names).toEqual(['callerIdentity']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'earlier-token' } });
  });

  test('that seals the session of an earlier step has to know when that ends, before anything is asked', async () => {
    const sealing = { 'seal-session': 'true', 'sealing-key': SEALING_KEY };
    const given = { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy', ...sealing };
    const { failure, aws } = await obtain(given, {}, { environment: { ...EARLIER, expiration: undefined } });
    expect(failure?.code).toBe('session-expiry-unknown');
    expect(aws.calls).toEqual([]);
    expect((await obtain(given, {}, { environment: EARLIER })).session?.by).toBe('the environment');
  });

  test('to many roles needs a session, too', async () => {
    const given = { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy' };
    const { failure, aws } = await obtain(given, {}, { chain: LONG_TERM });
    expect(failure?.code).toBe('session-not-found');
    expect(aws.calls).toEqual([]);
  });
});

describe('a session that another job sealed', () => {
  const SEALED: Session = { credentials: SESSION, identity: USER, by: 'a sealed session', serial: SERIAL };
  const BROKEN = new Failure('sealed-session-altered', 'It is not what was sealed.');
  const FALLBACK = { ...OPENING, ...WITH_SEED, 'sealed-session-fallback': 'true' };

  test('is used as it is, with no call at all', async () => {
    const { session, aws, ports } = await obtain(OPENING, {}, { sealed: SEALED });
    expect(session).toEqual(SEALED);
    expect(aws.calls).toEqual([]);
    expect(ports.sealed.asked).toMatchObject([{ text: OPENING['sealed-session'], minimumRemainingSeconds: 300 }]);
  });

  test('is what a role is assumed with, whose device is the one that the other job used', async () => {
    const given = { ...OPENING, 'role-to-assume': 'deploy' };
    const { session, aws } = await obtain(given, {}, { sealed: SEALED });
    expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
    expect(aws.names).toEqual(['assumeRole']);
    expect(aws.calls[0]).toMatchObject({ keys: { sessionToken: 'session-token' }, mfa: undefined });
    expect(aws.roleCalls[0]?.roleArn).toBe(ROLE);
  });

  test('that cannot be opened ends the run, and nothing is sent', async () => {
    const { failure, aws } = await obtain(OPENING, {}, { sealed: BROKEN });
    expect(failure).toBe(BROKEN);
    expect(aws.calls).toEqual([]);
  });

  test('that cannot be opened is replaced where that is allowed, and the log says why', async () => {
    const { session, ports } = await obtain(FALLBACK, {}, { sealed: BROKEN });
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.reporter.warnings).toEqual([
      'It is not what was sealed. Getting a new session instead, as sealed-session-fallback says.',
    ]);
  });

  test('is not replaced where it can be opened', async () => {
    const { session, aws } = await obtain(FALLBACK, {}, { sealed: SEALED });
    expect(session).toEqual(SEALED);
    expect(aws.calls).toEqual([]);
  });

  test.each<FailureCode>(['access-key-unknown', 'session-expired'])(
    'that AWS does not take for the role (%s) is replaced where that is allowed, and the log says why',
    async (code) => {
      const script = { assumeRole: [refused(code), granted(ROLE_SESSION)] };
      const { session, aws, ports } = await obtain({ ...FALLBACK, 'role-to-assume': ROLE }, script, { sealed: SEALED });
      expect(session).toEqual({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL });
      expect(aws.calls).toMatchObject([
        { name: 'assumeRole', keys: { accessKeyId: 'ASIASESSION000000001' }, mfa: undefined },
        { name: 'assumeRole', keys: { accessKeyId: KEY }, mfa: { serialNumber: SERIAL } },
      ]);
      expect(ports.reporter.warnings).toEqual([
        `AWS says ${code}. Getting a new session instead, as sealed-session-fallback says.`,
      ]);
    },
  );

  test.each<FailureCode>(['access-key-unknown', 'session-expired'])(
    'that AWS does not take for the role (%s) ends the run where nothing may take its place',
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
  ])('is not replaced where AWS refuses the role for what a new one would not change: %s', async (code) => {
    const given = { ...FALLBACK, 'role-to-assume': ROLE };
    const { failure, aws, ports } = await obtain(given, { assumeRole: [refused(code)] }, { sealed: SEALED });
    expect(failure?.code).toBe(code);
    expect(aws.codes).toEqual([]);
    expect(ports.reporter.warnings).toEqual([]);
  });

  test('of another partition is refused', async () => {
    const identity = { account: '123456789012', arn: 'arn:aws-cn:iam::123456789012:user/ci' };
    const { failure } = await obtain(OPENING, {}, { sealed: { ...SEALED, identity } });
    expect(failure?.code).toBe('sealed-session-elsewhere');
    expect(failure?.message).toBe('The sealed session is of the partition aws-cn, and aws-region is in aws.');
  });

  test('of an account that is not allowed is refused; with a role it is the role’s account that counts', async () => {
    const identity = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };
    const given = { ...OPENING, 'allowed-account-ids': '123456789012' };
    const alone = await obtain(given, {}, { sealed: { ...SEALED, identity } });
    expect(alone.failure?.code).toBe('account-not-allowed');
    const withRole = await obtain({ ...given, 'role-to-assume': ROLE }, {}, { sealed: { ...SEALED, identity } });
    expect(withRole.session?.identity).toEqual(ROLE_SESSION.identity);
  });
});

describe('the long-term keys', () => {
  const WITHOUT_KEYS = { ...WITH_SEED, 'aws-access-key-id': '', 'aws-secret-access-key': '' };

  test('are those of the default chain where none are given', async () => {
    const { aws } = await obtain(WITHOUT_KEYS, {}, { chain: LONG_TERM });
    expect(aws.calls[0]).toMatchObject({ keys: LONG_TERM });
  });

  test.each([
    ['a token', { ...LONG_TERM, sessionToken: 'token' }],
    ['a temporary ID', { ...LONG_TERM, accessKeyId: 'ASIADEFAULTCHAIN0000' }],
  ])('of the default chain are refused where they come with %s, before anything is sent', async (_, chain) => {
    const { failure, aws } = await obtain(WITHOUT_KEYS, {}, { chain });
    expect(failure?.code).toBe('keys-temporary');
    expect(aws.calls).toEqual([]);
  });

  test('have to be somewhere', async () => {
    const { failure } = await obtain(WITHOUT_KEYS);
    expect(failure?.code).toBe('keys-not-found');
  });
});

describe('a device that is not named', () => {
  const U2F = 'arn:aws:iam::123456789012:u2f/user/ci/key-ABC';
  const OTHER = 'arn:aws:iam::123456789012:mfa/other';

  test('is the one that the user has', async () => {
    const { session, aws } = await obtain(WITHOUT_SERIAL, { listDevices: [granted([SERIAL])] });
    expect(aws.names).toEqual(['listDevices', 'getSessionToken', 'callerIdentity']);
    expect(aws.calls[0]).toMatchObject({ keys: { accessKeyId: KEY } });
    expect(session?.serial).toBe(SERIAL);
  });

  test('is the one that the API takes, beside security keys', async () => {
    const { session } = await obtain(WITHOUT_SERIAL, { listDevices: [granted([U2F, SERIAL, U2F])] });
    expect(session?.serial).toBe(SERIAL);
  });

  test('is found for a code made elsewhere', async () => {
    const { session, aws } = await obtain(
      { ...WITHOUT_SERIAL, 'mfa-seed': '', 'mfa-code': '012345' },
      { listDevices: [granted(['GAHT12345678'])] },
    );
    expect(session?.serial).toBe('GAHT12345678');
    expect(aws.codes).toEqual(['012345']);
  });

  test('is found for a role as well, and its account is the role’s', async () => {
    const { aws } = await obtain(
      { ...WITHOUT_SERIAL, 'role-to-assume': 'deploy' },
      { listDevices: [granted([SERIAL])] },
    );
    expect(aws.roleCalls[0]?.roleArn).toBe(ROLE);
  });

  test.each([
    ['the user has none', [], 'mfa-serial is not given, and this user has no MFA device.'],
    [
      'the user has security keys only',
      [U2F],
      'mfa-serial is not given, and this user has no MFA device that can be used with the API (security keys and passkeys cannot).',
    ],
    [
      'the user has several',
      [SERIAL, OTHER, U2F],
      `mfa-serial is not given, and this user has several MFA devices: ${SERIAL}, ${OTHER}.`,
    ],
  ])('is not guessed: %s', async (_, devices, message) => {
    const { failure, aws } = await obtain(WITHOUT_SERIAL, { listDevices: [granted(devices)] });
    expect(failure?.code).toBe('mfa-device-not-found');
    expect(failure?.message).toBe(message);
    expect(aws.codes).toEqual([]);
  });

  test('of several is to be chosen, or all of them given', async () => {
    const { failure } = await obtain(WITHOUT_SERIAL, { listDevices: [granted([SERIAL, OTHER])] });
    expect(failure?.remedy).toContain('mfa-devices');
  });

  test('cannot be found where the user may not ask', async () => {
    const { failure } = await obtain(WITHOUT_SERIAL, { listDevices: [refused('access-denied')] });
    expect(failure?.code).toBe('mfa-device-not-found');
    expect(failure?.message).toBe(
      "mfa-serial is not given, and asking IAM for the user's devices failed: AWS says access-denied.",
    );
    expect(failure?.cause).toMatchObject({ code: 'access-denied' });
  });
});

describe('a code that STS did not look at', () => {
  const unknown = refused('mfa-device-unknown');

  test.each([
    ['session token', WITH_SEED],
    ['role', WITH_ROLE],
    ['role after a session token', { ...WITH_ROLE, 'mfa-session-first': 'true' }],
  ])('for a %s: the serial is not the user’s, and IAM names the right ones', async (_, given) => {
    const { failure, aws } = await obtain(given, {
      getSessionToken: [unknown],
      assumeRole: [unknown],
      listDevices: [granted(['arn:aws:iam::123456789012:mfa/right', 'GAHT12345678'])],
    });
    expect(failure?.code).toBe('mfa-device-unknown');
    expect(failure?.message).toBe(
      `This user has no MFA device ${SERIAL}; it has arn:aws:iam::123456789012:mfa/right, GAHT12345678.`,
    );
    expect(aws.codes).toHaveLength(1);
  });

  test('the user has no device at all', async () => {
    const { failure } = await obtain(WITH_SEED, { getSessionToken: [unknown], listDevices: [granted([])] });
    expect(failure?.message).toBe(`This user has no MFA device ${SERIAL}; it has none.`);
  });

  test('the device is in another account than the keys, which needs no permission to be found out', async () => {
    const { failure, aws } = await obtain(WITH_ROLE, {
      assumeRole: [unknown],
      listDevices: [refused('access-denied')],
      callerIdentity: [granted({ account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' })],
    });
    expect(failure?.message).toBe(
      `The device ${SERIAL} is in the account 123456789012, and the access key is of arn:aws:iam::999999999999:user/ci.`,
    );
    expect(aws.codes).toHaveLength(1);
  });

  test('the device is the user’s: its budget is spent, and the next three minutes are waited for', async () => {
    const { session, ports } = await obtain(WITH_SEED, {
      getSessionToken: [unknown, granted(SESSION)],
      listDevices: [granted([SERIAL])],
    });
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.clock.slept).toHaveLength(1);
    expect(new Date(ports.clock.now()).toISOString()).toMatch(/T08:03:/);
    expect(ports.reporter.infos[0]).toContain('this device has been asked too often');
  });

  test('nobody may ask: one more try in the next three minutes tells', async () => {
    const { failure, aws, ports } = await obtain(WITH_SEED, {
      getSessionToken: [unknown],
      listDevices: [refused('access-denied')],
    });
    expect(aws.codes).toHaveLength(2);
    expect(new Date(ports.clock.now()).toISOString()).toMatch(/T08:03:/);
    expect(failure?.code).toBe('mfa-device-unknown');
  });

  test('nobody may ask and nobody knows who the keys are of: the same', async () => {
    const { session } = await obtain(WITH_ROLE, {
      assumeRole: [unknown, granted(ROLE_SESSION)],
      listDevices: [refused('access-denied')],
      callerIdentity: [refused('network')],
    });
    expect(session?.by).toBe('AssumeRole');
  });
});

describe('the session of the environment', () => {
  const REUSE = { ...WITH_SEED, 'use-existing-credentials': 'true' };
  const ROLE_IDENTITY = ROLE_SESSION.identity;

  test('is used where it is still good, with no code spent, and the log says what cannot be told', async () => {
    const { session, aws, ports } = await obtain(REUSE, {}, { environment: EARLIER });
    expect(session).toEqual({ credentials: EARLIER, identity: USER, by: 'the environment', serial: undefined });
    expect(aws.names).toEqual(['callerIdentity']);
    expect(ports.reporter.infos).toEqual([
      'Using the session in the environment; whether it was made with MFA cannot be told from outside.',
    ]);
  });

  test('is used where nobody says when it ends, since STS accepts it', async () => {
    const { session } = await obtain(REUSE, {}, { environment: { ...EARLIER, expiration: undefined } });
    expect(session?.by).toBe('the environment');
    expect(session?.credentials.expiration).toBeUndefined();
  });

  test('is sealed only where it says when it ends', async () => {
    const given = { ...REUSE, 'seal-session': 'true', 'sealing-key': SEALING_KEY };
    const ended = await obtain(given, {}, { environment: EARLIER });
    expect(ended.session?.by).toBe('the environment');
    const { session, ports } = await obtain(given, {}, { environment: { ...EARLIER, expiration: undefined } });
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.reporter.infos).toEqual([
      'The session in the environment does not say when it ends, so it is not sealed; getting a new one.',
    ]);
  });

  test('is not looked at where nobody asked for that', async () => {
    const { session } = await obtain(WITH_SEED, {}, { environment: EARLIER });
    expect(session?.by).toBe('GetSessionToken');
  });

  test('is none where it holds long-term keys', async () => {
    const { session, aws } = await obtain(REUSE, {}, { environment: { ...EARLIER, sessionToken: '' } });
    expect(session?.by).toBe('GetSessionToken');
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity']);
  });

  test.each([
    ['300', 3_300_000, 'the environment'],
    ['300', 3_300_001, 'GetSessionToken'],
    ['0', 3_600_000, 'the environment'],
    ['3600', 1, 'GetSessionToken'],
  ] as const)('needs %s s: %i ms after an hour before its end it is got from %s', async (minimum, later, by) => {
    const { session } = await obtain(
      { ...REUSE, 'minimum-remaining-seconds': minimum },
      {},
      { environment: EARLIER, now: NOW + later },
    );
    expect(session?.by).toBe(by);
  });

  test('that ends too soon is told, and not even asked about', async () => {
    const { aws, ports } = await obtain(REUSE, {}, { environment: EARLIER, now: NOW + 3_500_000 });
    expect(ports.reporter.infos[0]).toBe('The session in the environment ends too soon; getting a new one.');
    expect(aws.names).toEqual(['getSessionToken', 'callerIdentity']);
  });

  test('that could not be asked about is not given up: the failure says why, and no code is spent', async () => {
    const { failure, aws } = await obtain(REUSE, { callerIdentity: [refused('throttled')] }, { environment: EARLIER });
    expect(failure?.code).toBe('throttled');
    expect(aws.names).toEqual(['callerIdentity']);
  });

  test('that STS does not know is told, and replaced', async () => {
    const { session, ports } = await obtain(
      REUSE,
      { callerIdentity: [refused('session-expired'), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.reporter.infos[0]).toBe('The session in the environment is not valid any more; getting a new one.');
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
  ])('is used for a role only where it is one %s', async (_, role, identity, used) => {
    const { session, ports } = await obtain(
      { ...REUSE, 'role-to-assume': role },
      { callerIdentity: [granted(identity), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe(used ? 'the environment' : 'AssumeRole');
    if (!used) {
      expect(ports.reporter.infos[0]).toBe(
        `The session in the environment is another one (${identity.arn}); getting a new one.`,
      );
    }
  });

  test('is not used for a user where it is one of a role', async () => {
    const { session } = await obtain(
      REUSE,
      { callerIdentity: [granted(ROLE_IDENTITY), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('GetSessionToken');
  });

  test('is not used for a user of another account than the device’s', async () => {
    const stranger = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };
    const { session } = await obtain(
      REUSE,
      { callerIdentity: [granted(stranger), granted(USER)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('GetSessionToken');
  });

  test('is not used where its account is not allowed; the new one is judged by itself', async () => {
    const stranger = { account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };
    const given = { ...REUSE, 'mfa-serial': 'GAHT12345678', 'allowed-account-ids': '123456789012' };
    const script = { callerIdentity: [granted(stranger), granted(USER)] };
    const { session } = await obtain(given, script, { environment: EARLIER });
    expect(session?.by).toBe('GetSessionToken');
  });

  test('is used where its account is allowed', async () => {
    const given = { ...REUSE, 'mfa-serial': 'GAHT12345678', 'allowed-account-ids': '123456789012' };
    const { session } = await obtain(given, {}, { environment: EARLIER });
    expect(session?.by).toBe('the environment');
  });

  test('is used though its account is not allowed where it goes nowhere itself, and only roles elsewhere follow', async () => {
    const roles = 'a = arn:aws:iam::999999999999:role/deploy';
    const given = { ...REUSE, roles, 'allowed-account-ids': '999999999999' };
    const { session, aws, ports } = await obtain(given, {}, { environment: EARLIER });
    expect(session).toEqual({ credentials: EARLIER, identity: USER, by: 'the environment', serial: undefined });
    expect(aws.names).toEqual(['callerIdentity']);
    expect(ports.reporter.infos).toEqual([
      'Using the session in the environment; whether it was made with MFA cannot be told from outside.',
    ]);
  });

  test.each([
    ['a session policy', { 'inline-session-policy': '{"Version":"2012-10-17","Statement":[]}' }],
    ['a managed session policy', { 'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    ['a source identity', { 'role-source-identity': 'octocat' }],
  ])(
    'is not used for a role with %s, which it may not have; the log says so, and nobody is asked',
    async (_, given) => {
      const { session, aws, ports } = await obtain(
        { ...REUSE, 'role-to-assume': ROLE, ...given },
        { callerIdentity: [granted(ROLE_IDENTITY)] },
        { environment: EARLIER },
      );
      expect(session?.by).toBe('AssumeRole');
      expect(aws.names).toEqual(['assumeRole']);
      expect(ports.reporter.infos).toEqual([
        'Whether the session in the environment has the session policies and the source identity that are asked for cannot be told; getting a new one.',
      ]);
    },
  );

  test('is used where many roles follow that have a session policy each: they are assumed anyway', async () => {
    const policies = { 'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
    const { session } = await obtain({ ...REUSE, roles: `a = ${ROLE}`, ...policies }, {}, { environment: EARLIER });
    expect(session?.by).toBe('the environment');
  });

  test('is used in place of a chained role where it is one of that role already', async () => {
    const { session, aws } = await obtain(
      { ...CHAINED, 'use-existing-credentials': 'true' },
      { callerIdentity: [granted(ROLE_IDENTITY)] },
      { environment: EARLIER },
    );
    expect(session?.by).toBe('the environment');
    expect(aws.names).toEqual(['callerIdentity']);
  });

  test('is what a chained role is assumed with where it is not', async () => {
    const { session } = await obtain({ ...CHAINED, 'use-existing-credentials': 'true' }, {}, { environment: EARLIER });
    expect(session?.by).toBe('AssumeRole');
  });
});

describe('an account that is not allowed', () => {
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
    expect(failure?.message).toBe(
      'The credentials are of the account 999999999999 (arn:aws:iam::999999999999:user/ci), which allowed-account-ids does not allow.',
    );
  });

  test('may be that of a session which itself goes nowhere, and many roles follow from it', async () => {
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

  test('is any that is not listed, and one that is listed is fine', async () => {
    const { session } = await obtain({ ...WITH_SEED, 'allowed-account-ids': '999999999999,123456789012' });
    expect(session?.identity).toEqual(USER);
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
