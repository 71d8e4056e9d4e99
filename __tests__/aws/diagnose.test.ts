import { describe, expect, test } from '@jest/globals';
import { diagnose, refusalOf } from '../../src/aws/diagnose.ts';
import { Failure, type FailureCode } from '../../src/core/failure.ts';
import { REMEDIES, remedyOf } from '../../src/core/remedies.ts';

/**
 * A refusal as the SDK throws it: the message and the code of the wire, and the name of a class of its own, which ends in
 * "Exception" where the service's model knows the error.
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

/** An answer that the SDK could make no error of: it names no code. */
function unreadable(status: number): Error {
  return Object.assign(new Error('Unknown'), {
    name: 'Unknown',
    $metadata: { httpStatusCode: status },
    Error: { Message: 'Unknown' },
  });
}

/** An error of the system, with the call that failed, before any answer came. */
function systemError(code: string, message: string, syscall?: string): Error {
  return Object.assign(new Error(message), { code, ...(syscall === undefined ? {} : { syscall }) });
}

const ARN = 'arn:aws:iam::123456789012:user/ci';
const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const denied = (action: string): string => `User: ${ARN} is not authorized to perform: ${action} on resource: ${ROLE}`;

/** What STS says when it refuses, and what follows from it. */
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
    expect(diagnosed.code).toBe(failure);
    expect(diagnosed.message).toMatch(/^AssumeRole: [A-Z]/);
  });

  test('is told in our words and in AWS’s', () => {
    const [, status, code, message] = REFUSALS[0] ?? ['', 0, '', ''];
    expect(diagnose(refusal(status, code, message), 'GetSessionToken').message).toBe(
      'GetSessionToken: STS refused the code: it is wrong, or was used before. (AWS: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.)',
    );
  });

  test('is kept as the cause', () => {
    const error = refusal(400, 'Throttling', 'Rate exceeded');
    expect(diagnose(error, 'AssumeRole').cause).toBe(error);
  });

  test.each(REFUSALS.filter(([, , code, message]) => !/^(?:Access denied|Rate)/.test(message) && code !== ''))(
    'means %s where AWS has changed the words around: HTTP %i %s, "%s"',
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
    'is known by the SDK’s name where that is all there is (%s)',
    (failure, status, code, message, name = code) => {
      const error = Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
      expect(diagnose(error, 'AssumeRole').code).toBe(failure);
    },
  );

  test('is not read out of a message with another code', () => {
    const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
    expect(diagnose(refusal(400, 'ValidationError', message), 'AssumeRole').code).toBe('invalid-parameter');
  });

  test('that is not known is told by its code', () => {
    const failure = diagnose(refusal(400, 'BrandNewError', ' It is new. '), 'AssumeRole');
    expect(failure.code).toBe('access-denied');
    expect(failure.message).toBe('AssumeRole: AWS answered BrandNewError (HTTP 400): It is new.');
  });
});

describe('an answer that is none of STS’s', () => {
  test.each([500, 502, 503, 504])('HTTP %i is trouble of the service', (status) => {
    const failure = diagnose(unreadable(status), 'GetSessionToken');
    expect(failure.code).toBe('service-unavailable');
    expect(failure.message).toBe(`GetSessionToken: the service answered with HTTP ${status}.`);
  });

  test('HTTP 500 with a code is that too', () => {
    expect(diagnose(refusal(500, 'InternalFailure', 'It broke.'), 'GetSessionToken').code).toBe('service-unavailable');
    expect(diagnose(refusal(503, 'ServiceUnavailable', 'It is down.'), 'GetSessionToken').code).toBe(
      'service-unavailable',
    );
  });

  test('HTTP 429 asks to call less often', () => {
    expect(diagnose(unreadable(429), 'GetSessionToken').code).toBe('throttled');
  });

  test('HTTP 407 is the proxy’s, and the remedy says how to give it what it wants', () => {
    const failure = diagnose(unreadable(407), 'GetSessionToken');
    expect(failure.code).toBe('proxy-refused');
    expect(failure.message).toBe('GetSessionToken: the proxy wants a user name and a password (HTTP 407).');
    expect(remedyOf(failure)).toContain('http://USER:PASSWORD@HOST:PORT');
  });

  test('HTTP 200 whose XML is cut off could not be read', () => {
    const error = Object.assign(new Error('XML parse error: missing closing tag </AccessKeyId>.'), {
      $metadata: { httpStatusCode: 200, attempts: 1 },
    });
    const failure = diagnose(error, 'GetSessionToken');
    expect(failure.code).toBe('incomplete-answer');
    // The text of the answer may hold half of a credential.
    expect(failure.message).toBe('GetSessionToken: the answer could not be read.');
  });

  test('the status of the hidden response counts where there is no other', () => {
    const error = Object.defineProperty(new Error('Unknown'), '$response', { value: { statusCode: 503 } });
    expect(diagnose(error, 'GetSessionToken').code).toBe('service-unavailable');
  });
});

