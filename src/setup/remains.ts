import { type Enrollment, type Made, TAGS } from './enrollment.ts';
import type { Survey } from './survey.ts';
import type { Thing } from './undo.ts';

// What is there after an enrollment and doesn't come from it. `removed` has the IDs and serials of what it has removed.

/** What an earlier enrollment made that this one replaces. */
export function replacedBy(
  { keys, device }: Made,
  { user, keys: listed, devices }: Survey,
  removed: ReadonlySet<string>,
): readonly Thing[] {
  const { [TAGS.key]: id, [TAGS.device]: serial } = user?.tags ?? {};
  const oldKeys = listed.filter(({ accessKeyId }) => accessKeyId === id && id !== keys.accessKeyId && !removed.has(id));
  const oldDevices = devices.filter((each) => each === serial && each !== device.serial && !removed.has(each));
  return [
    ...oldKeys.map(({ accessKeyId: name }): Thing => ({ kind: 'known-key', name })),
    ...oldDevices.map((name): Thing => ({ kind: 'device', name })),
  ];
}

/** What an earlier enrollment left that wasn't completed, and that wasn't removed. */
export function leftEarlier(enrollment: Enrollment, found: Survey, removed: ReadonlySet<string>): readonly Thing[] {
  const { user, policy, pending, stored, unassigned, left } = found;
  const abandoned = unassigned === 'unknown' ? [] : unassigned;
  const device = [...abandoned, ...left.devices]
    .filter((serial) => !removed.has(serial))
    .map((name): Thing => ({ kind: 'device', name }));
  if (user === undefined || pending === undefined) return device;
  return [
    { kind: user.tags[TAGS.origin] === 'created' ? 'user' : 'mark', name: user.name },
    ...(enrollment.policy && policy !== undefined ? [{ kind: 'policy', name: enrollment.policy.name } as const] : []),
    ...device,
    ...left.keys.filter((id) => !removed.has(id)).map((name): Thing => ({ kind: 'known-key', name })),
    ...stored.map(({ name }): Thing => ({ kind: 'secret', name })),
  ];
}
