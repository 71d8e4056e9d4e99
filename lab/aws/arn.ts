import type { Account, Bucket, Role, User } from './world.ts';

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
