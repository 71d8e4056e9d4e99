import { accountOfDevices } from '../codes/serial.ts';
import type { Identity } from '../credentials.ts';
import { isStale } from '../failure-kinds.ts';
import type { Ports, Session } from '../ports.ts';
import { devicesOf, type Plan, type Request, type RoleRequest, roleOf } from '../request.ts';
import { mayUse } from './accounts.ts';

/** The session in the environment, if it is what the plan would get. Otherwise says why not. */
export async function reuseSession(
  request: Request,
  { minimumRemainingSeconds }: NonNullable<Request['reuse']>,
  { keys: keyRing, clock, sts, reporter }: Ports,
): Promise<Session | undefined> {
  const { plan, seal } = request;
  const keys = await keyRing.fromEnvironment();
  if (!keys?.sessionToken) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  const getNew = async (reason: 'hidden-terms' | 'expires-soon' | 'expiry-unknown' | 'invalid'): Promise<undefined> => {
    await reporter.note({ kind: 'not-reused', reason });
  };

  const role = roleOf(plan);
  if (role !== undefined && hasHiddenTerms(role)) return getNew('hidden-terms');
  const left = expiration && expiration.getTime() - clock.now();
  if (left !== undefined && left < minimumRemainingSeconds * 1000) return getNew('expires-soon');
  if (seal !== undefined && left === undefined) return getNew('expiry-unknown');
  const answer = await sts.callerIdentity(keys);
  if (!answer.ok) {
    // Any other failure says nothing about the session, and would happen with a new one too.
    if (!isStale(answer.failure)) throw answer.failure;
    return getNew('invalid');
  }
  const identity = answer.value;
  if (!isPlanned(identity, plan) || !mayUse(identity.account, request)) {
    await reporter.note({ kind: 'not-reused', reason: 'other-identity', arn: identity.arn });
    return undefined;
  }
  await reporter.note({ kind: 'reused' });
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiration };
  return { credentials, identity, by: 'the environment', serial: undefined };
}

/** Whether the role's session should have something that GetCallerIdentity doesn't show. */
function hasHiddenTerms({ policy, policyArns, sourceIdentity, sessionTags }: RoleRequest): boolean {
  const tagged = sessionTags?.requested ?? false;
  return policy !== undefined || policyArns.length > 0 || sourceIdentity !== undefined || tagged;
}

/** Whether an identity is what the plan would get, in the same account: a session of its role with its name, or of a user. */
function isPlanned({ arn, account }: Identity, plan: Plan): boolean {
  const role = roleOf(plan);
  const assumed = /^arn:[^:]{1,30}:sts::\d{12}:assumed-role\/(.{1,200})$/.exec(arn)?.[1];
  const planned = role && `${nameOf(role).split('/').at(-1)}/${role.sessionName}`;
  return assumed === planned && account === (plannedAccount(plan) ?? account);
}

function nameOf({ role }: RoleRequest): string {
  return role.kind === 'arn' ? role.arn : role.name;
}

/** The account of the role, or else of the device, if one of them shows it. */
function plannedAccount(plan: Plan): string | undefined {
  const role = roleOf(plan)?.role;
  return role?.kind === 'arn' ? role.account : accountOfDevices(devicesOf(plan));
}
