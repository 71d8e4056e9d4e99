import type { Answer } from '../core/ports.ts';
import type { SecretStore, StoredSecret } from './ports.ts';
import type { Situation } from './rotation.ts';

/** A secret as a run found it. */
export interface Found {
  /** Undefined if there is none. */
  readonly secret: StoredSecret | undefined;
  /** How far the store's clock is ahead of the local one, in milliseconds, as far as it says. */
  readonly ahead: number | undefined;
}

/** What was found, from the answer of a store that came at this time. */
export function foundAt(now: number, secret: StoredSecret | undefined, { serverTime }: Answer<unknown>): Found {
  return { secret, ahead: serverTime === undefined ? undefined : serverTime - now };
}

/** When a secret was written by AWS's clock, which is so far ahead of the local one: the store's own may be off. */
export function writtenAt({ secret, ahead }: Found, awsAhead: number): Situation['written'] {
  if (secret === undefined) return undefined;
  if (secret.updated === undefined) return 'unknown';
  return new Date(secret.updated.getTime() - ((ahead ?? awsAhead) - awsAhead));
}

/** Whether a secret wasn't written in the meantime, as far as the store says. */
export function isUnchanged(now: StoredSecret | undefined, { secret: before }: Found): boolean {
  return now !== undefined && before !== undefined && now.updated?.getTime() === before.updated?.getTime();
}

/** Whether a secret was written after all: an earlier attempt of a refused call may have worked. A store without times can't say. */
export async function isChanged(store: SecretStore, name: string, { secret }: Found): Promise<boolean> {
  if (secret?.updated === undefined) return false;
  const after = await store.find(name);
  if (!after.ok) return true;
  return after.value !== undefined && after.value.updated?.getTime() !== secret.updated.getTime();
}

/** Does what is of no use if something else has failed already: the next run does it too. */
export async function unlessFailing(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch {
    // What failed first says more.
  }
}
