import { Failure } from '../failure.ts';
import { isCodeRefused, isCodeUnchecked, leftCodeUnspent } from '../failure-kinds.ts';
import type { Attempt, GiveUpReason, Verdict } from './situation.ts';

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
