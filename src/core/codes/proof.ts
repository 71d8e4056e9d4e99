import { BUCKET_MS, bucketOf, OBSERVED_BUDGET, WINDOW } from './limits.ts';
import { attemptsOf, type Move, type Situation } from './situation.ts';
import { startOfStep } from './totp.ts';

/** The end of the run where no later code of any of these devices can do better; undefined where one may. */
export function hopeless(serials: readonly string[], situation: Situation): Move | undefined {
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
    return { kind: 'give-up', reason: 'serial', serial };
  }
  for (const bucket of new Set(attempts.map(({ at }) => bucketOf(at)))) {
    const refused = attempts.filter(({ at, verdict }) => bucketOf(at) === bucket && verdict === 'refused');
    const fresh = refused.filter(({ step }) => startOfStep(step - WINDOW) >= bucket * BUCKET_MS);
    // Others can have spent what the budget leaves beside our own verifications, and each of those only one code. (Of a device that
    // is off by a step or more, some were refused for that; the failure names this as the other possibility.)
    if (fresh.length > OBSERVED_BUDGET - refused.length) {
      return { kind: 'give-up', reason: 'seed', refused: refused.length };
    }
  }
  return undefined;
}
