import { Failure, type FailureCode } from './failure.ts';
import type { Buckets, Session } from './ports.ts';
import { remedyOf } from './remedies.ts';
import type { BucketCheck, ExpectedBucket } from './request/buckets.ts';

/** What the check found. */
export interface BucketReport {
  /** The names of all buckets, where listing was asked for. */
  readonly listed: readonly string[] | undefined;
  readonly reached: readonly ExpectedBucket[];
}

/** How many buckets are asked for at one time. */
const SIDE_BY_SIDE = 8;

/** A role's credentials carry no MFA information (IAM user guide, "MFA-protected API access"), which surprises most people once. */
const ROLE_HINT =
  "If a policy of the bucket or the role itself tests aws:MultiFactorAuthPresent, it refuses a role's credentials always: AWS puts no MFA information into them. " +
  "Test MFA in the role's trust policy instead, or leave role-to-assume out and use the session token, which carries it.";

/**
 * Checks access with the new credentials. Throws one `Failure` that names everything that could not be reached; where it
 * does, nothing is exported.
 */
export async function checkBuckets(check: BucketCheck, session: Session, buckets: Buckets): Promise<BucketReport> {
  const failures: Failure[] = [];
  let listed: readonly string[] | undefined;
  if (check.list) {
    const answer = await buckets.list();
    if (answer.ok) listed = answer.value;
    else failures.push(answer.failure);
  }
  const pending = [...check.expected];
  while (pending.length > 0) {
    const answers = await Promise.all(
      pending
        .splice(0, SIDE_BY_SIDE)
        .map(({ bucket, prefix }) =>
          prefix === undefined ? buckets.head(bucket) : buckets.listPrefix(bucket, prefix),
        ),
    );
    for (const answer of answers) if (!answer.ok) failures.push(answer.failure);
  }
  const [first] = failures;
  if (first === undefined) return { listed, reached: check.expected };
  throw verdict(first, failures, session);
}

const DENIALS: readonly FailureCode[] = ['buckets-denied', 'bucket-denied', 'explicit-deny', 'access-denied'];

function verdict(first: Failure, failures: readonly Failure[], { identity, by }: Session): Failure {
  const denied = failures.some(({ code }) => DENIALS.includes(code));
  const remedies = [...new Set(failures.map(remedyOf))];
  if (denied && by === 'AssumeRole') remedies.push(ROLE_HINT);
  return new Failure(
    first.code,
    `The bucket check as ${identity.arn} failed. ${failures.map(({ message }) => message).join(' ')}`,
    {
      cause: first,
      remedy: remedies.join(' '),
    },
  );
}
