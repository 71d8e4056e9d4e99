import type { Answer } from '../answer.ts';
import type { Identity, Keys } from '../credentials.ts';
import { Failure } from '../failure.ts';
import type { Iam } from '../ports.ts';
import type { MfaSource } from '../request.ts';
import { someOf } from '../words.ts';
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
    // Only a refusal to answer is about the devices; a wrong key or a network that is down has a remedy of its own.
    if (!['access-denied', 'explicit-deny'].includes(answer.failure.code)) throw answer.failure;
    throw new Failure(
      'mfa-device-not-found',
      `mfa-serial is not given, and asking IAM for the user's devices failed: ${answer.failure.message}`,
      {
        cause: answer.failure,
      },
    );
  }
  const serials = answer.value.map(parseSerial).filter((serial): serial is Serial => !('problem' in serial));
  const [serial, ...more] = serials;
  if (serial === undefined) {
    const passed =
      answer.value.length === 0 ? '' : ' that can be used with the API (security keys and passkeys cannot)';
    throw new Failure('mfa-device-not-found', `mfa-serial is not given, and this user has no MFA device${passed}.`);
  }
  if (more.length > 0) {
    throw new Failure(
      'mfa-device-not-found',
      `mfa-serial is not given, and this user has several MFA devices: ${someOf(serials.map(({ text }) => text))}.`,
      {
        remedy: 'Write the one whose seed this is as mfa-serial, or give them all with their seeds as mfa-devices.',
      },
    );
  }
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
