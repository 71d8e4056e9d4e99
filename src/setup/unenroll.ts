import { Failure, isDenied } from '../core/failure.ts';
import { type Answer, unwrap } from '../core/ports.ts';
import { type Enrollment, serialOf, TAGS } from './enrollment.ts';
import { lookUp, unlessDenied } from './looking.ts';
import { REVOCATION } from './policy.ts';
import type { IamAdmin, SecretStore } from './ports.ts';

/** What is to be removed. */
export interface Removal extends Pick<Enrollment, 'user' | 'who' | 'account' | 'partition' | 'stores'> {
  /** The name of the policy; undefined if somebody else is in charge of the user's policies. */
  readonly policy: string | undefined;
  readonly device: string;
  /** The key, if it isn't the one that the user's tags name. */
  readonly accessKeyId: string | undefined;
}

/** One thing that is removed, in the order of the plan: first what a pipeline reads, last the user. */
export type RemovalStep =
  | { readonly kind: 'remove-secret'; readonly store: SecretStore; readonly name: string }
  | { readonly kind: 'remove-key'; readonly user: string; readonly accessKeyId: string }
  | {
      readonly kind: 'remove-device';
      readonly user: string;
      readonly serial: string;
      readonly state: 'enabled' | 'unassigned';
    }
  | { readonly kind: 'remove-policy'; readonly user: string; readonly policy: string }
  | { readonly kind: 'remove-user'; readonly user: string }
  | { readonly kind: 'untag-user'; readonly user: string };

/**
 * Plans the removal of what an enrollment has made and stored. The user itself is only removed if an enrollment created it. Throws the
 * `Failure` of a call that isn't answered, or one if such a user has something that doesn't come from an enrollment.
 */
export async function planRemoval(removal: Removal, iam: IamAdmin): Promise<readonly RemovalStep[]> {
  const { user: name, who, stores, policy } = removal;
  const steps: RemovalStep[] = [];
  for (const { store, secrets } of stores)
    for (const secret of secrets)
      if (unwrap(await store.find(secret.name)) !== undefined)
        steps.push({ kind: 'remove-secret', store, name: secret.name });
  const user = unwrap(await lookUp(name, who, iam));
  const serial = user?.tags[TAGS.device] ?? serialOf(removal, removal.device);
  // Perhaps the name is misspelt, and the secrets are somebody else's.
  if (user === undefined && steps.length > 0) throw new Failure('user-not-found', { user: name });
  if (user === undefined) return unassigned(serial, removal, iam);
  const isOurs = user.tags[TAGS.origin] === 'created';
  const devices = unwrap(await iam.listDevices(name));
  const ourKey = removal.accessKeyId ?? user.tags[TAGS.key];
  const hasKeys = isOurs || ourKey !== undefined;
  const keys = hasKeys ? unwrap(await iam.listKeys(name)).map(({ accessKeyId }) => accessKeyId) : [];
  const ofUs = <T>(all: readonly T[], ours: (each: T) => boolean): readonly T[] => (isOurs ? all : all.filter(ours));
  for (const accessKeyId of ofUs(keys, (each) => each === ourKey))
    steps.push({ kind: 'remove-key', user: name, accessKeyId });
  for (const each of ofUs(devices, (device) => device === serial))
    steps.push({ kind: 'remove-device', user: name, serial: each, state: 'enabled' });
  if (!devices.includes(serial)) steps.push(...(await unassigned(serial, removal, iam)));
  // After a leak, the user also has the policy of the revocation.
  const policies = policy === undefined ? [] : [policy, ...(isOurs ? [REVOCATION] : [])];
  for (const each of policies)
    if (unwrap(await iam.findPolicy(name, each)) !== undefined)
      steps.push({ kind: 'remove-policy', user: name, policy: each });
  if (isOurs) {
    await requireNothingElse(name, policies, iam);
    steps.push({ kind: 'remove-user', user: name });
  } else if (Object.values(TAGS).some((tag) => tag in user.tags)) steps.push({ kind: 'untag-user', user: name });
  return steps;
}

async function unassigned(serial: string, { user, who }: Removal, iam: IamAdmin): Promise<readonly RemovalStep[]> {
  const found = unlessDenied(who, await iam.listUnassignedDevices(), []).includes(serial);
  return found ? [{ kind: 'remove-device', user, serial, state: 'unassigned' }] : [];
}

/** Somebody gave the user more than an enrollment does, so it serves something else too. */
async function requireNothingElse(user: string, policies: readonly string[], iam: IamAdmin): Promise<void> {
  const more = [
    ...unwrap(await iam.listPolicies(user)).filter((each) => !policies.includes(each)),
    ...unwrap(await iam.listAttachedPolicies(user)),
    ...unwrap(await iam.listGroups(user)),
  ];
  if (more.length > 0) throw new Failure('user-has-more', { user, more });
}

/** Takes one step. What isn't there any more counts as removed. */
export async function takeRemovalStep(step: RemovalStep, iam: IamAdmin): Promise<void> {
  switch (step.kind) {
    case 'remove-secret':
      return unwrap(await step.store.remove(step.name));
    case 'remove-key':
      return removeKey(step.user, step.accessKeyId, iam);
    case 'remove-device':
      if (step.state === 'enabled') return removeDevice(step.user, step.serial, iam);
      return gone(await iam.deleteDevice(step.serial));
    case 'remove-policy':
      return gone(await iam.deletePolicy(step.user, step.policy));
    case 'remove-user':
      return gone(await iam.deleteUser(step.user));
    case 'untag-user':
      return gone(await iam.untagUser(step.user, Object.values(TAGS)));
  }
}

/** Makes the key inactive first: if it can't be deleted, at least nobody can use it. Some may only delete keys. */
export async function removeKey(user: string, accessKeyId: string, iam: IamAdmin): Promise<void> {
  const deactivated = await iam.setKeyStatus(user, accessKeyId, 'Inactive');
  if (!deactivated.ok && !isDenied(deactivated.failure)) gone(deactivated);
  gone(await iam.deleteKey(user, accessKeyId));
}

/** Deactivates a device that a user may have, and deletes it. */
export async function removeDevice(user: string, serial: string, iam: IamAdmin): Promise<void> {
  gone(await iam.deactivateDevice(user, serial));
  gone(await iam.deleteDevice(serial));
}

/** What was to be removed isn't there, one way or the other. Throws the `Failure` otherwise. */
export function gone(answer: Answer<void>): void {
  if (!answer.ok && answer.failure.code !== 'iam-not-found') throw answer.failure;
}
