import { roleArn, userArn } from '../identifiers.ts';
import type { Account, Role, User } from '../world.ts';

// What operations act on, as policies and refusals name it, and what conditions can ask about it.

export interface Target {
  readonly arn: string;
  readonly named: string;
  /** The tags that it has already, for aws:ResourceTag and iam:ResourceTag. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The permissions boundary that it has or gets, for iam:PermissionsBoundary. */
  readonly boundary?: string | undefined;
}

/** A target that refusals name by its ARN. */
export function byArn(arn: string): Target {
  return { arn, named: arn };
}

/** A user, or the one that would have this name. */
export function userTarget(account: Account, user: User | undefined, name: string): Target {
  if (user === undefined)
    return { arn: `arn:${account.partition}:iam::${account.id}:user/${name}`, named: `user ${name}` };
  return { arn: userArn(account, user), named: `user ${user.name}`, tags: user.tags, boundary: user.boundary };
}

/** A role, or the one that would have this name. */
export function roleTarget(account: Account, role: Role | undefined, name: string): Target {
  if (role === undefined)
    return { arn: `arn:${account.partition}:iam::${account.id}:role/${name}`, named: `role ${name}` };
  return { arn: roleArn(account, role), named: `role ${role.name}`, tags: role.tags };
}
