import pLimit from 'p-limit';
import { Failure, type FailureContext, type Miss } from '../failure.ts';
import type { Buckets, Session } from '../ports.ts';
import { type BucketCheck, type ExpectedBucket, pathOf } from '../request.ts';

/** What the check found. */
export interface BucketReport {
  /** The names of all buckets, if listing was requested. */
  readonly listed: readonly string[] | undefined;
  readonly reached: readonly ExpectedBucket[];
}

/** How many buckets are checked at the same time. */
const SIDE_BY_SIDE = 8;

/** Checks access with the new credentials, before they are exported. Throws one `Failure` about everything that can't be reached. */
export async function checkBuckets(check: BucketCheck, session: Session, buckets: Buckets): Promise<BucketReport> {
  const listing = check.list ? await buckets.list() : undefined;
  const limit = pLimit(SIDE_BY_SIDE);
  const found = await Promise.all(check.expected.map((expected) => limit(() => missOf(expected, buckets))));
  const unlisted: readonly Miss[] = listing?.ok === false ? [{ path: undefined, failure: listing.failure }] : [];
  const misses = [...unlisted, ...found.filter((miss) => miss !== undefined)];
  const [first] = misses;
  if (first !== undefined) throw failureOf(first.failure, misses, session);
  return { listed: listing?.ok ? listing.value : undefined, reached: check.expected };
}

async function missOf(expected: ExpectedBucket, buckets: Buckets): Promise<Miss | undefined> {
  const { bucket, prefix } = expected;
  const answer = await (prefix === undefined ? buckets.head(bucket) : buckets.listPrefix(bucket, prefix));
  return answer.ok ? undefined : { path: pathOf(expected), failure: answer.failure };
}

/** One failure that stands for all: the first, with all misses as its context. */
function failureOf({ code, facts }: Failure, misses: readonly Miss[], { identity, by }: Session): Failure {
  const context: FailureContext = { kind: 'bucket-check', arn: identity.arn, ofRole: by === 'AssumeRole', misses };
  return new Failure(code, facts, { cause: misses[0]?.failure, context });
}
