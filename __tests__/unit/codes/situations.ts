import { nextMove } from '../../../src/core/codes/schedule.ts';
import type { Attempt, Move, Situation, Verdict } from '../../../src/core/codes/situation.ts';
import type { Device } from '../../../src/core/request.ts';

/** The start of three minutes, and of step 60,000,000. */
export const T0 = 1_800_000_000_000;
export const S0 = 60_000_000;
/** The serials of two devices. */
export const A = 'arn:aws:iam::123456789012:mfa/a';
export const B = 'arn:aws:iam::123456789012:mfa/b';

/** A situation, with the serials of the devices. */
export type Given = Partial<Omit<Situation, 'devices'>> & { readonly serials?: readonly [string, ...string[]] };

/** A move, with the serial of the device whose code is sent. */
export type PlainMove = Exclude<Move, { kind: 'send' }> | { readonly kind: 'send'; serial: string; step: number };

/** The next move. Unless given: one device, nothing sent yet, ten seconds into a step and into three minutes, four minutes to go. */
export function moveIn({ serials = [A], ...given }: Given = {}): PlainMove {
  const now = given.now ?? T0 + 10_000;
  const [first, ...rest] = serials;
  const move = nextMove({
    devices: [deviceOf(first), ...rest.map(deviceOf)],
    slot: undefined,
    attempts: [],
    confirmed: new Set(),
    now,
    latest: now + 240_000,
    random: () => 0.5,
    ...given,
  });
  return move.kind === 'send' ? { kind: 'send', serial: move.device.serial.text, step: move.step } : move;
}

function deviceOf(text: string): Device {
  return { serial: { kind: 'hardware', text }, seed: { bytes: new Uint8Array(20) } };
}

/** A code that was sent, refused unless given; `step` counts from step 60,000,000. */
export function tried(step: number, verdict: Verdict = 'refused', at = T0 + 9_000, serial = A): Attempt {
  return { serial, step: S0 + step, at, verdict };
}

/** How far a step that is sent is from the current one. */
export function offsetOf(move: PlainMove, now: number): number {
  return move.kind === 'send' ? move.step - Math.floor(now / 30_000) : Number.NaN;
}
