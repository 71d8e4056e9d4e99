import { Failure, type FailureContext, type Miss } from '../failure.ts';
import type { Buckets, Session } from '../ports.ts';
import { type BucketCheck, type ExpectedBucket, pathOf } from '../request.ts';

/** What the check found. */
export interface BucketReport {
  /** The names of all buckets, where listing was asked for. */
  readonly listed: readonly string[] | undefined;
  readonly reached: readonly ExpectedBucket[];
}

/** How many buckets are asked for at one time. */
const SIDE_BY_SIDE = 8;

/**
 * Checks access with the new credentials. Throws one `Failure` that names everything that could not be reached; where it
 * does, nothing is exported.
 */
export async function checkBuckets(check: BucketCheck, session: Session, buckets: Buckets): Promise<BucketReport> {
  const failures: Miss[] = [];
  let listed: readonly string[] | undefined;
  if (check.list) {
    const answer = await buckets.list();
    if (answer.ok) listed = answer.value;
    else failures.push({ path: undefined, failure: answer.failure });
  }
  const pending = [...check.expected];
  while (pending.length > 0) {
    const asked = pending.splice(0, SIDE_BY_SIDE).map(async (expected): Promise<Miss | undefined> => {
      const { bucket, prefix } = expected;
      const answer = await (prefix === undefined ? buckets.head(bucket) : buckets.listPrefix(bucket, prefix));
      return answer.ok ? undefined : { path: pathOf(expected), failure: answer.failure };
    });
    failures.push(...(await Promise.all(asked)).filter((miss) => miss !== undefined));
  }
  const [first] = failures;
  if (first === undefined) return { listed, reached: check.expected };
  throw verdict(first.failure, failures, session);
}

/** One failure that stands for all: of the first, in the context of the check. */
function verdict({ code, facts }: Failure, misses: readonly Miss[], { identity, by }: Session): Failure {
  const context: FailureContext = { kind: 'bucket-check', arn: identity.arn, ofRole: by === 'AssumeRole', misses };
  return new Failure(code, facts, { cause: misses[0]?.failure, context });
}
