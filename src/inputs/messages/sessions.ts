import type { Entries } from './wording.ts';

// Failures of keys and sessions, and of the checks before they are exported.

export const SESSIONS: Entries<
  | 'keys-not-found'
  | 'keys-temporary'
  | 'session-not-found'
  | 'session-expiry-unknown'
  | 'account-not-allowed'
  | 'buckets-denied'
  | 'bucket-not-found'
  | 'bucket-denied'
  | 'buckets-unauthenticated'
> = {
  'keys-not-found': {
    message: (facts) => facts,
    remedy: ({ input, emptySecret = '' }) =>
      `Set ${input('aws-access-key-id')} and ${input('aws-secret-access-key')} from secrets. ${emptySecret}`.trim(),
  },
  'keys-temporary': {
    message: (facts) => facts,
    remedy: ({ setting }) =>
      `Use the long-term key of an IAM user (AKIA…). To assume a role with an earlier step's session, set ${setting('role-chaining', 'true')} instead.`,
  },
  'session-not-found': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Get the session in an earlier step of this job: this action without ${input('role-chaining')}, with ${input('output-env-credentials')} on.`,
  },
  'session-expiry-unknown': {
    message: (facts) => facts,
    remedy: () => 'Seal the session in the step that gets it: that step knows when it expires.',
  },
  'account-not-allowed': {
    message: (facts) => facts,
    remedy: ({ input }) => `Use keys or a role of an allowed account, or correct ${input('allowed-account-ids')}.`,
  },
  'buckets-denied': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Allow s3:ListAllMyBuckets, or list the buckets to check in ${input('expected-buckets')}, which only needs s3:ListBucket on them.`,
  },
  'bucket-not-found': {
    message: (facts) => facts,
    remedy: ({ input }) => `Correct the name in ${input('expected-buckets')}, or create the bucket.`,
  },
  'bucket-denied': {
    message: (facts) => facts,
    remedy: () => "Allow s3:ListBucket on this bucket for the identity above, and check the bucket's policy.",
  },
  'buckets-unauthenticated': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Check ${input('s3-endpoint')} and ${input('aws-region')}: STS issued these credentials, but S3 doesn't recognize them.`,
  },
};
