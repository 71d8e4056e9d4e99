import { type Failure, type FailureCode, type FailureContext, isDenied, isRoleDenied } from '../../core/failure.ts';
import { someOf } from '../../core/words.ts';
import { AWS } from './aws.ts';
import { CODES, nextCode, noneAccepted, whyNoCode } from './codes.ts';
import { COMMAND } from './command.ts';
import { PROFILES, remedyForJobFiles } from './profiles.ts';
import { RUNNER } from './runner.ts';
import { SEALING, SESSIONS } from './sessions.ts';
import type { Entries, Wording } from './wording.ts';

/** What a person reads about each failure. Loaded only after one. */
const CATALOGUE: Entries<FailureCode> = {
  ...CODES,
  ...SESSIONS,
  ...SEALING,
  ...AWS,
  ...PROFILES,
  ...RUNNER,
  ...COMMAND,
};

/** Every code, in the order of the catalogue. */
export const FAILURE_CODES: readonly FailureCode[] = Object.keys(CATALOGUE).filter(isCode);

function isCode(name: string): name is FailureCode {
  return name in CATALOGUE;
}

/** What happened, and the one thing to try next. */
export interface Explanation {
  readonly message: string;
  readonly remedy: string;
}

/** Puts a failure into words. */
export function explain<Code extends FailureCode>(failure: Failure<Code>, words: Wording): Explanation {
  const entry: Entries<FailureCode>[Code] = CATALOGUE[failure.code];
  const own = {
    message: entry.message(failure.facts, words),
    remedy: words.remedies[failure.code] ?? entry.remedy(words, failure.facts),
  };
  const { context } = failure;
  return context === undefined ? own : explainContext(context, own, words, (each) => explain(each, words));
}

/** What to do about failures of a code in general, for the documentation. */
export function generalRemedy<Code extends FailureCode>(code: Code, words: Wording): string {
  const entry: Entries<FailureCode>[Code] = CATALOGUE[code];
  return words.remedies[code] ?? entry.remedy(words);
}

/** The entry of a failure in the documentation of this major version. */
export function entryOf(code: FailureCode): string {
  return `https://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#${code}`;
}

// Several failures in one message.

/** How many failures a message shows in full, and how many more it names. */
const SHOWN_FAILURES = 5;
const SHOWN_NAMES = 20;

/** A role's credentials carry no MFA information (IAM user guide, "MFA-protected API access"), which surprises most people once. */
function roleHint({ input }: Wording): string {
  return (
    "If the bucket's or the role's policy tests aws:MultiFactorAuthPresent, it always refuses a role's credentials: AWS puts no MFA information into them. " +
    `Test MFA in the role's trust policy instead, or remove ${input('role-to-assume')} and use the session token, which carries MFA.`
  );
}

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
      return explainManyRoles(context, words, explain);
    case 'not-undone': {
      const stuck = context.stuck.map((failure) => explain(failure).message.replace(/\.$/, '')).join('; ');
      return {
        message: `${explain(context.first).message} Not everything that was already written could be undone (${stuck}).`,
        remedy: 'Assume that the credentials were exported: later steps of this job may have them until it ends.',
      };
    }
    case 'because':
      return { ...own, message: `${own.message} ${explain(context.failure).message}` };
    case 'after-lost':
      return own;
    case 'codes-lost': {
      const message = `${own.message} ${noneAccepted(context)} ${nextCode(context, words)} ${whyNoCode(context.because, words)}`;
      return { ...own, message };
    }
    case 'job-files':
      return { ...own, remedy: remedyForJobFiles(context, words) };
    case 'bucket-check':
      return explainBucketCheck(context, words, explain);
    case 'key-source': {
      const { message, remedy } = explain(context.failure);
      return { message: `${words.input('aws-access-key-id')} is not set, and ${context.source}. ${message}`, remedy };
    }
  }
}

function explainBucketCheck(
  { arn, ofRole, misses }: Extract<FailureContext, { kind: 'bucket-check' }>,
  words: Wording,
  explain: Explain,
): Explanation {
  const explained = misses.map(({ failure }) => explain(failure));
  const shown = explained.slice(0, SHOWN_FAILURES).map(({ message }) => message);
  const others = misses.slice(SHOWN_FAILURES).map(({ path }) => path ?? 'the list of buckets');
  const remedies = [...new Set(explained.map(({ remedy }) => remedy))];
  if (ofRole && misses.some(({ failure }) => isDenied(failure))) remedies.push(roleHint(words));
  const likewise = others.length > 0 ? ` The same goes for ${someOf(others, SHOWN_NAMES)}.` : '';
  return { message: `The bucket check as ${arn} failed. ${shown.join(' ')}${likewise}`, remedy: remedies.join(' ') };
}

function explainManyRoles(
  { total, refusals, purpose }: Extract<FailureContext, { kind: 'many-roles' }>,
  words: Wording,
  explain: Explain,
): Explanation {
  const explained = refusals.map(({ profile, role, failure }) => ({
    title: `${profile} (${role})`,
    ...explain(failure),
  }));
  const shown = explained.slice(0, SHOWN_FAILURES).map(({ title, message }) => `${title}: ${message}`);
  const others = refusals.slice(SHOWN_FAILURES).map(({ profile }) => profile);
  const likewise = others.length > 0 ? ` The same goes for ${someOf(others, SHOWN_NAMES)}.` : '';
  const untagged = purpose === 'renewal' && refusals.some(({ failure }) => isRoleDenied(failure));
  const hints = untagged
    ? [
        `With ${words.setting('renew', 'true')}, roles are assumed without session tags. If a trust policy requires tags, that role can't be renewed this way.`,
      ]
    : [];
  return {
    message: `${total === 1 ? 'The role' : `${refusals.length} of ${total} roles`} could not be assumed, so no profile was written. ${shown.join(' ')}${likewise}`,
    remedy: [...new Set([...explained.map(({ remedy }) => remedy), ...hints])].join(' '),
  };
}
