import { Failure, isFailure, mayHaveWorked } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import { persist, type RetryContext } from '../core/retry.ts';

/** The longest that a call waits until it is allowed again, and how often. */
const MAX_WAIT_MS = 60_000;
const MAX_WAITS = 3;

/**
 * Makes a call until it is answered, or until another attempt would not help. Every call of a store has the same effect however often
 * it is made, so that an answer that was lost does no harm. If the last attempt is refused after such an answer, its failure says so.
 */
export async function insist<T>(send: () => Promise<Answer<T>>, retry: RetryContext): Promise<Answer<T>> {
  let isLost = false;
  const answer = await untilAllowed(async () => {
    const attempt = await send();
    isLost ||= !attempt.ok && mayHaveWorked(attempt.failure);
    return attempt;
  }, retry);
  if (answer.ok || !isLost || mayHaveWorked(answer.failure)) return answer;
  const { code, facts, cause, outlook } = answer.failure;
  const context = { kind: 'after-lost' } as const;
  return bad(new Failure(code, facts, { cause, context, ...(outlook && { outlook }) }));
}

async function untilAllowed<T>(send: () => Promise<Answer<T>>, retry: RetryContext): Promise<Answer<T>> {
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

/** An answer with a value; with the store's time, in milliseconds, for those who compare it with other times of the store. */
export function good<T>(value: T, serverTime?: number): Answer<T> {
  return { ok: true, value, serverTime };
}

/** An answer that says why there is no value. */
export function bad(failure: Extract<Answer<never>, { ok: false }>['failure']): Answer<never> {
  return { ok: false, failure, serverTime: undefined };
}
