import type { Identity } from '../credentials.ts';
import { isStale } from '../failure-kinds.ts';
import type { Ports, Session } from '../ports.ts';
import { devicesOf, type Plan, type Request, type RoleRequest, roleOf } from '../request.ts';
import { mayUse } from './accounts.ts';

/** The session of the environment, where the user allowed that and it is the one that the plan would make. */
export async function reuseSession(
  request: Request,
  { minimumRemainingSeconds }: NonNullable<Request['reuse']>,
  ports: Ports,
): Promise<Session | undefined> {
  const { plan, seal } = request;
  const keys = await ports.keys.fromEnvironment();
  if (!keys?.sessionToken) return undefined;
  const role = roleOf(plan);
  if (role !== undefined && hasInvisibleTerms(role)) {
    await ports.reporter.note({ kind: 'not-reused', reason: 'hidden-terms' });
    return undefined;
  }
  const left = keys.expiration && keys.expiration.getTime() - ports.clock.now();
  if (left !== undefined && left < minimumRemainingSeconds * 1000) {
    await ports.reporter.note({ kind: 'not-reused', reason: 'expires-soon' });
    return undefined;
  }
  if (seal !== undefined && left === undefined) {
    await ports.reporter.note({ kind: 'not-reused', reason: 'expiry-unknown' });
    return undefined;
  }
  const answer = await ports.sts.callerIdentity(keys);
  if (!answer.ok) {
    // Whatever else is wrong says nothing of the session, and would be wrong with a new one too.
    if (!isStale(answer.failure)) throw answer.failure;
    await ports.reporter.note({ kind: 'not-reused', reason: 'invalid' });
    return undefined;
  }
  const identity = answer.value;
  if (!isPlanned(identity, plan) || !mayUse(identity.account, request)) {
    await ports.reporter.note({ kind: 'not-reused', reason: 'other-identity', arn: identity.arn });
    return undefined;
  }
  await ports.reporter.note({ kind: 'reused' });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken, expiration },
    identity,
    by: 'the environment',
    serial: undefined,
  };
}

/** Whether the role's session is to have something that GetCallerIdentity doesn't show. */
function hasInvisibleTerms({ policy, policyArns, sourceIdentity, sessionTags }: RoleRequest): boolean {
  const tagged = sessionTags?.requested ?? false;
  return policy !== undefined || policyArns.length > 0 || sourceIdentity !== undefined || tagged;
}

/**
 * Whether an identity is what the plan would make: a session of its role and of that name, or of a user where it has none, in its
 * account.
 */
function isPlanned({ arn, account }: Identity, plan: Plan): boolean {
  const role = roleOf(plan);
  const assumed = /^arn:[^:]{1,30}:sts::\d{12}:assumed-role\/(.{1,200})$/.exec(arn)?.[1];
  const planned = role && `${nameOf(role).split('/').at(-1)}/${role.sessionName}`;
  return assumed === planned && account === (plannedAccount(plan) ?? account);
}

function nameOf({ role }: RoleRequest): string {
  return role.kind === 'arn' ? role.arn : role.name;
}

/** The account of the role, or else of the device; undefined where neither names one. */
function plannedAccount(plan: Plan): string | undefined {
  const role = roleOf(plan)?.role;
  if (role?.kind === 'arn') return role.account;
  const [serial] = devicesOf(plan);
  return serial?.kind === 'virtual' ? serial.account : undefined;
}
