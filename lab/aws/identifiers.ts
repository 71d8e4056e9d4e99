import { createHash } from 'node:crypto';
import type { Account, Bucket, Role, User } from './world.ts';

// The identifiers that AWS makes: ARNs, unique IDs, partitions.

/** `arn:aws:iam::111122223333:user/path/name` */
export function userArn(account: Account, user: User): string {
  return `arn:${account.partition}:iam::${account.id}:user${user.path}${user.name}`;
}

/** `arn:aws:iam::111122223333:role/path/name` */
export function roleArn(account: Account, role: Role): string {
  return `arn:${account.partition}:iam::${account.id}:role${role.path}${role.name}`;
}

/** `arn:aws:sts::111122223333:assumed-role/name/session`: the role's path is not in it. */
export function roleSessionArn(account: Account, role: Role, sessionName: string): string {
  return `arn:${account.partition}:sts::${account.id}:assumed-role/${role.name}/${sessionName}`;
}

/** `arn:aws:s3:::bucket` */
export function bucketArn(account: Account, bucket: Pick<Bucket, 'name'>): string {
  return `arn:${account.partition}:s3:::${bucket.name}`;
}

/** IAM's unique ID of a user (AIDA…), a role (AROA…) or a managed policy (ANPA…): the same for the same ARN, so that logs can be compared. */
export function uniqueId(prefix: 'AIDA' | 'AROA' | 'ANPA', arn: string): string {
  return prefix + base32Upper(createHash('sha256').update(arn).digest(), 17);
}

/** `length` characters of A–Z and 2–7 made from `bytes`, as in the IDs of IAM. */
export function base32Upper(bytes: Buffer, length: number): string {
  let text = '';
  for (const byte of bytes.subarray(0, length)) text += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte & 31);
  return text;
}

// A region's partition, by the prefixes that AWS's own endpoint data give ("regionRegex" in partitions.json).
const PARTITIONS: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a region belongs to. */
export function partitionOfRegion(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** The domain of a partition's endpoints, as S3 writes it into redirects. */
export function dnsSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
