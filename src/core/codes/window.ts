import { BUCKET_STEPS, MARGIN_MS, OBSERVED_BUDGET, WINDOW } from './limits.ts';
import type { Share } from './share.ts';
import { attemptsOf, type Situation } from './situation.ts';
import { startOfStep, stepAt } from './totp.ts';

/** What is known of a device's window. */
export interface Window {
  /** How many steps the device's time is ahead of the server's. */
  readonly adjustment: number;
  /** Later steps than this are sent one step later than they could be. */
  readonly horizon: number;
}

/**
 * A device has an adjustment of its own, usually 0 and easily ±1 (a script that enables it with the codes of now and of the next
 * step leaves +1).
 *
 * The codes of a slot are nobody else's, so a refusal of one says where the window is not: one refused as too early is of a device
 * that is behind, one refused as too late of a device that is ahead. Without a slot a refusal says little, since others may have
 * used the code; then the steps that come new into the window are sent when a device that is one behind takes them too.
 */
export function windowOf(serial: string, situation: Situation): Window {
  const refused = attemptsOf(serial, situation).filter(({ verdict }) => verdict === 'refused');
  if (situation.slot === undefined) {
    return { adjustment: 0, horizon: Math.min(...refused.map(({ at }) => stepAt(at) + WINDOW)) };
  }
  const offsets = refused.map(({ step, at }) => step - stepAt(at));
  const behind = Math.min(0, ...offsets.filter((offset) => offset > 0).map((offset) => offset - WINDOW - 1));
  const ahead = Math.max(0, ...offsets.filter((offset) => offset < 0).map((offset) => offset + WINDOW + 1));
  // Both at once contradict each other: it is not the window then.
  return { adjustment: behind < 0 && ahead > 0 ? 0 : behind + ahead, horizon: Number.POSITIVE_INFINITY };
}

/** When a step may be sent: it is surely in the window, and does not take the budget of the steps around it. */
export function opening(step: number, { modulus }: Share, { adjustment, horizon }: Window): number {
  const ahead = step > horizon ? WINDOW - 1 : WINDOW;
  const inWindow = startOfStep(step - ahead - adjustment) + MARGIN_MS;
  // A device that serves a step every 30 s, each as early as it can be, is asked ten times in the bucket in which that begins. One
  // class of steps gives way and waits for its own bucket.
  const givesWay = modulus > OBSERVED_BUDGET && step % BUCKET_STEPS === 1;
  return givesWay ? Math.max(inWindow, startOfStep(step - 1) + MARGIN_MS) : inWindow;
}

/** The last moment at which a step is surely still in the window. */
export function closing(step: number, { adjustment }: Window): number {
  return startOfStep(step + WINDOW + 1 - adjustment) - MARGIN_MS;
}
