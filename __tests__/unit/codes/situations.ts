import type { Attempt, Move, Situation, Verdict } from '../../../src/core/codes/situation.ts';

/** The first moment of a span of three minutes, and of step 60,000,000. */
export const T0 = 1_800_000_000_000;
export const S0 = 60_000_000;
/** The serials of two devices. */
export const A = 'arn:aws:iam::123456789012:mfa/a';
export const B = 'arn:aws:iam::123456789012:mfa/b';

/** One device, nothing tried yet, ten seconds into a step and a span, four minutes to go. */
export function situation(given: Partial<Situation> = {}): Situation {
  const now = given.now ?? T0 + 10_000;
  return {
    serials: [A],
    slot: undefined,
    attempts: [],
    confirmed: new Set(),
    now,
    latest: now + 240_000,
    random: () => 0.5,
    ...given,
  };
}

/** One code that was sent, by default refused; `step` counts from step 60,000,000. */
export function tried(step: number, verdict: Verdict = 'refused', at = T0 + 9_000, serial = A): Attempt {
  return { serial, step: S0 + step, at, verdict };
}

/** The offset of a step that is sent, from the current one. */
export function offsetOf(move: Move, now: number): number {
  return move.kind === 'send' ? move.step - Math.floor(now / 30_000) : Number.NaN;
}
