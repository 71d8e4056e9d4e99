import { Failure } from '../../src/core/failure.ts';
import type { SESSIONS as Messages } from '../../src/inputs/messages/sessions.ts';
import type { Samples } from './sample.ts';

const REFUSED = { call: 'HeadBucket', aws: 'AccessDenied: Access Denied' } as const;

export const SESSIONS: Samples<keyof typeof Messages> = {
  'keys-not-found': [
    {
      facts: {
        reason: 'none',
        missing:
          'no AWS credentials were found (the environment has no AWS_ACCESS_KEY_ID; ~/.aws/config and ~/.aws/credentials have no profile "default"; AWS_EC2_METADATA_DISABLED is set)',
        advice: undefined,
      },
    },
    {
      facts: {
        reason: 'none',
        missing: 'the profile "ci" (AWS_PROFILE) gives no keys: its credential_process ended with exit code 1',
        advice: { kind: 'correct-profile' },
      },
    },
    {
      facts: {
        reason: 'none',
        missing: 'the profile "ci" (AWS_PROFILE) is not in ~/.aws/config or ~/.aws/credentials',
        advice: { kind: 'correct-profile-name' },
      },
    },
    {
      facts: {
        reason: 'none',
        missing: 'the profile "deploy" (AWS_PROFILE) gives no keys: the profile "deploy" assumes a role with MFA',
        advice: {
          kind: 'profile-with-mfa',
          source: 'ci',
          role: 'arn:aws:iam::111122223333:role/deploy',
          serial: 'arn:aws:iam::111122223333:mfa/ci',
        },
      },
    },
    { facts: { reason: 'damaged' } },
    {
      facts: { reason: 'none', missing: 'the profile "ci" (AWS_PROFILE) gives no keys', advice: undefined },
      context: {
        kind: 'key-source',
        source: 'the profile "ci" (AWS_PROFILE) gives no keys',
        failure: new Failure('session-expired', {
          call: 'AssumeRole',
          aws: 'ExpiredToken: The security token included in the request is expired',
        }),
      },
    },
  ],
  'keys-temporary': [{ facts: { source: 'the environment (AWS_ACCESS_KEY_ID)' } }],
  'session-not-found': [
    { facts: { reason: 'no-token', source: 'the environment (AWS_ACCESS_KEY_ID)', profile: false } },
    { facts: { reason: 'no-token', source: 'the profile "ci" (AWS_PROFILE)', profile: true } },
    {
      facts: {
        reason: 'none',
        missing: 'no AWS credentials were found (the environment has no AWS_ACCESS_KEY_ID)',
        profile: false,
      },
    },
    { facts: { reason: 'none', missing: 'the profile "ci" (AWS_PROFILE) gives no keys', profile: true } },
    {
      facts: { reason: 'none', missing: undefined, profile: false },
      context: { kind: 'because', failure: new Failure('keys-not-found', { reason: 'damaged' }) },
    },
  ],
  'session-expiry-unknown': [{ facts: {} }],
  'session-not-renewing': [{ facts: { arn: 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions' } }],
  'account-not-allowed': [
    { facts: { account: '111122223333', what: 'credentials', arn: 'arn:aws:iam::111122223333:user/ci' } },
    { facts: { account: '111122223333', what: 'device' } },
    { facts: { account: '111122223333', what: 'role', name: 'deploy' } },
    { facts: { account: '111122223333', what: 'profile', name: 'production' } },
  ],
  'buckets-denied': [{ facts: { ...REFUSED, call: 'ListBuckets' } }],
  'bucket-not-found': [{ facts: { call: 'HeadBucket', aws: 'NotFound', bucket: 'logs' } }],
  'bucket-denied': [
    { facts: { ...REFUSED, bucket: 'logs' } },
    {
      facts: { ...REFUSED, bucket: 'logs' },
      context: {
        kind: 'bucket-check',
        arn: 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions',
        ofRole: true,
        misses: [{ path: 'logs', failure: new Failure('bucket-denied', { ...REFUSED, bucket: 'logs' }) }],
      },
    },
  ],
  'buckets-unauthenticated': [
    {
      facts: {
        call: 'ListBuckets',
        aws: 'InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.',
      },
    },
  ],
};
