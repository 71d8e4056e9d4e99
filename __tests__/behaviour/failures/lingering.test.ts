import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunningStep, StepResult } from '../../../lab/runner/job.ts';
import { handedOver, NOTHING, SESSION, startJob } from '../../kit/action.ts';
import { testNeeding } from '../../kit/platform.ts';
import { preloading } from '../../kit/preload.ts';

/** Runs a step and measures how long its process lives on after it printed something. */
function lifeAfter(text: string) {
  const times = { printed: Number.NaN, gone: Number.NaN };
  return {
    milliseconds: (): number => times.gone - times.printed,
    started(child: RunningStep): void {
      let seen = '';
      child.stdout.on('data', (more: string) => {
        seen += more;
        if (Number.isNaN(times.printed) && seen.includes(text)) times.printed = performance.now();
      });
      child.once('exit', () => {
        times.gone = performance.now();
      });
    },
  };
}

describe('a step that has failed', () => {
  test('does not live on in a call that nobody waits for any more', async () => {
    const { emulator, job } = await startJob();
    emulator.faults.add({ kind: 'hang', operation: 'GetCallerIdentity', times: Number.POSITIVE_INFINITY });
    emulator.faults.add({
      kind: 'refuse-with',
      operation: 'GetSessionToken',
      status: 403,
      code: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid.',
    });
    const life = lifeAfter('::error');
    const { exitCode, commands } = await job.step({ inputs: SESSION, started: life.started });
    expect(exitCode).toBe(1);
    expect(commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    expect(life.milliseconds()).toBeLessThan(2000);
  });
});

describe('a step ends with its result, whatever is still open: ', () => {
  const OPEN = preloading('open-ends');

  test.each([
    ['success', SESSION, 0, 'Exported to later steps: AWS_ACCESS_KEY_ID'],
    ['failure', { ...SESSION, 'mfa-seed': 'no seed!' }, 1, '::error'],
  ] as const)('a timer, sockets, a child; %s', async (_, inputs, code, last) => {
    const { job } = await startJob({ env: OPEN });
    const life = lifeAfter(last);
    const { exitCode } = await job.step({ inputs, started: life.started });
    expect(exitCode).toBe(code);
    expect(life.milliseconds()).toBeLessThan(2000);
  });

  testNeeding('signals').each([
    ['success', SESSION, 0, 'Exported to later steps: AWS_ACCESS_KEY_ID'],
    ['failure', { ...SESSION, 'mfa-seed': 'no seed!' }, 1, '::error'],
  ] as const)('a file in the thread pool that never answers; %s', async (_, inputs, code, last) => {
    const { job } = await startJob();
    const fifo = join(job.temp, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const life = lifeAfter(last);
    const { exitCode, stderr } = await job.step({ inputs, env: { ...OPEN, TEST_FIFO: fifo }, started: life.started });
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: '' });
    expect(life.milliseconds()).toBeLessThan(2000);
  });

  test('the post step too', async () => {
    const { job } = await startJob();
    await job.step({ inputs: SESSION, env: OPEN });
    const begin = performance.now();
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    expect(performance.now() - begin).toBeLessThan(3000);
  });
});

describe('a log that nobody reads', () => {
  const LOUD = preloading('loud');
  const masked = ({ commands }: StepResult): readonly string[] =>
    commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);

  test('ends the step before it sends or exports anything: no mask would arrive', async () => {
    const { emulator, job } = await startJob();
    const begin = performance.now();
    const result = await job.step({
      inputs: SESSION,
      env: LOUD,
      started(child) {
        child.stdout.pause();
        // What the pipe took is read after the end.
        child.once('exit', () => child.stdout.resume());
      },
    });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(emulator.calls).toEqual([]);
    expect(performance.now() - begin).toBeLessThan(6000);
  });

  test('for a while only costs that while, and no line', async () => {
    const { job } = await startJob();
    const result = await job.step({
      inputs: SESSION,
      env: LOUD,
      started(child) {
        child.stdout.pause();
        setTimeout(() => child.stdout.resume(), 1000);
      },
    });
    expect(result.exitCode).toBe(0);
    expect(masked(result)).toEqual(expect.arrayContaining([result.exported['AWS_SESSION_TOKEN']]));
    expect(result.lines.at(-1)).toContain('AWS_ACCESS_KEY_ID');
  });

  testNeeding('signals')('from the start, since its reader has gone: nothing is sent or exported', async () => {
    const { emulator, job } = await startJob();
    const result = await job.step({ inputs: SESSION, started: (child) => child.stdout.destroy() });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(emulator.calls).toEqual([]);
    expect(result.stderr).toBe('');
  });

  test('after the export changes nothing: the step has succeeded', async () => {
    const { job } = await startJob();
    const result = await job.step({ inputs: SESSION, env: preloading('no-log') });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });
});
