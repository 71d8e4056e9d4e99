import type { Answer } from './answer.ts';
import type { Failure, FailureCode } from './failure.ts';
import type { Clock, Reporter } from './ports.ts';

/** What retrying needs from the step. */
export interface RetryContext {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly random: () => number;
  /** How often a call may be sent in all, if the user said so. */
  readonly maxAttempts: number | undefined;
}

/** Attempts in all if the user does not say: as the official action for what AWS or the network may get over. */
const TRANSIENT_ATTEMPTS = 12;
/** For connections that could not be made: over a few seconds. A name that does not exist will not exist in a minute either. */
const CONNECTION_ATTEMPTS = 4;
/** For credentials that AWS has just made and does not know everywhere yet: over some seconds. */
const NEW_KEYS_ATTEMPTS = 6;
/** For answers that are not AWS's: a portal or a firewall rarely changes its mind, and each may cost a code. */
const ODD_ANSWER_ATTEMPTS = 2;

/** After these failures nothing of the request had been sent, so no code was spent. */
const UNSENT: readonly FailureCode[] = ['unreachable', 'proxy-refused', 'tls-untrusted'];

/** Whether a failed call proves that AWS never looked at the code in it. */
export function leftCodeUnspent({ code, outlook }: Failure): boolean {
  return UNSENT.includes(code) || (code === 'clock-off' && outlook !== 'final');
}

/** How often in all a call is sent that fails like this; 1 if another attempt would fail the same way. */
export function attemptsFor({ code, outlook }: Failure, maxAttempts: number | undefined): number {
  if (outlook === 'final') return 1;
  if (outlook === 'soon') return maxAttempts ?? NEW_KEYS_ATTEMPTS;
  switch (code) {
    case 'throttled':
    case 'service-unavailable':
    case 'network':
      return maxAttempts ?? TRANSIENT_ATTEMPTS;
    case 'unreachable':
    case 'proxy-refused':
      return maxAttempts ?? CONNECTION_ATTEMPTS;
    case 'incomplete-answer':
      return Math.min(maxAttempts ?? ODD_ANSWER_ATTEMPTS, ODD_ANSWER_ATTEMPTS);
    // The SDK has corrected its clock from the refusal.
    case 'clock-off':
      return 2;
    default:
      return 1;
  }
}

/** Whether a failure may be gone by itself with the next attempt. */
export function isTransient(failure: Failure): boolean {
  return failure.code !== 'clock-off' && attemptsFor(failure, undefined) > 1;
}

/** Counts the failed attempts of one call, and waits before the next. */
export class Retries {
  readonly #context: RetryContext;
  readonly #failed: Failure[] = [];

  constructor(context: RetryContext) {
    this.#context = context;
  }

  /** Says so and waits, if the call is to be sent again after this failure; false if not. */
  async wait(failure: Failure, code: 'same-code' | 'another-code' = 'same-code'): Promise<boolean> {
    const { clock, reporter, random, maxAttempts } = this.#context;
    this.#failed.push(failure);
    const most = attemptsFor(failure, maxAttempts);
    const count = this.#failed.filter(({ code }) => code === failure.code).length;
    if (failure.code === 'clock-off') return count < most;
    const inAll = this.#failed.filter(({ code }) => code !== 'clock-off').length;
    if (count >= most || inAll >= (maxAttempts ?? TRANSIENT_ATTEMPTS)) return false;
    const withAnotherCode = code === 'another-code';
    await reporter.note({ kind: 'retrying', failure, attempt: count + 1, most, withAnotherCode });
    await clock.sleep(pauseAfter(failure, count, random));
    return true;
  }
}

/** Sends a call that carries no code until it is answered, or until another attempt would not help. */
export async function persist<T>(send: () => Promise<Answer<T>>, context: RetryContext): Promise<Answer<T>> {
  const retries = new Retries(context);
  for (;;) {
    const answer = await send();
    if (answer.ok || !(await retries.wait(answer.failure))) return answer;
  }
}

/** In milliseconds: half a second to seconds for a connection, "full jitter" up to 20 s otherwise. */
function pauseAfter({ code, outlook }: Failure, count: number, random: () => number): number {
  return UNSENT.includes(code) || outlook === 'soon'
    ? Math.min(20_000, Math.round(500 * 2 ** (count - 1) * (1 + random())))
    : backoff(count, random);
}

/** How long to wait after attempt `count`: "full jitter" up to 20 s, in milliseconds. */
export function backoff(count: number, random: () => number): number {
  return Math.round(random() * Math.min(20_000, 100 * 2 ** count));
}
