import type { Ports, Session } from '../ports.ts';
import type { Request, RoleRequest } from '../request.ts';
import { requireAllowed, requireAllowedRole } from './accounts.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

/**
 * Assumes a role with the user's own session: without a code, and as often as needed for as long as that session lasts. Throws the
 * `Failure` of a refusal, or one if the role's account isn't allowed.
 */
export async function assumeRoleAgain(
  user: Session,
  role: RoleRequest,
  request: Request,
  ports: Pick<Ports, 'sts' | 'clock' | 'reporter' | 'random'>,
): Promise<Session> {
  const { account } = user.identity;
  if (role.role.kind === 'name') requireAllowedRole(role.role.name, account, request);
  const call = roleCall(role, request.region, account);
  const session = await assumeRoleWithSession(user.credentials, call, role.plainSecretOnly, ports);
  requireAllowed(session.identity, request);
  return { ...session, by: 'AssumeRole', serial: user.serial };
}
