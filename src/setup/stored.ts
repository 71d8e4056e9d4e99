import type { SecretStore, StoredSecret } from './ports.ts';
import type { Situation } from './rotation.ts';

/** Whether a secret wasn't written in the meantime, as far as the store can tell. */
export function isSameTime(one: Date | 'unknown', other: Situation['written']): boolean {
  return one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : one === other;
}

/** Whether a secret was written although the answer was lost. If nobody can tell, it may have been. */
export async function mayBeWritten(
  store: SecretStore,
  name: string,
  before: StoredSecret | undefined,
): Promise<boolean> {
  const after = await store.find(name);
  if (!after.ok) return true;
  if (after.value === undefined) return false;
  const { updated } = after.value;
  return before === undefined || updated === undefined || updated.getTime() !== before.updated?.getTime();
}
