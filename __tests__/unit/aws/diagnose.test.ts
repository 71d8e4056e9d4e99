import { describe, expect, test } from '@jest/globals';
import { diagnose as diagnoseIn } from '../../../src/aws/diagnose.ts';
import type { Scene } from '../../../src/aws/diagnose-connection.ts';
import { Failure, type FailureCode, isTransient } from '../../../src/core/failure.ts';
import { ConnectError } from '../../../src/net/secure-socket.ts';

/**
 * A refusal as the SDK throws it: the message and the code on the wire, and the name of the SDK's class, which ends in
 * "Exception" if the service's model knows the error.
 */
function refusal(status: number, code: string, message: string, name = code): Error {
  const error = Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: status, attempts: 1, totalRetryDelay: 0 },
    Type: 'Sender',
    Code: code,
    Error: { Type: 'Sender', Code: code, Message: message },
  });
  return Object.defineProperty(error, '$response', { enumerable: false, value: { statusCode: status, headers: {} } });
}

/** An answer that the SDK can't turn into an error: it has no code. */
function unreadable(status: number, headers: Readonly<Record<string, string>> = {}, requestId?: string): Error {
  const error = Object.assign(
    new Error('Unknown\n  Deserialization error: inspect the hidden field {error}.$response'),
    {
      name: 'Unknown',
      $metadata: { httpStatusCode: status, requestId },
      Error: { Message: 'Unknown' },
    },
  );
  return Object.defineProperty(error, '$response', { enumerable: false, value: { statusCode: status, headers } });
}

const SCENE: Scene = {
  region: 'eu-central-1',
  endpoint: undefined,
  secrets: { redact: (text) => text.replaceAll('314159', '***') },
};
const diagnose = (error: unknown, call: string): Failure => diagnoseIn(error, call, SCENE);

/** An error of the system, with the call that failed, before any answer came. */
function systemError(code: string, message: string, syscall?: string): Error {
  return Object.assign(new Error(message), { code, ...(syscall === undefined ? {} : { syscall }) });
}

const ARN = 'arn:aws:iam::123456789012:user/ci';
const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const denied = (action: string): string => `User: ${ARN} is not authorized to perform: ${action} on resource: ${ROLE}`;

