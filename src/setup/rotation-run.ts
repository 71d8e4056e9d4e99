import type { Identity } from '../core/credentials.ts';
import type { Request } from '../core/request.ts';
import { userNameOf } from './looking.ts';
import type { SecretStore } from './ports.ts';
import { type Look, look, type Rotated, type Rotation, type RotationPorts, rotate } from './rotate.ts';
import { type DeviceRotation, type DeviceRotationPorts, lookAtDevices, rotateDevice } from './rotate-device.ts';
import type { RotationRules } from './rotation.ts';

/** What is to be rotated, and where its secrets are. */
export interface RotationPlace {
  readonly store: SecretStore;
  readonly keySecret: string;
  readonly rules: RotationRules;
  /** Undefined if the device stays. `maxAge`: in hours. */
  readonly device: { readonly secret: string; readonly separator: ' ' | ':'; readonly maxAge: number } | undefined;
}

/** The rotation of the key and the device that a session was obtained with, by the user whose session it is. */
export function rotationOf(
  { plan }: Pick<Request, 'plan'>,
  identity: Identity,
  { store, keySecret, rules, device }: RotationPlace,
): RotationRun {
  if (plan.kind !== 'session' || plan.keys.kind !== 'given') throw new Error('a rotation is given its key');
  const { keys, mfa } = plan;
  const user = userNameOf(identity);
  const key = { user, mine: keys, store, secret: keySecret, rules };
  const mine = mfa.kind === 'devices' ? mfa.devices[0].serial.text : undefined;
  if (device === undefined || mine === undefined) return { key, device: undefined };
  const { secret, separator, maxAge } = device;
  return { key, device: { user, keys, mine, store, secret, separator, rules: { ...rules, maxAge } } };
}

/** What one run rotates: the key, and the device if that is requested. */
export interface RotationRun {
  readonly key: Rotation;
  readonly device: DeviceRotation | undefined;
}

/** What a run found out about the key or the device, and what it did. */
export interface Finding extends Look {
  readonly what: 'access key' | 'device';
  readonly secret: string;
  readonly rotated: Rotated;
}

const UNCHANGED: Rotated = { kind: 'unchanged' };

/** Whether the user's keys are only those of this rotation, and nothing is to be done about them now. */
function isMine(move: Look['move']): boolean {
  return move.kind === 'none' || (move.kind === 'wait' && (move.for === 'grace' || move.for === 'keep'));
}

/** Looks at everything, and takes one step in all: the device waits until the key has nothing to do. `status` takes none. */
export async function runRotation(
  { key, device }: RotationRun,
  ports: RotationPorts & DeviceRotationPorts,
  mode: 'step' | 'status',
): Promise<readonly Finding[]> {
  const seen = await look(key, ports);
  const rotated = mode === 'step' ? await rotate(key, seen, ports) : UNCHANGED;
  const findings: Finding[] = [{ ...seen, what: 'access key', secret: key.secret, rotated }];
  if (device === undefined) return findings;
  const devices = await lookAtDevices(device, ports);
  // Who has a key that is stuck, or that others use, may not be who uses the device.
  const isFree = mode === 'step' && isMine(seen.move);
  const moved = isFree ? await rotateDevice(device, devices, ports) : UNCHANGED;
  return [...findings, { ...devices, what: 'device', secret: device.secret, rotated: moved }];
}
