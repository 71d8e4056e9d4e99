import type { BucketCheck, ExpectedBucket } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { readBoolean, readLines } from './fields.ts';
import type { Problems, RawInputs } from './names.ts';

/** S3 user guide, bucket naming; the wider set of before 2018 still exists in us-east-1. */
const BUCKET = /^[A-Za-z0-9._-]{3,255}$/;
const MAX_KEY = 1024;

/** Reads the bucket check; undefined where none is asked for. */
export function readBucketCheck(raw: RawInputs, problems: Problems): BucketCheck | undefined {
  const list = readBoolean(raw, 'list-buckets', problems) ?? false;
  const expected: ExpectedBucket[] = [];
  for (const line of readLines(raw, 'expected-buckets')) {
    const bare = line.startsWith('s3://') ? line.slice('s3://'.length) : line;
    const slash = bare.indexOf('/');
    const bucket = slash < 0 ? bare : bare.slice(0, slash);
    const prefix = slash < 0 || slash === bare.length - 1 ? undefined : bare.slice(slash + 1);
    if (!BUCKET.test(bucket))
      problems.add('expected-buckets', `has ${quote(line)}; write bucket or bucket/prefix, one a line`);
    else if (prefix !== undefined && prefix.length > MAX_KEY) {
      problems.add(
        'expected-buckets',
        `has a prefix of ${prefix.length} characters in ${quote(bucket)}; a key has ${MAX_KEY} at most`,
      );
    } else expected.push({ bucket, prefix });
  }
  if (!list && expected.length === 0) return undefined;
  if (raw.roles !== '')
    problems.add(
      list ? 'list-buckets' : 'expected-buckets',
      'is given together with roles, and which of them should reach the buckets cannot be told; check in a later step, with aws --profile',
    );
  return { list, expected };
}
