import { Failure, isCodeRefused, isCodeUnchecked, leftCodeUnspent } from '../failure.ts';
import type { Device } from '../request.ts';
import { type Attempt, attemptsOf, type GiveUpReason, type Move, type Situation, type Verdict } from './situation.ts';
import { startOfStep } from './totp.ts';
import { BUCKET_MS, bucketOf, OBSERVED_BUDGET, WINDOW } from './window.ts';

/** The end of the run, if no later code of any of these devices can be accepted; undefined if one may be. */
export function proveUseless(devices: readonly Device[], situation: Situation): Move | undefined {
  const proofs = devices.map((device) => proveDeviceUseless(device, situation));
  return proofs.every((proof) => proof !== undefined) ? proofs[0] : undefined;
}

function proveDeviceUseless(device: Device, situation: Situation): Move | undefined {
  const attempts = attemptsOf(device, situation);
  if (attempts.some(({ verdict }) => verdict === 'accepted')) return undefined;
  return proveSerialWrong(device, attempts, situation) ?? proveSeedWrong(attempts);
}

/** A device that was used too often is checked again in the next three minutes. */
function proveSerialWrong(
  { serial: { text: serial } }: Device,
  attempts: readonly Attempt[],
  { confirmed }: Situation,
): Move | undefined {
  const unchecked = attempts.filter(({ verdict }) => verdict === 'not-validated');
  const buckets = new Set(unchecked.map(({ at }) => bucketOf(at)));
  const isWrong = !confirmed.has(serial) && buckets.size >= 2 && unchecked.length === attempts.length;
  return isWrong ? { kind: 'give-up', reason: 'serial', serial } : undefined;
}

/**
 * Others can have spent what the budget of three minutes leaves besides our own codes, and with each of theirs only one of ours. (If
 * a device is off by a step or more, some codes were refused for that. The failure names this possibility too.)
 */
function proveSeedWrong(attempts: readonly Attempt[]): Move | undefined {
  for (const bucket of new Set(attempts.map(({ at }) => bucketOf(at)))) {
    const refused = attempts.filter(({ at, verdict }) => bucketOf(at) === bucket && verdict === 'refused');
    const fresh = refused.filter(({ step }) => startOfStep(step - WINDOW) >= bucket * BUCKET_MS);
    if (fresh.length > OBSERVED_BUDGET - refused.length)
      return { kind: 'give-up', reason: 'seed', refused: refused.length };
  }
  return undefined;
}

/** What a failure says about the code: undefined if STS never saw it, so that it can still be used. */
export function verdictOf(failure: Failure): Verdict | undefined {
  if (isCodeRefused(failure)) return 'refused';
  if (isCodeUnchecked(failure)) return 'not-validated';
  // The code may have been checked before the call failed for another reason: it counts as spent.
  return leftCodeUnspent(failure) ? undefined : 'lost';
}

/**
 * The failure of a run in which no code was accepted, as of `now` (AWS's time in milliseconds). `lastTrouble` is the last failure that
 * wasn't about a code.
 */
export function giveUp(
  reason: GiveUpReason,
  attempts: readonly Attempt[],
  now: number,
  lastTrouble: Failure | undefined,
): Failure {
  if (reason.reason === 'seed') return new Failure('mfa-seed-wrong', { refused: reason.refused });
  if (reason.reason === 'serial')
    return new Failure('mfa-device-unknown', { reason: 'never-checked', serial: reason.serial });
  const { until, because } = reason;
  const nextInSeconds = Math.ceil((until - now) / 1000);
  const facts = { sent: attempts.length, overSeconds: secondsBetween(attempts), nextInSeconds, because };
  // The codes may have been fine: what failed is what kept their answers away.
  if (lastTrouble !== undefined && attempts.at(-1)?.verdict === 'lost') {
    const context = { kind: 'codes-lost', ...facts } as const;
    return new Failure(lastTrouble.code, lastTrouble.facts, { cause: lastTrouble, context });
  }
  const refused = attempts.some(({ verdict }) => verdict === 'refused');
  return new Failure(refused ? 'mfa-code-refused' : 'mfa-wait-too-long', facts);
}

function secondsBetween(attempts: readonly Attempt[]): number {
  const times = attempts.map(({ at }) => at);
  return times.length === 0 ? 0 : Math.round((Math.max(...times) - Math.min(...times)) / 1000);
}
