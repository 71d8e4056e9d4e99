import type { Identity, Keys } from '../core/credentials.ts';
import { mayHaveWorked } from '../core/failure.ts';
import { type Answer, type Clock, unwrap } from '../core/ports.ts';
import { untilKnown } from './patience.ts';
import type { IamAdmin, SecretStore } from './ports.ts';
import { type Item, type Move, nextMove, type RotationRules, type Situation } from './rotation.ts';
import { isSameTime, mayBeWritten } from './stored.ts';
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
  const stored = unwrap(await store.find(secret));
  const answer = await iam.listKeys(user);
  const items: Item[] = [];
  for (const { accessKeyId: id, active, created } of unwrap(answer))
    items.push({ id, active, created, lastUsed: unwrap(await iam.lastUse(id)) });
  const situation: Situation = {
    now: new Date(answer.serverTime ?? clock.now()),
    mine: mine.accessKeyId,
    items,
    written: stored === undefined ? undefined : (stored.updated ?? 'unknown'),
  };
  return { situation, move: nextMove(situation, rules) };
}

/** What was found, and what to do about it. */
export interface Look {
  readonly situation: Situation;
  readonly move: Move;
}

/** How a step ended. */
export type Rotated =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'replaced'; readonly by: string }
  | { readonly kind: 'discarded' | 'deactivated' | 'deleted'; readonly id: string }
  /** Another run was faster. */
  | { readonly kind: 'overtaken' };

/** Takes the step. Throws the `Failure` that says why it couldn't; whatever died in between, the next run completes or undoes. */
export async function rotate(rotation: Rotation, { situation, move }: Look, ports: RotationPorts): Promise<Rotated> {
  const { user } = rotation;
  const { iam } = ports;
  switch (move.kind) {
    case 'replace':
      return replace(rotation, situation, ports);
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

/** A key that isn't stored within this time is given up: another run may take it for one that a dead run left. */
const LONGEST_MS = 30 * 60_000;

async function replace(rotation: Rotation, before: Situation, ports: RotationPorts): Promise<Rotated> {
  const { user, store, secret } = rotation;
  const { iam, clock, identify } = ports;
  const began = clock.now();
  const created = await iam.createKey(user);
  // Two keys: another run has just created one.
  if (!created.ok && created.failure.code === 'iam-limit-exceeded') return { kind: 'overtaken' };
  const keys = unwrap(created);
  const giveUp = async (): Promise<void> => removeKey(user, keys.accessKeyId, iam);
  try {
    await untilKnown(() => identify(keys), clock);
    const now = unwrap(await store.find(secret));
    const isSame = now !== undefined && isSameTime(now.updated ?? 'unknown', before.written);
    if (!isSame || clock.now() - began > LONGEST_MS) {
      await giveUp();
      return { kind: 'overtaken' };
    }
  } catch (error) {
    await giveUp();
    throw error;
  }
  const stored = await store.put(secret, `${keys.accessKeyId}:${keys.secretAccessKey}`);
  if (stored.ok) return { kind: 'replaced', by: keys.accessKeyId };
  const updated = before.written instanceof Date ? before.written : undefined;
  const known = { name: secret, updated };
  const isWritten = mayHaveWorked(stored.failure) && (await mayBeWritten(store, secret, known));
  // If it may be written, the next run can tell, by the time of the secret.
  if (!isWritten) await giveUp();
  throw stored.failure;
}
