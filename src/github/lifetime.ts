import { Failure, messageOf } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';

/** How long the step may live, and what ends it early: a signal from the runner, its own deadline, or an error that nobody caught. */
export interface Lifetime {
  /** Aborted with the `Failure` that ends the step. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Ends the step after that many seconds from now; undefined for never. */
  limit(seconds: number | undefined): void;
  /** Waits for the step. Once it is ended early it may wind up what it has begun; then nobody waits for it any more. */
  during(step: Promise<void>): Promise<void>;
  /** From here on the step has succeeded, and nothing ends it early: only a few lines are left to be written. */
  succeed(): void;
  readonly succeeded: boolean;
}

/**
 * The runner cancels with SIGINT, 7.5 s later SIGTERM, 2.5 s later an end without notice. On Windows these are Ctrl+C and
 * Ctrl+Break, which Node passes on as SIGBREAK; SIGHUP comes if a terminal is closed.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

/** The time to let go of locks and to remember codes that were sent. */
const WIND_UP_MS = 500;
/** The time to say what was exported. */
const LAST_WORDS_MS = 5000;

/** Starts the step's lifetime: from now on a signal makes it fail instead of dying half-way. */
export function startLifetime(): Lifetime {
  const controller = new AbortController();
  const { signal } = controller;
  const over = Promise.withResolvers<void>();
  // Whoever waits for the step hears of it.
  over.promise.catch(() => undefined);
  let succeeded = false;
  let deadline: NodeJS.Timeout | undefined;
  const end = (failure: Failure): void => {
    if (succeeded || signal.aborted) return;
    controller.abort(failure);
    setTimeout(() => over.reject(failure), WIND_UP_MS);
  };
  for (const name of SIGNALS) process.on(name, () => end(new Failure('cancelled', { signal: name })));
  process.on('uncaughtException', (error) =>
    end(new Failure('unexpected', { error: messageOf(error) }, { cause: error })),
  );
  return {
    signal,
    clock: {
      now: Date.now,
      sleep: (milliseconds) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason);
          const stop = (): void => {
            clearTimeout(timer);
            reject(signal.reason);
          };
          const timer = setTimeout(() => {
            signal.removeEventListener('abort', stop);
            resolve();
          }, milliseconds);
          signal.addEventListener('abort', stop, { once: true });
        }),
    },
    limit(seconds) {
      if (seconds === undefined) return;
      deadline = setTimeout(() => end(new Failure('timed-out', { seconds })), seconds * 1000);
    },
    during: (step) => Promise.race([step, over.promise]),
    succeed() {
      succeeded = true;
      clearTimeout(deadline);
      setTimeout(over.resolve, LAST_WORDS_MS);
    },
    get succeeded() {
      return succeeded;
    },
  };
}
