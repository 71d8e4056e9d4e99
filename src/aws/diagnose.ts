import { Failure, type FailureCode, messageOf } from '../core/failure.ts';

/** The parts of an SDK error that are looked at. */
interface Refusal {
  /** The code on the wire. The SDK's `name` may differ from it ("…Exception"). */
  readonly code: string;
  readonly message: string;
  /** 0 where no answer came. */
  readonly status: number;
}

interface Rule {
  readonly failure: FailureCode;
  readonly code?: RegExp;
  readonly message?: RegExp;
  /** What happened, in our words; AWS's own follow in brackets. */
  readonly says: string;
}

/**
 * STS's refusals, most particular first. Matched by the code and a part of the message that tells it from its neighbours,
 * never by the whole: AWS changes its words. Sources: STS API reference, "Common errors" and the errors of each call; the
 * messages as AWS answers them.
 */
const RULES: readonly Rule[] = [
  {
    failure: 'mfa-code-refused',
    code: /^AccessDenied/,
    message: /invalid MFA one time pass code/,
    says: 'STS refused the code: it is wrong, or was used before.',
  },
  {
    failure: 'mfa-device-unknown',
    code: /^AccessDenied/,
    message: /unable to validate MFA code/,
    says: 'STS did not look at the code: the serial number is not of a device of this user, or the device was asked too often.',
  },
  {
    failure: 'mfa-incomplete',
    code: /^AccessDenied/,
    message: /must provide both MFA serial number and one time pass code/,
    says: 'STS got only one of serial number and code.',
  },
  {
    failure: 'session-credentials-refused',
    code: /^AccessDenied/,
    message: /GetSessionToken with session credentials/,
    says: 'The access key is a temporary one.',
  },
  { failure: 'explicit-deny', code: /^AccessDenied/, message: /explicit deny/, says: 'A policy denies this call.' },
  {
    failure: 'tag-session-denied',
    code: /^AccessDenied/,
    message: /not authorized to perform: sts:TagSession/,
    says: 'Passing session tags is not allowed.',
  },
  {
    failure: 'source-identity-denied',
    code: /^AccessDenied/,
    message: /not authorized to perform: sts:SetSourceIdentity/,
    says: 'Setting a source identity is not allowed.',
  },
  {
    failure: 'assume-role-denied',
    code: /^AccessDenied/,
    message: /not authorized to perform: sts:AssumeRole/,
    says: 'Assuming the role is not allowed.',
  },
  { failure: 'access-denied', code: /^AccessDenied/, says: 'AWS denies this call.' },
  {
    failure: 'chained-duration-too-long',
    code: /^ValidationError/,
    message: /1 hour session limit/,
    says: 'A role assumed with a session lasts an hour at most.',
  },
  {
    failure: 'role-duration-too-long',
    code: /^ValidationError/,
    message: /MaxSessionDuration/,
    says: 'The role does not allow sessions of this length.',
  },
  {
    failure: 'invalid-parameter',
    code: /^(?:ValidationError|ValidationException|InvalidParameter)/,
    says: 'STS does not accept a value of the request.',
  },
  {
    failure: 'access-key-unknown',
    code: /^(?:InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId)/,
    says: 'AWS does not know this access key here.',
  },
  {
    failure: 'clock-off',
    code: /^(?:SignatureDoesNotMatch|InvalidSignatureException|RequestExpired)/,
    message: /Signature (?:expired|not yet current)/,
    says: "The request's time is too far from AWS's.",
  },
  {
    failure: 'clock-off',
    code: /^(?:RequestTimeTooSkewed|RequestInTheFuture)/,
    says: "The request's time is too far from AWS's.",
  },
  {
    failure: 'secret-key-wrong',
    code: /^(?:SignatureDoesNotMatch|InvalidSignatureException)/,
    says: 'The signature is wrong.',
  },
  { failure: 'session-expired', code: /^(?:ExpiredToken|TokenRefreshRequired)/, says: 'The session has ended.' },
  { failure: 'access-key-unknown', code: /^InvalidToken/, says: 'AWS does not know this session token here.' },
  { failure: 'region-disabled', code: /^RegionDisabled/, says: 'STS is turned off for this region in this account.' },
  {
    failure: 'packed-policy-too-large',
    code: /^PackedPolicyTooLarge/,
    says: 'The session policies and tags are too large together.',
  },
  { failure: 'malformed-policy', code: /^MalformedPolicyDocument/, says: 'A session policy cannot be read by AWS.' },
  {
    failure: 'throttled',
    code: /^(?:Throttl|TooManyRequests|RequestThrottled|RequestLimitExceeded|BandwidthLimitExceeded|LimitExceeded|SlowDown|PriorRequestNotComplete|EC2ThrottledException|ProvisionedThroughputExceeded|TransactionInProgress)/,
    says: 'AWS asks to call less often.',
  },
];

