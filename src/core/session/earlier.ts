import { Failure, isFailure } from '../failure.ts';
import { type FoundKeys, type Ports, type Session, unwrap } from '../ports.ts';
import type { Request, RoleRequest } from '../request.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

// What role chaining starts from: the session that an earlier step exported.

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
