import { Failure } from '../core/failure.ts';
import type { AnswerFacts } from './ask.ts';

/** What the SDK keeps of an answer besides its body. */
export interface WireAnswer {
  readonly $metadata: { readonly requestId?: string | undefined; readonly httpStatusCode?: number | undefined };
}

/**
 * Throws a Failure if an answer without a field of its own that would show it is not AWS's: a portal's page reads like a list with
 * nothing in it, and HeadBucket's answer has no body at all. AWS gives every answer a request ID, and so do its emulators.
 */
export function requireRequestId(
  call: string,
  { $metadata: { requestId, httpStatusCode } }: WireAnswer,
  { contentType }: Pick<AnswerFacts, 'contentType'>,
): void {
  if (requestId !== undefined) return;
  throw new Failure('incomplete-answer', {
    call,
    reason: 'not-aws',
    status: httpStatusCode,
    contentType: contentType()?.slice(0, 100),
  });
}
