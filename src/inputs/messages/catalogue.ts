import type { Failure, FailureCode } from '../../core/failure.ts';
import { AWS } from './aws.ts';
import { CODES } from './codes.ts';
import { explainContext } from './contexts.ts';
import { PROFILES } from './profiles.ts';
import { RUNNER } from './runner.ts';
import { SEALING } from './sealing.ts';
import { SESSIONS } from './sessions.ts';
import type { Entries, Wording } from './wording.ts';

/** What a person reads about each failure. Loaded only after one. */
const CATALOGUE: Entries<FailureCode> = { ...CODES, ...SESSIONS, ...SEALING, ...AWS, ...PROFILES, ...RUNNER };

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
