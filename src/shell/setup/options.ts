import type { Environment } from '../../core/ports.ts';
import type { Options } from '../program.ts';
import { UsageError } from '../values.ts';
import { type Place, placesIn } from './places.ts';

/** What `enroll` was asked for. */
export interface EnrollOptions {
  readonly user: string | 'self';
  readonly device: string | undefined;
  readonly policyName: string;
  readonly boundary: string | undefined;
  /** ARNs of roles. */
  readonly roles: readonly string[];
  readonly buckets: readonly string[];
  readonly listsBuckets: boolean;
  readonly rotates: boolean;
  readonly key: 'new' | 'own';
  readonly form: 'pairs' | 'separate';
  readonly existing: 'replace' | 'refuse';
  readonly places: readonly Place[];
  readonly consent: Consent;
}

/** Whether the plan is carried out. */
export type Consent = 'dry-run' | 'yes' | 'ask';

/** IAM API reference, CreateUser and CreateVirtualMFADevice. */
const NAME = /^[\w+=,.@-]{1,64}$/;
const ROLE = /^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const POLICY = /^arn:aws[a-z-]{0,20}:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]{1,576}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[^\s]{1,900})?$/;

/** Reads the options of `enroll`. Throws a `UsageError` for the first one that is wrong. */
export function readEnrollOptions(options: Options, env: Environment): EnrollOptions {
  const user = userIn(options);
  const places = placesIn(options, env);
  if (places.length === 0)
    throw new UsageError(
      'Say where to store the secrets: --github [OWNER/REPO], --gitlab PROJECT, or --output json|dotenv|FILE.',
    );
  const key = user === 'self' && !isOn(options, 'newKey') ? 'own' : 'new';
  return {
    user,
    device: optional(options, 'device', NAME),
    policyName: optional(options, 'policyName', NAME) ?? 'aws-mfa-credentials',
    boundary: optional(options, 'permissionsBoundary', POLICY),
    roles: many(options, 'role', ROLE),
    buckets: many(options, 'bucket', BUCKET),
    listsBuckets: isOn(options, 'listBuckets'),
    rotates: isOn(options, 'rotation'),
    key,
    form: isOn(options, 'separate') ? 'separate' : 'pairs',
    existing: isOn(options, 'replace') ? 'replace' : 'refuse',
    places,
    consent: consentIn(options),
  };
}

/** The user that is meant: its name, or `self`. */
export function userIn(options: Options): string | 'self' {
  const isSelf = isOn(options, 'self');
  const user = optional(options, 'user', NAME);
  if (isSelf === (user !== undefined))
    throw new UsageError('Say which user: --user NAME, or --self for the user that your keys belong to.');
  if (user === 'self') throw new UsageError('--user self is ambiguous: for yourself, use --self.');
  return user ?? 'self';
}

/** Whether the user wants the plan to be carried out. */
export function consentIn(options: Options): Consent {
  if (isOn(options, 'dryRun')) return 'dry-run';
  return isOn(options, 'yes') ? 'yes' : 'ask';
}

/** Whether a switch is set. */
export function isOn(options: Options, attribute: string): boolean {
  return options[attribute] === true;
}

/** The value of an option; undefined if it isn't given. Throws a `UsageError` if it doesn't fit the pattern. */
export function optional(options: Options, attribute: string, pattern: RegExp): string | undefined {
  const value = options[attribute];
  return typeof value === 'string' ? fitting(value, attribute, pattern) : undefined;
}

/** The values of an option that can be given several times. */
export function many(options: Options, attribute: string, pattern: RegExp): readonly string[] {
  const values = options[attribute];
  if (!Array.isArray(values)) return [];
  return [...new Set(values.map((value) => fitting(String(value), attribute, pattern)))];
}

function fitting(value: string, attribute: string, pattern: RegExp): string {
  if (pattern.test(value)) return value;
  const flag = `--${attribute.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(`${flag} isn't ${WHAT[attribute] ?? 'valid'}.`);
}

/** What an option must be, to complete "isn't …". */
const WHAT: Readonly<Record<string, string>> = {
  user: 'the name of an IAM user',
  device: 'a name for an MFA device: letters, digits and +=,.@_-',
  policyName: 'the name of a policy',
  permissionsBoundary: "a managed policy's ARN, arn:aws:iam::ACCOUNT:policy/NAME",
  role: "a role's ARN, arn:aws:iam::ACCOUNT:role/NAME",
  bucket: 'a bucket, or bucket/prefix',
  accessKeyId: 'an access key ID (AKIA…)',
  github: 'OWNER/REPO',
  environment: 'the name of an environment',
  org: 'the name of an organization',
};
