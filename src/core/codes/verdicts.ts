import { Failure } from '../failure.ts';
import type { Attempt, Move } from './situation.ts';

/**
 * The failure of a run that no code was accepted in: what is wrong, how many codes were sent over how long, and why no other is.
 * `lastTrouble` is the last failure that was not about a code.
 */
export function giveUp(
  { reason, explanation }: Extract<Move, { kind: 'give-up' }>,
  attempts: readonly Attempt[],
  lastTrouble: Failure | undefined,
): Failure {
  const times = attempts.map(({ at }) => at);
  const span = times.length === 0 ? 0 : Math.round((Math.max(...times) - Math.min(...times)) / 1000);
  const tried =
    attempts.length === 0
      ? 'No code was sent'
      : `${attempts.length} ${attempts.length === 1 ? 'code was' : 'codes were'} sent over ${span} s`;
  switch (reason) {
    case 'seed':
      return new Failure('mfa-seed-wrong', `The codes are not those of this device. ${tried}: ${explanation}.`);
    case 'serial':
      return new Failure(
        'mfa-device-unknown',
        `This user has no MFA device with this serial number. ${tried}: ${explanation}.`,
      );
    case 'wait':
      // Not the codes are what is wrong, but what kept their answers away.
      if (lastTrouble !== undefined && attempts.at(-1)?.verdict === 'lost') {
        return new Failure(lastTrouble.code, `${lastTrouble.message} ${tried}; ${explanation}.`, {
          cause: lastTrouble,
        });
      }
      return attempts.some(({ verdict }) => verdict === 'refused')
        ? new Failure(
            'mfa-code-refused',
            `STS refused the codes, and mfa-max-wait-seconds is too short for another. ${tried}; ${explanation}.`,
          )
        : new Failure(
            'mfa-wait-too-long',
            `No code may be sent within mfa-max-wait-seconds. ${tried}; ${explanation}.`,
          );
  }
}
