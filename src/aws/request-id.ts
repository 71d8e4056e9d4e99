import { Failure } from '../core/failure.ts';

/**
 * Throws a Failure if an answer without a field of its own that would show it is not AWS's: a portal's page reads like a list with
 * nothing in it, and HeadBucket's answer has no body at all. AWS gives every answer a request ID, and so do its emulators.
 */
export function requireRequestId(
  call: string,
  {
    $metadata: { requestId, httpStatusCode },
  }: {
    readonly $metadata: { readonly requestId?: string | undefined; readonly httpStatusCode?: number | undefined };
  },
): void {
  if (requestId !== undefined) return;
  throw new Failure(
    'incomplete-answer',
    `${call}: this is not an answer of AWS (HTTP ${httpStatusCode}, no request ID).`,
  );
}
