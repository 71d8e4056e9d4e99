import type { FailureCode, FailureContext, FailureFacts } from '../../src/core/failure.ts';

/** One failure as it happens: what its message is made from. */
export interface Sample<Code extends FailureCode> {
  readonly facts: FailureFacts[Code];
  readonly context?: FailureContext;
}

/** Samples of some codes: the first of each is the example in docs/troubleshooting.md; each other form of a message has one too. */
export type Samples<Code extends FailureCode> = { readonly [C in Code]: readonly [Sample<C>, ...Sample<C>[]] };
