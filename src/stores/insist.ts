import { isFailure } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import { persist, type RetryContext } from '../core/retry.ts';

/** The longest that a call waits until it is allowed again, and how often. */
const MAX_WAIT_MS = 60_000;
const MAX_WAITS = 3;

/**
 * Makes a call until it is answered, or until another attempt would not help. Every call of a store has the same effect however often
 * it is made, so that an answer that was lost does no harm.
 */
export async function insist<T>(send: () => Promise<Answer<T>>, retry: RetryContext): Promise<Answer<T>> {
  for (let waits = 1; ; waits += 1) {
    const answer = await persist(send, retry);
    if (answer.ok || waits > MAX_WAITS || !isFailure(answer.failure, 'store-rate-limited')) return answer;
    const left = answer.failure.facts.until.getTime() - retry.clock.now();
    if (left > MAX_WAIT_MS) return answer;
    const { failure } = answer;
    await retry.reporter.note({
      kind: 'retrying',
      failure,
      attempt: waits + 1,
      most: MAX_WAITS + 1,
      withAnotherCode: false,
    });
    await retry.clock.sleep(Math.max(1000, left));
  }
}

/** An answer with a value. A store's clock is of no use to anyone. */
export function good<T>(value: T): Answer<T> {
  return { ok: true, value, serverTime: undefined };
}

/** An answer that says why there is no value. */
export function bad(failure: Extract<Answer<never>, { ok: false }>['failure']): Answer<never> {
  return { ok: false, failure, serverTime: undefined };
}
