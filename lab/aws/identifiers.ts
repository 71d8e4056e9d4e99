import { createHash } from 'node:crypto';
import type { Account, Bucket, Role, User } from './world.ts';

// AWS's identifiers: ARNs, unique IDs, partitions.

/** `arn:aws:iam::111122223333:user/path/name` */
export function userArn(account: Account, user: User): string {
  return `arn:${account.partition}:iam::${account.id}:user${user.path}${user.name}`;
}

/** `arn:aws:iam::111122223333:role/path/name` */
export function roleArn(account: Account, role: Role): string {
  return `arn:${account.partition}:iam::${account.id}:role${role.path}${role.name}`;
}

/** `arn:aws:sts::111122223333:assumed-role/name/session`, without the role's path. */
export function roleSessionArn(account: Account, role: Role, sessionName: string): string {
  return `arn:${account.partition}:sts::${account.id}:assumed-role/${role.name}/${sessionName}`;
}

/** `arn:aws:s3:::bucket` */
export function bucketArn(account: Account, bucket: Pick<Bucket, 'name'>): string {
  return `arn:${account.partition}:s3:::${bucket.name}`;
}

/** The unique ID of a user. One who is created again with the same name has another. */
export function userId(account: Account, user: User): string {
  return uniqueId('AIDA', birth(userArn(account, user), user.createdAt));
}

/** The unique ID of a role. One that is created again with the same name has another. */
export function roleId(account: Account, role: Role): string {
  return uniqueId('AROA', birth(roleArn(account, role), role.createdAt));
}

function birth(arn: string, createdAt: number | undefined): string {
  return createdAt === undefined ? arn : `${arn} ${createdAt}`;
}

/** IAM's unique ID of a user (AIDA…), a role (AROA…), a managed policy (ANPA…) or a group (AGPA…). The same ARN has the same ID, so that logs are comparable. */
export function uniqueId(prefix: 'AIDA' | 'AROA' | 'ANPA' | 'AGPA', arn: string): string {
  return prefix + base32Upper(createHash('sha256').update(arn).digest(), 17);
}

/** `length` characters of A–Z and 2–7 from `bytes`, as in IAM's IDs. */
export function base32Upper(bytes: Buffer, length: number): string {
  let text = '';
  for (const byte of bytes.subarray(0, length)) text += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte & 31);
  return text;
}

// The prefixes of regions in AWS's endpoint data ("regionRegex" in partitions.json).
const PARTITIONS: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The partition of a region. */
export function partitionOfRegion(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** The domain of a partition's endpoints, for S3's redirects. */
export function dnsSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
