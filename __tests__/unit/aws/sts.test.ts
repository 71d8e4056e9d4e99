import { afterEach, describe, expect, test } from '@jest/globals';
import { createSts } from '../../../src/aws/sts.ts';
import type { Keys } from '../../../src/core/credentials.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { RoleCall, Sts } from '../../../src/core/ports.ts';
import { clientSetting } from '../../kit/client-setting.ts';
import { type StubAnswer, type StubServer, stubServer, xmlAnswer, xmlRefusal } from '../../kit/stub-server.ts';

const KEYS: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
const SESSION_KEYS: Keys = { accessKeyId: 'ASIASESSION000000001', secretAccessKey: 'other', sessionToken: 'token' };
const MFA = { serialNumber: 'arn:aws:iam::123456789012:mfa/ci', tokenCode: '012345' };
const CALL: RoleCall = {
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  durationSeconds: 3600,
  sessionName: 'GitHubActions',
  externalId: undefined,
  sourceIdentity: undefined,
  policy: undefined,
  policyArns: [],
  sessionTags: undefined,
};

/** A time in whole seconds, so many minutes from now. */
const minutesFromNow = (minutes: number): Date => new Date(Math.floor(Date.now() / 1000 + minutes * 60) * 1000);
const EXPIRATION = minutesFromNow(15);
/** AWS's clock where it is an hour ahead of ours, and a session that it has just made. */
const HOUR_AHEAD = minutesFromNow(60);
const hourAhead = { date: HOUR_AHEAD.toUTCString() };

const CREDENTIALS = {
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
  SessionToken: 'IQoJb3JpZ2lu==',
  Expiration: EXPIRATION.toISOString(),
};
const ROLE_ARN = 'arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions';

function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
}

function sessionToken(credentials: Readonly<Record<string, string>> = CREDENTIALS) {
  return xmlAnswer('GetSessionToken', `<Credentials>${fields(credentials)}</Credentials>`);
}

function assumedRole(arn = ROLE_ARN, credentials: Readonly<Record<string, string>> = CREDENTIALS) {
  return xmlAnswer(
    'AssumeRole',
    `<Credentials>${fields(credentials)}</Credentials><AssumedRoleUser>${fields({ Arn: arn, AssumedRoleId: 'AROA:x' })}</AssumedRoleUser>`,
  );
}

const AHEAD_SESSION = sessionToken({ ...CREDENTIALS, Expiration: minutesFromNow(75).toISOString() });
const AHEAD_ROLE = {
  ...assumedRole(ROLE_ARN, { ...CREDENTIALS, Expiration: minutesFromNow(75).toISOString() }),
  headers: hourAhead,
};

const servers: StubServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The port, with a server behind it that gives these answers in turn. */
async function stsWith(
  answers: readonly StubAnswer[],
  setting: { readonly maxAttempts?: number; readonly signal?: AbortSignal } = {},
): Promise<{ readonly sts: Sts; readonly server: StubServer; readonly masked: readonly string[] }> {
  const server = await stubServer(answers);
  servers.push(server);
  const shared = clientSetting(server.endpoint, setting);
  return { sts: createSts(shared), server, masked: shared.masked };
}

