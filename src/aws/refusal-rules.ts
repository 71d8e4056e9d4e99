import type { FailureCode } from '../core/failure.ts';

/** One refusal, and what it means. A rule without a pattern does not look at that part. */
export interface Rule {
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
export const RULES: readonly Rule[] = [
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
    failure: 'invalid-parameter',
    code: /^SignatureDoesNotMatch/,
    message: /scoped to a valid region/,
    says: 'This endpoint does not serve the region in aws-region.',
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
