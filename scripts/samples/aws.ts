import { Failure } from '../../src/core/failure.ts';
import type { AWS as Messages } from '../../src/inputs/messages/aws.ts';
import type { Samples } from './sample.ts';

const CALL = { call: 'AssumeRole' } as const;
const denied = (action: string) =>
  `AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ${action} on resource: arn:aws:iam::111122223333:role/deploy`;
const STS = 'sts.eu-central-1.amazonaws.com:443';

export const AWS: Samples<keyof typeof Messages> = {
  'assume-role-denied': [
    { facts: { ...CALL, aws: denied('sts:AssumeRole') } },
    {
      facts: { ...CALL, aws: denied('sts:AssumeRole') },
      context: {
        kind: 'many-roles',
        total: 1,
        purpose: 'renewal',
        refusals: [
          {
            profile: 'deploy',
            role: 'arn:aws:iam::111122223333:role/deploy',
            failure: new Failure('assume-role-denied', { ...CALL, aws: denied('sts:AssumeRole') }),
          },
        ],
      },
    },
    {
      facts: { ...CALL, aws: denied('sts:AssumeRole') },
      context: {
        kind: 'many-roles',
        total: 3,
        refusals: [
          {
            profile: 'production',
            role: 'arn:aws:iam::111122223333:role/deploy',
            failure: new Failure('assume-role-denied', { ...CALL, aws: denied('sts:AssumeRole') }),
          },
          {
            profile: 'staging',
            role: 'arn:aws:iam::444455556666:role/deploy',
            failure: new Failure('throttled', { ...CALL, aws: 'Throttling: Rate exceeded' }),
          },
        ],
      },
    },
  ],
  'tag-session-denied': [{ facts: { ...CALL, aws: denied('sts:TagSession') } }],
  'source-identity-denied': [{ facts: { ...CALL, aws: denied('sts:SetSourceIdentity') } }],
  'explicit-deny': [{ facts: { ...CALL, aws: `${denied('sts:AssumeRole')} with an explicit deny` } }],
  'access-denied': [
    { facts: { call: 'ListMFADevices', aws: denied('iam:ListMFADevices') } },
    { facts: { ...CALL, status: 418, aws: 'Teapot: short and stout' } },
  ],
  'chained-duration-too-long': [
    {
      facts: {
        ...CALL,
        aws: 'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      },
    },
  ],
  'role-duration-too-long': [
    {
      facts: {
        ...CALL,
        aws: 'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      },
    },
  ],
  'packed-policy-too-large': [
    {
      facts: {
        ...CALL,
        aws: 'PackedPolicyTooLarge: Packed size of session tags consumes 122% of allotted space.',
      },
    },
  ],
  'malformed-policy': [{ facts: { ...CALL, aws: 'MalformedPolicyDocument: Syntax errors in policy.' } }],
  'invalid-parameter': [
    {
      facts: {
        ...CALL,
        aws: "ValidationError: 1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint",
      },
    },
    {
      facts: {
        call: 'GetSessionToken',
        about: 'signing-region',
        aws: "SignatureDoesNotMatch: Credential should be scoped to a valid region, not 'eu-west-9'.",
      },
    },
  ],
  'access-key-unknown': [
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'InvalidClientTokenId: The security token included in the request is invalid.',
      },
    },
    { facts: { ...CALL, about: 'session-token', aws: 'InvalidToken: The provided token is malformed.' } },
    {
      facts: {
        ...CALL,
        about: 'new-keys',
        aws: 'InvalidClientTokenId: The security token included in the request is invalid.',
      },
    },
  ],
  'secret-key-wrong': [
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      },
    },
  ],
  'session-expired': [
    { facts: { ...CALL, aws: 'ExpiredToken: The security token included in the request is expired' } },
  ],
  'region-disabled': [
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'RegionDisabledException: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.',
      },
    },
  ],
  throttled: [
    { facts: { call: 'GetSessionToken', aws: 'Throttling: Rate exceeded' } },
    { facts: { call: 'GetSessionToken', status: 429, aws: undefined } },
    {
      facts: { call: 'GetSessionToken', aws: 'Throttling: Rate exceeded' },
      context: { kind: 'codes-lost', sent: 3, overSeconds: 12, nextInSeconds: 51, because: 'sent' },
    },
  ],
  'service-unavailable': [
    { facts: { call: 'GetSessionToken', status: 503, aws: 'ServiceUnavailable' } },
    { facts: { call: 'GetSessionToken', status: 502, aws: undefined } },
  ],
  network: [
    { facts: { call: 'GetSessionToken', reason: 'no-answer-in-time', seconds: 60 } },
    { facts: { call: 'GetSessionToken', reason: 'closed', error: 'ECONNRESET' } },
    { facts: { call: 'GetSessionToken', reason: 'silent', error: 'HPE_INVALID_CONSTANT: Parse Error' } },
  ],
  unreachable: [
    {
      facts: {
        call: 'GetSessionToken',
        reason: 'connection',
        target: STS,
        error: 'ECONNREFUSED: connect ECONNREFUSED 10.0.0.5:443',
      },
    },
    {
      facts: {
        call: 'GetSessionToken',
        reason: 'name',
        host: 'sts.eu-centrl-1.amazonaws.com',
        region: 'eu-centrl-1',
        error: 'ENOTFOUND',
      },
    },
    {
      facts: {
        call: 'GetSessionToken',
        reason: 'tls',
        target: STS,
        error: 'ECONNRESET: read ECONNRESET',
      },
    },
    {
      facts: {
        call: 'GetSessionToken',
        reason: 'proxy',
        target: 'proxy.example:3128',
        proxy: 'proxy.example:3128',
        error: 'ECONNREFUSED',
      },
    },
    {
      facts: {
        call: 'GetSessionToken',
        reason: 'tunnel',
        target: STS,
        proxy: 'proxy.example:3128',
        error: 'no answer within 10 s',
      },
    },
    { facts: { call: 'ListMFADevices', reason: 'unusable-endpoint' } },
  ],
  'proxy-refused': [
    { facts: { call: 'GetSessionToken', target: STS, status: 403 } },
    { facts: { call: 'GetSessionToken', target: STS, status: 407 } },
    { facts: { call: 'GetSessionToken', proxy: 'proxy.example:3128', notA: 'https', error: 'EPROTO' } },
    { facts: { call: 'GetSessionToken', proxy: 'proxy.example:3128', notA: 'http', error: 'HPE_INVALID_CONSTANT' } },
  ],
  'tls-untrusted': [
    {
      facts: {
        call: 'GetSessionToken',
        target: STS,
        error: 'SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain',
      },
    },
  ],
  'incomplete-answer': [
    { facts: { call: 'GetSessionToken', reason: 'not-aws', status: 200, contentType: 'text/html' } },
    { facts: { call: 'HeadBucket', reason: 'not-aws', status: 200, contentType: undefined } },
    { facts: { call: 'GetSessionToken', reason: 'unreadable', status: 200 } },
    { facts: { call: 'GetSessionToken', reason: 'no-credentials' } },
    { facts: { call: 'GetCallerIdentity', reason: 'no-arn' } },
    { facts: { call: 'ListBuckets', reason: 'endless-list' } },
    { facts: { call: 'GetSessionToken', reason: 'expired', expiration: new Date('2026-11-27T08:00:00Z') } },
    {
      facts: {
        call: 'GetSessionToken',
        reason: 'valid-too-long',
        expiration: new Date('2027-11-27T08:00:00Z'),
        latest: new Date('2026-11-27T09:00:00Z'),
      },
    },
    { facts: { call: 'AssumeRole', reason: 'special-characters', attempts: 50 } },
  ],
};
