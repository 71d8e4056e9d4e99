import type { Slot } from './request/mfa.ts';
import { STEP_SECONDS, startOfStep, stepAt } from './totp.ts';

/** What became of one code. */
export type Verdict =
  /** STS looked at it and refused it: wrong, or used by somebody. */
  | 'refused'
  /** STS did not look at it: a foreign serial, or the device's budget is spent. */
  | 'not-validated'
  /** Nobody knows; it counts as spent. */
  | 'lost';

export interface Attempt {
  readonly serial: string;
  readonly step: number;
  /** Server time when it was sent, in milliseconds. */
  readonly at: number;
  readonly verdict: Verdict;
}

/** The facts from which the next move follows. Times are server times in milliseconds. */
export interface Situation {
  readonly serials: readonly [string, ...string[]];
  readonly slot: Slot | undefined;
  readonly attempts: readonly Attempt[];
  /** The serials that IAM confirmed to be the user's own. */
  readonly confirmed: ReadonlySet<string>;
  readonly now: number;
  /** No wait may end later than this. */
  readonly latest: number;
  readonly random: () => number;
}

export type Move =
  | { readonly kind: 'send'; readonly serial: string; readonly step: number }
  | { readonly kind: 'wait'; readonly until: number; readonly because: string }
  | { readonly kind: 'give-up'; readonly reason: 'seed' | 'serial' | 'wait'; readonly explanation: string };

/** Observed: about nine verifications per device in three minutes, counted from the full minutes 0, 3, 6 …; we stay below. */
const BUCKET_MS = 180_000;
const OBSERVED_BUDGET = 9;
const OWN_BUDGET = 8;
/** Observed: codes of two steps either side of the device's time are accepted. */
const WINDOW = 2;
/** A step at an edge of the window is sent only this far from the moment at which it falls out. */
const EDGE_MARGIN_MS = 5_000;

/**
 * Decides the next move: which device's code of which step is sent now, or until when to wait and why, or why to end.
 *
 * Pure: the same situation and the same random numbers give the same move. No step of a device is ever sent twice, and no
 * device is asked more often than its budget allows.
 */
export function nextMove(situation: Situation): Move {
  const mine = ownShare(situation);
  const end = hopeless(mine.serials, situation);
  if (end !== undefined) return end;
  for (const serial of shuffled(mine.serials, situation.random)) {
    if (blockedUntil(serial, situation) > situation.now) continue;
    const [step] = sendableSteps(serial, mine, situation);
    if (step !== undefined) return { kind: 'send', serial, step };
  }
  const until = Math.min(...mine.serials.map((serial) => nextChance(serial, mine, situation)));
  const because = reasonToWait(mine, situation);
  if (until > situation.latest) {
    const seconds = Math.ceil((until - situation.now) / 1000);
    return { kind: 'give-up', reason: 'wait', explanation: `the next code could be sent in ${seconds} s (${because})` };
  }
  return { kind: 'wait', until, because };
}

/** The devices and the steps that this job may use: all of them, or the slot's. */
interface Share {
  readonly serials: readonly [string, ...string[]];
  readonly modulus: number;
  readonly remainder: number;
}

/** With slot I of N on D devices: device I mod D, and of its steps those ≡ ⌊I/D⌋ modulo ⌈N/D⌉. No two jobs share one. */
function ownShare({ serials, slot }: Situation): Share {
  if (slot === undefined) return { serials, modulus: 1, remainder: 0 };
  const devices = serials.length;
  const serial = serials[slot.index % devices] ?? serials[0];
  return { serials: [serial], modulus: Math.ceil(slot.total / devices), remainder: Math.floor(slot.index / devices) };
}

function bucketOf(time: number): number {
  return Math.floor(time / BUCKET_MS);
}

function attemptsOf(serial: string, { attempts }: Situation): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.serial === serial);
}

/** The server time from which a device may be asked again. */
function blockedUntil(serial: string, situation: Situation): number {
  const bucket = bucketOf(situation.now);
  const here = attemptsOf(serial, situation).filter(({ at }) => bucketOf(at) === bucket);
  const blocked = here.length >= OWN_BUDGET || here.some(({ verdict }) => verdict === 'not-validated');
  return blocked ? (bucket + 1) * BUCKET_MS : situation.now;
}

