import type { Failure } from './failure.ts';

/** An AWS answer: what was asked for, or why not; with the server's clock where the answer told it. */
export type Answer<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }
) & {
  /** Milliseconds since 1970, from the `Date` header of a fresh answer. */
  readonly serverTime: number | undefined;
};

/** What was asked for. Throws the `Failure` that came instead. */
export function unwrap<T>(answer: Answer<T>): T {
  if (!answer.ok) throw answer.failure;
  return answer.value;
}
