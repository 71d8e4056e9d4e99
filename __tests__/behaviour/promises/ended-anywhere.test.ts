import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { emulate } from '../../aws/wire.ts';
import { expectAllExported, expectSoundJob, homeOf, noteFile, pick, randomFrom, VARIANTS } from '../../kit/ended.ts';
import { jobWithProfiles, soundInputs } from '../../kit/failing.ts';
import { type Fault, failingFiles } from '../../kit/faults.ts';
import { testNeeding } from '../../kit/platform.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

// All or nothing, and no code twice, wherever a step ends and whatever call of the system fails. The moments are random: the seed is
// in the names of the tests, and SEED=… repeats a run. `npm test` makes a few runs, `npm run test:nightly` hundreds.

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));
const KILL_RUNS = propertyRuns(4).numRuns;
const FAULT_RUNS = propertyRuns(6).numRuns;
const CODES = ['EIO', 'ENOSPC', 'EACCES', 'EBUSY', 'EMFILE'] as const;
const NAMES = ['variables', 'a profile', 'a profile of the job', 'many roles', 'a renewed role', 'a role'] as const;

/** About as many calls as a step of each kind makes from its first connection on: counted once by the first test. */
const calls = new Map<string, number>();
const counted = (variant: string): number => calls.get(variant) ?? 60;
/** How long a step takes here, in milliseconds. */
let duration = 400;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index]);

describe(`with the seed ${SEED}`, () => {
  test.each(NAMES)('a step that nothing happens to succeeds, and its calls are counted: %s', async (variant) => {
    const emulator = await emulate();
    const job = jobWithProfiles();
    const before = homeOf(job);
    const notes = noteFile(job);
    const inputs = { ...soundInputs(emulator), ...VARIANTS[variant] };
    const started = performance.now();
    const result = await job.step({ inputs, env: failingFiles([], notes) });
    duration = performance.now() - started;
    expect(result.exitCode).toBe(0);
    expectAllExported(result, inputs);
    const noted = readFileSync(notes, 'utf8').split('\n');
    expect(noted.filter((call) => call.startsWith('writeFileSync')).length).toBeGreaterThan(2);
    calls.set(variant, noted.length);
    await expectSoundJob(job, emulator, result, before);
  });

  testNeeding('signals').each(numbers(KILL_RUNS))('killed at any moment, run %i', async (run) => {
    const random = randomFrom(SEED + run);
    const variant = pick(NAMES, random);
    const emulator = await emulate();
    const job = jobWithProfiles();
    const before = homeOf(job);
    const inputs = { ...soundInputs(emulator), ...VARIANTS[variant] };
    const nth = Math.ceil(random() * counted(variant));
    // Every other run by the clock: there is more in a step than calls of the file system.
    const byClock = run % 2 === 0;
    const delay = random() * duration * 1.1;
    const fault: Fault = { nth, code: 'SIGKILL', effect: pick(['none', 'all'], random) };
    const moment = byClock ? `${variant}: after ${delay.toFixed()} ms` : `${variant}: ${JSON.stringify(fault)}`;
    let killed = false;
    const result = await job.step({
      inputs,
      ...(byClock ? {} : { env: failingFiles([fault]) }),
      started(child) {
        if (byClock && !killed) setTimeout(() => child.kill('SIGKILL'), delay).unref();
        killed = true;
      },
    });
    try {
      if (result.exitCode === 0) expectAllExported(result, inputs);
      else expect(result.exitCode).toBe(null);
      await expectSoundJob(job, emulator, result, before);
    } catch (error) {
      throw new Error(`${moment}\n${error instanceof Error ? error.message : error}`, { cause: error });
    }
  });

  test.each(numbers(FAULT_RUNS))('with a call that fails, run %i', async (run) => {
    const random = randomFrom(SEED + 1_000_000 + run);
    const variant = pick(NAMES, random);
    const emulator = await emulate();
    const job = jobWithProfiles();
    const before = homeOf(job);
    const notes = noteFile(job);
    const inputs = { ...soundInputs(emulator), ...VARIANTS[variant] };
    const nth = Math.ceil(random() * counted(variant));
    const fault: Fault = { nth, code: pick(CODES, random), effect: pick(['none', 'some', 'all'], random) };
    const result = await job.step({ inputs, env: failingFiles([fault], notes) });
    try {
      if (result.exitCode === 0) expectAllExported(result, inputs);
      else {
        expect(result).toMatchObject({ exitCode: 1, exported: {}, outputs: {}, state: {}, stderr: '' });
        expect(homeOf(job)).toEqual(before);
      }
      await expectSoundJob(job, emulator, result, before);
    } catch (error) {
      const what = `${variant}: ${JSON.stringify(fault)}, which was ${readFileSync(notes, 'utf8')}`;
      throw new Error(`${what}\n${result.stdout}\n${error instanceof Error ? error.message : error}`, { cause: error });
    }
  });
});
