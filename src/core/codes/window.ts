import type { Device } from '../request.ts';
import { attemptsOf, type Share, type Situation } from './situation.ts';
import { STEP_SECONDS, startOfStep, stepAt } from './totp.ts';

// What AWS lets a device do, as observed, and how far this action stays away from the limits. AWS guarantees none of it.

/** Observed: about nine codes per device are checked in three minutes, counted from the full minutes 0, 3, 6 …. We stay below. */
export const BUCKET_MS = 180_000;
export const OBSERVED_BUDGET = 9;
export const OWN_BUDGET = 8;
/** Observed: codes of two steps before and after the device's time are accepted. */
export const WINDOW = 2;
/** How far from the edge of a window or a bucket a code is sent: two clocks and a network are in between. */
export const MARGIN_MS = 3_000;

const BUCKET_STEPS = BUCKET_MS / 1000 / STEP_SECONDS;

/** The number of the three minutes that a time is in. */
export function bucketOf(time: number): number {
  return Math.floor(time / BUCKET_MS);
}

/** What is known about a device's window. */
export interface Window {
  /** How many steps the device's time is ahead of AWS's. */
  readonly adjustment: number;
  /** Later steps than this are sent one step later than they could be. */
  readonly horizon: number;
}

/**
 * Each device has its own adjustment, usually 0 and easily ±1 (a script that enables it with the codes of the current and the next
 * step leaves +1).
 *
 * Nobody else sends the codes of a slot, so if one is refused, the window is elsewhere: the device is behind if the code was early,
 * and ahead if it was late. Without a slot, a refusal says little, since others may have used the code. Then the steps that come
 * into the window are sent only when a device that is one step behind accepts them too.
 */
export function windowOf(device: Device, situation: Situation): Window {
  const refused = attemptsOf(device, situation).filter(({ verdict }) => verdict === 'refused');
  if (situation.slot === undefined) {
    return { adjustment: 0, horizon: Math.min(...refused.map(({ at }) => stepAt(at) + WINDOW)) };
  }
  const offsets = refused.map(({ step, at }) => step - stepAt(at));
  const behind = Math.min(0, ...offsets.filter((offset) => offset > 0).map((offset) => offset - WINDOW - 1));
  const ahead = Math.max(0, ...offsets.filter((offset) => offset < 0).map((offset) => offset + WINDOW + 1));
  // Both at once contradict each other: then it isn't the window.
  return { adjustment: behind < 0 && ahead > 0 ? 0 : behind + ahead, horizon: Number.POSITIVE_INFINITY };
}

/** When a step may be sent: it is surely in the window, and doesn't use up the budget of the steps around it. */
export function opening(step: number, { modulus }: Share, { adjustment, horizon }: Window): number {
  const ahead = step > horizon ? WINDOW - 1 : WINDOW;
  const inWindow = startOfStep(step - ahead - adjustment) + MARGIN_MS;
  // A device that gets a code every 30 s, each as early as possible, gets ten in the bucket in which that begins. So one class of
  // steps waits for its own bucket.
  const waits = modulus > OBSERVED_BUDGET && step % BUCKET_STEPS === 1;
  return waits ? Math.max(inWindow, startOfStep(step - 1) + MARGIN_MS) : inWindow;
}

/** The last time at which a step is surely still in the window. */
export function closing(step: number, { adjustment }: Window): number {
  return startOfStep(step + WINDOW + 1 - adjustment) - MARGIN_MS;
}
