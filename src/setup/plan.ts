import { Failure } from '../core/failure.ts';
import { type Enrollment, MOST_DEVICES, namesOf, type SecretSlot, serialOf } from './enrollment.ts';
import { isSamePolicy } from './policy.ts';
import type { SecretStore } from './ports.ts';
import { pendingSince, type Survey } from './survey.ts';

/** One thing that an enrollment does, in the order of the plan. */
export type Step =
  | { readonly kind: 'create-user'; readonly user: string; readonly boundary: string | undefined }
  /** Notes on an existing user that an enrollment has begun. */
  | { readonly kind: 'mark-user'; readonly user: string }
  /** Left by an enrollment that wasn't completed, or a device that was never enabled. */
  | {
      readonly kind: 'remove-device';
      readonly user: string;
      readonly serial: string;
      readonly state: 'enabled' | 'unassigned';
    }
  | { readonly kind: 'remove-key'; readonly user: string; readonly accessKeyId: string }
  | { readonly kind: 'put-policy'; readonly user: string; readonly policy: string; readonly document: string }
  | { readonly kind: 'create-device'; readonly user: string; readonly device: string; readonly serial: string }
  | { readonly kind: 'create-key'; readonly user: string }
  /** Gets a session with what will be stored. */
  | { readonly kind: 'prove' }
  | {
      readonly kind: 'store';
      readonly store: SecretStore;
      readonly slot: SecretSlot;
      readonly existing: 'none' | 'replaced';
    }
  /** Notes on the user what was made, and that nothing is left to do. */
  | { readonly kind: 'finish'; readonly user: string };

/** AWS gives a user two keys. */
const MOST_KEYS = 2;

/** What an enrollment will do, given what exists. Throws the `Failure` that says why it can't. */
export function planOf(enrollment: Enrollment, found: Survey): readonly Step[] {
  const { user, stores, key } = enrollment;
  requireSelf(enrollment, found);
  requireFreeSecrets(enrollment, found);
  const leftKeys = key === 'new' ? found.left.keys : [];
  if (key === 'new' && found.keys.length - leftKeys.length >= MOST_KEYS)
    throw new Failure('user-keys-full', { user, keys: found.keys.map(({ accessKeyId }) => accessKeyId) });
  const device = deviceStep(enrollment, found);
  const begin: Step =
    found.user === undefined
      ? { kind: 'create-user', user, boundary: enrollment.boundary }
      : { kind: 'mark-user', user };
  return [
    ...(found.user === undefined || pendingSince(found.user) === undefined ? [begin] : []),
    ...leftKeys.map((accessKeyId): Step => ({ kind: 'remove-key', user, accessKeyId })),
    ...leftoverDevices(user, device.serial, found),
    ...policySteps(enrollment, found),
    device,
    ...(key === 'new' ? [{ kind: 'create-key', user } as const] : []),
    { kind: 'prove' },
    ...stores.flatMap(({ store, secrets }) =>
      secrets.map((slot): Step => {
        const exists = found.stored.some(({ name, title }) => name === slot.name && title === store.title);
        return { kind: 'store', store, slot, existing: exists ? 'replaced' : 'none' };
      }),
    ),
    { kind: 'finish', user },
  ];
}

function requireSelf({ who, user }: Enrollment, found: Survey): void {
  if (who.kind === 'self' && found.user === undefined) throw new Failure('user-not-found', { user });
}

/** Secrets that an unfinished enrollment has written may be replaced. A store that doesn't say when it was written is believed. */
function requireFreeSecrets({ existing }: Enrollment, { stored, pending }: Survey): void {
  if (existing === 'replace') return;
  const others = stored.filter(({ updated }) => pending === undefined || (updated !== undefined && updated < pending));
  const [first] = others;
  if (first === undefined) return;
  const names = others.filter(({ title }) => title === first.title).map(({ name }) => name);
  throw new Failure('secrets-exist', { title: first.title, names });
}

/** What is in the way of the new device, or was left. */
function leftoverDevices(user: string, next: string, { unassigned, left }: Survey): readonly Step[] {
  const remove = (serial: string, state: 'enabled' | 'unassigned'): Step => ({
    kind: 'remove-device',
    user,
    serial,
    state,
  });
  const abandoned = unassigned.includes(next) ? [remove(next, 'unassigned')] : [];
  return [...abandoned, ...left.devices.map((serial) => remove(serial, 'enabled'))];
}

function deviceStep(enrollment: Enrollment, { devices, left }: Survey): Extract<Step, { kind: 'create-device' }> {
  const { user, device: wanted, existing } = enrollment;
  // What an unfinished enrollment left is removed first.
  const stays = devices.filter((serial) => !left.devices.includes(serial));
  const device = namesOf(wanted).find((name) => !stays.includes(serialOf(enrollment, name)));
  if (stays.length >= MOST_DEVICES || device === undefined)
    throw new Failure('user-devices-full', { user, count: stays.length });
  if (device !== wanted && existing === 'refuse')
    throw new Failure('device-exists', { user, serial: serialOf(enrollment, wanted) });
  return { kind: 'create-device', user, device, serial: serialOf(enrollment, device) };
}

function policySteps({ user, policy, partition, account }: Enrollment, found: Survey): readonly Step[] {
  if (policy === undefined) return [];
  const document = policy.documentFor(found.user?.arn ?? `arn:${partition}:iam::${account}:user/${user}`);
  if (found.policy === undefined) return [{ kind: 'put-policy', user, policy: policy.name, document }];
  if (isSamePolicy(found.policy, document)) return [];
  throw new Failure('policy-differs', { user, policy: policy.name });
}
