import type { CodesSent, FailureFacts, NextCode } from './failure-facts.ts';

/** Every way to fail, by the name that the log, the tests and the documentation share. */
export type FailureCode = keyof FailureFacts;
export type { FailureFacts };

/**
 * What is known about another attempt that the code doesn't say. `final`: it can't succeed, although it may after other failures of
 * this code. `soon`: it will succeed in a few seconds, although it can't after other failures of this code.
 */
export type Outlook = 'final' | 'soon';

/** Something that the bucket check couldn't reach, and why. The list of buckets has no path. */
export interface Miss {
  readonly path: string | undefined;
  readonly failure: Failure;
}

/** A role that couldn't be assumed, and why. */
export interface Refusal {
  readonly profile: string;
  /** Its ARN, or its name if that is what is known. */
  readonly role: string;
  readonly failure: Failure;
}

/** What a failure doesn't say by itself: it is the first of several, or the last, or there is a reason for it. */
export type FailureContext =
  /** The export failed, and not all of it could be undone: what failed first, and what failed while undoing it. */
  | { readonly kind: 'not-undone'; readonly first: Failure; readonly stuck: readonly Failure[] }
  | {
      readonly kind: 'bucket-check';
      readonly arn: string;
      /** Whether the credentials are a role's, which never carry MFA. */
      readonly ofRole: boolean;
      readonly misses: readonly Miss[];
    }
  /** All roles that couldn't be assumed, of `total`. */
  | { readonly kind: 'many-roles'; readonly total: number; readonly refusals: readonly Refusal[] }
  /** Why it came to this one. */
  | { readonly kind: 'because'; readonly failure: Failure }
  /** Codes were sent, the last one got no answer, and there is a reason not to send another. */
  | ({ readonly kind: 'codes-lost' } & CodesSent & NextCode)
  /** The profile files belong to this job alone, so what is said about the user's files is of no use. */
  | {
      readonly kind: 'job-files';
      readonly code: 'profile-exists' | 'profile-unwritable' | 'profile-locked';
      /** The variable that says where they are. */
      readonly variable: string;
    }
  /** A call failed that a source of keys needs. `source` begins a sentence: the profile "ci" gives no keys. */
  | { readonly kind: 'key-source'; readonly source: string; readonly failure: Failure };

/** What a `Failure` can have besides its code and facts. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly outlook?: Outlook;
  readonly context?: FailureContext;
}

/**
 * A failure that was foreseen: a code, facts and a cause. A front end's catalogue makes from them what a person reads.
 *
 * Facts may contain strings from outside (an AWS message, the name of a bucket), but never a secret.
 */
export class Failure<Code extends FailureCode = FailureCode> extends Error {
  override readonly name = 'Failure';
  readonly code: Code;
  readonly facts: FailureFacts[Code];
  readonly outlook: Outlook | undefined;
  readonly context: FailureContext | undefined;

  constructor(code: Code, facts: FailureFacts[Code], { cause, outlook, context }: FailureOptions = {}) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
    this.outlook = outlook;
    this.context = context;
  }
}

/** Whether an error is a failure of this code: then its facts are known. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is Failure<Code> {
  return error instanceof Failure && error.code === code;
}

/** An error of any kind as a failure: only a `Failure` was foreseen. */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('unexpected', { error: messageOf(error) }, { cause: error });
}

/** What an error of any kind says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
