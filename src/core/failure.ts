import type { REMEDIES } from './remedies.ts';

/** Every way this action can fail, by the name that the log, the tests and the documentation share. */
export type FailureCode = keyof typeof REMEDIES;

/**
 * A failure that says what to do: a code, what happened, the one next thing to try, and the cause kept.
 *
 * `message` and `remedy` may hold text from outside (an AWS message, a bucket's name); they never hold a secret, and the
 * reporter neutralises workflow commands in them before it prints.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  /** Where the place that failed knows better than the catalogue, which is loaded only once something has failed. */
  readonly remedy: string | undefined;

  constructor(code: FailureCode, message: string, options: { cause?: unknown; remedy?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** What an error of any kind says, for the end of a `Failure`'s message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
