import { type BucketCheck, type ExpectedBucket, pathOf } from '../../inputs/buckets.ts';
import { remedyOf } from '../../inputs/remedies.ts';
import { Failure, type FailureCode } from '../failure.ts';
import type { Buckets, Session } from '../ports.ts';
import { someOf } from '../words.ts';

/** What the check found. */
export interface BucketReport {
  /** The names of all buckets, where listing was asked for. */
  readonly listed: readonly string[] | undefined;
  readonly reached: readonly ExpectedBucket[];
}

/** How many buckets are asked for at one time. */
const SIDE_BY_SIDE = 8;

/** How many failures a message tells in full, and how many others it names. */
const SHOWN_FAILURES = 5;
const SHOWN_NAMES = 20;

/** A role's credentials carry no MFA information (IAM user guide, "MFA-protected API access"), which surprises most people once. */
const ROLE_HINT =
  "If a policy of the bucket or the role itself tests aws:MultiFactorAuthPresent, it refuses a role's credentials always: AWS puts no MFA information into them. " +
  "Test MFA in the role's trust policy instead, or leave role-to-assume out and use the session token, which carries it.";

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
    else failures.push({ what: 'the list of buckets', failure: answer.failure });
  }
  const pending = [...check.expected];
  while (pending.length > 0) {
    const asked = pending.splice(0, SIDE_BY_SIDE).map(async (expected): Promise<Miss | undefined> => {
      const { bucket, prefix } = expected;
      const answer = await (prefix === undefined ? buckets.head(bucket) : buckets.listPrefix(bucket, prefix));
      return answer.ok ? undefined : { what: pathOf(expected), failure: answer.failure };
    });
    failures.push(...(await Promise.all(asked)).filter((miss) => miss !== undefined));
  }
  const [first] = failures;
  if (first === undefined) return { listed, reached: check.expected };
  throw verdict(first.failure, failures, session);
}

/** Something that could not be reached, and why. */
interface Miss {
  readonly what: string;
  readonly failure: Failure;
}

const DENIALS: readonly FailureCode[] = ['buckets-denied', 'bucket-denied', 'explicit-deny', 'access-denied'];

function verdict(first: Failure, misses: readonly Miss[], { identity, by }: Session): Failure {
  const denied = misses.some(({ failure }) => DENIALS.includes(failure.code));
  const remedies = [...new Set(misses.map(({ failure }) => remedyOf(failure)))];
  if (denied && by === 'AssumeRole') remedies.push(ROLE_HINT);
  const told = misses.slice(0, SHOWN_FAILURES).map(({ failure }) => failure.message);
  const others = misses.slice(SHOWN_FAILURES).map(({ what }) => what);
  return new Failure(
    first.code,
    `The bucket check as ${identity.arn} failed. ${told.join(' ')}${others.length > 0 ? ` Likewise: ${someOf(others, SHOWN_NAMES)}.` : ''}`,
    {
      cause: first,
      remedy: remedies.join(' '),
    },
  );
}
