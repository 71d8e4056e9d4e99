import type { Identity, Keys } from '../credentials.ts';
import { Failure, isDenied } from '../failure.ts';
import type { Answer, Iam } from '../ports.ts';
import type { MfaSource } from '../request.ts';
import type { CodeSource } from './mint.ts';
import { parseSerial, type Serial } from './serial.ts';

// What IAM says about a user's devices. Asked only if no serial was given, or if STS didn't validate one.

/** Adds the user's only usable device to a source without a serial. Throws a Failure if there is none, or a choice. */
export async function findDevice(
  mfa: Exclude<MfaSource, { kind: 'devices' }>,
  keys: Keys,
  iam: Iam,
): Promise<CodeSource> {
  const answer = await iam.listDevices(keys, 'find');
  if (!answer.ok) {
    const { failure } = answer;
    // Only a refusal to list them is about the devices. A wrong key, or a network that is down, has its own remedy.
    if (!isDenied(failure)) throw failure;
    const context = { kind: 'because', failure } as const;
    throw new Failure('mfa-device-not-found', { reason: 'not-listed' }, { cause: failure, context });
  }
  const serials = answer.value.map(parseSerial).filter((serial): serial is Serial => !('problem' in serial));
  const [serial, ...more] = serials;
  if (serial === undefined)
    throw new Failure('mfa-device-not-found', { reason: 'none', unusable: answer.value.length });
  if (more.length > 0)
    throw new Failure('mfa-device-not-found', { reason: 'several', serials: serials.map(({ text }) => text) });
  if (mfa.kind === 'code') return { kind: 'code', serial, code: mfa.code };
  const { seed, slot, maxWaitSeconds } = mfa;
  return { kind: 'devices', devices: [{ serial, seed }], slot, maxWaitSeconds };
}

/**
 * Finds out why STS didn't validate a code of this device. Throws a Failure if it isn't one of this user's; otherwise returns whether
 * IAM confirmed that it is.
 */
export async function explainUnvalidated(
  device: Serial,
  keys: Keys,
  iam: Iam,
  who: () => Promise<Answer<Identity>>,
): Promise<boolean> {
  const serial = device.text;
  const [devices, identity] = await Promise.all([iam.listDevices(keys, 'explain'), who()]);
  if (identity.ok && device.kind === 'virtual' && device.account !== identity.value.account) {
    const { account } = device;
    throw new Failure('mfa-device-unknown', { reason: 'other-account', serial, account, arn: identity.value.arn });
  }
  if (!devices.ok || devices.value.includes(serial)) return devices.ok;
  throw new Failure('mfa-device-unknown', { reason: 'not-own', serial, own: devices.value });
}
