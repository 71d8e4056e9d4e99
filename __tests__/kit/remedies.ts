import type { FailureCode } from '../../src/core/failure.ts';
import { WORDING } from '../../src/github/wording.ts';
import { FAILURE_CODES, generalRemedy } from '../../src/inputs/messages/catalogue.ts';

/** Why a secret arrives empty, as a user reads it. */
export const EMPTY_SECRET = WORDING.emptySecret ?? '';

/** What each failure tells the user to do in general. Its words are asserted in one place, the golden file of messages. */
export const REMEDY = Object.fromEntries(FAILURE_CODES.map((code) => [code, generalRemedy(code, WORDING)])) as Readonly<
  Record<FailureCode, string>
>;
