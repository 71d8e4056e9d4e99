import { PolicyError } from './document.ts';

// The condition keys that the emulator sets. Building a world refuses policies with other keys: a condition on a key that is never
// present would silently be false, or with …IfExists silently true.

type Arity = 'single' | 'multi';

const KEYS: ReadonlyMap<string, Arity> = new Map([
  ['aws:currenttime', 'single'],
  ['aws:multifactorauthpresent', 'single'],
  ['aws:multifactorauthage', 'single'],
  ['aws:principalaccount', 'single'],
  ['aws:principalarn', 'single'],
  ['aws:principaltype', 'single'],
  ['aws:requestedregion', 'single'],
  ['aws:securetransport', 'single'],
  ['aws:sourceidentity', 'single'],
  ['aws:tagkeys', 'multi'],
  ['aws:tokenissuetime', 'single'],
  ['aws:userid', 'single'],
  ['aws:username', 'single'],
  ['iam:permissionsboundary', 'single'],
  ['s3:prefix', 'single'],
  ['sts:externalid', 'single'],
  ['sts:rolesessionname', 'single'],
  ['sts:sourceidentity', 'single'],
  ['sts:transitivetagkeys', 'multi'],
]);

const PREFIXES = ['aws:requesttag/', 'aws:principaltag/', 'aws:resourcetag/', 'iam:resourcetag/'];

/**
 * Whether a key can have several values at the same time. Keys aren't case-sensitive.
 * @throws PolicyError for a key that the emulator doesn't set
 */
export function arityOf(key: string): Arity {
  const name = key.toLowerCase();
  const arity = KEYS.get(name);
  if (arity !== undefined) return arity;
  if (PREFIXES.some((prefix) => name.startsWith(prefix) && name.length > prefix.length)) return 'single';
  throw new PolicyError(`the emulator doesn't know the condition key ${key}`);
}

/** The condition keys of a request, and their values. An absent key isn't the same as an empty or false one. */
export class Context {
  readonly #values = new Map<string, readonly string[]>();

  /** Sets a key; `undefined` leaves it absent. */
  set(key: string, value: string | readonly string[] | undefined): this {
    if (value !== undefined) this.#values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    return this;
  }

  /** The values of a key, or undefined if the request doesn't have it. */
  values(key: string): readonly string[] | undefined {
    return this.#values.get(key.toLowerCase());
  }
}
