import { Failure, messageOf } from './core/failure.ts';
import type { Clock } from './core/ports.ts';

/** How long the step may run, and what ends it early: a signal from the runner, its own deadline, or an uncaught error. */
export interface Lifetime {
  /** Aborted with the `Failure` that ends the step. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Ends the step that many seconds from now; undefined for never. */
  limit(seconds: number | undefined): void;
  /** Waits for the step. If it is ended early, it gets a moment to clean up; then nobody waits for it any more. */
  during(step: Promise<void>): Promise<void>;
  /** From here on the step has succeeded, and nothing ends it early: only a few lines remain to be written. */
  succeed(): void;
  readonly succeeded: boolean;
}

/**
 * The runner cancels with SIGINT, then SIGTERM after 7.5 s, and kills after 2.5 s more. On Windows these are Ctrl+C and Ctrl+Break,
 * which Node reports as SIGBREAK; SIGHUP is sent if a terminal is closed.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

/** The time to release locks and to remember codes that were sent. */
const CLEANUP_MS = 500;
/** The time to say what was exported. */
const LAST_WORDS_MS = 5000;

/** The local clock. Its sleep rejects with the signal's reason as soon as that is aborted. */
export function clockUntil(signal: AbortSignal): Clock {
  return {
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
  };
}

/** Starts the step's lifetime: from now on a signal makes it fail instead of dying halfway. */
export function startLifetime(): Lifetime {
  const controller = new AbortController();
  const { signal } = controller;
  const over = Promise.withResolvers<void>();
  // Whoever waits for the step gets the failure.
  over.promise.catch(() => undefined);
  let succeeded = false;
  let deadline: NodeJS.Timeout | undefined;
  const end = (failure: Failure): void => {
    if (succeeded || signal.aborted) return;
    controller.abort(failure);
    setTimeout(() => over.reject(failure), CLEANUP_MS);
  };
  for (const name of SIGNALS) process.on(name, () => end(new Failure('cancelled', { signal: name })));
  process.on('uncaughtException', (error) =>
    end(new Failure('unexpected', { error: messageOf(error) }, { cause: error })),
  );
  return {
    signal,
    clock: clockUntil(signal),
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
