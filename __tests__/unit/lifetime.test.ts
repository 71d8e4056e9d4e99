import { afterEach, expect, jest, test } from '@jest/globals';
import { startLifetime } from '../../src/lifetime.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

afterEach(() => {
  for (const name of [...SIGNALS, 'uncaughtException']) process.removeAllListeners(name);
  jest.useRealTimers();
});

/** Node's types don't know that this can be emitted. */
function throwUncaught(): void {
  Reflect.apply(process.emit, process, ['uncaughtException', new Error('out of nowhere')]);
}

const NEVER = new Promise<void>(() => undefined);

// SIGBREAK is what Windows makes of the runner's second signal.
test.each(SIGNALS)('%s ends the step, and its sleep', async (signal) => {
  const lifetime = startLifetime();
  const sleep = lifetime.clock.sleep(60_000);
  process.emit(signal, signal);
  await expect(sleep).rejects.toMatchObject({
    code: 'cancelled',
    facts: { signal },
  });
  expect(lifetime.signal.aborted).toBe(true);
});

test("a step that ignores its end isn't waited for", async () => {
  jest.useFakeTimers();
  const lifetime = startLifetime();
  lifetime.limit(20);
  const ended = expect(lifetime.during(NEVER)).rejects.toMatchObject({ code: 'timed-out', facts: { seconds: 20 } });
  await jest.advanceTimersByTimeAsync(20_500);
  await ended;
});

test("a step that doesn't may clean up, and says itself why it failed", async () => {
  jest.useFakeTimers();
  const lifetime = startLifetime();
  const step = new Promise<void>((_, reject) => {
    lifetime.signal.addEventListener('abort', () => setTimeout(reject, 400, new Error('of the step')));
  });
  const ended = expect(lifetime.during(step)).rejects.toThrow('of the step');
  process.emit('SIGTERM', 'SIGTERM');
  await jest.advanceTimersByTimeAsync(400);
  await ended;
});

test('an uncaught error ends the step', async () => {
  jest.useFakeTimers();
  const lifetime = startLifetime();
  const ended = expect(lifetime.during(NEVER)).rejects.toMatchObject({
    code: 'unexpected',
    facts: { error: 'out of nowhere' },
  });
  throwUncaught();
  await jest.advanceTimersByTimeAsync(500);
  await ended;
});

test("a step that has succeeded isn't ended by anything, and isn't waited for forever", async () => {
  jest.useFakeTimers();
  const lifetime = startLifetime();
  lifetime.limit(1);
  lifetime.succeed();
  const ended = expect(lifetime.during(NEVER)).resolves.toBeUndefined();
  process.emit('SIGTERM', 'SIGTERM');
  throwUncaught();
  await jest.advanceTimersByTimeAsync(5000);
  await ended;
  expect(lifetime.signal.aborted).toBe(false);
});
