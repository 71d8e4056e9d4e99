import { afterEach, expect, test } from '@jest/globals';
import { startLifetime } from '../../src/github/lifetime.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

afterEach(() => {
  for (const signal of SIGNALS) process.removeAllListeners(signal);
});

// SIGBREAK is what Windows makes of the runner's second call.
test.each(SIGNALS)('%s ends the step, and its sleep', async (signal) => {
  const lifetime = startLifetime();
  const sleep = lifetime.clock.sleep(60_000);
  process.emit(signal, signal);
  await expect(sleep).rejects.toMatchObject({
    code: 'cancelled',
    message: `The step was cancelled (${signal}); nothing was exported.`,
  });
  expect(lifetime.signal.aborted).toBe(true);
});
