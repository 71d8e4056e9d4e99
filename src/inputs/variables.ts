import { CHAINING_CAP } from '../core/request.ts';
import { isTrue } from './fields.ts';
import { MINTING_INPUTS } from './minting.ts';
import type { InputName, InputOf, RawInputs } from './names.ts';
import type { IgnoredBecause, Problems } from './problem.ts';

// Values from environment variables are ignored if they don't fit: a job may set MFA_SEED for all its steps, and one of them chains a
// role. Loaded only if there are such values.

/** A reason for which some inputs don't apply. */
interface Rule {
  readonly inputs: readonly InputName[];
  /** Whether it applies, judged by what the rules before it have left. */
  readonly applies: (inputs: Inputs) => boolean;
  readonly because: IgnoredBecause;
}

/** Questions about the inputs. */
interface Inputs {
  /** Whether there is a value, wherever it came from. */
  has(input: InputName): boolean;
  /** Whether the step itself gives it. */
  gives(input: InputName): boolean;
  isTrue(input: InputOf<'boolean'>): boolean;
  readonly roleDuration: number;
}

const CODE_SOURCES = ['mfa-seed', 'mfa-code', 'mfa-devices'] as const;

const hasRole = (inputs: Inputs): boolean => inputs.has('role-to-assume') || inputs.has('roles');
const seals = (inputs: Inputs): boolean => inputs.isTrue('seal-session');
const opens = (inputs: Inputs): boolean =>
  inputs.has('sealed-session') || (inputs.isTrue('sealed-session-fallback') && inputs.has('sealing-key'));
const mints = (inputs: Inputs): boolean =>
  MINTING_INPUTS.some(inputs.gives) || (inputs.gives('mfa-session-first') && inputs.isTrue('mfa-session-first'));
const fromSession = (inputs: Inputs): boolean =>
  inputs.isTrue('role-chaining') ||
  inputs.isTrue('mfa-session-first') ||
  inputs.isTrue('renew') ||
  opens(inputs) ||
  inputs.has('roles');

/**
 * Which values are ignored, in this order. Never those that restrict the credentials: allowed-account-ids, session policies and
 * role-source-identity are refused if they don't apply, wherever they came from.
 */
