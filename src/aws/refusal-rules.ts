import type { RefusalCode } from './diagnose.ts';

/** One refusal, and what it means. A rule without a pattern doesn't look at that part. */
export interface Rule {
  readonly failure: RefusalCode;
  readonly code?: RegExp;
  readonly message?: RegExp;
  /** What else is known, if the code has several causes. */
  readonly about?: 'session-token' | 'signing-region';
}

/**
 * STS's refusals, most specific first. Matched by the code and a part of the message that distinguishes it from its neighbours,
 * never by the whole: AWS changes its words. Sources: STS API reference, "Common errors" and the errors of each call; the
 * messages as AWS answers them.
 */
export const RULES: readonly Rule[] = [
  {
    failure: 'mfa-code-refused',
    code: /^AccessDenied/,
    message: /invalid MFA one time pass code/,
  },
  {
    failure: 'mfa-device-unknown',
    code: /^AccessDenied/,
    message: /unable to validate MFA code/,
  },
  {
    failure: 'mfa-incomplete',
    code: /^AccessDenied/,
    message: /must provide both MFA serial number and one time pass code/,
  },
  {
    failure: 'session-credentials-refused',
    code: /^AccessDenied/,
    message: /GetSessionToken with session credentials/,
  },
  { failure: 'explicit-deny', code: /^AccessDenied/, message: /explicit deny/ },
  {
    failure: 'tag-session-denied',
    code: /^AccessDenied/,
    message: /not authorized to perform: sts:TagSession/,
  },
  {
    failure: 'source-identity-denied',
    code: /^AccessDenied/,
    message: /not authorized to perform: sts:SetSourceIdentity/,
  },
  {
    failure: 'assume-role-denied',
    code: /^AccessDenied/,
    message: /not authorized to perform: sts:AssumeRole/,
  },
  { failure: 'access-denied', code: /^AccessDenied/ },
  {
    failure: 'chained-duration-too-long',
    code: /^ValidationError/,
    message: /1 hour session limit/,
  },
  {
    failure: 'role-duration-too-long',
    code: /^ValidationError/,
    message: /MaxSessionDuration/,
  },
  {
    failure: 'invalid-parameter',
    code: /^(?:ValidationError|ValidationException|InvalidParameter)/,
  },
  {
    failure: 'access-key-unknown',
    code: /^(?:InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId)/,
  },
  {
    failure: 'clock-off',
    code: /^(?:SignatureDoesNotMatch|InvalidSignatureException|RequestExpired)/,
    message: /Signature (?:expired|not yet current)/,
  },
  {
    failure: 'clock-off',
    code: /^(?:RequestTimeTooSkewed|RequestInTheFuture)/,
  },
  {
    failure: 'invalid-parameter',
    code: /^SignatureDoesNotMatch/,
    message: /scoped to a valid region/,
    about: 'signing-region',
  },
  {
    failure: 'secret-key-wrong',
    code: /^(?:SignatureDoesNotMatch|InvalidSignatureException)/,
  },
  { failure: 'session-expired', code: /^(?:ExpiredToken|TokenRefreshRequired)/ },
  { failure: 'access-key-unknown', code: /^InvalidToken/, about: 'session-token' },
  { failure: 'region-disabled', code: /^RegionDisabled/ },
  {
    failure: 'packed-policy-too-large',
    code: /^PackedPolicyTooLarge/,
  },
  { failure: 'malformed-policy', code: /^MalformedPolicyDocument/ },
  {
    failure: 'throttled',
    code: /^(?:Throttl|TooManyRequests|RequestThrottled|RequestLimitExceeded|BandwidthLimitExceeded|LimitExceeded|SlowDown|PriorRequestNotComplete|EC2ThrottledException|ProvisionedThroughputExceeded|TransactionInProgress)/,
  },
];
