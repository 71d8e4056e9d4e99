import type { Device } from '../request.ts';
import { proveUseless } from './proof.ts';
import { type Move, ownShare, type Share, type Situation, spentOf, type WaitReason } from './situation.ts';
import { stepAt } from './totp.ts';
import { BUCKET_MS, bucketOf, closing, MARGIN_MS, OWN_BUDGET, opening, WINDOW, windowOf } from './window.ts';

/**
 * If jobs come back to a device at the same time, they use up its budget together. So after a spent budget, each job comes back at a
 * random time within a span that grows with the number of budgets it has seen spent. Found with `npm run simulate`.
 */
const SPREAD_MS = 5_000;
const SPREAD_PER_BUCKET_MS = 20_000;

/**
 * Decides the next move: which device's code of which step to send now; until when to wait, and why; or why to give up.
 *
 * Pure: the same situation and the same random numbers give the same move. It never sends a step of a device twice, uses no device
 * more often than its budget allows, and ends each wait at a time when something may be sent.
 */
export function nextMove(situation: Situation): Move {
  const share = ownShare(situation);
  const end = proveUseless(share.devices, situation);
  if (end !== undefined) return end;
  for (const device of shuffled(share.devices, situation.random)) {
    if (blockedUntil(device, situation) > situation.now) continue;
    const [step] = shuffled(sendableSteps(device, share, situation), situation.random);
    if (step !== undefined) return { kind: 'send', device, step };
  }
  const because = reasonToWait(share, situation);
  const soonest = Math.min(...share.devices.map((device) => nextChance(device, share, situation)));
  if (soonest > situation.latest) return { kind: 'give-up', reason: 'wait', until: soonest, because };
  const until = Math.min(situation.latest, soonest + spread(share, situation));
  return { kind: 'wait', until, because };
}

/** The time from which a device may be used again. */
function blockedUntil(device: Device, situation: Situation): number {
  const bucket = bucketOf(situation.now);
  const here = spentOf(device, situation).filter(({ at }) => bucketOf(at) === bucket);
  const blocked = here.length >= OWN_BUDGET || here.some(({ verdict }) => verdict === 'not-validated');
  return blocked ? (bucket + 1) * BUCKET_MS + MARGIN_MS : situation.now;
}

/**
 * The steps that may be accepted now and were not sent yet. All are equally good. To start with the nearest is natural, and the worst
 * choice: jobs that start at the same time then chase each other through the same codes.
 */
function sendableSteps(device: Device, share: Share, situation: Situation): readonly number[] {
  const { now } = situation;
  const window = windowOf(device, situation);
  const tried = triedSteps(device, situation);
  return [-1, 0, 1, -WINDOW, WINDOW]
    .map((offset) => stepAt(now) + window.adjustment + offset)
    .filter((step) => isOwn(step, tried, share))
    .filter((step) => opening(step, share, window) <= now && now <= closing(step, window));
}

function triedSteps(device: Device, situation: Situation): ReadonlySet<number> {
  return new Set(spentOf(device, situation).map(({ step }) => step));
}

/** Whether a step is of this job's share and was not sent yet. */
function isOwn(step: number, tried: ReadonlySet<number>, { modulus, remainder }: Share): boolean {
  return step % modulus === remainder && !tried.has(step);
}

/** The first time at which this device can be used with a step not sent yet. */
function nextChance(device: Device, share: Share, situation: Situation): number {
  const from = Math.max(blockedUntil(device, situation), situation.now + 1);
  const window = windowOf(device, situation);
  const tried = triedSteps(device, situation);
  const chance = (step: number): number => Math.max(from, opening(step, share, window));
  let step = stepAt(from) + window.adjustment - WINDOW;
  while (!isOwn(step, tried, share) || chance(step) > closing(step, window)) step += 1;
  return chance(step);
}

/** A random part of a wait, if other jobs are likely to wait for the same time. */
function spread(share: Share, situation: Situation): number {
  if (situation.slot !== undefined) return 0;
  const unchecked = attemptsOfShare(share, situation).filter(({ verdict }) => verdict === 'not-validated');
  const buckets = new Set(unchecked.map(({ at }) => bucketOf(at))).size;
  return buckets === 0 ? 0 : situation.random() * (SPREAD_MS + SPREAD_PER_BUCKET_MS * buckets);
}

function reasonToWait(share: Share, situation: Situation): WaitReason {
  const bucket = bucketOf(situation.now);
  const here = attemptsOfShare(share, situation).filter(({ at }) => bucketOf(at) === bucket);
  const unchecked = here.find(({ verdict }) => verdict === 'not-validated');
  if (unchecked !== undefined) return situation.confirmed.has(unchecked.serial) ? 'device-exhausted' : 'not-validated';
  if (share.devices.every((device) => blockedUntil(device, situation) > situation.now)) return 'own-share-sent';
  if (here.some(({ verdict }) => verdict === 'refused')) return 'refused';
  return situation.slot === undefined ? 'sent' : 'others-slots';
}

function attemptsOfShare({ devices }: Share, { attempts }: Situation): Situation['attempts'] {
  return attempts.filter(({ serial }) => devices.some((device) => device.serial.text === serial));
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
