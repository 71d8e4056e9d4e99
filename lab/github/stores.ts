import { Variables } from './variables.ts';
import { Vault } from './vault.ts';

/** Where secrets are: the kind, then whose. Dependabot has its own. */
export type SecretPlace =
  | { readonly kind: 'actions' | 'dependabot'; readonly of: string }
  | { readonly kind: 'environment'; readonly of: string; readonly environment: string };

const ORGANIZATION = ['all', 'private', 'selected'];

/** All secrets and variables. A place gets its store, with its own key pair, when somebody first asks for it. */
export class Stores {
  readonly #vaults = new Map<string, Vault>();
  readonly #variables = new Map<string, Variables>();

  /** The secrets of a place. `of` is `owner/name`, or an organisation. */
  vault(place: SecretPlace): Vault {
    const id = idOf(place);
    const known = this.#vaults.get(id);
    if (known !== undefined) return known;
    // GitHub's key IDs have 18 or 19 digits, too many for a JavaScript number.
    const vault = new Vault(`5681502420003${String(this.#vaults.size).padStart(5, '0')}`, visibilities(place));
    this.#vaults.set(id, vault);
    return vault;
  }

  /** The variables of a place. */
  variables(place: SecretPlace): Variables {
    const id = idOf(place);
    const known = this.#variables.get(id) ?? new Variables(visibilities(place).length > 0);
    this.#variables.set(id, known);
    return known;
  }
}

function idOf(place: SecretPlace): string {
  return [place.kind, place.of, ...(place.kind === 'environment' ? [place.environment] : [])].join(' ').toLowerCase();
}

function visibilities({ of }: SecretPlace): readonly string[] {
  return of.includes('/') ? [] : ORGANIZATION;
}
