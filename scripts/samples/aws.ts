import type { Samples } from './sample.ts';

export const AWS: Samples<
  | 'assume-role-denied'
  | 'tag-session-denied'
  | 'source-identity-denied'
  | 'explicit-deny'
  | 'access-denied'
  | 'chained-duration-too-long'
  | 'role-duration-too-long'
  | 'packed-policy-too-large'
  | 'malformed-policy'
  | 'invalid-parameter'
  | 'access-key-unknown'
  | 'secret-key-wrong'
  | 'session-expired'
  | 'region-disabled'
  | 'throttled'
  | 'service-unavailable'
  | 'network'
  | 'unreachable'
  | 'proxy-refused'
  | 'tls-untrusted'
  | 'incomplete-answer'
> = {
  'assume-role-denied': [
    {
      facts:
        'AssumeRole: Assuming the role is not allowed. (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/deploy)',
    },
  ],
  'tag-session-denied': [
    {
      facts:
        'AssumeRole: Passing session tags is not allowed. (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111122223333:role/deploy)',
    },
  ],
  'source-identity-denied': [
    {
      facts:
        'AssumeRole: Setting a source identity is not allowed. (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:SetSourceIdentity on resource: arn:aws:iam::111122223333:role/deploy)',
    },
  ],
  'explicit-deny': [
    {
      facts:
        'AssumeRole: A policy denies this call. (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/deploy with an explicit deny in an identity-based policy)',
    },
  ],
  'access-denied': [{ facts: 'AssumeRole: AWS denies this call. (AWS: AccessDenied: Access denied)' }],
  'chained-duration-too-long': [
    {
      facts:
        'AssumeRole: A role assumed with a session lasts an hour at most. (AWS: ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.)',
    },
  ],
  'role-duration-too-long': [
    {
      facts:
        'AssumeRole: The role does not allow sessions of this length. (AWS: ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.)',
    },
  ],
  'packed-policy-too-large': [
    {
      facts:
        'AssumeRole: The session policies and tags are too large together. (AWS: PackedPolicyTooLarge: Packed size of session tags consumes 2045% of allotted space.)',
    },
  ],
  'malformed-policy': [
    {
      facts:
        'AssumeRole: A session policy cannot be read by AWS. (AWS: MalformedPolicyDocument: Effect must be Allow or Deny)',
    },
  ],
  'invalid-parameter': [
    {
      facts:
        'AssumeRole: STS does not accept a value of the request. (AWS: ValidationError: Policy arn:aws:iam::aws:policy/NoSuch does not exist or is not attachable.)',
    },
  ],
  'access-key-unknown': [
    {
      facts:
        'GetSessionToken: AWS does not know this access key here. (AWS: InvalidClientTokenId: The security token included in the request is invalid.)',
    },
  ],
  'secret-key-wrong': [
    {
      facts:
        'GetSessionToken: The signature is wrong. (AWS: SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.)',
    },
  ],
  'session-expired': [
    {
      facts:
        'AssumeRole: The session has ended. (AWS: ExpiredToken: The security token included in the request is expired)',
    },
  ],
  'region-disabled': [
    {
      facts:
        'GetSessionToken: STS is turned off for this region in this account. (AWS: RegionDisabledException: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.)',
    },
  ],
  throttled: [{ facts: 'GetSessionToken: AWS asks to call less often. (AWS: Throttling: Rate exceeded)' }],
  'service-unavailable': [
    { facts: 'GetSessionToken: AWS answered ServiceUnavailable (HTTP 503): Service is unavailable' },
  ],
  network: [{ facts: 'GetSessionToken: the connection was closed before the answer was there (ECONNRESET).' }],
  unreachable: [
    {
      facts:
        'GetSessionToken: the name sts.eu-centrl-1.amazonaws.com does not resolve (ENOTFOUND); aws-region is eu-centrl-1.',
    },
  ],
  'proxy-refused': [{ facts: 'GetSessionToken: the proxy refused sts.eu-central-1.amazonaws.com:443 (HTTP 403).' }],
  'tls-untrusted': [
    {
      facts:
        'GetSessionToken: the certificate of sts.eu-central-1.amazonaws.com:443 is not trusted (SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain).',
    },
  ],
  'incomplete-answer': [{ facts: 'GetSessionToken: this is not an answer of AWS (HTTP 405, text/html).' }],
};
