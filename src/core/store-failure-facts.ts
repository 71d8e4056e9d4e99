/** A call to a store of secrets. */
export interface StoreCall {
  readonly store: 'GitHub' | 'GitLab';
  /** Method and path: `PUT /repos/acme/app/actions/secrets/AWS_ACCESS_KEY`. */
  readonly call: string;
}

/** A store refused a call. */
export interface StoreRefused extends StoreCall {
  readonly status: number;
  /** The store's own words; empty if it said nothing. */
  readonly said: string;
}

/** Why there is no connection to a store, or no answer. */
export interface StoreUnreachable extends StoreCall {
  readonly reason:
    | 'name'
    | 'connection'
    | 'tls'
    | 'untrusted'
    | 'proxy'
    | 'tunnel'
    /** The call was sent, so the store may have done what it says. */
    | 'silent';
  /** HOST:PORT of what couldn't be reached. */
  readonly target: string;
  readonly proxy?: string | undefined;
  readonly error: string;
}

/** Why a value can't be stored as a masked variable. */
export type Unmaskable = 'short' | 'long' | 'space' | 'characters';

/** What can go wrong with a store of secrets. */
export interface StoreFailureFacts {
  'store-token-missing': /** `gh`: why there is none from it either. */
    | { readonly store: 'GitHub'; readonly host: string; readonly gh: 'not-installed' | { readonly error: string } }
    | { readonly store: 'GitLab'; readonly reason: 'none' | 'job-token' };
  /** The value of this variable can't be a token. */
  'store-token-malformed': { readonly source: string };
  'store-token-refused': StoreRefused;
  'store-denied': StoreRefused & {
    /** What the store says that it accepts. */
    readonly accepts: string | undefined;
    /** `installation`: of an app, or the GITHUB_TOKEN of a workflow. */
    readonly token: 'installation' | 'other';
  };
  /** `place`: what doesn't exist, or isn't shown to the token. */
  'store-not-found': StoreCall & { readonly place: string; readonly reason: 'hidden' | 'moved' };
  'store-rejected': StoreRefused;
  'store-rate-limited': StoreRefused & { readonly until: Date };
  'store-unreachable': StoreUnreachable;
  /** `key`: what should be a public key isn't one. */
  'store-unavailable': StoreRefused & { readonly reason: 'error' | 'odd-answer' | 'key' };
  'store-value-unmaskable': { readonly name: string; readonly because: Unmaskable };
  /** The store didn't mask the value. `left`: the context says why it couldn't be removed again. */
  'store-not-masked': { readonly name: string; readonly place: string; readonly value: 'removed' | 'left' };
}