describe('GetSessionToken', () => {
  test('sends the duration and the two values of MFA, signed', async () => {
    const { sts, server } = await stsWith([sessionToken()]);
    await sts.getSessionToken(KEYS, MFA, 900);
    expect(server.requests[0]?.form).toEqual({
      Action: 'GetSessionToken',
      Version: '2011-06-15',
      DurationSeconds: '900',
      SerialNumber: 'arn:aws:iam::123456789012:mfa/ci',
      TokenCode: '012345',
    });
    expect(server.requests[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-central-1\/sts\/aws4_request,/,
    );
  });

  test('gives the credentials, masked', async () => {
    const { sts, masked } = await stsWith([sessionToken()]);
    expect(await sts.getSessionToken(KEYS, MFA, 900)).toMatchObject({
      ok: true,
      value: {
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
        sessionToken: 'IQoJb3JpZ2lu==',
        expiration: EXPIRATION,
      },
    });
    expect(masked).toEqual(['ASIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG', 'IQoJb3JpZ2lu==']);
  });

  test.each(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'] as const)(
    'is no success without %s, and what came is masked all the same',
    async (name) => {
      const { [name]: _, ...rest } = CREDENTIALS;
      const { sts, masked } = await stsWith([sessionToken(rest)]);
      const answer = await sts.getSessionToken(KEYS, MFA, 900);
      expect(answer).toMatchObject({
        ok: false,
        failure: { code: 'incomplete-answer', facts: { reason: 'no-credentials' } },
      });
      for (const secret of [CREDENTIALS.AccessKeyId, CREDENTIALS.SecretAccessKey, CREDENTIALS.SessionToken]) {
        if (CREDENTIALS[name] !== secret) expect(masked).toContain(secret);
      }
    },
  );

  test.each([
    ['an ID with a slash', { AccessKeyId: 'ASIA/../../etc/passwd' }],
    ['a short ID', { AccessKeyId: 'ASIA' }],
    ['a secret with a space', { SecretAccessKey: 'two words' }],
    ['a secret of another alphabet', { SecretAccessKey: 'clé' }],
    ['a token of two lines', { SessionToken: 'token&#10;AWS_PROFILE=evil' }],
    ['an empty token', { SessionToken: '' }],
    ['a token that fills the environment', { SessionToken: 'x'.repeat(16_385) }],
    ['an end that is no time', { Expiration: 'soon' }],
  ])('is no success with %s, since these texts go into files that the runner parses', async (_, change) => {
    const { sts } = await stsWith([sessionToken({ ...CREDENTIALS, ...change })]);
    const answer = await sts.getSessionToken(KEYS, MFA, 900);
    expect(!answer.ok && answer.failure.code).toBe('incomplete-answer');
  });

  test.each([
    ['cut off', { body: '<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>ASI' }],
    ['a page of a proxy', { body: '<html><body>Please log in.</body></html>' }],
    ['empty', { body: '' }],
    ['no XML', { body: '{"Credentials": {}}' }],
  ])('is no success where the answer is %s', async (_, answer) => {
    const { sts } = await stsWith([answer]);
    const got = await sts.getSessionToken(KEYS, MFA, 900);
    expect(!got.ok && got.failure.code).toBe('incomplete-answer');
  });
});

describe('AssumeRole', () => {
  test('sends what a role always has, and nothing that was not asked for', async () => {
    const { sts, server } = await stsWith([assumedRole()]);
    await sts.assumeRole(KEYS, CALL, undefined);
    expect(server.requests[0]?.form).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/deploy',
      RoleSessionName: 'GitHubActions',
      DurationSeconds: '3600',
    });
  });

  test('sends everything that was asked for', async () => {
    const { sts, server } = await stsWith([assumedRole()]);
    await sts.assumeRole(
      KEYS,
      {
        ...CALL,
        externalId: 'external:id',
        sourceIdentity: 'octocat',
        policy: '{"Statement":[]}',
        policyArns: ['arn:aws:iam::aws:policy/A'],
        sessionTags: {
          tags: [{ key: 'GitHub', value: 'Actions', optional: false }],
          transitiveKeys: ['GitHub'],
          requested: true,
        },
      },
      MFA,
    );
    expect(server.requests[0]?.form).toMatchObject({
      ExternalId: 'external:id',
      SourceIdentity: 'octocat',
      Policy: '{"Statement":[]}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/A',
      'Tags.member.1.Key': 'GitHub',
      'Tags.member.1.Value': 'Actions',
      'TransitiveTagKeys.member.1': 'GitHub',
      SerialNumber: 'arn:aws:iam::123456789012:mfa/ci',
      TokenCode: '012345',
    });
  });

  test('gives the credentials and whose they are', async () => {
    const { sts, masked } = await stsWith([assumedRole()]);
    expect(await sts.assumeRole(KEYS, CALL, MFA)).toMatchObject({
      ok: true,
      value: {
        credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', sessionToken: 'IQoJb3JpZ2lu==' },
        identity: { account: '123456789012', arn: ROLE_ARN },
      },
    });
    expect(masked).toEqual(['ASIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG', 'IQoJb3JpZ2lu==']);
  });

  test.each([
    '',
    'arn:aws:sts::12345:assumed-role/deploy/x',
    'arn:aws:s3:::logs',
    `${ROLE_ARN} evil`,
    'arn:AWS:sts::123456789012:x',
  ])('is no success as %j', async (arn) => {
    const { sts } = await stsWith([assumedRole(arn)]);
    const answer = await sts.assumeRole(KEYS, CALL, MFA);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'incomplete-answer', facts: { reason: 'no-arn' } } });
  });

  test('carries the token of a session', async () => {
    const { sts, server } = await stsWith([assumedRole()]);
    await sts.assumeRole(SESSION_KEYS, CALL, undefined);
    expect(server.requests[0]?.headers['x-amz-security-token']).toBe('token');
  });
});

