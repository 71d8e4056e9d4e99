import type { PolicyDocument } from '../aws/index.ts';

// The account that every AWS of a run has: its users, roles and buckets. What is done with them is compared.

/** Keys, with the token where they are of a session. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Keys as the clients of AWS give them. */
export interface Wire {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  /** ISO 8601. */
  readonly Expiration?: string | undefined;
}

/** A user with an access key and an MFA device. */
export interface User {
  readonly arn: string;
  readonly credentials: Credentials;
  readonly serial: string;
  /** Base32. */
  readonly seed: string;
}

/** The account in one of the servers. */
export interface Account {
  readonly endpoint: string;
  /** Twelve digits. */
  readonly id: string;
  /** May do what the checks need, with and without MFA. */
  readonly ci: User;
  /** May do the same, but nothing without MFA. */
  readonly careful: User;
}

export const REGION = 'us-east-1';
export const BUCKETS: readonly string[] = Array.from(
  { length: 1203 },
  (_, n) => `bucket-${String(n).padStart(4, '0')}`,
);
export const EXTERNAL_ID = 'agreed-upon';
/** The longest that a session of each role may be, in seconds. */
export const ROLE_SECONDS = 7200;

const document = (...Statement: PolicyDocument['Statement'][]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: Statement.flat(),
});

const ACTIONS = ['sts:*', 's3:*', 'iam:ListMFADevices'];
const allow = { Effect: 'Allow', Action: ACTIONS, Resource: '*' } as const;
const nothingWithoutMfa = {
  Effect: 'Deny',
  NotAction: ['sts:GetSessionToken', 'iam:ListMFADevices'],
  Resource: '*',
  Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
} as const;

/** What each user may do. */
export const USERS = { ci: document(allow), careful: document(allow, nothingWithoutMfa) } as const;
export type UserName = keyof typeof USERS;

/** Who may assume each role: the user `ci`, on a condition of the role's own. */
export function trustPolicies(accountId: string): Readonly<Record<RoleName, PolicyDocument>> {
  const Principal = { AWS: `arn:aws:iam::${accountId}:user/ci` };
  const trust = { Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
  return {
    deploy: document(trust),
    guarded: document({ ...trust, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    untagged: document({ ...trust, Action: 'sts:AssumeRole' }),
    partner: document({ ...trust, Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } } }),
  };
}

export type RoleName = 'deploy' | 'guarded' | 'untagged' | 'partner';

/** What each role may do. */
export const ROLE_POLICY = document(allow);

/** The ARN of a role of the account. */
export function roleArn({ id }: Account, name: RoleName | 'not-there'): string {
  return `arn:aws:iam::${id}:role/${name}`;
}

/** The ARN of the session that the action makes of a role. */
export function roleSession({ id }: Account, name: RoleName): string {
  return `arn:aws:sts::${id}:assumed-role/${name}/GitHubActions`;
}

/** The credentials in an answer of a client; what it lacks is empty. */
export function credentialsIn(wire: Omit<Wire, 'Expiration'> = {}): Credentials {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = wire;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
