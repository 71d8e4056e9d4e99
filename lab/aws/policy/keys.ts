import { PolicyError } from './document.ts';

// The condition keys that the emulator fills in. A policy that tests another one is refused when the world is built: a
// condition on a key that is never there would silently be false (or, with …IfExists, silently true).

type Arity = 'single' | 'multi';

const KEYS: ReadonlyMap<string, Arity> = new Map([
  ['aws:multifactorauthpresent', 'single'],
  ['aws:multifactorauthage', 'single'],
  ['aws:principalaccount', 'single'],
  ['aws:principalarn', 'single'],
  ['aws:principaltype', 'single'],
  ['aws:requestedregion', 'single'],
  ['aws:securetransport', 'single'],
  ['aws:sourceidentity', 'single'],
  ['aws:tagkeys', 'multi'],
  ['aws:userid', 'single'],
  ['aws:username', 'single'],
  ['s3:prefix', 'single'],
  ['sts:externalid', 'single'],
  ['sts:rolesessionname', 'single'],
  ['sts:sourceidentity', 'single'],
  ['sts:transitivetagkeys', 'multi'],
]);

const PREFIXES = ['aws:requesttag/', 'aws:principaltag/'];

/**
 * Whether a key can hold several values at once. Names of keys do not depend on case.
 * @throws PolicyError for a key that the emulator does not fill in
 */
export function arityOf(key: string): Arity {
  const name = key.toLowerCase();
  const arity = KEYS.get(name);
  if (arity !== undefined) return arity;
  if (PREFIXES.some((prefix) => name.startsWith(prefix) && name.length > prefix.length)) return 'single';
  throw new PolicyError(`the emulator does not know the condition key ${key}`);
}

/** What a request looks like to conditions: values by key. An absent key is not the same as an empty or false one. */
export class Context {
  readonly #values = new Map<string, readonly string[]>();

  /** Sets a key; `undefined` leaves it absent. */
  set(key: string, value: string | readonly string[] | undefined): this {
    if (value !== undefined) this.#values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    return this;
  }

  /** The values of a key, or undefined where the request has none. */
  values(key: string): readonly string[] | undefined {
    return this.#values.get(key.toLowerCase());
  }
}
