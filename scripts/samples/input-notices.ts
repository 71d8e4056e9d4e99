import type { IgnoredBecause, InputNotice } from '../../src/inputs/problem.ts';

/** Every reason why a value from a variable is ignored, with variables to which it applies. */
const IGNORED: { readonly [Because in IgnoredBecause]: readonly [string, ...string[]] } = {
  'no-role': ['ROLE_SESSION_NAME'],
  'no-profile': ['PROFILES_LOCATION', 'OVERWRITE_AWS_PROFILE'],
  'nothing-sealed': ['SEALING_KEY', 'SEALED_SESSION_SCOPE'],
  'nothing-opened': ['SEALED_SESSION_FALLBACK'],
  'no-existing-session': ['MINIMUM_REMAINING_SECONDS'],
  'no-retries': ['RETRY_MAX_ATTEMPTS'],
  'own-code-inputs': ['ROLE_CHAINING'],
  'own-key': ['AWS_ACCESS_KEY'],
  'own-code': ['MFA_SEED', 'MFA_DEVICES'],
  'own-sealed-session': ['ROLE_CHAINING'],
  'roles-names-roles': ['ROLE_TO_ASSUME'],
  'role-chaining-has-session': ['SEALED_SESSION'],
  'reuse-has-session': ['SEALED_SESSION'],
  'opens-session': ['USE_EXISTING_CREDENTIALS'],
  'role-chaining-without-code': ['MFA_SERIAL', 'MFA_SEED'],
  'sealed-session-without-code': ['MFA_SERIAL', 'MFA_SEED'],
  'pool-has-serials': ['MFA_SERIAL'],
  'single-code': ['MFA_SLOT', 'MFA_MAX_WAIT_SECONDS'],
  'repeat-costs-code': ['SPECIAL_CHARACTERS_WORKAROUND'],
  'role-chaining-cap': ['ROLE_DURATION_SECONDS'],
  'role-duration': ['SESSION_DURATION_SECONDS'],
  'buckets-of-roles': ['LIST_BUCKETS', 'EXPECTED_BUCKETS'],
  'not-in-profile': ['CUSTOM_TAGS'],
};

/** Every notice about inputs. */
export const INPUT_NOTICES: readonly InputNotice[] = [
  ...Object.keys(IGNORED)
    .filter(isBecause)
    .map((because) => ({ kind: 'variables-ignored', variables: IGNORED[because], because }) as const),
  { kind: 'custom-tags-not-sent' },
  { kind: 'tags-not-renewed' },
  { kind: 'unknown-transitive-keys', keys: ['Team', 'actor'] },
];

function isBecause(name: string): name is IgnoredBecause {
  return name in IGNORED;
}
