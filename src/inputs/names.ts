/** How an input is written, and what it means if it isn't given. */
type InputKind =
  | { readonly kind: 'text' | 'boolean' | 'json' }
  /** What may hold a secret: no message shows it. */
  | { readonly kind: 'secret' }
  /** One item per line; in a `list`, items may also be comma-separated. */
  | { readonly kind: 'lines' | 'list' }
  /** One of several words; the first is the default. */
  | { readonly kind: 'choice'; readonly choices: readonly [string, ...string[]] }
  | {
      readonly kind: 'integer';
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      /** Undefined if it isn't for the reader to say. */
      readonly default: number | undefined;
    };

const TEXT = { kind: 'text' } as const;
const SECRET = { kind: 'secret' } as const;
const BOOLEAN = { kind: 'boolean' } as const;
const JSON_OBJECT = { kind: 'json' } as const;
const LINES = { kind: 'lines' } as const;
const LIST = { kind: 'list' } as const;

function choice<const Choices extends readonly [string, ...string[]]>(...choices: Choices) {
  return { kind: 'choice', choices } as const;
}

function seconds(min: number, max: number, otherwise: number) {
  return { kind: 'integer', unit: 'seconds', min, max, default: otherwise } as const;
}

/** Every input, in the order of action.yml. A front end makes its flags and variables from this table. */
export const INPUTS = {
  'aws-region': TEXT,
  'aws-access-key-id': TEXT,
  'aws-secret-access-key': SECRET,
  'aws-access-key': SECRET,
  'mfa-serial': TEXT,
  'mfa-seed': SECRET,
  'mfa-code': SECRET,
  'mfa-devices': SECRET,
  'mfa-slot': TEXT,
  'mfa-max-wait-seconds': seconds(0, 86_400, 240),
  'session-duration-seconds': seconds(900, 129_600, 3600),
  'role-to-assume': TEXT,
  'role-duration-seconds': seconds(900, 43_200, 3600),
  'role-session-name': TEXT,
  'role-external-id': TEXT,
  'role-source-identity': TEXT,
  'inline-session-policy': JSON_OBJECT,
  'managed-session-policies': LIST,
  'role-skip-session-tagging': BOOLEAN,
  'custom-tags': JSON_OBJECT,
  'transitive-tag-keys': LIST,
  'mfa-session-first': BOOLEAN,
  'role-chaining': BOOLEAN,
  roles: LINES,
  renew: BOOLEAN,
  'seal-session': BOOLEAN,
  'sealing-key': SECRET,
  'sealed-session': TEXT,
  'sealed-session-scope': choice('run', 'repository'),
  'sealed-session-fallback': BOOLEAN,
  'allowed-account-ids': LIST,
  'list-buckets': BOOLEAN,
  'expected-buckets': LINES,
  'output-env-credentials': BOOLEAN,
  'output-credentials': BOOLEAN,
  'aws-profile': TEXT,
  'overwrite-aws-profile': BOOLEAN,
  'profiles-location': choice('home', 'temp'),
  'mask-aws-account-id': BOOLEAN,
  'unset-current-credentials': BOOLEAN,
  'use-existing-credentials': BOOLEAN,
  'minimum-remaining-seconds': seconds(0, 129_600, 300),
  'retry-max-attempts': { kind: 'integer', unit: 'attempts', min: 1, max: 100, default: undefined },
  'disable-retry': BOOLEAN,
  'action-timeout-s': seconds(0, 86_400, 0),
  'http-proxy': SECRET,
  'no-proxy': TEXT,
  'sts-endpoint': TEXT,
  's3-endpoint': TEXT,
  'iam-endpoint': TEXT,
  'special-characters-workaround': BOOLEAN,
  summary: BOOLEAN,
} as const satisfies Readonly<Record<string, InputKind>>;

/** The name of an input, as in action.yml. */
export type InputName = keyof typeof INPUTS;

/** The inputs that are written in one way. */
export type InputOf<Kind extends InputKind['kind']> = {
  [Name in InputName]: (typeof INPUTS)[Name] extends { readonly kind: Kind } ? Name : never;
}[InputName];

/** The names of all inputs. */
export const INPUT_NAMES: readonly InputName[] = Object.keys(INPUTS).filter(isInputName);

function isInputName(name: string): name is InputName {
  return name in INPUTS;
}

/** The variables that values came from, by input. */
export type Variables = Readonly<Partial<Record<InputName, string>>>;

/** The inputs as strings; an empty string is an input that was not given. */
export type RawInputs = Readonly<Record<InputName, string>> & {
  /** For each input that wasn't given, the environment variable that its value came from. */
  readonly variables: Variables;
};
