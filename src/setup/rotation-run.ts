import { type Look, look, type Rotated, type Rotation, type RotationPorts, rotate } from './rotate.ts';
import { type DeviceRotation, type DeviceRotationPorts, lookAtDevices, rotateDevice } from './rotate-device.ts';

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