describe('no connection', () => {
  test.each([
    ['connect', 'ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'],
    ['connect', 'ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443'],
    ['connect', 'ENETUNREACH', 'connect ENETUNREACH 10.0.0.1:443'],
    ['getaddrinfo', 'ENOTFOUND', 'getaddrinfo ENOTFOUND sts.nowhere.amazonaws.com'],
    ['getaddrinfo', 'EAI_AGAIN', 'getaddrinfo EAI_AGAIN sts.amazonaws.com'],
  ])('means that nothing was sent, and no code spent: %s %s', (syscall, code, message) => {
    const failure = diagnose(systemError(code, message, syscall), 'AssumeRole');
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toBe(`AssumeRole: no connection could be made (${code}: ${message}).`);
  });

  test('to any of a host’s addresses is told by the first', () => {
    const error = new AggregateError(
      [systemError('ECONNREFUSED', 'connect ECONNREFUSED ::1:1', 'connect')],
      'all failed',
    );
    expect(diagnose(error, 'AssumeRole').message).toBe(
      'AssumeRole: no connection could be made (ECONNREFUSED: all failed).',
    );
  });

  test('to none of no addresses is told all the same', () => {
    const error = Object.assign(new AggregateError([], 'none'), { code: 'ECONNREFUSED', syscall: 'connect' });
    expect(diagnose(error, 'AssumeRole').code).toBe('unreachable');
  });

  test('whose reason is wrapped is told by the reason', () => {
    const cause = systemError('ENOTFOUND', 'getaddrinfo ENOTFOUND sts.example.com', 'getaddrinfo');
    expect(diagnose(new Error('wrapped', { cause }), 'AssumeRole').code).toBe('unreachable');
  });
});

describe('no answer', () => {
  test.each([
    ['ECONNRESET', 'socket hang up', undefined],
    ['ECONNRESET', 'read ECONNRESET', 'read'],
    ['EPIPE', 'write EPIPE', 'write'],
    ['EPROTO', 'write EPROTO ssl3_get_record:wrong version number', 'write'],
  ])('means the network, and nobody knows what was sent: %s, %s', (code, message, syscall) => {
    const failure = diagnose(systemError(code, message, syscall), 'AssumeRole');
    expect(failure.code).toBe('network');
    expect(failure.message).toBe(`AssumeRole: no answer came (${code}: ${message}).`);
  });

  test('in time means the network, too', () => {
    const error = Object.assign(new Error('Request timed out'), { name: 'TimeoutError', $metadata: { attempts: 1 } });
    expect(diagnose(error, 'AssumeRole').code).toBe('network');
  });

  test('whose reason is wrapped is told by the reason', () => {
    const error = new Error('wrapped', { cause: systemError('ECONNRESET', 'socket hang up') });
    expect(diagnose(error, 'AssumeRole').message).toBe('AssumeRole: no answer came (ECONNRESET: wrapped).');
  });

  test.each(['a text', undefined, null, 42, {}])(
    'and something thrown that is no error is told all the same: %p',
    (thrown) => {
      expect(diagnose(thrown, 'AssumeRole').code).toBe('network');
    },
  );

  test.each([
    ['EndpointError', 'Invalid Configuration: FIPS and custom endpoint are not supported'],
    ['TypeError', 'x is not a function'],
    ['RangeError', 'Invalid time value'],
  ])(
    'nor was anything sent where the SDK itself fails with %s: no network is blamed, nothing is sent again',
    (name, words) => {
      const { code, message } = diagnose(Object.assign(new Error(words), { name }), 'GetSessionToken');
      expect({ code, message }).toEqual({ code: 'unexpected', message: `GetSessionToken: ${words}` });
    },
  );

  test('is not a refusal, even if it sounds like one', () => {
    const error = Object.assign(new Error('unable to validate MFA code'), { name: 'AccessDenied' });
    expect(diagnose(error, 'AssumeRole').code).toBe('network');
  });
});

describe('a certificate that is not trusted', () => {
  test.each([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HOSTNAME_MISMATCH',
  ])('is told apart from a network that is down: %s', (code) => {
    const failure = diagnose(systemError(code, 'the certificate is bad'), 'GetSessionToken');
    expect(failure.code).toBe('tls-untrusted');
    expect(failure.message).toBe(
      `GetSessionToken: the server's certificate is not trusted (${code}: the certificate is bad).`,
    );
    expect(remedyOf(failure)).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('is found in what wraps it', () => {
    const error = new Error('wrapped', { cause: systemError('CERT_HAS_EXPIRED', 'certificate has expired') });
    expect(diagnose(error, 'GetSessionToken').code).toBe('tls-untrusted');
  });
});

test('a failure stays as it is', () => {
  const failure = new Failure('incomplete-answer', 'STS answered without whole credentials.');
  expect(diagnose(failure, 'GetSessionToken')).toBe(failure);
});

test('every failure of a call has its remedy', () => {
  for (const [failure, status, code, message, name = code] of REFUSALS) {
    const diagnosed = diagnose(refusal(status, code, message, name), 'AssumeRole');
    expect(remedyOf(diagnosed)).toBe(REMEDIES[failure]);
  }
});

describe('what is looked at in a refusal', () => {
  test('is the code of the wire before the name of the SDK', () => {
    expect(refusalOf(refusal(400, 'PackedPolicyTooLarge', 'Too large.', 'PackedPolicyTooLargeException'))).toEqual({
      code: 'PackedPolicyTooLarge',
      message: 'Too large.',
      status: 400,
    });
  });

  test('is the name where the code is empty', () => {
    expect(refusalOf({ Code: '', name: 'AccessDenied' }).code).toBe('AccessDenied');
  });

  test('is nothing where nothing was thrown', () => {
    expect(refusalOf(undefined)).toEqual({ code: 'Unknown', message: '', status: 0 });
  });
});