const RULES: readonly Rule[] = [
  { inputs: ['role-to-assume'], applies: ({ has }) => has('roles'), because: 'roles-names-roles' },
  {
    inputs: ['role-chaining'],
    applies: (inputs) => !hasRole(inputs),
    because: 'no-role',
  },
  { inputs: ['role-chaining'], applies: mints, because: 'own-code-inputs' },
  {
    inputs: ['sealed-session'],
    applies: (inputs) => mints(inputs) && !inputs.isTrue('sealed-session-fallback'),
    because: 'own-code-inputs',
  },
  {
    inputs: ['role-chaining'],
    applies: ({ gives }) => gives('sealed-session'),
    because: 'own-sealed-session',
  },
  {
    inputs: ['sealed-session', 'sealed-session-fallback'],
    applies: (inputs) => inputs.isTrue('role-chaining'),
    because: 'role-chaining-has-session',
  },
  {
    inputs: ['sealed-session', 'sealed-session-fallback'],
    applies: (inputs) => inputs.gives('use-existing-credentials') && inputs.isTrue('use-existing-credentials'),
    because: 'reuse-has-session',
  },
  {
    inputs: ['sealed-session-fallback'],
    applies: ({ has }) => !has('sealing-key'),
    because: 'nothing-opened',
  },
  {
    inputs: ['sealing-key', 'sealed-session-scope'],
    // Without any of these, a sealed session was meant and got lost, which has its own message.
    applies: (inputs) =>
      !seals(inputs) && !opens(inputs) && (inputs.isTrue('role-chaining') || MINTING_INPUTS.some(inputs.has)),
    because: 'nothing-sealed',
  },
  {
    inputs: ['sealed-session-scope'],
    applies: (inputs) => !seals(inputs) && !opens(inputs) && !inputs.has('sealing-key'),
    because: 'nothing-sealed',
  },
  {
    inputs: ['use-existing-credentials'],
    applies: opens,
    because: 'opens-session',
  },
  {
    inputs: [...MINTING_INPUTS, 'mfa-session-first', 'mfa-max-wait-seconds'],
    applies: (inputs) => inputs.isTrue('role-chaining'),
    because: 'role-chaining-without-code',
  },
  {
    inputs: [...MINTING_INPUTS, 'mfa-session-first', 'mfa-max-wait-seconds'],
    applies: (inputs) => opens(inputs) && !inputs.isTrue('sealed-session-fallback'),
    because: 'sealed-session-without-code',
  },
  {
    inputs: ['aws-access-key'],
    applies: ({ has }) => has('aws-access-key-id') || has('aws-secret-access-key'),
    because: 'own-key',
  },
  {
    inputs: CODE_SOURCES,
    applies: ({ gives }) => CODE_SOURCES.some(gives),
    because: 'own-code',
  },
  { inputs: ['mfa-serial'], applies: ({ has }) => has('mfa-devices'), because: 'pool-has-serials' },
  {
    inputs: ['mfa-slot', 'mfa-max-wait-seconds'],
    applies: ({ has }) => has('mfa-code'),
    because: 'single-code',
  },
  {
    inputs: [
      'role-duration-seconds',
      'role-session-name',
      'role-external-id',
      'custom-tags',
      'transitive-tag-keys',
      'mfa-session-first',
      'special-characters-workaround',
    ],
    applies: (inputs) => !hasRole(inputs),
    because: 'no-role',
  },
  {
    inputs: ['special-characters-workaround'],
    applies: (inputs) => !fromSession(inputs),
    because: 'repeat-costs-code',
  },
  {
    inputs: ['custom-tags', 'transitive-tag-keys', 'special-characters-workaround'],
    applies: (inputs) => inputs.isTrue('renew'),
    because: 'not-in-profile',
  },
  {
    inputs: ['role-duration-seconds'],
    applies: (inputs) => fromSession(inputs) && inputs.roleDuration > CHAINING_CAP,
    because: 'role-chaining-cap',
  },
  {
    inputs: ['session-duration-seconds'],
    applies: (inputs) => inputs.has('role-to-assume') && !inputs.isTrue('mfa-session-first') && !inputs.isTrue('renew'),
    because: 'role-duration',
  },
  {
    inputs: ['list-buckets', 'expected-buckets'],
    applies: ({ has }) => has('roles'),
    because: 'buckets-of-roles',
  },
  {
    inputs: ['profiles-location', 'overwrite-aws-profile'],
    applies: (inputs) => !inputs.has('aws-profile') && !inputs.has('roles') && !inputs.isTrue('renew'),
    because: 'no-profile',
  },
  {
    inputs: ['minimum-remaining-seconds'],
    applies: (inputs) => !inputs.isTrue('use-existing-credentials') && !opens(inputs),
    because: 'no-existing-session',
  },
  {
    inputs: ['retry-max-attempts'],
    applies: (inputs) => inputs.isTrue('disable-retry'),
    because: 'no-retries',
  },
];

/** The inputs without the values from variables that don't apply, with a note for each reason. */
export function withoutUnfitVariables(given: RawInputs, problems: Problems): RawInputs {
  let raw = given;
  const inputs: Inputs = {
    has: (input) => raw[input] !== '',
    gives: (input) => raw[input] !== '' && raw.variables[input] === undefined,
    isTrue: (input) => isTrue(raw, input),
    get roleDuration() {
      return Number(raw['role-duration-seconds']);
    },
  };
  for (const { inputs: names, applies, because } of RULES) {
    const unfit = names.filter((name) => raw.variables[name] !== undefined && !/^(?:false)?$/i.test(raw[name]));
    const [first, ...others] = unfit.flatMap((name) => raw.variables[name] ?? []);
    if (first === undefined || !applies(inputs)) continue;
    raw = { ...raw, ...Object.fromEntries(unfit.map((name) => [name, ''])) };
    problems.note({ kind: 'variables-ignored', variables: [first, ...others], because });
  }
  return raw;
}
