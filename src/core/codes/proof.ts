import type { Device } from '../request.ts';
import { type Attempt, attemptsOf, type Move, type Situation } from './situation.ts';
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
