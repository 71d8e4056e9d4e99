import type { BucketCheck, ExpectedBucket } from '../core/request.ts';
import { isTrue, readLines } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** S3 user guide, bucket naming; the wider set of before 2018 still exists in us-east-1. */
const BUCKET = /^[A-Za-z0-9._-]{3,255}$/;
const MAX_KEY = 1024;

/** Reads the bucket check; undefined if there is none. */
export function readBucketCheck(raw: RawInputs, problems: Problems): BucketCheck | undefined {
  const list = isTrue(raw, 'list-buckets', problems);
  const expected: ExpectedBucket[] = [];
  for (const value of readLines(raw, 'expected-buckets')) {
    const bare = value.startsWith('s3://') ? value.slice('s3://'.length) : value;
    const slash = bare.indexOf('/');
    const bucket = slash < 0 ? bare : bare.slice(0, slash);
    const prefix = slash < 0 || slash === bare.length - 1 ? undefined : bare.slice(slash + 1);
    if (!BUCKET.test(bucket)) problems.add('expected-buckets', 'bucket', { value });
    else if (prefix !== undefined && prefix.length > MAX_KEY)
      problems.add('expected-buckets', 'prefix-too-long', { bucket, length: prefix.length, max: MAX_KEY });
    else expected.push({ bucket, prefix });
  }
  if (!list && expected.length === 0) return undefined;
  if (raw.roles !== '') problems.add(list ? 'list-buckets' : 'expected-buckets', 'conflict', { with: 'roles' });
  return { list, expected };
}
