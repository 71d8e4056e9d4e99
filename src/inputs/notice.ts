/** Why a value from a variable is ignored. */
export type IgnoredBecause =
  /** The step doesn't do what the value is for. */
  | 'no-role'
  | 'no-profile'
  | 'nothing-sealed'
  | 'nothing-opened'
  | 'no-existing-session'
  | 'no-retries'
  /** The step itself gives something else instead. */
  | 'own-code-inputs'
  | 'own-code'
  | 'own-sealed-session'
  /** Another input makes it superfluous. */
  | 'roles-names-roles'
  | 'role-chaining-has-session'
  | 'reuse-has-session'
  | 'opens-session'
  | 'role-chaining-without-code'
  | 'sealed-session-without-code'
  | 'pool-has-serials'
  | 'single-code'
  /** It can't be used together with another one. */
  | 'repeat-costs-code'
  | 'role-chaining-cap'
  | 'role-duration'
  | 'buckets-of-roles';

/** What a person should know about the inputs of a step that continues. */
export type InputNotice =
  | {
      readonly kind: 'variables-ignored';
      readonly variables: readonly [string, ...string[]];
      readonly because: IgnoredBecause;
    }
  | { readonly kind: 'custom-tags-not-sent' }
  | { readonly kind: 'unknown-transitive-keys'; readonly keys: readonly string[] };
