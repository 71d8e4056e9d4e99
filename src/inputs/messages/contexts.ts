import type { Failure, FailureContext } from '../../core/failure.ts';
import { isDenied } from '../../core/failure-kinds.ts';
import { someOf } from '../../core/words.ts';
import type { Explanation } from './catalogue.ts';
import { nextCode, noneAccepted, whyNoCode } from './next-code.ts';
import { remedyForJobFiles } from './profiles.ts';
import type { Wording } from './wording.ts';

// Several failures in one message.

/** How many failures a message shows in full, and how many more it names. */
const SHOWN_FAILURES = 5;
const SHOWN_NAMES = 20;

/** A role's credentials carry no MFA information (IAM user guide, "MFA-protected API access"), which surprises most people once. */
const ROLE_HINT =
  "If the bucket's or the role's policy tests aws:MultiFactorAuthPresent, it always refuses a role's credentials: AWS puts no MFA information into them. " +
  "Test MFA in the role's trust policy instead, or remove role-to-assume and use the session token, which carries MFA.";

/** Puts one failure into words. */
type Explain = (failure: Failure) => Explanation;

/** What a person reads about a failure that has a context: `own` is what they would read without it. */
export function explainContext(
  context: FailureContext,
  own: Explanation,
  words: Wording,
  explain: Explain,
): Explanation {
  switch (context.kind) {
    case 'many-roles':
      return explainManyRoles(context, explain);
    case 'not-undone': {
      const stuck = context.stuck.map((failure) => explain(failure).message.replace(/\.$/, '')).join('; ');
      return {
        message: `${explain(context.first).message} Not everything that was already written could be undone (${stuck}).`,
        remedy: 'Assume that the credentials were exported: later steps of this job may have them until it ends.',
      };
    }
    case 'because':
      return { ...own, message: `${own.message} ${explain(context.failure).message}` };
    case 'codes-lost': {
      const message = `${own.message} ${noneAccepted(context)} ${nextCode(context, words)} ${whyNoCode(context.because)}`;
      return { ...own, message };
    }
    case 'job-files':
      return { ...own, remedy: remedyForJobFiles(context, words) };
    case 'bucket-check':
      return explainBucketCheck(context, explain);
    case 'key-source': {
      const { message, remedy } = explain(context.failure);
      return { message: `${words.input('aws-access-key-id')} is not set, and ${context.source}. ${message}`, remedy };
    }
  }
}

function explainBucketCheck(
  { arn, ofRole, misses }: Extract<FailureContext, { kind: 'bucket-check' }>,
  explain: Explain,
): Explanation {
  const explained = misses.map(({ failure }) => explain(failure));
  const shown = explained.slice(0, SHOWN_FAILURES).map(({ message }) => message);
  const others = misses.slice(SHOWN_FAILURES).map(({ path }) => path ?? 'the list of buckets');
  const remedies = [...new Set(explained.map(({ remedy }) => remedy))];
  if (ofRole && misses.some(({ failure }) => isDenied(failure))) remedies.push(ROLE_HINT);
  const likewise = others.length > 0 ? ` The same goes for ${someOf(others, SHOWN_NAMES)}.` : '';
  return { message: `The bucket check as ${arn} failed. ${shown.join(' ')}${likewise}`, remedy: remedies.join(' ') };
}

function explainManyRoles(
  { total, refusals }: Extract<FailureContext, { kind: 'many-roles' }>,
  explain: Explain,
): Explanation {
  const explained = refusals.map(({ profile, role, failure }) => ({
    title: `${profile} (${role})`,
    ...explain(failure),
  }));
  const shown = explained.slice(0, SHOWN_FAILURES).map(({ title, message }) => `${title}: ${message}`);
  const others = refusals.slice(SHOWN_FAILURES).map(({ profile }) => profile);
  const likewise = others.length > 0 ? ` The same goes for ${someOf(others, SHOWN_NAMES)}.` : '';
  return {
    message: `${refusals.length} of ${total} roles could not be assumed, so no profile was written. ${shown.join(' ')}${likewise}`,
    remedy: [...new Set(explained.map(({ remedy }) => remedy))].join(' '),
  };
}
