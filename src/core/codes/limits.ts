import { STEP_SECONDS } from './totp.ts';

// What AWS lets a device do, as observed, and how far this action stays away from it. AWS guarantees none of it.

/** Observed: about nine verifications per device in three minutes, counted from the full minutes 0, 3, 6 …; we stay below. */
export const BUCKET_MS = 180_000;
export const BUCKET_STEPS = BUCKET_MS / 1000 / STEP_SECONDS;
export const OBSERVED_BUDGET = 9;
export const OWN_BUDGET = 8;
/** Observed: codes of two steps either side of the device's time are accepted. */
export const WINDOW = 2;
/** How far from an edge of the window, or of a bucket, a code is sent: two clocks and a network lie between. */
export const MARGIN_MS = 3_000;

/** The number of the three minutes that a server time (milliseconds since 1970) falls into. */
export function bucketOf(time: number): number {
  return Math.floor(time / BUCKET_MS);
}
