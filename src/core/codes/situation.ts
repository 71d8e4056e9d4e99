import type { Device, Slot } from '../request.ts';

// What is known when the next code is chosen, and what can be chosen. Times are AWS's, in milliseconds since 1970.

/** Everything that can become of a code that was sent. */
export const VERDICTS = [
  'accepted',
  /** STS checked it and rejected it: it is wrong, or somebody has used it. */
  'refused',
  /** STS didn't check it: the device isn't the user's, or was used too often. */
  'not-validated',
  /** Nobody knows. It counts as spent. */
  'lost',
] as const;
/** What became of a code. */
export type Verdict = (typeof VERDICTS)[number];

/** A code that was sent; never the code itself. */
export interface Attempt {
  readonly serial: string;
  readonly step: number;
  /** When it was sent. */
  readonly at: number;
  readonly verdict: Verdict;
}

/** Older codes are outside of every window, and their three minutes are over. */
export const WORTH_REMEMBERING_MS = 600_000;

/** The facts from which the next move follows. */
export interface Situation {
  readonly devices: readonly [Device, ...Device[]];
  readonly slot: Slot | undefined;
  readonly attempts: readonly Attempt[];
  /** What earlier steps of the job sent. It counts as spent, but says nothing about this step's seed or serial. */
  readonly remembered?: readonly Attempt[];
  /** The serials that IAM confirmed to be the user's own. */
  readonly confirmed: ReadonlySet<string>;
  readonly now: number;
  /** No wait may end later than this. */
  readonly latest: number;
  readonly random: () => number;
}

/** What to do next. */
export type Move =
  | { readonly kind: 'send'; readonly device: Device; readonly step: number }
  | { readonly kind: 'wait'; readonly until: number; readonly because: WaitReason }
  | ({ readonly kind: 'give-up' } & GiveUpReason);

/** Why no code may be sent now. */
export type WaitReason =
  /** AWS doesn't check this device's codes for now: it was used too often. */
  | 'device-exhausted'
  /** AWS didn't check a code: the device was used too often, or isn't the user's. */
  | 'not-validated'
  /** This job has sent as many codes as it may in three minutes. */
  | 'own-share-sent'
  /** AWS rejected the codes that may be sent now. */
  | 'refused'
  /** This job has sent the codes that may be sent now. */
  | 'sent'
  /** The codes that may be sent now are those of other jobs of the matrix. */
  | 'others-slots';

/** Why no code of this job will be accepted, or none in time. */
export type GiveUpReason =
  /** So many codes were rejected within three minutes that other jobs can't have used them all. */
  | { readonly reason: 'seed'; readonly refused: number }
  /** AWS checked no code of this device, for longer than a device that was used too often is left unchecked. */
  | { readonly reason: 'serial'; readonly serial: string }
  /** The next code may only be sent then. */
  | { readonly reason: 'wait'; readonly until: number; readonly because: WaitReason };

/** The codes of a device that this step has sent. */
export function attemptsOf({ serial }: Device, { attempts }: Situation): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.serial === serial.text);
}

/** All codes of a device that this job has sent, in earlier steps too. */
export function spentOf({ serial }: Device, { attempts, remembered = [] }: Situation): readonly Attempt[] {
  return [...remembered, ...attempts].filter((attempt) => attempt.serial === serial.text);
}

/** The devices and the steps that this job may use: all of them, or the slot's. */
export interface Share {
  readonly devices: readonly [Device, ...Device[]];
  readonly modulus: number;
  readonly remainder: number;
}

/** With slot I of N on D devices: device I mod D, and those of its steps that are ≡ ⌊I/D⌋ modulo ⌈N/D⌉. No two jobs share one. */
export function ownShare({ devices, slot }: Situation): Share {
  if (slot === undefined) return { devices, modulus: 1, remainder: 0 };
  const { index, total } = slot;
  const device = devices[index % devices.length] ?? devices[0];
  const [modulus, remainder] = [Math.ceil(total / devices.length), Math.floor(index / devices.length)];
  return { devices: [device], modulus, remainder };
}
