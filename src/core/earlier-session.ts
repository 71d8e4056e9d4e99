import { unwrap } from './answer.ts';
import { assumeRoleWithSession, roleCall } from './assume-role.ts';
import { Failure, messageOf } from './failure.ts';
import type { Keys, Ports, Session } from './ports.ts';
import type { Request } from './request/request.ts';
import type { RoleRequest } from './request/role.ts';

// What role-chaining goes on from: the session that an earlier step exported.

/** The role with that session; no code. A role given by its name is in the session's account. */
export async function assumeRoleFromEnvironment(request: Request, role: RoleRequest, ports: Ports): Promise<Session> {
  const keys = await earlierSession(ports);
  const account = role.role.kind === 'arn' ? role.role.account : unwrap(await ports.sts.callerIdentity(keys)).account;
  const call = roleCall(role, request.region, account);
  const session = await assumeRoleWithSession(keys, call, role.plainSecretOnly, ports);
  return { ...session, by: 'AssumeRole', serial: undefined };
}

/** That session as it is, from which many roles follow. */
export async function takeFromEnvironment({ seal }: Request, ports: Ports): Promise<Session> {
  const { expiration, ...keys } = await earlierSession(ports);
  if (seal !== undefined && expiration === undefined)
    throw new Failure(
      'session-expiry-unknown',
      'The session in the environment does not say when it ends, so it was not sealed.',
    );
  const identity = unwrap(await ports.sts.callerIdentity(keys));
  return { credentials: { ...keys, expiration }, identity, by: 'the environment', serial: undefined };
}

async function earlierSession({
  keys,
}: Ports): Promise<Keys & { readonly sessionToken: string; readonly expiration: Date | undefined }> {
  const found = keys.fromEnvironment() ?? { ...(await fromDefaultChain(keys)), expiration: undefined };
  if (found.sessionToken) return { ...found, sessionToken: found.sessionToken };
  throw new Failure(
    'session-not-found',
    'role-chaining is true, but the environment holds no session: no AWS_SESSION_TOKEN is set.',
  );
}

/** A session that the runner itself has. That it has no keys is no fault of the inputs, which role-chaining wants empty. */
async function fromDefaultChain(keys: Ports['keys']): Promise<Keys> {
  try {
    return await keys.fromDefaultChain();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'keys-not-found') throw error;
    throw new Failure(
      'session-not-found',
      `role-chaining is true, but there are no credentials to go on from: no earlier step of this job has exported a session, and the runner has none of its own (${messageOf(error.cause ?? error)}).`,
      { cause: error },
    );
  }
}