/** The steps that may be accepted now and were not sent yet, best first: the middle three in a random order, then the edges. */
function sendableSteps(serial: string, share: Share, situation: Situation): readonly number[] {
  const current = stepAt(situation.now);
  const age = situation.now - startOfStep(current);
  const tried = attemptsOf(serial, situation).map(({ step }) => step);
  const usable = (offset: number): boolean => {
    if (offset === WINDOW && age < EDGE_MARGIN_MS) return false;
    if (offset === -WINDOW && age > STEP_SECONDS * 1000 - EDGE_MARGIN_MS) return false;
    const step = current + offset;
    return !tried.includes(step) && step % share.modulus === share.remainder;
  };
  const middle = shuffled([-1, 0, 1], situation.random).filter(usable);
  const edges = shuffled([-WINDOW, WINDOW], situation.random).filter(usable);
  return [...middle, ...edges].map((offset) => current + offset);
}

/** The first moment at which this device could be asked with a step not sent yet. */
function nextChance(serial: string, share: Share, situation: Situation): number {
  const from = blockedUntil(serial, situation);
  const tried = attemptsOf(serial, situation).map(({ step }) => step);
  const current = stepAt(from);
  const closing = from - startOfStep(current) > STEP_SECONDS * 1000 - EDGE_MARGIN_MS;
  for (let step = current - (closing ? WINDOW - 1 : WINDOW); ; step += 1) {
    if (tried.includes(step) || step % share.modulus !== share.remainder) continue;
    const opens = startOfStep(step - WINDOW) + EDGE_MARGIN_MS;
    return Math.max(from, opens, situation.now + 1);
  }
}

function reasonToWait(share: Share, situation: Situation): string {
  const bucket = bucketOf(situation.now);
  const here = situation.attempts.filter(({ at, serial }) => bucketOf(at) === bucket && share.serials.includes(serial));
  const unread = here.find(({ verdict }) => verdict === 'not-validated');
  if (unread !== undefined) {
    return situation.confirmed.has(unread.serial)
      ? 'this device has been asked too often in these three minutes, and AWS looks at its codes again after them'
      : 'AWS did not look at the code: either the device has been asked too often in these three minutes, or the serial number is not one of this user; one more try after them will tell';
  }
  if (share.serials.every((serial) => blockedUntil(serial, situation) > situation.now)) {
    return `a device answers about ${OBSERVED_BUDGET} codes in three minutes, and this step has used its part`;
  }
  const current = stepAt(situation.now);
  const atHand = situation.attempts.filter(
    ({ serial, step }) => share.serials.includes(serial) && Math.abs(step - current) <= WINDOW,
  );
  if (atHand.length === 0) return "the codes at hand belong to this job's neighbours in the matrix";
  return atHand.some(({ verdict }) => verdict === 'refused')
    ? 'the codes at hand were refused; another job may be using this device'
    : 'the codes at hand count as spent, since no answer told what became of them';
}

/** Ends the run where no later code can do better, or undefined where one may. */
function hopeless(serials: readonly string[], situation: Situation): Move | undefined {
  const reasons = serials.map((serial) => hopelessDevice(serial, situation));
  const [first] = reasons;
  return reasons.every((reason) => reason !== undefined) ? first : undefined;
}

function hopelessDevice(serial: string, situation: Situation): Move | undefined {
  const attempts = attemptsOf(serial, situation);
  const unread = new Set(attempts.filter(({ verdict }) => verdict === 'not-validated').map(({ at }) => bucketOf(at)));
  if (
    !situation.confirmed.has(serial) &&
    unread.size >= 2 &&
    attempts.every(({ verdict }) => verdict === 'not-validated')
  ) {
    return {
      kind: 'give-up',
      reason: 'serial',
      explanation: 'AWS would not look at a code in two spans of three minutes, so it is not the budget',
    };
  }
  for (const bucket of new Set(attempts.map(({ at }) => bucketOf(at)))) {
    const refused = attempts.filter(({ at, verdict }) => bucketOf(at) === bucket && verdict === 'refused');
    const fresh = refused.filter(({ step }) => startOfStep(step - WINDOW) >= bucket * BUCKET_MS);
    // Others can have spent what the budget leaves beside our own verifications, and each of those only one code.
    if (fresh.length > OBSERVED_BUDGET - refused.length) {
      return {
        kind: 'give-up',
        reason: 'seed',
        explanation: `${refused.length} codes were refused within three minutes, more than other jobs can have used up`,
      };
    }
  }
  return undefined;
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
