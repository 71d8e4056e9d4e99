import { codeOfStep, plainSeed, startOfStep, stepAt } from '../core/codes/totp.ts';
import type { Identity } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Answer, Clock } from '../core/ports.ts';
import type { IamAdmin, NewDevice } from './ports.ts';

// IAM is eventually consistent: what was just made isn't known everywhere for some seconds, and no call tells when it is.

const PAUSE_MS = 2500;
/** New users, keys and devices are usually known after 5 to 15 seconds. */
const PATIENCE_MS = 90_000;

/** Waits until a new key is known: twice in a row, since AWS has many servers. Throws the `Failure` if it isn't after 90 seconds. */
export async function untilKnown(identify: () => Promise<Answer<Identity>>, clock: Clock): Promise<void> {
  const began = clock.now();
  for (let known = 0; known < 2; await clock.sleep(PAUSE_MS)) {
    const answer = await identify();
    if (answer.ok) known += 1;
    else if (answer.failure.code !== 'access-key-unknown' || clock.now() - began >= PATIENCE_MS) throw answer.failure;
    else known = 0;
  }
}

/** AWS's clock, as the answers show it. */
export class ServerTime {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock, offset: number) {
    this.#clock = clock;
    this.#offset = offset;
  }

  now(): number {
    return this.#clock.now() + this.#offset;
  }

  /** Learns from an answer. */
  learn({ serverTime }: Pick<Answer<unknown>, 'serverTime'>): void {
    if (serverTime !== undefined) this.#offset = serverTime - this.#clock.now();
  }

  async until(time: number): Promise<void> {
    const left = time - this.now();
    if (left > 0) await this.#clock.sleep(left);
  }
}

/** So much of a step must be left: a code that arrives in the next one would put the device off center. */
const SPARE_MS = 5000;
/** AWS says the time only to the second, so a step may not have begun when it seems to. */
const ROUNDING_MS = 1600;
const ATTEMPTS = 3;

/**
 * Enables a device with the code of the previous step and that of the current one. AWS takes the second code's step for the device's own
 * time, so its window is centered (IAM user guide, "Sync virtual and hardware MFA devices").
 */
export async function enable(
  iam: IamAdmin,
  user: string,
  { serial, seed: text }: NewDevice,
  time: ServerTime,
): Promise<void> {
  const seed = plainSeed(text);
  if (seed === undefined) throw new Failure('unexpected', { call: 'CreateVirtualMFADevice', error: 'the seed is odd' });
  for (let attempt = 1; ; attempt += 1) {
    const current = stepAt(time.now() + SPARE_MS);
    await time.until(startOfStep(current) + ROUNDING_MS);
    const answer = await iam.enableDevice(user, serial, () => {
      const step = stepAt(time.now());
      return [codeOfStep(seed, step - 1), codeOfStep(seed, step)];
    });
    time.learn(answer);
    if (answer.ok) return;
    // Its answer was lost: the codes can't be sent again, but the device may be enabled.
    const devices = await iam.listDevices(user);
    if (devices.ok && devices.value.includes(serial)) return;
    if (answer.failure.code !== 'device-codes-refused' || attempt >= ATTEMPTS) throw answer.failure;
    await time.until(startOfStep(stepAt(time.now()) + 1));
  }
}

/** STS knows a new device after about 15 seconds. */
const DEVICE_DELAY_MS = 15_500;
const PROOFS = 3;
/** What STS says of keys and devices that it doesn't know yet. */
const TOO_NEW = ['access-key-unknown', 'mfa-device-unknown', 'mfa-code-refused'];

/**
 * Tries a device that was just enabled: not before STS knows it and has a code that wasn't used to enable it, and again if it is still too
 * new. Throws the `Failure` of the last attempt.
 */
export async function proveDevice(
  enabledAt: number,
  prove: () => Promise<void>,
  time: ServerTime,
  clock: Clock,
): Promise<void> {
  const next = startOfStep(stepAt(enabledAt) + 1) + ROUNDING_MS;
  await time.until(Math.max(next, enabledAt + DEVICE_DELAY_MS));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prove();
    } catch (error) {
      const isTooNew = error instanceof Failure && TOO_NEW.includes(error.code);
      if (!isTooNew || attempt >= PROOFS) throw error;
      await clock.sleep(DEVICE_DELAY_MS);
    }
  }
}
