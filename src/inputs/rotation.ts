import type { InputName, RawInputs } from './names.ts';

// The inputs of the sub-action `rotate`.

/** Those that it has in common with the action. */
export const SHARED_INPUTS = [
  'aws-region',
  'aws-access-key',
  'mfa-devices',
  'mfa-max-wait-seconds',
  'retry-max-attempts',
  'disable-retry',
  'action-timeout-s',
  'http-proxy',
  'no-proxy',
  'sts-endpoint',
  'iam-endpoint',
] as const satisfies readonly InputName[];

/** Two values of which each would take a write. A job between the two writes would get a pair that doesn't match. */
const SEPARATE = {
  'aws-access-key': ['aws-access-key-id', 'aws-secret-access-key'],
  'mfa-devices': ['mfa-serial', 'mfa-seed'],
} as const satisfies Partial<Readonly<Record<InputName, readonly InputName[]>>>;

/** A value that is in one secret. */
export type OneSecret = keyof typeof SEPARATE;

function number(unit: 'days' | 'hours', otherwise: number) {
  return { kind: 'number', unit, otherwise } as const;
}

/** `GITHUB_` and a digit at the start are refused by GitHub. */
const SECRET_NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,254}$/i;

function secretName(otherwise: string) {
  return { kind: 'text', pattern: SECRET_NAME, form: 'the name of a secret', otherwise } as const;
}

/** Those that it has alone, and what they mean if they aren't given. */
export const ROTATION_INPUTS = {
  'github-token': { kind: 'secret' },
  repository: { kind: 'text', pattern: /^[\w.-]{1,100}\/[\w.-]{1,100}$/, form: 'OWNER/REPOSITORY', otherwise: '' },
  environment: { kind: 'text', pattern: /^[^\p{Cc}]{1,255}$/u, form: 'the name of an environment', otherwise: '' },
  'key-secret': secretName('AWS_ACCESS_KEY'),
  'device-secret': secretName('AWS_MFA_DEVICE'),
  'max-age-days': number('days', 60),
  'grace-hours': number('hours', 24),
  'keep-days': number('days', 7),
  'limit-days': number('days', 90),
  devices: { kind: 'boolean' },
  'device-max-age-days': number('days', 365),
  status: { kind: 'boolean' },
} as const;

/** The name of an input that only the sub-action has. */
export type RotationInput = keyof typeof ROTATION_INPUTS;

/** The names of all of them. */
export const ROTATION_INPUT_NAMES: readonly RotationInput[] = Object.keys(ROTATION_INPUTS).filter(isRotationInput);

function isRotationInput(name: string): name is RotationInput {
  return name in ROTATION_INPUTS;
}

type InputOf<Kind extends string> = {
  [Name in RotationInput]: (typeof ROTATION_INPUTS)[Name] extends { readonly kind: Kind } ? Name : never;
}[RotationInput];

/** Their values; an empty string is one that wasn't given. */
export type RawRotation = Readonly<Record<RotationInput, string>>;

/** What is wrong with an input. Nothing of a secret. */
export type RotationProblem =
  | { readonly kind: 'missing'; readonly input: OneSecret | 'github-token' | 'repository' }
  | { readonly kind: 'separate'; readonly input: OneSecret; readonly given: readonly string[] }
  | { readonly kind: 'several-devices' }
  | { readonly kind: 'not-boolean'; readonly input: RotationInput; readonly value: string }
  | { readonly kind: 'not-number'; readonly input: RotationInput; readonly value: string; readonly unit: string }
  | { readonly kind: 'not-text'; readonly input: RotationInput; readonly value: string; readonly form: string }
  /** A key that is only replaced when the limit is reached already. */
  | { readonly kind: 'limit'; readonly maxAge: number; readonly limit: number };

