import type { Keys } from '../core/credentials.ts';
import { mayHaveWorked } from '../core/failure.ts';
import { type Clock, unwrap } from '../core/ports.ts';
import { deviceWith, type Made } from './enrollment.ts';
import { enable, proveDevice, ServerTime } from './patience.ts';
import type { DatedDevice, IamAdmin, NewDevice, SecretStore } from './ports.ts';
import { isFresh, isTaken, LONGEST_MS, type Look, type Rotated } from './rotate.ts';
import { nextMove, type RotationRules, type Situation } from './rotation.ts';
import { foundAt, isChanged, isUnchanged, unlessFailing, writtenAt } from './stored.ts';
import { gone, removeDevice } from './unenroll.ts';

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
  const began = clock.now();
  const answer = await store.find(secret);
  const found = foundAt(clock.now(), unwrap(answer), answer);
  const listed = await iam.listDatedDevices(user);
  const now = listed.serverTime ?? clock.now();
  const items = unwrap(listed)
    .filter(({ serial }) => familyOf(serial) === familyOf(mine))
    .toSorted(byAge)
    .map(({ serial: id, enabled: created }) => ({ id, created, active: false, lastUsed: undefined }));
  const situation: Situation = { now: new Date(now), mine, items, written: writtenAt(found, now - clock.now()) };
  return { situation, move: nextMove(situation, { ...rules, keep: 0 }), found, began };
}

/** Takes the step. Throws the `Failure` that says why it couldn't; whatever died in between, the next run completes or undoes. */
export async function rotateDevice(rotation: DeviceRotation, seen: Look, ports: DeviceRotationPorts): Promise<Rotated> {
  const { move } = seen;
  if (isTaken(move) && !isFresh(seen, ports.clock)) return { kind: 'overtaken' };
  switch (move.kind) {
    case 'replace':
      return replace(rotation, seen, ports);
    case 'discard':
    case 'delete':
      await removeDevice(rotation.user, move.id, ports.iam);
      return { kind: move.kind === 'delete' ? 'deleted' : 'discarded', id: move.id };
    default:
      return { kind: 'unchanged' };
  }
}

async function replace(
  rotation: DeviceRotation,
  { situation, found: before }: Look,
  ports: DeviceRotationPorts,
): Promise<Rotated> {
  const { user, keys, store, secret, separator } = rotation;
  const { iam, clock, prove } = ports;
  const began = clock.now();
  const time = new ServerTime(clock, situation.now.getTime() - began);
  const { device, leftovers } = await create(situation, iam);
  const made: Made = { keys, device };
  const giveUp = (): Promise<void> => removeDevice(user, device.serial, iam);
  let isOvertaken: boolean;
  try {
    await enable(iam, user, device, time);
    const enabledAt = time.now();
    await proveDevice(enabledAt, () => prove(made), time, clock);
    const isSlower = await hasRival(device.serial, situation, rotation, iam);
    const isChanged = !isUnchanged(unwrap(await store.find(secret)), before);
    isOvertaken = isSlower || isChanged || clock.now() - began > LONGEST_MS;
  } catch (error) {
    await unlessFailing(giveUp);
    throw error;
  }
  if (isOvertaken) {
    await giveUp();
    return { kind: 'overtaken' };
  }
  const stored = await store.put(secret, deviceWith(separator)(made));
  if (!stored.ok) {
    // If it may be written, or may still be, the next run can tell by the time of the secret.
    const isWritten = mayHaveWorked(stored.failure) || (await isChanged(store, secret, before));
    if (!isWritten) await unlessFailing(giveUp);
    throw stored.failure;
  }
  // AWS only deletes a device that nobody has: here, one that a dead run never enabled, or had just deactivated.
  for (const serial of leftovers) await unlessFailing(async () => gone(await iam.deleteDevice(serial)));
  return { kind: 'replaced', by: device.serial };
}

/** Whether another run enabled a device at the same time, and earlier. Of two such runs, one sees the other in any case. */
async function hasRival(
  serial: string,
  { items, mine }: Situation,
  { user }: DeviceRotation,
  iam: IamAdmin,
): Promise<boolean> {
  const devices = unwrap(await iam.listDatedDevices(user));
  const fresh = devices.filter((each) => familyOf(each.serial) === familyOf(mine) && !isAmong(items, each.serial));
  const [first] = fresh.toSorted((one, other) => byAge(one, other) || (one.serial < other.serial ? -1 : 1));
  return first?.serial !== serial;
}

function isAmong(items: Situation['items'], serial: string): boolean {
  return items.some(({ id }) => id === serial);
}

/** So many runs may have died, or may be at work. */
const MOST_NAMES = 20;

/** Creates a device with the first name that is free. One that is taken may be that of a device which another run is about to enable. */
async function create(
  { mine, items }: Situation,
  iam: IamAdmin,
): Promise<{ readonly device: NewDevice; readonly leftovers: readonly string[] }> {
  const path = mine.slice(0, mine.lastIndexOf('/') + 1);
  const leftovers = [path + familyOf(mine)].filter((serial) => !isAmong(items, serial));
  for (let number = 2; ; number += 1) {
    const name = `${familyOf(mine)}-${number}`;
    if (isAmong(items, path + name)) continue;
    const answer = await iam.createDevice(name);
    const isTaken = !answer.ok && answer.failure.code === 'iam-already-exists';
    if (!isTaken || leftovers.length > MOST_NAMES) return { device: unwrap(answer), leftovers };
    leftovers.push(path + name);
  }
}

/** `ci` of arn:aws:iam::111122223333:mfa/ci-2. */
function familyOf(serial: string): string {
  return serial.slice(serial.lastIndexOf('/') + 1).replace(/-\d{1,4}$/, '');
}

function byAge(one: DatedDevice, other: DatedDevice): number {
  return one.enabled.getTime() - other.enabled.getTime();
}