describe('GetCallerIdentity', () => {
  test.each([
    ['arn:aws:iam::123456789012:user/team/ci', '123456789012'],
    ['arn:aws-us-gov:sts::000000000012:assumed-role/deploy/x', '000000000012'],
    ['arn:aws-cn:iam::123456789012:root', '123456789012'],
  ])('tells who that is: %s', async (arn, account) => {
    const answer = xmlAnswer('GetCallerIdentity', fields({ Arn: arn, UserId: 'x', Account: 'another' }));
    const { sts } = await stsWith([answer]);
    expect(await sts.callerIdentity(KEYS)).toMatchObject({ ok: true, value: { arn, account } });
  });
});

describe('a refusal', () => {
  const wrongCode = xmlRefusal(
    403,
    'AccessDenied',
    'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    hourAhead,
  );

  test('is an answer that says why', async () => {
    const { sts } = await stsWith([wrongCode]);
    const answer = await sts.getSessionToken(KEYS, MFA, 900);
    expect(!answer.ok && answer.failure.code).toBe('mfa-code-refused');
    expect(!answer.ok && answer.failure.facts).toMatchObject({ call: 'GetSessionToken' });
  });

  test.each([
    ['PackedPolicyTooLarge', 'packed-policy-too-large'],
    ['MalformedPolicyDocument', 'malformed-policy'],
    ['RegionDisabledException', 'region-disabled'],
    ['ExpiredToken', 'session-expired'],
  ])('whose class in the SDK has a name of its own is known by its code: %s', async (code, failure) => {
    const { sts } = await stsWith([xmlRefusal(400, code, 'No.')]);
    const answer = await sts.assumeRole(KEYS, CALL, MFA);
    expect(!answer.ok && answer.failure.code).toBe(failure);
  });

  test.each([
    ['reset' as const, 'network'],
    [{ status: 503 }, 'service-unavailable'],
    [{ status: 503, from: 'somebody else' as const }, 'service-unavailable'],
    [{ status: 503, body: '<html>', from: 'somebody else' as const }, 'incomplete-answer'],
    [{ status: 429 }, 'throttled'],
    [{ status: 429, from: 'somebody else' as const }, 'incomplete-answer'],
    [{ status: 407, body: 'Log in.', from: 'somebody else' as const }, 'incomplete-answer'],
  ])('of another kind is one too: %j is %s', async (answer, failure) => {
    const { sts } = await stsWith([answer]);
    const got = await sts.getSessionToken(KEYS, MFA, 900);
    expect(!got.ok && got.failure.code).toBe(failure);
  });

  test('tells the server’s time, in the middle of its second', async () => {
    const { sts } = await stsWith([wrongCode]);
    const answer = await sts.getSessionToken(KEYS, MFA, 900);
    expect(answer.serverTime).toBe(HOUR_AHEAD.getTime() + 500);
  });

  test('out of a cache does not tell the time', async () => {
    const cached = xmlRefusal(403, 'AccessDenied', 'No.', { ...hourAhead, age: '7' });
    const { sts } = await stsWith([cached]);
    expect((await sts.getSessionToken(KEYS, MFA, 900)).serverTime).toBeUndefined();
  });

  test('with a date that is none does not tell the time', async () => {
    const { sts } = await stsWith([xmlRefusal(403, 'AccessDenied', 'No.', { date: 'today' })]);
    expect((await sts.getSessionToken(KEYS, MFA, 900)).serverTime).toBeUndefined();
  });

  test('that never came does not tell the time of the one before', async () => {
    const { sts } = await stsWith([wrongCode, 'reset']);
    await sts.getSessionToken(KEYS, MFA, 900);
    expect((await sts.getSessionToken(KEYS, MFA, 900)).serverTime).toBeUndefined();
  });
});

