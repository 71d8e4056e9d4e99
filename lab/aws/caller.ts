import { isKnown } from './consistency.ts';
import { roleArn, roleId, roleSessionArn, userArn, userId } from './identifiers.ts';
import { Context } from './policy/keys.ts';
import type { PrincipalOfCaller } from './policy/principal.ts';
import type { Request } from './request.ts';
import type { RoleGrant, Session } from './sessions.ts';
import type { AccessKey, Account, Role, User, World } from './world.ts';

/** Who made a call, and with what. */
export type Caller = { readonly account: Account; readonly region: string } & (
  | { readonly kind: 'user'; readonly user: User; readonly key: AccessKey }
  | {
      readonly kind: 'user-session';
      readonly user: User;
      readonly issuedAt: number;
      readonly mfaAt: number | undefined;
    }
  | { readonly kind: 'role-session'; readonly role: Role; readonly issuedAt: number; readonly grant: RoleGrant }
);

/**
 * The long-term key with this ID, and its owner. Inactive keys are unknown, and so are those that IAM has just created.
 * @param now the emulator's time, ms since the epoch
 */
export function findKey(
  world: World,
  id: string,
  now: number,
): { account: Account; user: User; key: AccessKey } | undefined {
  for (const account of world.accounts) {
    for (const user of account.users) {
      const key = user.accessKeys.find(
        (candidate) =>
          candidate.id === id &&
          candidate.inactive !== true &&
          isKnown(world, 'accessKey', candidate, candidate.createdAt, now),
      );
      if (key !== undefined) return { account, user, key };
    }
  }
  return undefined;
}

/** The caller of a session, or undefined if its user or role has been deleted, even if there's a new one with the name. */
export function callerOfSession(world: World, session: Session, region: string): Caller | undefined {
  const account = world.accounts.find(({ id }) => id === session.accountId);
  if (account === undefined) return undefined;
  const { grant, issuedAt } = session;
  if (grant.kind === 'user') {
    const user = account.users.find((candidate) => userArn(account, candidate) === session.arn);
    if (user === undefined || issuedAt < (user.createdAt ?? issuedAt)) return undefined;
    return { kind: 'user-session', account, region, user, issuedAt, mfaAt: grant.mfaAt };
  }
  const role = account.roles.find((candidate) => roleArn(account, candidate) === session.arn);
  if (role === undefined || issuedAt < (role.createdAt ?? issuedAt)) return undefined;
  return { kind: 'role-session', account, region, role, issuedAt, grant };
}

/** The caller, as policies name principals. */
export function principalOf(caller: Caller): PrincipalOfCaller {
  const { account } = caller;
  if (caller.kind !== 'role-session') {
    const arn = userArn(account, caller.user);
    return { accountId: account.id, arn, sessionArn: arn };
  }
  const sessionArn = roleSessionArn(account, caller.role, caller.grant.sessionName);
  return { accountId: account.id, arn: roleArn(account, caller.role), sessionArn };
}

/** The UserId in GetCallerIdentity. */
export function userIdOf(caller: Caller): string {
  return caller.kind === 'role-session'
    ? `${roleId(caller.account, caller.role)}:${caller.grant.sessionName}`
    : userId(caller.account, caller.user);
}

/**
 * The condition keys of every request from this caller.
 *
 * The MFA keys are absent, not false, for long-term access keys and for role sessions. For sessions from GetSessionToken,
 * aws:MultiFactorAuthPresent is true or false (IAM user guide, "aws:MultiFactorAuthPresent").
 * @param now the emulator's time, ms since the epoch
 */
export function contextOf(caller: Caller, request: Request, now: number): Context {
  const { arn } = principalOf(caller);
  const context = new Context()
    .set('aws:PrincipalArn', arn)
    .set('aws:PrincipalAccount', caller.account.id)
    .set('aws:PrincipalType', caller.kind === 'role-session' ? 'AssumedRole' : 'User')
    .set('aws:userid', userIdOf(caller))
    .set('aws:RequestedRegion', caller.region)
    .set('aws:SecureTransport', String(request.tls))
    .set('aws:CurrentTime', new Date(now).toISOString())
    .set('aws:TokenIssueTime', caller.kind === 'user' ? undefined : wholeSeconds(caller.issuedAt));
  if (caller.kind === 'role-session') {
    setPrincipalTags(context, caller.role.tags);
    for (const [key, value] of caller.grant.tags) context.set(`aws:PrincipalTag/${key}`, value);
    return context.set('aws:SourceIdentity', caller.grant.sourceIdentity);
  }
  setPrincipalTags(context, caller.user.tags);
  context.set('aws:username', caller.user.name);
  if (caller.kind === 'user-session') {
    context.set('aws:MultiFactorAuthPresent', String(caller.mfaAt !== undefined));
    if (caller.mfaAt !== undefined) setMfaAge(context, caller.mfaAt, now);
  }
  return context;
}

function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Seconds since the code was accepted. */
export function setMfaAge(context: Context, mfaAt: number, now: number): void {
  context.set('aws:MultiFactorAuthAge', String(Math.max(0, Math.floor((now - mfaAt) / 1000))));
}

function setPrincipalTags(context: Context, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) context.set(`aws:PrincipalTag/${key}`, value);
}
