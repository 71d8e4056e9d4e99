/** Every input of action.yml, in the order in which the README's table shows them. */
export const INPUT_NAMES = [
  'aws-region',
  'aws-access-key-id',
  'aws-secret-access-key',
  'mfa-serial',
  'mfa-seed',
  'mfa-code',
  'mfa-devices',
  'mfa-slot',
  'mfa-max-wait-seconds',
  'session-duration-seconds',
  'role-to-assume',
  'role-duration-seconds',
  'role-session-name',
  'role-external-id',
  'role-source-identity',
  'inline-session-policy',
  'managed-session-policies',
  'role-skip-session-tagging',
  'custom-tags',
  'transitive-tag-keys',
  'mfa-session-first',
  'role-chaining',
  'roles',
  'seal-session',
  'sealing-key',
  'sealed-session',
  'sealed-session-scope',
  'sealed-session-fallback',
  'allowed-account-ids',
  'list-buckets',
  'expected-buckets',
  'output-env-credentials',
  'output-credentials',
  'aws-profile',
  'overwrite-aws-profile',
  'profiles-location',
  'mask-aws-account-id',
  'unset-current-credentials',
  'use-existing-credentials',
  'minimum-remaining-seconds',
  'retry-max-attempts',
  'disable-retry',
  'action-timeout-s',
  'http-proxy',
  'no-proxy',
  'sts-endpoint',
  's3-endpoint',
  'iam-endpoint',
  'special-characters-workaround',
  'summary',
] as const;

/** The name of an input, as in action.yml. */
export type InputName = (typeof INPUT_NAMES)[number];

/** The variables that values came from, by input. */
export type Variables = Readonly<Partial<Record<InputName, string>>>;

/** The inputs as text; an empty text is an input that was not given. */
export type RawInputs = Readonly<Record<InputName, string>> & {
  /** For each input that wasn't given, the environment variable that its value came from. */
  readonly variables: Variables;
};

/** What is wrong with one input, and what to write instead. Never holds the value of a secret. */
export interface Problem {
  /** The input, or the variable that its value came from. */
  readonly input: string;
  readonly message: string;
}

/** Something that the user should know and that stops nothing. */
export interface Note {
  readonly level: 'info' | 'warning';
  readonly text: string;
}

/** Collects problems while the inputs are read, so that all of them can be told at once. */
export interface Problems {
  add(input: InputName, message: string): undefined;
  note(note: Note): void;
}
