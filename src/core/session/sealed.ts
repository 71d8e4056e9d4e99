import { Failure, isAboutSealedSession } from '../failure.ts';
import type { Ports, Session } from '../ports.ts';
import type { Plan, Request } from '../request.ts';
import { requireAllowedSealed } from './accounts.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

type SealedPlan = Extract<Plan, { kind: 'sealed-session' }>;

/**
 * Takes the session that another job sealed, and assumes the role with it if one is requested. If it can't be used and the user allows
 * that, `follow` gets a new session instead.
 */
export async function followSealedPlan(
  request: Request,
  plan: SealedPlan,
  ports: Ports,
  follow: (request: Request, plan: Plan, ports: Ports) => Promise<Session>,
): Promise<Session> {
  try {
    const sealed = await ports.sealed.open(plan.source);
    requirePartition(sealed, request);
    requireAllowedSealed(sealed.identity, plan.role, request);
    return await withRole(sealed, request, plan, ports);
  } catch (error) {
    if (plan.fallback === undefined || !(error instanceof Failure) || !isAboutSealedSession(error)) throw error;
    await ports.reporter.note({ kind: 'sealed-session-unusable', failure: error });
    return follow(request, plan.fallback, ports);
  }
}

async function withRole(sealed: Session, { region }: Request, { role }: SealedPlan, ports: Ports): Promise<Session> {
  if (role === undefined) return sealed;
  const call = roleCall(role, region, sealed.identity.account);
  const session = await assumeRoleWithSession(sealed.credentials, call, role.plainSecretOnly, ports);
  return { ...session, by: 'AssumeRole', serial: sealed.serial };
}

/** Only an opened session shows whose it is. */
function requirePartition({ identity }: Session, { region: { partition } }: Request): void {
  const [, sealedFor = ''] = identity.arn.split(':');
  if (sealedFor !== partition.id)
    throw new Failure('sealed-session-elsewhere', { scope: 'partition', sealedFor, here: partition.id });
}
