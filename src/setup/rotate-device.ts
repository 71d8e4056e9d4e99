import { startOfStep, stepAt } from '../core/codes/totp.ts';
import type { Keys } from '../core/credentials.ts';
import { mayHaveWorked } from '../core/failure.ts';
import { type Answer, type Clock, unwrap } from '../core/ports.ts';
import { DEVICE_DELAY_MS, proveNew } from './enroll.ts';
import { deviceWith, type Made } from './enrollment.ts';
import { enable, ServerTime } from './patience.ts';
import type { DatedDevice, IamAdmin, NewDevice, SecretStore } from './ports.ts';
import type { Look, Rotated } from './rotate.ts';
import { nextMove, type RotationRules, type Situation } from './rotation.ts';
import { isSameTime, mayBeWritten } from './stored.ts';
import { gone } from './unenroll.ts';

/** Whose device is rotated, and where its secret is. */
export interface DeviceRotation {
  readonly user: string;
  readonly keys: Keys;
  /** The serial that this run was given, from the secret. */
  readonly mine: string;
  readonly store: SecretStore;
  readonly secret: string;
  readonly separator: ' ' | ':';
  /** A device can't be deactivated for a while: AWS would forget its seed. So nothing is kept after the grace. */
  readonly rules: Omit<RotationRules, 'keep'>;
}

/** What rotating a device needs. */
export interface DeviceRotationPorts {
  /** IAM with an MFA session of the user. */
  readonly iam: IamAdmin;
  readonly clock: Clock;
  /** Gets a session with the new device. Rejects with the `Failure` that says why it couldn't. */
  prove(made: Made): Promise<void>;
}

/** Looks where the rotation stands, and decides the next step. Only devices whose names differ by a number belong to it. */
export async function lookAtDevices(rotation: DeviceRotation, { iam, clock }: DeviceRotationPorts): Promise<Look> {
  const { user, mine, store, secret, rules } = rotation;
  const stored = unwrap(await store.find(secret));
  const answer = await iam.listDatedDevices(user);
  const items = unwrap(answer)
    .filter(({ serial }) => familyOf(serial) === familyOf(mine))
    .toSorted(byAge)
    .map(({ serial: id, enabled: created }) => ({ id, created, active: false, lastUsed: undefined }));
  const situation: Situation = {
    now: new Date(answer.serverTime ?? clock.now()),
    mine,
    items,
    written: stored === undefined ? undefined : (stored.updated ?? 'unknown'),
  };
  return { situation, move: nextMove(situation, { ...rules, keep: 0 }) };
}

/** Takes the step. Throws the `Failure` that says why it couldn't; whatever died in between, the next run completes or undoes. */
export async function rotateDevice(
  rotation: DeviceRotation,
  { situation, move }: Look,
  ports: DeviceRotationPorts,
): Promise<Rotated> {
  switch (move.kind) {
    case 'replace':
      return replace(rotation, situation, ports);
    case 'discard':
    case 'delete':
      await remove(rotation.user, move.id, ports.iam);
      return { kind: move.kind === 'delete' ? 'deleted' : 'discarded', id: move.id };
    default:
      return { kind: 'unchanged' };
  }
}

async function replace(rotation: DeviceRotation, before: Situation, ports: DeviceRotationPorts): Promise<Rotated> {
  const { user, keys, store, secret, separator } = rotation;
  const { iam, clock, prove } = ports;
  const time = new ServerTime(clock, before.now.getTime() - clock.now());
  const device = await create(nextName(before), rotation, iam);
  const made: Made = { keys, device };
  try {
    await enable(iam, user, device, time);
    const enabledAt = time.now();
    await time.until(Math.max(startOfStep(stepAt(enabledAt) + 1) + 1500, enabledAt + DEVICE_DELAY_MS));
    await proveNew(() => prove(made), clock);
    const now = unwrap(await store.find(secret));
    if (now === undefined || !isSameTime(now.updated ?? 'unknown', before.written)) {
      await remove(user, device.serial, iam);
      return { kind: 'overtaken' };
    }
  } catch (error) {
    await remove(user, device.serial, iam);
    throw error;
  }
  const stored = await store.put(secret, deviceWith(separator)(made));
  if (stored.ok) return { kind: 'replaced', by: device.serial };
  const updated = before.written instanceof Date ? before.written : undefined;
  const isWritten = mayHaveWorked(stored.failure) && (await mayBeWritten(store, secret, { name: secret, updated }));
  // If it may be written, the next run can tell, by the time of the secret.
  if (!isWritten) await remove(user, device.serial, iam);
  throw stored.failure;
}

/** AWS only deletes a device that nobody has: one that a dead run created and never enabled. */
async function create(name: string, { mine }: DeviceRotation, iam: IamAdmin): Promise<NewDevice> {
  const answer = await iam.createDevice(name);
  const isTaken = !answer.ok && answer.failure.code === 'iam-already-exists';
  const serial = mine.slice(0, mine.lastIndexOf('/') + 1) + name;
  if (isTaken && (await iam.deleteDevice(serial)).ok) return unwrap(await iam.createDevice(name));
  return unwrap(answer);
}

async function remove(user: string, serial: string, iam: IamAdmin): Promise<void> {
  const deactivated: Answer<void> = await iam.deactivateDevice(user, serial);
  gone(deactivated);
  gone(await iam.deleteDevice(serial));
}

/** `ci` of arn:aws:iam::111122223333:mfa/ci-2. */
function familyOf(serial: string): string {
  return serial.slice(serial.lastIndexOf('/') + 1).replace(/-\d{1,4}$/, '');
}

/** The first name of the family that none of its devices has. */
function nextName({ mine, items }: Situation): string {
  const family = familyOf(mine);
  const names = items.map(({ id }) => id.slice(id.lastIndexOf('/') + 1));
  for (let number = 2; ; number += 1) if (!names.includes(`${family}-${number}`)) return `${family}-${number}`;
}

function byAge(one: DatedDevice, other: DatedDevice): number {
  return one.enabled.getTime() - other.enabled.getTime();
}
