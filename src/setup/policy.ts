// The policy of a CI user, as docs/iam.md explains it: nothing without MFA, and with it only what the pipeline needs.

/** What the pipeline needs. */
export interface Needs {
  /** ARNs of the roles that it assumes. */
  readonly roles: readonly string[];
  /** What the bucket check reaches if no role does: names of buckets, and `bucket/prefix`. */
  readonly buckets: readonly string[];
  readonly listsBuckets: boolean;
  /** Whether it replaces the user's own keys and devices. */
  readonly rotates: boolean;
}

/** Whose policy it is. */
export interface Owner {
  /** With its path. */
  readonly userArn: string;
}

/** A part of a policy document. Its members are those of IAM's policy language. */
interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What may be called without MFA: what it takes to get a session, and to repair a device. */
const WITHOUT_MFA = ['sts:GetSessionToken', 'iam:ListMFADevices', 'iam:ResyncMFADevice'];

/** The document as JSON, always the same for the same needs. */
export function policyFor({ userArn }: Owner, { roles, buckets, listsBuckets, rotates }: Needs): string {
  const [, partition = ''] = userArn.split(':');
  const statements: readonly (Statement | undefined)[] = [
    {
      Sid: 'NothingWithoutMfa',
      Effect: 'Deny',
      NotAction: WITHOUT_MFA,
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
    allow('OwnDevices', ['iam:ListMFADevices', 'iam:ResyncMFADevice'], userArn),
    roles.length === 0
      ? undefined
      : allow('Roles', ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], oneOrMore(roles)),
    listsBuckets ? allow('ListAllBuckets', 's3:ListAllMyBuckets', '*') : undefined,
    ...bucketStatements(partition, buckets),
    ...(rotates ? rotationStatements(userArn) : []),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements.filter((each) => each !== undefined) });
}

function bucketStatements(partition: string, buckets: readonly string[]): readonly Statement[] {
  const whole = buckets.filter((each) => !each.includes('/'));
  const prefixes = buckets.filter((each) => each.includes('/'));
  const arnOf = (bucket: string): string => `arn:${partition}:s3:::${bucket}`;
  const statements = whole.length === 0 ? [] : [allow('Buckets', 's3:ListBucket', oneOrMore(whole.map(arnOf)))];
  return [
    ...statements,
    ...prefixes.map((each, index): Statement => {
      const slash = each.indexOf('/');
      return {
        ...allow(`Prefix${index + 1}`, 's3:ListBucket', arnOf(each.slice(0, slash))),
        Condition: { StringLike: { 's3:prefix': `${each.slice(slash + 1)}*` } },
      };
    }),
  ];
}

/** A user may have several devices and two keys; rotating them takes the user's own MFA session. */
function rotationStatements(userArn: string): readonly Statement[] {
  const name = userArn.slice(userArn.lastIndexOf('/') + 1);
  const devices = userArn.replace(/:user\/.*$/, `:mfa/${name}*`);
  return [
    allow(
      'OwnKeys',
      [
        'iam:ListAccessKeys',
        'iam:CreateAccessKey',
        'iam:UpdateAccessKey',
        'iam:DeleteAccessKey',
        'iam:GetAccessKeyLastUsed',
      ],
      userArn,
    ),
    allow('NewDevices', ['iam:EnableMFADevice', 'iam:DeactivateMFADevice'], userArn),
    allow('VirtualDevices', ['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice'], devices),
  ];
}

function allow(Sid: string, Action: Statement['Action'], Resource: Statement['Resource']): Statement {
  return { Sid, Effect: 'Allow', ...(Action !== undefined && { Action }), Resource };
}

function oneOrMore(values: readonly string[]): string | readonly string[] {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : values;
}

/** Whether two documents say the same in the same order: IAM keeps neither white space nor the order of members. */
export function isSamePolicy(one: string, other: string): boolean {
  try {
    return canonical(JSON.parse(one)) === canonical(JSON.parse(other));
  } catch {
    return false;
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

/** IAM user guide, "Revoking IAM role temporary security credentials": the name that the console gives this policy. */
export const REVOCATION = 'AWSRevokeOlderSessions';

/** IAM user guide, "Revoking IAM role temporary security credentials": ends every session that was issued before a moment. */
export function revocation(before: Date): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': before.toISOString() } },
      },
    ],
  });
}
