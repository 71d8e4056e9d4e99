import { Failure } from '../failure.ts';
import { isAboutSealedSession } from '../failure-kinds.ts';
import type { Ports, Session } from '../ports.ts';
import type { Plan, Request } from '../request.ts';
import { accountNotAllowed, isAllowed, mayUse } from './accounts.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

type SealedPlan = Extract<Plan, { kind: 'sealed-session' }>;

/**
 * What another job sealed, and from there the role where one is asked for. Where it cannot be used and the user allowed that,
 * `follow` gets a new session instead.
 */
export async function followSealedPlan(
  request: Request,
  plan: SealedPlan,
  ports: Ports,
  follow: (request: Request, plan: Plan, ports: Ports) => Promise<Session>,
): Promise<Session> {
  try {
    const sealed = await ports.sealed.open(plan.source);
    requireUsable(sealed, plan, request);
    return await goOn(sealed, request, plan, ports);
  } catch (error) {
    if (plan.fallback === undefined || !(error instanceof Failure) || !isAboutSealedSession(error)) throw error;
    await ports.reporter.note({ kind: 'sealed-session-unusable', failure: error });
    return follow(request, plan.fallback, ports);
  }
}

async function goOn(sealed: Session, { region }: Request, { role }: SealedPlan, ports: Ports): Promise<Session> {
  if (role === undefined) return sealed;
  const call = roleCall(role, region, sealed.identity.account);
  const session = await assumeRoleWithSession(sealed.credentials, call, role.plainSecretOnly, ports);
  return { ...session, by: 'AssumeRole', serial: sealed.serial };
}

/** A sealed session says only when it is opened whose it is. */
function requireUsable({ identity }: Session, { role }: SealedPlan, request: Request): void {
  const { region } = request;
  const partition = identity.arn.split(':')[1];
  if (partition !== region.partition.id) {
    const facts = { scope: 'partition', sealedFor: String(partition), here: region.partition.id } as const;
    throw new Failure('sealed-session-elsewhere', facts);
  }
  // With a role, it is the role's account that counts: the session's own where the role is given by its name.
  const usable =
    role === undefined
      ? mayUse(identity.account, request)
      : role.role.kind === 'arn' || isAllowed(identity.account, request.allowedAccounts);
  if (!usable) throw accountNotAllowed(identity);
}
