import { Failure } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';

/** How long the step may live, and what ends it early: a signal from the runner, or its own deadline. */
export interface Lifetime {
  /** Aborted with the `Failure` that ends the step. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Ends the step after that many seconds from now; undefined for never. */
  limit(seconds: number | undefined): void;
  /**
   * From here on the step is not ended early any more. The signal handlers stay: a late signal must not kill the process while
   * its last lines are still on their way through the pipe.
   */
  end(): void;
}

/**
 * The runner cancels with SIGINT, 7.5 s later SIGTERM, 2.5 s later an end without notice. On Windows these are Ctrl+C and
 * Ctrl+Break, which Node hands over as SIGBREAK; elsewhere that never comes.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

/** Starts the step's lifetime: from now on a signal makes it fail instead of dying half-way. */
export function startLifetime(): Lifetime {
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = (name: NodeJS.Signals): void => {
    controller.abort(new Failure('cancelled', `The step was cancelled (${name}); nothing was exported.`));
  };
  for (const name of SIGNALS) process.on(name, cancel);
  let deadline: NodeJS.Timeout | undefined;
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
      deadline = setTimeout(() => {
        controller.abort(
          new Failure(
            'timed-out',
            `The step took longer than the ${seconds} s of action-timeout-s; nothing was exported.`,
          ),
        );
      }, seconds * 1000);
    },
    end() {
      clearTimeout(deadline);
      // A call that nobody waits for any more must not keep the process alive.
      controller.abort(new Failure('cancelled', 'The step is over.'));
    },
  };
}
