import { CHAINING_CAP } from '../core/request.ts';
import { isTrue } from './fields.ts';
import { MINTING_INPUTS } from './minting-inputs.ts';
import type { InputName, InputOf, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

// Values from environment variables yield: a job sets MFA_SEED for all its steps, and one of them chains a role. Loaded only if
// there are such values.

/** A reason for which some inputs don't apply. */
interface Rule {
  readonly inputs: readonly InputName[];
  /** Whether it holds, judged by what is left after the rules before it. */
  readonly applies: (inputs: Inputs) => boolean;
  /** As the end of the sentence "MFA_SEED is ignored: …". */
  readonly because: string;
}

/** Questions about the inputs. */
interface Inputs {
  /** Whether there is a value, whatever it came from. */
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
  inputs.isTrue('role-chaining') || inputs.isTrue('mfa-session-first') || opens(inputs) || inputs.has('roles');

/**
 * Which values yield, in this order. Never among them is what restricts the credentials: allowed-account-ids, session policies and
 * role-source-identity are refused where they don't apply, wherever they came from.
 */
const RULES: readonly Rule[] = [
  { inputs: ['role-to-assume'], applies: ({ has }) => has('roles'), because: 'roles names the roles to assume' },
  {
    inputs: ['role-chaining'],
    applies: (inputs) => !hasRole(inputs),
    because: 'there is no role to assume',
  },
  { inputs: ['role-chaining'], applies: mints, because: 'this step is given keys, a seed or a code of its own' },
  {
    inputs: ['sealed-session'],
    applies: (inputs) => mints(inputs) && !inputs.isTrue('sealed-session-fallback'),
    because: 'this step is given keys, a seed or a code of its own',
  },
  {
    inputs: ['role-chaining'],
    applies: ({ gives }) => gives('sealed-session'),
    because: 'this step is given a sealed session',
  },
  {
    inputs: ['sealed-session', 'sealed-session-fallback'],
    applies: (inputs) => inputs.isTrue('role-chaining'),
    because: 'role-chaining uses the session in the environment',
  },
  {
    inputs: ['sealed-session', 'sealed-session-fallback'],
    applies: (inputs) => inputs.gives('use-existing-credentials') && inputs.isTrue('use-existing-credentials'),
    because: 'use-existing-credentials uses the session in the environment',
  },
  {
    inputs: ['sealed-session-fallback'],
    applies: ({ has }) => !has('sealing-key'),
    because: 'no session is to be opened',
  },
  {
    inputs: ['sealing-key', 'sealed-session-scope'],
    // Without any of these, a sealed session was meant and got lost: that is for its own message to say.
    applies: (inputs) =>
      !seals(inputs) && !opens(inputs) && (inputs.isTrue('role-chaining') || MINTING_INPUTS.some(inputs.has)),
    because: 'no session is to be sealed or opened',
  },
  {
    inputs: ['sealed-session-scope'],
    applies: (inputs) => !seals(inputs) && !opens(inputs) && !inputs.has('sealing-key'),
    because: 'no session is to be sealed or opened',
  },
  {
    inputs: ['use-existing-credentials'],
    applies: opens,
    because: 'this step opens a sealed session',
  },
  {
    inputs: [...MINTING_INPUTS, 'mfa-session-first', 'mfa-max-wait-seconds'],
    applies: (inputs) => inputs.isTrue('role-chaining'),
    because: 'role-chaining uses the session of an earlier step and sends no code',
  },
  {
    inputs: [...MINTING_INPUTS, 'mfa-session-first', 'mfa-max-wait-seconds'],
    applies: (inputs) => opens(inputs) && !inputs.isTrue('sealed-session-fallback'),
    because: 'a sealed session needs no code',
  },
  {
    inputs: CODE_SOURCES,
    applies: ({ gives }) => CODE_SOURCES.some(gives),
    because: 'this step is given a code or a seed of its own',
  },
  { inputs: ['mfa-serial'], applies: ({ has }) => has('mfa-devices'), because: 'mfa-devices names its own serials' },
  {
    inputs: ['mfa-slot', 'mfa-max-wait-seconds'],
    applies: ({ has }) => has('mfa-code'),
    because: 'mfa-code is one code, and is sent at once',
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
    because: 'there is no role to assume',
  },
  {
    inputs: ['special-characters-workaround'],
    applies: (inputs) => !fromSession(inputs),
    because: 'each attempt would cost a code',
  },
  {
    inputs: ['role-duration-seconds'],
    applies: (inputs) => fromSession(inputs) && inputs.roleDuration > CHAINING_CAP,
    because: `a role assumed with a session lasts ${CHAINING_CAP} seconds at most`,
  },
  {
    inputs: ['session-duration-seconds'],
    applies: (inputs) => inputs.has('role-to-assume') && !inputs.isTrue('mfa-session-first'),
    because: 'a role takes role-duration-seconds',
  },
  {
    inputs: ['list-buckets', 'expected-buckets'],
    applies: ({ has }) => has('roles'),
    because: 'it is not known which of roles should reach the buckets',
  },
  {
    inputs: ['profiles-location', 'overwrite-aws-profile'],
    applies: ({ has }) => !has('aws-profile') && !has('roles'),
    because: 'no profile is written',
  },
  {
    inputs: ['minimum-remaining-seconds'],
    applies: (inputs) => !inputs.isTrue('use-existing-credentials') && !opens(inputs),
    because: 'no existing session is used',
  },
  {
    inputs: ['retry-max-attempts'],
    applies: (inputs) => inputs.isTrue('disable-retry'),
    because: 'disable-retry is true',
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
    if (unfit.length === 0 || !applies(inputs)) continue;
    raw = { ...raw, ...Object.fromEntries(unfit.map((name) => [name, ''])) };
    const variables = unfit.map((name) => raw.variables[name]).join(', ');
    problems.note({
      level: 'info',
      text: `${variables} in the environment ${unfit.length === 1 ? 'is' : 'are'} ignored: ${because}.`,
    });
  }
  return raw;
}
