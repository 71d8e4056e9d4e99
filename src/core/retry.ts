import type { Failure } from './failure.ts';
import { type Prospect, prospectOf } from './failure.ts';
import type { Answer, Clock, Reporter } from './ports.ts';

/** What retrying needs from the step. */
export interface RetryContext {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly random: () => number;
  /** How often a call may be sent in all, if the user said so. */
  readonly maxAttempts: number | undefined;
}

/** How often a call is sent at most if the user doesn't say; in each case, the reason may be gone by then. */
const ATTEMPTS: Readonly<Record<Prospect, number>> = {
  none: 1,
  // As many as in the official action.
  transient: 12,
  // Over a few seconds. A name that doesn't exist won't exist in a minute either.
  connection: 4,
  // Over some seconds.
  'new-keys': 6,
  // A portal or a firewall rarely changes its mind, and each attempt may cost a code.
  'odd-answer': 2,
  clock: 2,
};

/** How often a call is sent at most that fails like this. */
function attemptsFor(prospect: Prospect, maxAttempts: number | undefined): number {
  const usual = ATTEMPTS[prospect];
  switch (prospect) {
    case 'none':
    case 'clock':
      return usual;
    case 'odd-answer':
      return Math.min(maxAttempts ?? usual, usual);
    default:
      return maxAttempts ?? usual;
  }
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
    const prospect = prospectOf(failure);
    const most = attemptsFor(prospect, maxAttempts);
    const count = this.#failed.filter(({ code }) => code === failure.code).length;
    if (prospect === 'clock') return count < most;
    const total = this.#failed.filter((each) => prospectOf(each) !== 'clock').length;
    if (count >= most || total >= (maxAttempts ?? ATTEMPTS.transient)) return false;
    const withAnotherCode = code === 'another-code';
    await reporter.note({ kind: 'retrying', failure, attempt: count + 1, most, withAnotherCode });
    await clock.sleep(pauseAfter(prospect, count, random));
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

/** In milliseconds: half a second to seconds for a connection or new keys, `backoff` otherwise. */
function pauseAfter(prospect: Prospect, count: number, random: () => number): number {
  return prospect === 'connection' || prospect === 'new-keys'
    ? Math.min(20_000, Math.round(500 * 2 ** (count - 1) * (1 + random())))
    : backoff(count, random);
}

/** How long to wait after attempt `count`: "full jitter" up to 20 s, in milliseconds. */
export function backoff(count: number, random: () => number): number {
  return Math.round(random() * Math.min(20_000, 100 * 2 ** count));
}