/** Where these fail, nothing has been sent yet. */
const CONNECTING: readonly string[] = ['connect', 'getaddrinfo'];
/** Neither AWS nor the network: the SDK itself would not send this, and would not another time. */
const NEVER_SENT: readonly string[] = ['EndpointError', 'TypeError', 'RangeError', 'ReferenceError'];
const TLS_TROUBLE = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Turns what the SDK threw into a `Failure` that says what happened and what to do. A `Failure` stays as it is.
 *
 * `call` names the operation in the message ("GetSessionToken").
 */
export function diagnose(error: unknown, call: string): Failure {
  if (error instanceof Failure) return error;
  const refusal = refusalOf(error);
  const rule = RULES.find(
    ({ code, message }) => (code?.test(refusal.code) ?? true) && (message?.test(refusal.message) ?? true),
  );
  if (rule !== undefined && refusal.status > 0) {
    return new Failure(rule.failure, `${call}: ${rule.says} (AWS: ${refusal.code}: ${refusal.message.trim()})`, {
      cause: error,
    });
  }
  if (refusal.status === 429)
    return new Failure('throttled', `${call}: AWS asks to call less often (HTTP 429).`, { cause: error });
  if (refusal.status === 407)
    return new Failure('proxy-refused', `${call}: the proxy wants a user name and a password (HTTP 407).`, {
      cause: error,
    });
  if (refusal.status >= 500)
    return new Failure('service-unavailable', `${call}: the service answered with HTTP ${refusal.status}.`, {
      cause: error,
    });
  const { code: systemCode, syscall } = systemErrorOf(error);
  if (TLS_TROUBLE.test(systemCode)) {
    return new Failure(
      'tls-untrusted',
      `${call}: the server's certificate is not trusted (${systemCode}: ${messageOf(error)}).`,
      { cause: error },
    );
  }
  if (refusal.status === 0 && NEVER_SENT.includes(refusal.code)) {
    return new Failure('unexpected', `${call}: ${messageOf(error)}`, { cause: error });
  }
  if (refusal.status === 0) {
    const words = [systemCode, messageOf(error)].filter(Boolean).join(': ');
    return CONNECTING.includes(syscall)
      ? new Failure('unreachable', `${call}: no connection could be made (${words}).`, { cause: error })
      : new Failure('network', `${call}: no answer came (${words}).`, { cause: error });
  }
  if (refusal.status < 300)
    return new Failure('incomplete-answer', `${call}: the answer could not be read.`, { cause: error });
  return new Failure(
    'access-denied',
    `${call}: AWS answered ${refusal.code} (HTTP ${refusal.status}): ${refusal.message.trim()}`,
    { cause: error },
  );
}

/** What an SDK error holds of the answer on the wire. */
export function refusalOf(error: unknown): Refusal {
  const outer = fieldsOf(error);
  const inner = fieldsOf(outer['Error']);
  const status = fieldsOf(outer['$metadata'])['httpStatusCode'] ?? fieldsOf(outer['$response'])['statusCode'];
  return {
    code: text(inner['Code']) ?? text(outer['Code']) ?? text(outer['name']) ?? 'Unknown',
    message: text(outer['message']) ?? '',
    status: typeof status === 'number' ? status : 0,
  };
}

/** What a system error says of itself: this error, or one that it wraps (a happy-eyeballs failure wraps several). */
function systemErrorOf(error: unknown): { readonly code: string; readonly syscall: string } {
  const { code, syscall, cause, errors } = fieldsOf(error);
  if (Array.isArray(errors) && errors.length > 0) return systemErrorOf(errors[0]);
  if (typeof code === 'string') return { code, syscall: text(syscall) ?? '' };
  return cause === undefined ? { code: '', syscall: '' } : systemErrorOf(cause);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  // `message` and `name` of an Error are not its own enumerable properties; $response is not enumerable either.
  for (const name of ['name', 'message', 'code', 'syscall', '$response', '$metadata', 'cause', 'errors']) {
    const own: unknown = Reflect.get(value, name);
    if (own !== undefined) fields[name] = own;
  }
  return fields;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
