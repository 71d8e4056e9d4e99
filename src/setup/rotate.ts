import type { Identity, Keys } from '../core/credentials.ts';
import { mayHaveWorked } from '../core/failure.ts';
import { type Answer, type Clock, unwrap } from '../core/ports.ts';
import { untilKnown } from './patience.ts';
import type { IamAdmin, SecretStore } from './ports.ts';
import { type Item, type Move, nextMove, type RotationRules, type Situation } from './rotation.ts';
import { type Found, foundAt, isChanged, isUnchanged, unlessFailing, writtenAt } from './stored.ts';
import { gone, removeKey } from './unenroll.ts';

/** Whose key is rotated, and where its secret is. */
export interface Rotation {
  readonly user: string;
  /** The key that this run was given, from the secret. */
  readonly mine: Keys;
  readonly store: SecretStore;
  readonly secret: string;
  readonly rules: RotationRules;
}

/** What rotating needs. */
export interface RotationPorts {
  /** IAM with an MFA session of the user. */
  readonly iam: IamAdmin;
  readonly clock: Clock;
  /** Who a new key belongs to, as STS says. */
  identify(keys: Keys): Promise<Answer<Identity>>;
}

/** Looks where the rotation stands, and decides the next step. Changes nothing. */
export async function look({ user, mine, store, secret, rules }: Rotation, ports: RotationPorts): Promise<Look> {
  const { iam, clock } = ports;
  const began = clock.now();
  const answer = await store.find(secret);
  const found = foundAt(clock.now(), unwrap(answer), answer);
  const listed = await iam.listKeys(user);
  const now = listed.serverTime ?? clock.now();
  const written = writtenAt(found, now - clock.now());
  const items: Item[] = [];
  for (const { accessKeyId: id, active, created } of unwrap(listed))
    items.push({ id, active, created, lastUsed: unwrap(await iam.lastUse(id)) });
  const situation: Situation = { now: new Date(now), mine: mine.accessKeyId, items, written };
  return { situation, move: nextMove(situation, rules), found, began };
}

/** What was found, and what to do about it. */
export interface Look {
  readonly situation: Situation;
  readonly move: Move;
  /** The secret, as the store says. */
  readonly found: Found;
  /** The local time before anything was looked at. */
  readonly began: number;
}

/** What was found may not be true any more if it took longer: the machine was asleep. */
const FRESH_MS = 10 * 60_000;

/** Whether what was found can still be acted on. */
export function isFresh({ began }: Look, { now }: Clock): boolean {
  return now() - began <= FRESH_MS;
}

/** How a step ended. */
export type Rotated =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'replaced'; readonly by: string }
  | { readonly kind: 'discarded' | 'deactivated' | 'deleted'; readonly id: string }
  /** Another run was faster, or may have been. */
  | { readonly kind: 'overtaken' };

/** Takes the step. Throws the `Failure` that says why it couldn't; whatever died in between, the next run completes or undoes. */
export async function rotate(rotation: Rotation, seen: Look, ports: RotationPorts): Promise<Rotated> {
  const { user } = rotation;
  const { iam, clock } = ports;
  const { move } = seen;
  if (isTaken(move) && !isFresh(seen, clock)) return { kind: 'overtaken' };
  switch (move.kind) {
    case 'replace':
      return replace(rotation, seen, ports);
    case 'discard':
      await removeKey(user, move.id, iam);
      return { kind: 'discarded', id: move.id };
    case 'deactivate':
      gone(await iam.setKeyStatus(user, move.id, 'Inactive'));
      return { kind: 'deactivated', id: move.id };
    case 'delete':
      gone(await iam.deleteKey(user, move.id));
      return { kind: 'deleted', id: move.id };
    case 'none':
    case 'wait':
    case 'superseded':
    case 'stuck':
      return { kind: 'unchanged' };
  }
}

/** Whether a step changes anything. */
export function isTaken({ kind }: Move): boolean {
  return ['replace', 'discard', 'deactivate', 'delete'].includes(kind);
}

/** What isn't stored within this time is given up: another run may take it for what a dead run left. */
export const LONGEST_MS = 30 * 60_000;

async function replace(rotation: Rotation, { found: before }: Look, ports: RotationPorts): Promise<Rotated> {
  const { user, mine, store, secret } = rotation;
  const { iam, clock, identify } = ports;
  const began = clock.now();
  const isLate = (): boolean => clock.now() - began > LONGEST_MS;
  const created = await iam.createKey(user);
  // Two keys: another run has just created one.
  if (!created.ok && created.failure.code === 'iam-limit-exceeded') return { kind: 'overtaken' };
  const keys = unwrap(created);
  const giveUp = (): Promise<void> => removeKey(user, keys.accessKeyId, iam);
  let isOvertaken: boolean;
  try {
    await untilKnown(() => identify(keys), clock);
    isOvertaken = !isUnchanged(unwrap(await store.find(secret)), before) || isLate();
  } catch (error) {
    await unlessFailing(giveUp);
    throw error;
  }
  if (isOvertaken) {
    await giveUp();
    return { kind: 'overtaken' };
  }
  const stored = await store.put(secret, pairOf(keys));
  if (!stored.ok) {
    // If it may be written, or may still be, the next run can tell by the time of the secret.
    const isWritten = mayHaveWorked(stored.failure) || (await isChanged(store, secret, before));
    if (!isWritten) await unlessFailing(giveUp);
    throw stored.failure;
  }
  if (isLate() && (await isGone(keys, ports))) {
    // The machine was asleep while it wrote. Another run took the new key for one that a dead run left.
    unwrap(await store.put(secret, pairOf(mine)));
    return { kind: 'overtaken' };
  }
  return { kind: 'replaced', by: keys.accessKeyId };
}

function pairOf({ accessKeyId, secretAccessKey }: Keys): string {
  return `${accessKeyId}:${secretAccessKey}`;
}

async function isGone(keys: Keys, { identify }: RotationPorts): Promise<boolean> {
  const answer = await identify(keys);
  return !answer.ok && answer.failure.code === 'access-key-unknown';
}