describe('credentials that end at an odd time', () => {
  test.each([
    ['a minute ago', -1, 'expired'],
    ['later than was requested', 21, 'valid-too-long'],
    ['in ten years', 5_256_000, 'valid-too-long'],
  ])('are refused: %s', async (_, minutes, reason) => {
    const odd = { ...CREDENTIALS, Expiration: minutesFromNow(minutes).toISOString() };
    const { sts } = await stsWith([sessionToken(odd), assumedRole(ROLE_ARN, odd)]);
    const refusal = { ok: false, failure: { code: 'incomplete-answer', facts: { reason } } };
    expect(await sts.getSessionToken(KEYS, MFA, 900)).toMatchObject(refusal);
    expect(await sts.assumeRole(KEYS, { ...CALL, durationSeconds: 900 }, MFA)).toMatchObject(refusal);
  });
});

describe('a Date that is more than a day away', () => {
  test.each([
    ['30 days ahead', 30 * 24 * 60],
    ['27 hours ahead', 27 * 60],
    ['27 hours behind', -27 * 60],
    ['in 1970', -29_000_000],
  ])('moves no clock and ends the call, refused or not: %s', async (_, minutes) => {
    const far = { date: minutesFromNow(minutes).toUTCString() };
    const lying = [
      xmlRefusal(403, 'SignatureDoesNotMatch', 'Signature expired: it is', far),
      { ...sessionToken(), headers: far },
    ];
    const { sts, server } = await stsWith([...lying, sessionToken()]);
    for (const call of [1, 2]) {
      const answer = await sts.getSessionToken(KEYS, MFA, 900);
      expect({ call, answer }).toMatchObject({
        call,
        answer: { ok: false, serverTime: undefined, failure: { code: 'clock-off', outlook: 'final' } },
      });
    }
    expect((await sts.getSessionToken(KEYS, MFA, 900)).ok).toBe(true);
    for (const { headers } of server.requests) {
      const signed = String(headers['x-amz-date']).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
      expect(Math.abs(Date.parse(signed) - Date.now())).toBeLessThan(60_000);
    }
  });

  test('is believed up to 26 hours, a time zone and daylight saving', async () => {
    const late = xmlRefusal(403, 'SignatureDoesNotMatch', 'Signature expired: it is', {
      date: minutesFromNow(26 * 60).toUTCString(),
    });
    const { sts, server } = await stsWith([late]);
    await sts.callerIdentity(KEYS);
    expect(server.requests[1]?.headers['x-amz-date']).not.toBe(server.requests[0]?.headers['x-amz-date']);
  });
});

describe('an answer that is a success', () => {
  test('tells the server’s time as well', async () => {
    const { sts } = await stsWith([{ ...AHEAD_SESSION, headers: hourAhead }]);
    const answer = await sts.getSessionToken(KEYS, MFA, 900);
    expect(answer.ok).toBe(true);
    expect(answer.serverTime).toBe(HOUR_AHEAD.getTime() + 500);
  });
});

