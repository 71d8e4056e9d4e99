import { isKnown } from './consistency.ts';
import { type AwsError, accessDenied } from './errors.ts';
import { codeOfKey, decodeSeed, sameCode, stepAt } from './totp.ts';
import type { MfaDevice, User, World } from './world.ts';

// How STS verifies a code. This is observed behaviour, and AWS guarantees none of it:
// - five codes are valid: those of two steps before and after the device's adjusted time, and the one between them;
// - each works once, in any order; a used code and a wrong one get the same answer;
// - a device has about nine verifications per three-minute UTC bucket, including the accepted ones; after that, STS refuses
//   every code like one of an unknown device, and doesn't use it.

const WINDOW = 2;
const SEARCH = 20;
const BUCKET_MS = 180_000;

/** The result for a code. */
export type Verdict = 'accepted' | 'wrong' | 'used' | 'budget' | 'unknown-device' | 'incomplete';

/** A verdict on a code, for the log. */
export interface Judgement {
  readonly serial: string;
  readonly code: string;
  /** The absolute step of the code, if it's within ±20 steps of the device's adjusted time. */
  readonly step: number | undefined;
  readonly verdict: Verdict;
}

/** What AWS remembers of devices: used codes, and verifications in this bucket. */
export class MfaLedger {
  readonly #devices = new Map<string, { used: Set<number>; bucket: number; spent: number }>();

  /**
   * Verifies a code, and remembers it. Devices of other users are unknown.
   * @param user undefined for callers without devices (role sessions)
   * @param now the emulator's time, ms since the epoch
   */
  verify(world: Pick<World, 'delays'>, user: User | undefined, serial: string, code: string, now: number): Judgement {
    const device = user?.devices.find((candidate) => candidate.serial === serial);
    if (device === undefined || !isKnown(world, 'device', device, device.enabledAt, now)) {
      return { serial, code, step: undefined, verdict: 'unknown-device' };
    }
    const key = decodeSeed(device.seed);
    const centre = stepAt(now) + device.adjustmentSteps;
    const memory = this.#memoryOf(device, Math.floor(now / BUCKET_MS));
    if (memory.spent >= device.budget) {
      return { serial, code, step: stepOf(key, centre, code), verdict: 'budget' };
    }
    memory.spent++;
    const good = acceptable(key, centre, code);
    const fresh = good.find((step) => !memory.used.has(step));
    if (fresh !== undefined) {
      memory.used.add(fresh);
      return { serial, code, step: fresh, verdict: 'accepted' };
    }
    if (good.length > 0) return { serial, code, step: good[0], verdict: 'used' };
    return { serial, code, step: stepOf(key, centre, code), verdict: 'wrong' };
  }

  #memoryOf(device: MfaDevice, bucket: number): { used: Set<number>; bucket: number; spent: number } {
    // A device that is deleted and created again has the old serial number, but nothing else.
    const identity = `${device.serial} ${device.seed}`;
    let memory = this.#devices.get(identity);
    if (memory === undefined) {
      memory = { used: new Set(), bucket, spent: 0 };
      this.#devices.set(identity, memory);
    }
    if (memory.bucket !== bucket) {
      memory.bucket = bucket;
      memory.spent = 0;
    }
    return memory;
  }
}

// Compares the whole window, so that the time doesn't reveal the step.
function acceptable(key: Buffer, centre: number, code: string): number[] {
  const steps: number[] = [];
  for (let offset = -WINDOW; offset <= WINDOW; offset++) {
    const step = centre + offset;
    if (step >= 0 && sameCode(codeOfKey(key, step), code)) steps.push(step);
  }
  return steps;
}

// For the log: the step of the code, searching the nearest first.
function stepOf(key: Buffer, centre: number, code: string): number | undefined {
  for (let distance = 0; distance <= SEARCH; distance++) {
    for (const step of [centre - distance, centre + distance]) {
      if (step >= 0 && codeOfKey(key, step) === code) return step;
    }
  }
  return undefined;
}

/** AWS's refusal for a verdict, letter for letter. Undefined if the code is accepted. */
export function refusalOf(verdict: Verdict): AwsError | undefined {
  switch (verdict) {
    case 'accepted':
      return undefined;
    case 'wrong':
    case 'used':
      return accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
    case 'budget':
    case 'unknown-device':
      return accessDenied(
        'MultiFactorAuthentication failed, unable to validate MFA code.  ' +
          'Please verify your MFA serial number is valid and associated with this user.',
      );
    case 'incomplete':
      return accessDenied(
        'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
      );
  }
}
