import type { Samples } from './sample.ts';

export const SESSIONS: Samples<
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
  'keys-not-found': [
    {
      facts:
        'No aws-access-key-id was given, and the runner has no AWS credentials of its own (the environment has no AWS_ACCESS_KEY_ID; ~/.aws/config and ~/.aws/credentials have no profile "default"; AWS_EC2_METADATA_DISABLED is set).',
    },
  ],
  'keys-temporary': [
    {
      facts:
        'No aws-access-key-id was given, and the credentials from the environment (AWS_ACCESS_KEY_ID) are temporary.',
    },
  ],
  'session-not-found': [
    {
      facts:
        'role-chaining is true, but the keys from the environment (AWS_ACCESS_KEY_ID) are not a session: they have no session token.',
    },
  ],
  'session-expiry-unknown': [{ facts: 'The session does not say when it ends, so it was not sealed.' }],
  'account-not-allowed': [
    {
      facts:
        'The credentials are of the account 111122223333 (arn:aws:iam::111122223333:user/ci), which allowed-account-ids does not allow.',
    },
  ],
  'buckets-denied': [
    {
      facts:
        'The bucket check as arn:aws:iam::111122223333:user/ci failed. ListBuckets: authenticated, but not allowed to list buckets: s3:ListAllMyBuckets is missing (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action).',
    },
  ],
  'bucket-not-found': [
    {
      facts:
        'The bucket check as arn:aws:iam::111122223333:user/ci failed. HeadBucket: there is no bucket no-such-bucket (AWS: NotFound).',
    },
  ],
  'bucket-denied': [
    {
      facts:
        'The bucket check as arn:aws:iam::111122223333:user/ci failed. ListObjectsV2: authenticated, but not allowed to reach the bucket example-logs (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::example-logs" because no identity-based policy allows the s3:ListBucket action).',
    },
  ],
  'buckets-unauthenticated': [
    {
      facts:
        'The bucket check as arn:aws:iam::111122223333:user/ci failed. ListBuckets: not authenticated; S3 does not know these credentials (AWS: InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.).',
    },
  ],
};
