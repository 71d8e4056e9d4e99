import type { PolicyDocument } from './policy/document.ts';
import type { World } from './world.ts';

// IAM is eventually consistent: what it has just created isn't known everywhere. Nobody can see when it is, so tests set how long
// it takes, as a time or as a number of calls.

/** How long something new stays unknown: for a time, or for the first calls that look for it. */
export type Delay = { readonly ms: number } | { readonly calls: number };

/** Who doesn't know something new. */
export interface Delays {
  /** Every service, of a new access key: 403 InvalidClientTokenId. Usually 5 to 15 s. */
  readonly accessKey: Delay;
  /** STS, of a device that was enabled: 403 AccessDenied. Observed: 10 to 14 s. */
  readonly device: Delay;
  /** Every decision, of an inline policy that was written. Until then, the previous one with its name has effect. */
  readonly policy: Delay;
  /** IAM itself, of new users, roles, keys, devices and inline policies: 404 NoSuchEntity, and lists don't contain them. */
  readonly iam: Delay;
}

const USUAL: Delays = { accessKey: { ms: 10_000 }, device: { ms: 12_000 }, policy: { ms: 0 }, iam: { ms: 0 } };

const looked = new WeakMap<object, Map<keyof Delays, number>>();

/**
 * Whether something is known. With a delay of a number of calls, this counts as one.
 * @param since when it was created, ms since the epoch; undefined for what has always existed
 * @param now the emulator's time, ms since the epoch
 */
export function isKnown(
  { delays }: Pick<World, 'delays'>,
  whom: keyof Delays,
  entity: object,
  since: number | undefined,
  now: number,
): boolean {
  if (since === undefined) return true;
  const delay = delays?.[whom] ?? USUAL[whom];
  if ('ms' in delay) return now >= since + delay.ms;
  const counts = looked.get(entity) ?? new Map<keyof Delays, number>();
  looked.set(entity, counts);
  const count = counts.get(whom) ?? 0;
  counts.set(whom, count + 1);
  return count >= delay.calls;
}

const written = new WeakMap<PolicyDocument, { readonly at: number; readonly before: PolicyDocument | undefined }>();

/** Notes that an inline policy was written, and which one it replaces. */
export function noteWritten(policy: PolicyDocument, at: number, before: PolicyDocument | undefined): void {
  written.set(policy, { at, before });
}

/** When an inline policy was written, or undefined if the world has always had it. */
export function writtenAt(policy: PolicyDocument): number | undefined {
  return written.get(policy)?.at;
}

/** The version of an inline policy that has effect: the newest one that is known, if any. */
export function effective(world: World, policy: PolicyDocument, now: number): PolicyDocument | undefined {
  const { at, before } = written.get(policy) ?? {};
  if (isKnown(world, 'policy', policy, at, now)) return policy;
  return before && effective(world, before, now);
}