describe('a call that carries a code', () => {
  test.each([
    ['GetSessionToken', (sts: Sts) => sts.getSessionToken(KEYS, MFA, 900)],
    ['AssumeRole', (sts: Sts) => sts.assumeRole(KEYS, CALL, MFA)],
  ])('is sent once, whatever the answer and however often others may be: %s', async (_, ask) => {
    for (const answer of [
      'reset',
      { status: 503 },
      { status: 429 },
      xmlRefusal(400, 'Throttling', 'Rate exceeded'),
    ] as const) {
      const { sts, server } = await stsWith([answer], { maxAttempts: 12 });
      expect((await ask(sts)).ok).toBe(false);
      expect(server.requests).toHaveLength(1);
    }
  });
});

describe('a call that carries none', () => {
  test.each([
    ['AssumeRole', assumedRole(), (sts: Sts) => sts.assumeRole(SESSION_KEYS, CALL, undefined)],
    [
      'GetCallerIdentity',
      xmlAnswer('GetCallerIdentity', fields({ Arn: 'arn:aws:iam::123456789012:user/ci' })),
      (sts: Sts) => sts.callerIdentity(KEYS),
    ],
  ])('is sent again where it failed for a passing reason: %s', async (_, success, ask) => {
    const { sts, server } = await stsWith([{ status: 503 }, success], { maxAttempts: 2 });
    expect((await ask(sts)).ok).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('is sent as often as is allowed, and no more', async () => {
    const { sts, server } = await stsWith([{ status: 503 }], { maxAttempts: 2 });
    expect((await sts.callerIdentity(KEYS)).ok).toBe(false);
    expect(server.requests).toHaveLength(2);
  });

  test('is not sent again where it was refused', async () => {
    const { sts, server } = await stsWith([xmlRefusal(403, 'AccessDenied', 'No.')], { maxAttempts: 12 });
    expect((await sts.callerIdentity(KEYS)).ok).toBe(false);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a clock that is off', () => {
  const late = xmlRefusal(403, 'SignatureDoesNotMatch', 'Signature expired: it is', hourAhead);
  const signedAt = (server: StubServer, index: number): string =>
    String(server.requests[index]?.headers['x-amz-date']).slice(0, 13);
  const ahead = HOUR_AHEAD.toISOString().replace(/[-:]/g, '').slice(0, 13);

  test('is corrected in the signature of the next call, although each is sent once', async () => {
    const { sts, server } = await stsWith([late, { ...AHEAD_SESSION, headers: hourAhead }]);
    const first = await sts.getSessionToken(KEYS, MFA, 900);
    expect(!first.ok && first.failure.code).toBe('clock-off');
    expect((await sts.getSessionToken(KEYS, MFA, 900)).ok).toBe(true);
    expect(signedAt(server, 0)).not.toBe(ahead);
    expect(signedAt(server, 1)).toBe(ahead);
  });

  test('is corrected at once for a call that carries no code', async () => {
    const { sts, server } = await stsWith([late, AHEAD_ROLE]);
    expect((await sts.assumeRole(SESSION_KEYS, CALL, undefined)).ok).toBe(true);
    expect(server.requests).toHaveLength(2);
    expect(signedAt(server, 1)).toBe(ahead);
  });

  test('that the server does not believe after that either is a refusal', async () => {
    const { sts, server } = await stsWith([late]);
    const answer = await sts.callerIdentity(KEYS);
    expect(!answer.ok && answer.failure.code).toBe('clock-off');
    expect(server.requests).toHaveLength(2);
  });

  test('is corrected for other keys as well', async () => {
    const { sts, server } = await stsWith([late, AHEAD_ROLE]);
    await sts.getSessionToken(KEYS, MFA, 900);
    await sts.assumeRole(SESSION_KEYS, CALL, undefined);
    expect(signedAt(server, 1)).toBe(ahead);
  });
});

test('a call that is ended throws the reason of the end', async () => {
  const end = new AbortController();
  end.abort(new Failure('cancelled', { signal: 'SIGINT' }));
  const { sts, server } = await stsWith([sessionToken()], { signal: end.signal });
  await expect(sts.getSessionToken(KEYS, MFA, 900)).rejects.toMatchObject({ code: 'cancelled' });
  expect(server.requests).toEqual([]);
});