/** What is to be rotated, by which rules, and where its secrets are. */
export interface RotationRequest {
  readonly owner: string;
  readonly repo: string;
  /** Undefined for the secrets of the repository. */
  readonly environment: string | undefined;
  readonly keySecret: string;
  readonly deviceSecret: string;
  readonly limitDays: number;
  /** In hours. */
  readonly rules: { readonly maxAge: number; readonly grace: number; readonly keep: number };
  /** The age in hours at which the device is replaced; undefined if it isn't rotated. */
  readonly deviceMaxAge: number | undefined;
  readonly mode: 'step' | 'status';
}

/** The request, which is only valid if there are no problems. */
export interface ParsedRotation {
  readonly request: RotationRequest;
  readonly problems: readonly RotationProblem[];
}

/** Reads the inputs that only the sub-action has. `here`: the repository of the workflow. */
export function parseRotation(raw: RawRotation, shared: RawInputs, here: string): ParsedRotation {
  const problems: RotationProblem[] = oneSecretProblems(shared);
  const text = (input: InputOf<'text'>): string => {
    const { pattern, form, otherwise } = ROTATION_INPUTS[input];
    const value = raw[input];
    if (value !== '' && !pattern.test(value)) problems.push({ kind: 'not-text', input, value, form });
    return value || otherwise;
  };
  const amount = (input: InputOf<'number'>): number => {
    const { unit, otherwise } = ROTATION_INPUTS[input];
    const value = raw[input];
    if (value === '') return otherwise;
    if (!/^0*[1-9]\d{0,3}$/.test(value)) problems.push({ kind: 'not-number', input, value, unit });
    return Number(value);
  };
  const isOn = (input: InputOf<'boolean'>): boolean => {
    const value = raw[input].toLowerCase();
    if (value !== '' && value !== 'true' && value !== 'false')
      problems.push({ kind: 'not-boolean', input, value: raw[input] });
    return value === 'true';
  };
  if (raw['github-token'] === '') problems.push({ kind: 'missing', input: 'github-token' });
  const repository = text('repository') || here;
  if (repository === '') problems.push({ kind: 'missing', input: 'repository' });
  const [owner = '', repo = ''] = repository.split('/');
  const rotatesDevices = isOn('devices');
  if (rotatesDevices && shared['mfa-devices'].trim().includes('\n')) problems.push({ kind: 'several-devices' });
  const maxAgeDays = amount('max-age-days');
  const deviceMaxAge = amount('device-max-age-days') * 24;
  const limitDays = amount('limit-days');
  if (maxAgeDays >= limitDays) problems.push({ kind: 'limit', maxAge: maxAgeDays, limit: limitDays });
  return {
    problems,
    request: {
      owner,
      repo,
      environment: text('environment') || undefined,
      keySecret: text('key-secret'),
      deviceSecret: text('device-secret'),
      limitDays,
      rules: { maxAge: maxAgeDays * 24, grace: amount('grace-hours'), keep: amount('keep-days') * 24 },
      deviceMaxAge: rotatesDevices ? deviceMaxAge : undefined,
      mode: isOn('status') ? 'status' : 'step',
    },
  };
}

function oneSecretProblems(shared: RawInputs): RotationProblem[] {
  return (['aws-access-key', 'mfa-devices'] as const).flatMap((input): readonly RotationProblem[] => {
    // A variable may be meant for another step.
    const given = SEPARATE[input].filter((name) => shared[name] !== '' && shared.variables[name] === undefined);
    if (given.length > 0) return [{ kind: 'separate', input, given }];
    return shared[input] === '' ? [{ kind: 'missing', input }] : [];
  });
}

/** How long the session of a rotation lasts: a run that was asleep for longer can't change anything in IAM any more. */
export const ROTATION_SESSION = { 'session-duration-seconds': '900' } as const;

/** The inputs that the sub-action has, without what variables say about others. */
export function sharedOf(raw: RawInputs): RawInputs {
  const empty = Object.fromEntries(Object.keys(raw).map((name) => [name, '']));
  const shared = Object.fromEntries(SHARED_INPUTS.map((name) => [name, raw[name]]));
  const variables = Object.fromEntries(SHARED_INPUTS.map((name) => [name, raw.variables[name]]));
  return { ...raw, ...empty, ...shared, ...ROTATION_SESSION, variables };
}
