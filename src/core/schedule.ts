import type { Slot } from './request/mfa.ts';
import { STEP_SECONDS, startOfStep, stepAt } from './totp.ts';

/** What became of one code. */
export type Verdict =
  | 'accepted'
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
  /** What earlier steps of the job sent. It counts as spent, and says nothing of this step's seed or serial. */
  readonly remembered?: readonly Attempt[];
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
const BUCKET_STEPS = BUCKET_MS / 1000 / STEP_SECONDS;
const OBSERVED_BUDGET = 9;
const OWN_BUDGET = 8;
/** Observed: codes of two steps either side of the device's time are accepted. */
const WINDOW = 2;
/** Older codes are out of every window, and their three minutes are over. */
export const WORTH_REMEMBERING_MS = 600_000;
/** How far from an edge of the window, or of a bucket, a code is sent: two clocks and a network lie between. */
const MARGIN_MS = 3_000;
/**
 * Jobs that come back to a device at one moment use up its budget in one another's way. So after a spent budget each comes back at
 * a random moment of a span that grows with the number of budgets it has seen spent. Found with `npm run simulate`.
 */
const SPREAD_MS = 5_000;
const SPREAD_PER_BUCKET_MS = 20_000;

/**
 * Decides the next move: which device's code of which step is sent now, or until when to wait and why, or why to end.
 *
 * Pure: the same situation and the same random numbers give the same move. No step of a device is ever sent twice, no device is
 * asked more often than its budget allows, and each wait ends at a moment at which something may be sent.
 */
export function nextMove(situation: Situation): Move {
  const mine = ownShare(situation);
  const end = hopeless(mine.serials, situation);
  if (end !== undefined) return end;
  for (const serial of shuffled(mine.serials, situation.random)) {
    if (blockedUntil(serial, situation) > situation.now) continue;
    const [step] = shuffled(sendableSteps(serial, mine, situation), situation.random);
    if (step !== undefined) return { kind: 'send', serial, step };
  }
  const because = reasonToWait(mine, situation);
  const soonest = Math.min(...mine.serials.map((serial) => nextChance(serial, mine, situation)));
  if (soonest > situation.latest) {
    const seconds = Math.ceil((soonest - situation.now) / 1000);
    return { kind: 'give-up', reason: 'wait', explanation: `the next code could be sent in ${seconds} s (${because})` };
  }
  const until = Math.min(situation.latest, soonest + spread(mine, situation));
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

/** All codes of a device that this job has sent, in earlier steps too. */
function spentOf(serial: string, { attempts, remembered = [] }: Situation): readonly Attempt[] {
  return [...remembered, ...attempts].filter((attempt) => attempt.serial === serial);
}

/** The server time from which a device may be asked again. */
function blockedUntil(serial: string, situation: Situation): number {
  const bucket = bucketOf(situation.now);
  const here = spentOf(serial, situation).filter(({ at }) => bucketOf(at) === bucket);
  const blocked = here.length >= OWN_BUDGET || here.some(({ verdict }) => verdict === 'not-validated');
  return blocked ? (bucket + 1) * BUCKET_MS + MARGIN_MS : situation.now;
}

/** What is known of a device's window. */
interface Window {
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
function windowOf(serial: string, situation: Situation): Window {
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

/** Whether a step is of this job's share and was not sent yet. */
function isOwn(step: number, tried: ReadonlySet<number>, { modulus, remainder }: Share): boolean {
  return step % modulus === remainder && !tried.has(step);
}

/** When a step may be sent: it is surely in the window, and does not take the budget of the steps around it. */
function opening(step: number, { modulus }: Share, { adjustment, horizon }: Window): number {
  const ahead = step > horizon ? WINDOW - 1 : WINDOW;
  const inWindow = startOfStep(step - ahead - adjustment) + MARGIN_MS;
  // A device that serves a step every 30 s, each as early as it can be, is asked ten times in the bucket in which that begins. One
  // class of steps gives way and waits for its own bucket.
  const givesWay = modulus > OBSERVED_BUDGET && step % BUCKET_STEPS === 1;
  return givesWay ? Math.max(inWindow, startOfStep(step - 1) + MARGIN_MS) : inWindow;
}

/** The last moment at which a step is surely still in the window. */
function closing(step: number, { adjustment }: Window): number {
  return startOfStep(step + WINDOW + 1 - adjustment) - MARGIN_MS;
}

/**
 * The steps that may be accepted now and were not sent yet. All are as good: to take the nearest first is natural and the worst,
 * since jobs that start at one moment then chase each other through the same codes.
 */
function sendableSteps(serial: string, share: Share, situation: Situation): readonly number[] {
  const { now } = situation;
  const window = windowOf(serial, situation);
  const tried = triedSteps(serial, situation);
  return [-1, 0, 1, -WINDOW, WINDOW]
    .map((offset) => stepAt(now) + window.adjustment + offset)
    .filter((step) => isOwn(step, tried, share))
    .filter((step) => opening(step, share, window) <= now && now <= closing(step, window));
}

function triedSteps(serial: string, situation: Situation): ReadonlySet<number> {
  return new Set(spentOf(serial, situation).map(({ step }) => step));
}

/** The first moment at which this device could be asked with a step not sent yet. */
function nextChance(serial: string, share: Share, situation: Situation): number {
  const from = Math.max(blockedUntil(serial, situation), situation.now + 1);
  const window = windowOf(serial, situation);
  const tried = triedSteps(serial, situation);
  const chance = (step: number): number => Math.max(from, opening(step, share, window));
  let step = stepAt(from) + window.adjustment - WINDOW;
  while (!isOwn(step, tried, share) || chance(step) > closing(step, window)) step += 1;
  return chance(step);
}

/** A random part of a wait, where other jobs are likely to wait for the same moment. */
function spread({ serials }: Share, situation: Situation): number {
  if (situation.slot !== undefined) return 0;
  const spent = situation.attempts.filter(
    ({ serial, verdict }) => serials.includes(serial) && verdict === 'not-validated',
  );
  const buckets = new Set(spent.map(({ at }) => bucketOf(at))).size;
  return buckets === 0 ? 0 : situation.random() * (SPREAD_MS + SPREAD_PER_BUCKET_MS * buckets);
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
  if (here.some(({ verdict }) => verdict === 'refused')) {
    return 'the ones at hand were refused, another job may be using this device';
  }
  return situation.slot === undefined
    ? 'the ones at hand have been used by this job'
    : "the ones at hand belong to this job's neighbours in the matrix";
}

/** Ends the run where no later code can do better, or undefined where one may. */
function hopeless(serials: readonly string[], situation: Situation): Move | undefined {
  const reasons = serials.map((serial) => hopelessDevice(serial, situation));
  const [first] = reasons;
  return reasons.every((reason) => reason !== undefined) ? first : undefined;
}

function hopelessDevice(serial: string, situation: Situation): Move | undefined {
  const attempts = attemptsOf(serial, situation);
  if (attempts.some(({ verdict }) => verdict === 'accepted')) return undefined;
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
    // Others can have spent what the budget leaves beside our own verifications, and each of those only one code. (Of a device that
    // is off by a step or more, some were refused for that; the failure names this as the other possibility.)
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
