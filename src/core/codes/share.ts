import type { Situation } from './situation.ts';

/** The devices and the steps that this job may use: all of them, or the slot's. */
export interface Share {
  readonly serials: readonly [string, ...string[]];
  readonly modulus: number;
  readonly remainder: number;
}

/** With slot I of N on D devices: device I mod D, and of its steps those ≡ ⌊I/D⌋ modulo ⌈N/D⌉. No two jobs share one. */
export function ownShare({ serials, slot }: Situation): Share {
  if (slot === undefined) return { serials, modulus: 1, remainder: 0 };
  const devices = serials.length;
  const serial = serials[slot.index % devices] ?? serials[0];
  return { serials: [serial], modulus: Math.ceil(slot.total / devices), remainder: Math.floor(slot.index / devices) };
}

/** Whether a step is of this job's share and was not sent yet. */
export function isOwn(step: number, tried: ReadonlySet<number>, { modulus, remainder }: Share): boolean {
  return step % modulus === remainder && !tried.has(step);
}