/** What STS says when it refuses, and what it means. */
const REFUSALS: readonly (readonly [FailureCode, number, string, string, string?])[] = [
  ['mfa-code-refused', 403, 'AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code. '],
  [
    'mfa-device-unknown',
    403,
    'AccessDenied',
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
  ],
  [
    'mfa-incomplete',
    403,
    'AccessDenied',
    'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
  ],
  ['session-credentials-refused', 403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials'],
  ['assume-role-denied', 403, 'AccessDenied', denied('sts:AssumeRole')],
  ['tag-session-denied', 403, 'AccessDenied', denied('sts:TagSession')],
  ['source-identity-denied', 403, 'AccessDenied', denied('sts:SetSourceIdentity')],
  [
    'explicit-deny',
    403,
    'AccessDenied',
    `${denied('sts:AssumeRole')} with an explicit deny in an identity-based policy`,
  ],
  [
    'explicit-deny',
    403,
    'AccessDenied',
    `${denied('sts:TagSession')} with an explicit deny in a service control policy`,
  ],
  ['access-denied', 403, 'AccessDenied', denied('iam:ListMFADevices')],
  ['access-denied', 403, 'AccessDenied', 'Access denied'],
  ['access-denied', 403, 'AccessDenied', denied('sts:GetSessionToken'), 'AccessDeniedException'],
  [
    'chained-duration-too-long',
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  ],
  [
    'role-duration-too-long',
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  ],
  ['invalid-parameter', 400, 'ValidationError', "1 validation error detected: Value '1' at 'tokenCode' failed"],
  ['invalid-parameter', 400, 'InvalidParameterValue', 'The parameter is invalid.'],
  ['access-key-unknown', 403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
  ['access-key-unknown', 403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  [
    'access-key-unknown',
    403,
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  [
    'secret-key-wrong',
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  ],
  [
    'invalid-parameter',
    403,
    'SignatureDoesNotMatch',
    "Credential should be scoped to a valid region, not 'us-west-3'. ",
  ],
  [
    'clock-off',
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20270115T080000Z is now earlier than 20270115T081500Z (20270115T083000Z - 15 min.)',
  ],
  [
    'clock-off',
    403,
    'SignatureDoesNotMatch',
    'Signature not yet current: 20270115T083000Z is still later than 20270115T081500Z (20270115T080000Z + 15 min.)',
  ],
  [
    'clock-off',
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  ['clock-off', 400, 'RequestExpired', 'Signature expired: it is over'],
  ['session-expired', 403, 'ExpiredToken', 'The security token included in the request is expired'],
  [
    'session-expired',
    403,
    'ExpiredToken',
    'The security token included in the request is expired',
    'ExpiredTokenException',
  ],
  ['region-disabled', 403, 'RegionDisabledException', 'STS is not activated in this region for account:123456789012.'],
  [
    'packed-policy-too-large',
    400,
    'PackedPolicyTooLarge',
    'Packed size of session tags consumes 101% of allotted space.',
  ],
  [
    'packed-policy-too-large',
    400,
    'PackedPolicyTooLarge',
    'Packed size of session tags consumes 101% of allotted space.',
    'PackedPolicyTooLargeException',
  ],
  ['malformed-policy', 400, 'MalformedPolicyDocument', 'Syntax error', 'MalformedPolicyDocumentException'],
  ['throttled', 400, 'Throttling', 'Rate exceeded'],
  ['throttled', 400, 'ThrottlingException', 'Rate exceeded'],
  ['throttled', 429, 'TooManyRequestsException', 'Too many requests'],
  ['throttled', 400, 'RequestLimitExceeded', 'Request limit exceeded.'],
  ['throttled', 503, 'SlowDown', 'Please reduce your request rate.'],
];

describe('a refusal of STS', () => {
  test.each(REFUSALS)('means %s: HTTP %i %s, "%s"', (failure, status, code, message, name = code) => {
    const diagnosed = diagnose(refusal(status, code, message, name), 'AssumeRole');
    expect(diagnosed).toMatchObject({
      code: failure,
      facts: { call: 'AssumeRole', aws: `${code}: ${message.trim()}` },
    });
  });

  test('is kept as the cause', () => {
    const error = refusal(400, 'Throttling', 'Rate exceeded');
    expect(diagnose(error, 'AssumeRole').cause).toBe(error);
  });

  test.each(REFUSALS.filter(([, , code, message]) => !/^(?:Access denied|Rate)/.test(message) && code !== ''))(
    'means %s even if AWS rewords it: HTTP %i %s, "%s"',
    (failure, status, code, message, name = code) => {
      const reworded = refusal(status, code, `Sorry. ${message.trim()}  (Service: Sts, Request ID: 1)`, name);
      expect(diagnose(reworded, 'AssumeRole').code).toBe(failure);
    },
  );

  test.each(REFUSALS)(
    'is known by the wire’s code, whatever the SDK calls it (%s)',
    (failure, status, code, message) => {
      expect(diagnose(refusal(status, code, message, 'SomethingElse'), 'AssumeRole').code).toBe(failure);
    },
  );

  test.each(REFUSALS)(
    'is known by the SDK’s name if AWS gave it a request ID and no body (%s)',
    (failure, status, code, message, name = code) => {
      const error = Object.assign(new Error(message), {
        name,
        $metadata: { httpStatusCode: status, requestId: 'r-1' },
      });
      expect(diagnose(error, 'AssumeRole').code).toBe(failure);
    },
  );

  test.each(REFUSALS)('is not believed without AWS’s error body and request ID (%s)', (_, status, code, message) => {
    const error = Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });
    expect(['incomplete-answer', 'service-unavailable']).toContain(diagnose(error, 'AssumeRole').code);
  });

  test('is not read out of a message with another code', () => {
    const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
    expect(diagnose(refusal(400, 'ValidationError', message), 'AssumeRole').code).toBe('invalid-parameter');
  });

  test('that is unknown is shown with its code', () => {
    const failure = diagnose(refusal(400, 'BrandNewError', ' It is new. '), 'AssumeRole');
    expect(failure.code).toBe('access-denied');
    expect(failure.facts).toEqual({ call: 'AssumeRole', status: 400, aws: 'BrandNewError: It is new.' });
  });
});

describe('an answer that is not AWS’s', () => {
  test.each([502, 503, 504])(
    'HTTP %i with no content means that the service is unavailable, but not that AWS said so',
    (status) => {
      const failure = diagnose(unreadable(status, { 'content-length': '0' }), 'GetSessionToken');
      expect(failure.code).toBe('service-unavailable');
      expect(failure.facts).toEqual({ call: 'GetSessionToken', status, aws: undefined });
    },
  );

  test('HTTP 500 with AWS’s error body is AWS’s', () => {
    expect(diagnose(refusal(500, 'InternalFailure', 'It broke.'), 'GetSessionToken')).toMatchObject({
      code: 'service-unavailable',
      facts: { call: 'GetSessionToken', status: 500, aws: 'InternalFailure: It broke.' },
    });
    expect(diagnose(unreadable(500, {}, 'r-1'), 'GetSessionToken').code).toBe('service-unavailable');
  });

  test.each([
    [200, { 'content-type': 'text/html' }, 'text/html'],
    [204, {}, undefined],
    [301, { 'content-type': 'text/html', location: 'https://portal.example/' }, 'text/html'],
    [400, { 'content-length': '0' }, undefined],
    [403, { 'content-type': 'text/html; charset=utf-8' }, 'text/html; charset=utf-8'],
    [404, {}, undefined],
    [405, {}, undefined],
    [407, {}, undefined],
    [413, { 'content-type': 'text/plain' }, 'text/plain'],
    [429, {}, undefined],
    [500, {}, undefined],
    [503, { 'content-type': 'text/html', 'content-length': '99' }, 'text/html'],
  ])('HTTP %i with %j says what it is, and nothing of the SDK’s inside', (status, headers, contentType) => {
    const failure = diagnose(unreadable(status, headers), 'GetSessionToken');
    expect(failure.code).toBe('incomplete-answer');
    expect(failure.facts).toEqual({ call: 'GetSessionToken', reason: 'not-aws', status, contentType });
  });

  test('HTTP 200 whose XML is cut off shows no part of it: it may be half of a credential', () => {
    const error = Object.assign(new Error('XML parse error: missing closing tag </AccessKeyId>.'), {
      $metadata: { httpStatusCode: 200, attempts: 1 },
    });
    const failure = diagnose(error, 'GetSessionToken');
    expect(failure.code).toBe('incomplete-answer');
    expect(failure.facts).toEqual({
      call: 'GetSessionToken',
      reason: 'not-aws',
      status: 200,
      contentType: undefined,
    });
  });

  test('the status of the hidden response counts if there is no other', () => {
    const error = Object.defineProperty(new Error('Unknown'), '$response', {
      value: { statusCode: 503, headers: {}, body: '' },
    });
    expect(diagnose(error, 'GetSessionToken').code).toBe('service-unavailable');
  });

  test('that ended half-way is a lost answer', () => {
    const error = Object.assign(systemError('ECONNRESET', 'aborted'), { $metadata: { httpStatusCode: 200 } });
    expect(diagnose(error, 'GetSessionToken')).toMatchObject({
      code: 'network',
      facts: { call: 'GetSessionToken', reason: 'closed', error: 'ECONNRESET' },
    });
  });
});

describe('text from outside', () => {
  test('is shown without a code that was sent', () => {
    const { facts } = diagnose(refusal(400, 'ValidationError', 'TokenCode=314159 is odd'), 'GetSessionToken');
    expect(facts).toEqual({ call: 'GetSessionToken', aws: 'ValidationError: TokenCode=*** is odd' });
  });

  test('is cut at about two kilobytes', () => {
    const { facts } = diagnose(refusal(400, 'ValidationError', 'x'.repeat(1_000_000)), 'GetSessionToken');
    expect(facts).toEqual({ call: 'GetSessionToken', aws: expect.stringMatching(/^.{2000,2050}$/) });
  });

  test('shows no part of a secret that the cut goes through', () => {
    const { facts } = diagnose(systemError('EODD', `${'x'.repeat(1_992)}314159`), 'GetSessionToken');
    expect(facts).toMatchObject({ error: expect.stringMatching(/x\*{2}…$/) });
  });
});

describe('no connection', () => {
  const connecting = (code: string, stage: 'connect' | 'tls' = 'connect', words = 'words'): ConnectError =>
    new ConnectError(stage, 'sts.eu-central-1.amazonaws.com:443', systemError(code, `${code}: ${words}`));

  test.each(['ECONNREFUSED', 'ETIMEDOUT', 'ENETUNREACH'])('means that nothing was sent: %s', (code) => {
    const failure = diagnose(connecting(code), 'AssumeRole');
    expect(failure.code).toBe('unreachable');
    expect(failure.facts).toEqual({
      call: 'AssumeRole',
      reason: 'connection',
      target: 'sts.eu-central-1.amazonaws.com:443',
      proxy: undefined,
      error: `${code}: words`,
    });
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'])(
    'because an AWS host name does not resolve is about the region: %s',
    (code) => {
      const failure = diagnose(connecting(code), 'AssumeRole');
      expect(failure.facts).toEqual({
        call: 'AssumeRole',
        reason: 'name',
        host: 'sts.eu-central-1.amazonaws.com',
        region: 'eu-central-1',
        error: code,
      });
    },
  );

  test('because the host of a custom endpoint does not resolve is not about the region', () => {
    const failure = diagnoseIn(connecting('ENOTFOUND'), 'AssumeRole', { ...SCENE, endpoint: 'https://sts.example' });
    expect(failure.facts).toMatchObject({ reason: 'connection' });
  });

  test('to any address of a host reports the first error', () => {
    const cause = new AggregateError(
      [systemError('ECONNREFUSED', 'connect ECONNREFUSED ::1:1', 'connect')],
      'all failed',
    );
    expect(diagnose(new ConnectError('connect', 'localhost:1', cause), 'AssumeRole').facts).toMatchObject({
      target: 'localhost:1',
      error: 'ECONNREFUSED: connect ECONNREFUSED ::1:1',
    });
  });

  test('over plain http means the same', () => {
    const cause = systemError('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1', 'connect');
    expect(diagnose(cause, 'AssumeRole').code).toBe('unreachable');
    expect(diagnose(new Error('wrapped', { cause }), 'AssumeRole').code).toBe('unreachable');
  });

  test.each(['EPROTO', 'ECONNRESET', 'ERR_SSL_WRONG_VERSION_NUMBER'])(
    'because of TLS is no refusal of AWS: %s',
    (code) => {
      expect(diagnose(connecting(code, 'tls'), 'AssumeRole')).toMatchObject({
        code: 'unreachable',
        facts: { reason: 'tls', target: 'sts.eu-central-1.amazonaws.com:443', error: `${code}: words` },
      });
    },
  );

  test.each([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HOSTNAME_MISMATCH',
  ])('because of a certificate that is not trusted is not tried again: %s', (code) => {
    const failure = diagnose(connecting(code, 'tls', 'the certificate is bad'), 'GetSessionToken');
    expect(failure).toMatchObject({
      code: 'tls-untrusted',
      facts: { target: 'sts.eu-central-1.amazonaws.com:443', error: `${code}: the certificate is bad` },
    });
    expect(isTransient(failure)).toBe(false);
  });
});

describe('a proxy', () => {
  const proxy = 'proxy.example:3128';
  const target = 'sts.eu-central-1.amazonaws.com:443';
  const tunnel = (status: number): ConnectError =>
    new ConnectError('proxy', target, new Error('it did not open the tunnel'), { proxy, status });

  test.each([
    [201, false],
    [301, false],
    [400, false],
    [403, false],
    [405, false],
    [407, false],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
  ])('that answers HTTP %i instead of opening the tunnel refused it; worth another attempt: %s', (status, again) => {
    const failure = diagnose(tunnel(status), 'GetSessionToken');
    expect(failure.code).toBe('proxy-refused');
    expect(failure.facts).toEqual({ call: 'GetSessionToken', target, status });
    expect(isTransient(failure)).toBe(again);
  });

  test.each([
    ['proxy', 'HPE_INVALID_CONSTANT', 'http'],
    ['tls', 'EPROTO', 'https'],
    ['tls', 'ERR_SSL_WRONG_VERSION_NUMBER', 'https'],
  ] as const)('that speaks another protocol (%s, %s) is not asked again', (stage, code, notA) => {
    const at = stage === 'proxy' ? target : proxy;
    const failure = diagnose(new ConnectError(stage, at, systemError(code, 'odd'), { proxy }), 'GetSessionToken');
    expect(failure.code).toBe('proxy-refused');
    expect(failure.facts).toEqual({ call: 'GetSessionToken', proxy, notA, error: code });
    expect(isTransient(failure)).toBe(false);
  });

  test('that hangs up is tried again', () => {
    const failure = diagnose(
      new ConnectError('proxy', target, systemError('ECONNRESET', 'socket hang up'), { proxy }),
      'GetSessionToken',
    );
    expect(failure).toMatchObject({
      code: 'unreachable',
      facts: { reason: 'tunnel', target, proxy, error: 'ECONNRESET: socket hang up' },
    });
    expect(isTransient(failure)).toBe(true);
  });

  test('that cannot be reached is named, and not AWS', () => {
    const cause = systemError('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:3128', 'connect');
    expect(diagnose(new ConnectError('connect', proxy, cause, { proxy }), 'GetSessionToken')).toMatchObject({
      code: 'unreachable',
      facts: { reason: 'proxy', proxy, error: 'ECONNREFUSED: connect ECONNREFUSED 10.0.0.1:3128' },
    });
  });
});

describe('no answer', () => {
  test.each([
    ['ECONNRESET', 'socket hang up', undefined],
    ['ECONNRESET', 'read ECONNRESET', 'read'],
    ['EPIPE', 'write EPIPE', 'write'],
  ])('means the network, and nobody knows what was sent: %s, %s', (code, message, syscall) => {
    const failure = diagnose(systemError(code, message, syscall), 'AssumeRole');
    expect(failure.code).toBe('network');
    expect(failure.facts).toEqual({ call: 'AssumeRole', reason: 'closed', error: code });
  });

  test('in time means the network, too', () => {
    const error = Object.assign(new Error('@smithy/node-http-handler - the request socket timed out'), {
      name: 'TimeoutError',
    });
    expect(diagnose(error, 'AssumeRole')).toMatchObject({
      code: 'network',
      facts: { call: 'AssumeRole', reason: 'no-answer-in-time', seconds: 15 },
    });
  });

  test.each(['a string', undefined, null, 42, {}])('is also what anything else that is thrown means: %p', (thrown) => {
    expect(diagnose(thrown, 'AssumeRole').code).toBe('network');
  });

  test.each([
    ['EndpointError', 'Invalid Configuration: FIPS and custom endpoint are not supported'],
    ['TypeError', 'x is not a function'],
    ['RangeError', 'Invalid time value'],
  ])('is not to blame if the SDK itself fails with %s: nothing was sent, and nothing is sent again', (name, words) => {
    const failure = diagnose(Object.assign(new Error(words), { name }), 'GetSessionToken');
    expect(failure).toMatchObject({ code: 'unexpected', facts: { call: 'GetSessionToken', error: words } });
    expect(isTransient(failure)).toBe(false);
  });

  test('is not a refusal, even if it sounds like one', () => {
    const error = Object.assign(new Error('unable to validate MFA code'), { name: 'AccessDenied' });
    expect(diagnose(error, 'AssumeRole').code).toBe('network');
  });
});

test('a failure stays as it is', () => {
  const failure = new Failure('incomplete-answer', { call: 'AssumeRole', reason: 'no-credentials' });
  expect(diagnose(failure, 'GetSessionToken')).toBe(failure);
});
