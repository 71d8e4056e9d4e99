import type { Call } from '../../lab/aws/index.ts';

/** What a test needs to end a step early, and to see how long it took to end. */
export interface Interruption {
  readonly started: (child: { kill(signal: NodeJS.Signals): unknown }) => void;
  /** Milliseconds from the first signal until now. */
  elapsed(): number;
}

/** Sends signals to the step as soon as something holds, at once one after the other. */
export function interrupt(signals: readonly NodeJS.Signals[], when: () => boolean): Interruption {
  let at = 0;
  return {
    started(child) {
      // The post step is started with the same options, and left alone.
      if (at !== 0) return;
      const timer = setInterval(() => {
        if (!when()) return;
        clearInterval(timer);
        at = performance.now();
        for (const signal of signals) child.kill(signal);
      }, 2);
      timer.unref();
    },
    elapsed() {
      if (at === 0) throw new Error('the step ended before it was interrupted');
      return performance.now() - at;
    },
  };
}

/** Whether a call of this operation has arrived. */
export function arrived(calls: readonly Call[], operation: string): () => boolean {
  return () => calls.some((call) => call.operation === operation);
}
