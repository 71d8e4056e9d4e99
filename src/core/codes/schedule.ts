import { BUCKET_MS, bucketOf, MARGIN_MS, OWN_BUDGET, WINDOW } from './limits.ts';
import { hopeless } from './proof.ts';
import { isOwn, ownShare, type Share } from './share.ts';
import { type Move, type Situation, spentOf, type WaitReason } from './situation.ts';
import { stepAt } from './totp.ts';
import { closing, opening, windowOf } from './window.ts';

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
  if (soonest > situation.latest) return { kind: 'give-up', reason: 'wait', until: soonest, because };
  const until = Math.min(situation.latest, soonest + spread(mine, situation));
  return { kind: 'wait', until, because };
}

/** The server time from which a device may be asked again. */
function blockedUntil(serial: string, situation: Situation): number {
  const bucket = bucketOf(situation.now);
  const here = spentOf(serial, situation).filter(({ at }) => bucketOf(at) === bucket);
  const blocked = here.length >= OWN_BUDGET || here.some(({ verdict }) => verdict === 'not-validated');
  return blocked ? (bucket + 1) * BUCKET_MS + MARGIN_MS : situation.now;
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

function reasonToWait(share: Share, situation: Situation): WaitReason {
  const bucket = bucketOf(situation.now);
  const here = situation.attempts.filter(({ at, serial }) => bucketOf(at) === bucket && share.serials.includes(serial));
  const unread = here.find(({ verdict }) => verdict === 'not-validated');
  if (unread !== undefined) {
    return situation.confirmed.has(unread.serial) ? 'device-exhausted' : 'not-validated';
  }
  if (share.serials.every((serial) => blockedUntil(serial, situation) > situation.now)) {
    return 'own-share-sent';
  }
  if (here.some(({ verdict }) => verdict === 'refused')) {
    return 'refused';
  }
  return situation.slot === undefined ? 'sent' : 'others-slots';
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
