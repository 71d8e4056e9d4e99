import { mint } from '../../src/core/codes/mint.ts';
import { parseSerial } from '../../src/core/codes/serial.ts';
import { codeOfStep, startOfStep, stepAt } from '../../src/core/codes/totp.ts';
import type { Device, Slot } from '../../src/core/request.ts';
import { parseSeed } from '../../src/inputs/seed-forms.ts';
import { type SimulatedSts, seedOfDevice } from './sts.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a job works with. */
export interface JobContext {
  readonly time: VirtualTime;
  readonly sts: SimulatedSts;
  readonly random: () => number;
  readonly slot: Slot;
  readonly maxWaitSeconds: number;
}

/** One job of a scenario: resolves with whether it got credentials. */
export type Job = (context: JobContext) => Promise<boolean>;

/** Strategies of jobs, by their names on the command line. */
export const STRATEGIES: Readonly<Record<string, { readonly title: string; readonly job: Job }>> = {
  naive: { title: 'current code, no retry', job: naive },
  blanket: { title: 'blanket retry, 12 times', job: blanketRetry },
  nearest: { title: 'nearest step first', job: nearestFirst },
  ours: { title: 'ours', job: (context) => ours(context, undefined) },
  slots: { title: 'ours, with slots', job: (context) => ours(context, context.slot) },
};

function devicesOf(sts: SimulatedSts): readonly [Device, ...Device[]] {
  const devices = sts.serials.map((text, index): Device => {
    const [serial, seed] = [parseSerial(text), parseSeed(seedOfDevice(index))];
    if ('problem' in serial || 'problem' in seed) throw new Error('the scenario has an invalid device');
    return { serial, seed };
  });
  const [first, ...rest] = devices;
  if (first === undefined) throw new Error('the scenario has no device');
  return [first, ...rest];
}

/** What shell scripts do: send the current code, for a device chosen by the job's number. */
async function naive({ time, sts, slot }: JobContext): Promise<boolean> {
  return sendStep(sts, slot, stepAt(time.now()));
}

/** What the official action does: up to 12 attempts after any error, with random waits of up to 50 ms, 100 ms, 200 ms … */
async function blanketRetry({ time, sts, slot, random }: JobContext): Promise<boolean> {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    if (await sendStep(sts, slot, stepAt(time.now()))) return true;
    await time.sleep(random() * 2 ** attempt * 50);
  }
  return false;
}

/** The obvious way to find another code: the nearest steps first, then each new one. */
async function nearestFirst({ time, sts, slot, maxWaitSeconds }: JobContext): Promise<boolean> {
  const end = time.now() + maxWaitSeconds * 1000;
  const tried = new Set<number>();
  while (time.now() <= end) {
    const current = stepAt(time.now());
    const step = [0, -1, 1, -2, 2].map((offset) => current + offset).find((candidate) => !tried.has(candidate));
    if (step === undefined) {
      await time.sleep(startOfStep(current + 1) - time.now() + 1);
      continue;
    }
    tried.add(step);
    if (await sendStep(sts, slot, step)) return true;
  }
  return false;
}

async function sendStep(sts: SimulatedSts, slot: Slot, step: number): Promise<boolean> {
  const devices = devicesOf(sts);
  const device = devices[slot.index % devices.length] ?? devices[0];
  return (await sts.send({ serialNumber: device.serial.text, tokenCode: codeOfStep(device.seed, step) })).ok;
}

/** What the action does. */
async function ours({ time, sts, random, maxWaitSeconds }: JobContext, slot: Slot | undefined): Promise<boolean> {
  const source = { kind: 'devices', devices: devicesOf(sts), slot, maxWaitSeconds } as const;
  try {
    await mint(source, (mfa) => sts.send(mfa), {
      clock: time.clock(),
      reporter: { note: async () => undefined },
      random,
      memory: { recall: () => ({ clockOffset: 0, attempts: [] }), keep: () => undefined },
      maxAttempts: 12,
      explainUnvalidated: async () => true,
      shrink: async () => false,
    });
    return true;
  } catch {
    return false;
  }
}
