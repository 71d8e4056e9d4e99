import type { REMEDIES } from '../inputs/remedies.ts';

/** Every way this action can fail, by the name that the log, the tests and the documentation share. */
export type FailureCode = keyof typeof REMEDIES;

/**
 * What is known of another attempt besides the code: `final`, it cannot help, although it may after other failures of this code;
 * `soon`, it will in a few seconds, although it cannot after others.
 */
export type Outlook = 'final' | 'soon';

/** What a `Failure` may have beside its code and its message. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly remedy?: string;
  readonly outlook?: Outlook;
}

/**
 * A failure that says what to do: a code, what happened, the one next thing to try, and the cause kept.
 *
 * `message` and `remedy` may hold text from outside (an AWS message, a bucket's name); they never hold a secret, and the
 * reporter neutralises workflow commands in them before it prints.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  /** Set if the place that failed knows better than the catalogue, which is loaded only once something has failed. */
  readonly remedy: string | undefined;
  readonly outlook: Outlook | undefined;

  constructor(code: FailureCode, message: string, { cause, remedy, outlook }: FailureOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
    this.outlook = outlook;
  }
}

/** What an error of any kind says, for the end of a `Failure`'s message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
