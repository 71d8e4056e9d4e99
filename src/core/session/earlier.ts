import { accountOfDevices } from '../codes/serial.ts';
import type { Identity } from '../credentials.ts';
import { Failure, isFailure, isStale } from '../failure.ts';
import { type FoundKeys, type Ports, type Session, unwrap } from '../ports.ts';
import { devicesOf, type Plan, type Request, type RoleRequest, roleOf } from '../request.ts';
import { mayUse } from './accounts.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

// The session that an earlier step exported: what role chaining starts from, and what may be reused.

/** The role, assumed with that session and without a code. A role given by its name is in the session's account. */
export async function assumeRoleFromEnvironment(request: Request, role: RoleRequest, ports: Ports): Promise<Session> {
  const keys = await earlierSession(ports);
  const account = role.role.kind === 'arn' ? role.role.account : unwrap(await ports.sts.callerIdentity(keys)).account;
  const call = roleCall(role, request.region, account);
  const session = await assumeRoleWithSession(keys, call, role.plainSecretOnly, ports);
  return { ...session, by: 'AssumeRole', serial: undefined };
}

/** That session itself, with which many roles are assumed. */
export async function takeFromEnvironment({ seal }: Request, ports: Ports): Promise<Session> {
  const { expiration, source: _, ...keys } = await earlierSession(ports);
  if (seal !== undefined && expiration === undefined) throw new Failure('session-expiry-unknown', {});
  const identity = unwrap(await ports.sts.callerIdentity(keys));
  const by = ports.keys.profile === undefined ? 'the environment' : 'AWS_PROFILE';
  return { credentials: { ...keys, expiration }, identity, by, serial: undefined };
}

/** As in the SDKs, AWS_PROFILE comes before the keys in the environment. */
async function earlierSession({ keys, reporter }: Ports): Promise<FoundKeys & { readonly sessionToken: string }> {
  const exported = await keys.fromEnvironment();
  const found = (keys.profile === undefined ? exported : undefined) ?? (await fromDefaultChain(keys));
  const { sessionToken, source } = found;
  if (!sessionToken)
    throw new Failure('session-not-found', { reason: 'no-token', source, profile: keys.profile !== undefined });
  await reporter.note({ kind: 'session-found', source });
  // The AWS files don't say when a session expires.
  const known = exported?.sessionToken === sessionToken ? exported.expiration : undefined;
  return { ...found, sessionToken, expiration: found.expiration ?? known };
}

/** A session that the runner itself has. */
async function fromDefaultChain(keys: Ports['keys']): Promise<FoundKeys> {
  try {
    return await keys.fromDefaultChain();
  } catch (error) {
    if (!isFailure(error, 'keys-not-found')) throw error;
    throw sessionNotFound(error, keys.profile !== undefined);
  }
}

/** If no keys were found, the inputs aren't to blame: role chaining requires those for keys to be empty. */
function sessionNotFound(cause: Failure<'keys-not-found'>, profile: boolean): Failure {
  const { facts, context } = cause;
  const missing = facts.reason === 'none' ? facts.missing : undefined;
  const failure = context?.kind === 'key-source' ? context.failure : missing === undefined ? cause : undefined;
  return new Failure(
    'session-not-found',
    { reason: 'none', profile, missing },
    { cause, ...(failure && { context: { kind: 'because', failure } }) },
  );
}

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
