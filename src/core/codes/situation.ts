import type { Slot } from '../request.ts';

/** All that may become of one code. */
export const VERDICTS = [
  'accepted',
  /** STS looked at it and refused it: wrong, or used by somebody. */
  'refused',
  /** STS did not look at it: a foreign serial, or the device's budget is spent. */
  'not-validated',
  /** Nobody knows; it counts as spent. */
  'lost',
] as const;
/** What became of one code. */
export type Verdict = (typeof VERDICTS)[number];

/** One code that was sent; never the code itself. */
export interface Attempt {
  readonly serial: string;
  readonly step: number;
  /** Server time when it was sent, in milliseconds. */
  readonly at: number;
  readonly verdict: Verdict;
}

/** Older codes are out of every window, and their three minutes are over. */
export const WORTH_REMEMBERING_MS = 600_000;

/** The facts from which the next move follows. Times are server times in milliseconds. */
export interface Situation {
  readonly serials: readonly [string, ...string[]];
  readonly slot: Slot | undefined;
  readonly attempts: readonly Attempt[];
  /** What earlier steps of the job sent. It counts as spent, and says nothing of this step's seed or serial. */
  readonly remembered?: readonly Attempt[];
  /** The serials that IAM confirmed to be the user's own. */
  readonly confirmed: ReadonlySet<string>;
  readonly now: number;
  /** No wait may end later than this. */
  readonly latest: number;
  readonly random: () => number;
}

/** Why no code may be sent now. */
export type WaitReason =
  /** AWS doesn't check this device's codes for now: it was asked too often. */
  | 'device-exhausted'
  /** AWS didn't check a code: the device was asked too often, or isn't the user's. */
  | 'not-validated'
  /** This job has sent as many codes as it may in three minutes. */
  | 'own-share-sent'
  /** AWS refused the codes that may be sent now. */
  | 'refused'
  /** This job has sent the codes that may be sent now. */
  | 'sent'
  /** The codes that may be sent now are those of other jobs of the matrix. */
  | 'others-slots';

/** What to do next. Times are server times in milliseconds. */
export type Move =
  | { readonly kind: 'send'; readonly serial: string; readonly step: number }
  | { readonly kind: 'wait'; readonly until: number; readonly because: WaitReason }
  | ({ readonly kind: 'give-up' } & GiveUpReason);

/** Why no code of this job will be accepted, or none in time. */
export type GiveUpReason =
  /** So many codes were refused within three minutes that other jobs can't have used them all. */
  | { readonly reason: 'seed'; readonly refused: number }
  /** AWS checked no code of this device, for longer than a device with too many attempts is left unchecked. */
  | { readonly reason: 'serial'; readonly serial: string }
  /** The next code may only be sent then. */
  | { readonly reason: 'wait'; readonly until: number; readonly because: WaitReason };

/** The codes of a device that this step has sent. */
export function attemptsOf(serial: string, { attempts }: Situation): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.serial === serial);
}

/** All codes of a device that this job has sent, in earlier steps too. */
export function spentOf(serial: string, { attempts, remembered = [] }: Situation): readonly Attempt[] {
  return [...remembered, ...attempts].filter((attempt) => attempt.serial === serial);
}
