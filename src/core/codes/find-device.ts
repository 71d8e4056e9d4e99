import type { Answer } from '../answer.ts';
import type { Identity, Keys } from '../credentials.ts';
import { Failure } from '../failure.ts';
import { isDenied } from '../failure-kinds.ts';
import type { Iam } from '../ports.ts';
import type { MfaSource } from '../request.ts';
import type { ReadySource } from './mint.ts';
import { parseSerial, type Serial } from './serial.ts';

// What IAM says of a user's devices: asked only where a serial was left out, or where STS would not validate one.

/** A source without a serial with the one usable device that the user has. Throws a Failure where there is none, or a choice. */
export async function findDevice(
  mfa: Exclude<MfaSource, { kind: 'devices' }>,
  keys: Keys,
  iam: Iam,
): Promise<ReadySource> {
  const answer = await iam.listDevices(keys, 'find');
  if (!answer.ok) {
    const { failure } = answer;
    // Only a refusal to answer is about the devices; a wrong key or a network that is down has a remedy of its own.
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
 * Why STS would not validate a code of this device. Throws a Failure where it is no device of this user; else tells whether IAM
 * could be asked.
 */
export async function explainUnvalidated(
  serial: string,
  keys: Keys,
  iam: Iam,
  who: () => Promise<Answer<Identity>>,
): Promise<boolean> {
  const parsed = parseSerial(serial);
  const [devices, identity] = await Promise.all([iam.listDevices(keys, 'explain'), who()]);
  if (identity.ok && 'account' in parsed && parsed.account !== identity.value.account) {
    const { account } = parsed;
    throw new Failure('mfa-device-unknown', { reason: 'other-account', serial, account, arn: identity.value.arn });
  }
  if (!devices.ok || devices.value.includes(serial)) return devices.ok;
  throw new Failure('mfa-device-unknown', { reason: 'not-own', serial, own: devices.value });
}
