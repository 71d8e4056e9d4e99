import type { CodesSent, FailureFacts, NextCode } from './failure-facts.ts';

/** Every way to fail, by the name that the log, the tests and the documentation share. */
export type FailureCode = keyof FailureFacts;
export type { FailureFacts };

/**
 * What is known of another attempt besides the code: `final`, it cannot help, although it may after other failures of this code;
 * `soon`, it will in a few seconds, although it cannot after others.
 */
export type Outlook = 'final' | 'soon';

/** Something that the bucket check could not reach, and why; the list of buckets has no path. */
export interface Miss {
  readonly path: string | undefined;
  readonly failure: Failure;
}

/** A role that was not assumed, and why. */
export interface Refusal {
  readonly profile: string;
  /** Its ARN, or its name if that is what is known. */
  readonly role: string;
  readonly failure: Failure;
}

/** What ended with a failure that is only the first of several, or the last. */
export type FailureContext =
  | {
      readonly kind: 'bucket-check';
      readonly arn: string;
      /** Whether the credentials are a role's, which never carry MFA. */
      readonly ofRole: boolean;
      readonly misses: readonly Miss[];
    }
  /** The roles that could not be assumed, of `total`. */
  | { readonly kind: 'many-roles'; readonly total: number; readonly refusals: readonly Refusal[] }
  /** Why it came to this one. */
  | { readonly kind: 'because'; readonly failure: Failure }
  /** The last of several codes that were sent, and not answered; why no other is sent. */
  | ({ readonly kind: 'codes-lost' } & CodesSent & NextCode)
  /** The call that a source of keys needs failed; `source` is the start of a sentence: "the profile "ci" gives no keys". */
  | { readonly kind: 'key-source'; readonly source: string; readonly failure: Failure };

/** What a `Failure` may have besides its code and its facts. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly outlook?: Outlook;
  readonly context?: FailureContext;
  readonly remedy?: string;
}

/**
 * A failure that was foreseen: a code, the facts and the cause. What a person reads is made from them by a front end's catalogue.
 *
 * Facts may hold text from outside (an AWS message, a bucket's name); they never hold a secret.
 */
export class Failure<Code extends FailureCode = FailureCode> extends Error {
  override readonly name = 'Failure';
  readonly code: Code;
  readonly facts: FailureFacts[Code];
  readonly outlook: Outlook | undefined;
  readonly context: FailureContext | undefined;
  readonly remedy: string | undefined;

  constructor(code: Code, facts: FailureFacts[Code], { cause, outlook, context, remedy }: FailureOptions = {}) {
    super(typeof facts === 'string' ? facts : code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
    this.outlook = outlook;
    this.context = context;
    this.remedy = remedy;
  }
}

/** Whether an error is a failure of this code: then its facts are known. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is Failure<Code> {
  return error instanceof Failure && error.code === code;
}

/** What an error of any kind says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
