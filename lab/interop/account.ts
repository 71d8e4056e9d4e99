import type { PolicyDocument } from '../aws/index.ts';

// The account in MiniStack: a user with a device, roles and buckets. provision.ts creates it.

/** Keys, with the token if they belong to a session. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Keys as AWS's clients return them. */
export interface WireCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  /** ISO 8601. */
  readonly Expiration?: string | undefined;
}

/** The credentials in a client's answer. What is missing there is empty here. */
export function credentialsFrom(wire: WireCredentials = {}): Credentials {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = wire;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The account, as a server has it. */
export interface Account {
  readonly endpoint: string;
  /** Twelve digits. */
  readonly id: string;
  /** The user, who may do everything that the checks need. */
  readonly ci: {
    readonly arn: string;
    readonly credentials: Credentials;
    readonly serial: string;
    /** Base32. */
    readonly seed: string;
  };
}

export const REGION = 'us-east-1';
/** More than one page of 1,000. */
export const BUCKETS: readonly string[] = Array.from(
  { length: 1203 },
  (_, n) => `bucket-${String(n).padStart(4, '0')}`,
);
export const EXTERNAL_ID = 'agreed-upon';

const document = (Statement: PolicyDocument['Statement']): PolicyDocument => ({ Version: '2012-10-17', Statement });

/** What the user and each role may do. */
export const PERMISSIONS = document({
  Effect: 'Allow',
  Action: ['sts:*', 's3:*', 'iam:ListMFADevices'],
  Resource: '*',
});

export type RoleName = 'deploy' | 'untagged' | 'partner';

/** Each role trusts the user, under different conditions. */
export function trustPolicies(accountId: string): Readonly<Record<RoleName, PolicyDocument>> {
  const Principal = { AWS: `arn:aws:iam::${accountId}:user/ci` };
  const trust = { Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
  return {
    deploy: document(trust),
    untagged: document({ ...trust, Action: 'sts:AssumeRole' }),
    partner: document({ ...trust, Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } } }),
  };
}

/** The ARN of a role. */
export function roleArn({ id }: Account, name: RoleName): string {
  return `arn:aws:iam::${id}:role/${name}`;
}

/** The ARN of the session that the action gets for a role. */
export function roleSessionArn({ id }: Account, name: RoleName): string {
  return `arn:aws:sts::${id}:assumed-role/${name}/GitHubActions`;
}
