import { seededRandom } from './random.ts';
import { STRATEGIES } from './strategies.ts';
import { SimulatedSts } from './sts.ts';
import { VirtualTime } from './virtual-time.ts';

/** Jobs that need credentials, and the devices that they share. */
export interface Scenario {
  readonly strategy: string;
  readonly jobs: number;
  readonly devices: number;
  readonly adjustmentSteps: number;
  readonly budget: number;
  readonly maxWaitSeconds: number;
  /** All at the same time, or each when a runner becomes free. */
  readonly start: 'together' | { readonly runners: number; readonly jobSeconds: number };
  readonly seed: number;
}

/** The result of a play. */
export interface Outcome {
  readonly served: number;
  readonly verifications: number;
  readonly refusals: number;
  /** Codes that STS refused without verifying them. */
  readonly unread: number;
  /** Seconds from the first job's start to each credential, in order. */
  readonly servedAt: readonly number[];
}

/** Plays one scenario; the same seed gives the same outcome. */
export async function play(scenario: Scenario): Promise<Outcome> {
  const random = seededRandom(scenario.seed);
  // The jobs may begin at any time in a three-minute bucket.
  const begin = Date.parse('2026-09-01T12:00:00Z') + Math.floor(random() * 180_000);
  const time = new VirtualTime(begin);
  const sts = new SimulatedSts(time, random, {
    count: scenario.devices,
    adjustmentSteps: scenario.adjustmentSteps,
    budget: scenario.budget,
  });
  const strategy = STRATEGIES[scenario.strategy];
  if (strategy === undefined) throw new Error(`no such strategy: ${scenario.strategy}`);
  const servedAt: number[] = [];
  const run = async (index: number): Promise<void> => {
    const slot = { index, total: scenario.jobs };
    if (await strategy.job({ time, sts, random, slot, maxWaitSeconds: scenario.maxWaitSeconds }))
      servedAt.push((time.now() - begin) / 1000);
  };
  await time.run(startJobs(scenario, time, random, run));
  const count = (...verdicts: string[]): number =>
    sts.judged.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    served: servedAt.length,
    verifications: count('accepted', 'wrong', 'used'),
    refusals: count('wrong', 'used', 'budget'),
    unread: count('budget'),
    servedAt,
  };
}

function startJobs(
  { jobs, start }: Scenario,
  time: VirtualTime,
  random: () => number,
  run: (index: number) => Promise<void>,
): Promise<void>[] {
  if (start === 'together') return Array.from({ length: jobs }, (_, index) => run(index));
  let next = 0;
  const runner = async (): Promise<void> => {
    await time.sleep(random() * 5_000);
    while (next < jobs) {
      const index = next;
      next += 1;
      await run(index);
      await time.sleep(start.jobSeconds * 1000 * (0.5 + random()));
    }
  };
  return Array.from({ length: Math.min(start.runners, jobs) }, runner);
}
