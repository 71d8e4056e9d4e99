import { AwsError } from '../errors.ts';
import { codeOfKey, decodeSeed, stepAt } from '../totp.ts';
import type { MfaDevice } from '../world.ts';

/**
 * How far from now the two codes may be, in steps. AWS publishes no number; adjustments of hundreds of steps were seen
 * after a resync.
 */
const SEARCHED = 500;

/**
 * The adjustment that two consecutive codes give a device: the second one's step is the device's own time. Whether STS
 * accepted them before does not matter, and they stay good for STS. Codes that are too old for STS are accepted here, and
 * leave the device out of step with the clock (EnableMFADevice, IAM API reference).
 * @param now the emulator's time, ms since the epoch
 * @throws AwsError InvalidAuthenticationCode
 */
export function adjustmentFrom({ seed }: MfaDevice, first: string, second: string, now: number): number {
  const key = decodeSeed(seed);
  const current = stepAt(now);
  for (let distance = 0; distance <= SEARCHED; distance++) {
    for (const step of [current - distance, current + distance]) {
      if (step > 0 && codeOfKey(key, step) === second && codeOfKey(key, step - 1) === first) return step - current;
    }
  }
  throw new AwsError(403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.');
}
