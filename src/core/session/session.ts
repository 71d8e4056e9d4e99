import { type Answer, unwrap } from '../answer.ts';
import { type MintSetting, mint, type ReadySource } from '../codes/mint.ts';
import type { Identity, Keys } from '../credentials.ts';
import type { Ports, RoleCall, Session } from '../ports.ts';
import type { MfaSource, Plan, Request, RoleRequest } from '../request.ts';
import { requireAllowed, requireAllowedRole, requireAllowedUser } from './accounts.ts';
import { longTermKeys } from './long-term-keys.ts';
import { assumeRoleWithSession, RoleCallWithTags, roleCall } from './role.ts';

type PlanOf<Kind extends Plan['kind']> = Extract<Plan, { kind: Kind }>;

/**
 * Gets the session that the request asks for. Throws the `Failure` that says why it could not be had; nothing has been
 * exported then.
 */
export async function obtainSession(request: Request, ports: Ports): Promise<Session> {
  const session = (await reuse(request, ports)) ?? (await followPlan(request, request.plan, ports));
  requireAllowed(session.identity, request);
  return session;
}

async function reuse(request: Request, ports: Ports): Promise<Session | undefined> {
  // The plan may be to take that session anyway.
  if (request.reuse === undefined || request.plan.kind === 'environment') return undefined;
  const { reuseSession } = await import('./reuse.ts');
  return reuseSession(request, request.reuse, ports);
}

async function followPlan(request: Request, plan: Plan, ports: Ports): Promise<Session> {
  switch (plan.kind) {
    case 'session':
      return getSession(request, plan, ports);
    case 'role':
      return assumeRoleWithCode(request, plan, ports);
    case 'role-after-session':
      return assumeRoleAfterSession(request, plan, ports);
    case 'chained-role':
      return (await import('./earlier.ts')).assumeRoleFromEnvironment(request, plan.role, ports);
    case 'environment':
      return (await import('./earlier.ts')).takeFromEnvironment(request, ports);
    case 'sealed-session':
      return (await import('./sealed.ts')).followSealedPlan(request, plan, ports, followPlan);
  }
}

/** GetSessionToken. Who the user is, is asked beside it: the answers arrive together. */
async function getSession(request: Request, plan: PlanOf<'session'>, ports: Ports): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await readySource(plan.mfa, keys, ports);
  let asked: Promise<Answer<Identity>> | undefined;
  const who = (): Promise<Answer<Identity>> => (asked ??= ports.sts.callerIdentity(keys, 'aside'));
  await requireAllowedUser(request, accountOf(source), async () => unwrap(await who()));
  const minted = await mint(
    source,
    (mfa) => {
      const answer = ports.sts.getSessionToken(keys, mfa, plan.sessionSeconds);
      // Its failure is looked at where it is awaited, if it is at all.
      who().catch(() => undefined);
      return answer;
    },
    mintSetting(request, keys, ports, who, async () => false),
  );
  return { credentials: minted.value, identity: unwrap(await who()), by: 'GetSessionToken', serial: minted.serial };
}

/** AssumeRole with the code itself: one call in all where the role's ARN is known. */
async function assumeRoleWithCode(request: Request, plan: PlanOf<'role'>, ports: Ports): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await readySource(plan.mfa, keys, ports);
  const who = (): Promise<Answer<Identity>> => ports.sts.callerIdentity(keys);
  const call = new RoleCallWithTags(await callFor(plan.role, request, source, who));
  const minted = await mint(
    source,
    (mfa) => ports.sts.assumeRole(keys, call.current, mfa),
    mintSetting(request, keys, ports, who, () => call.shrink(ports)),
  );
  return { ...minted.value, by: 'AssumeRole', serial: minted.serial };
}

/** One code for a session token, and the role with that. */
async function assumeRoleAfterSession(
  request: Request,
  plan: PlanOf<'role-after-session'>,
  ports: Ports,
): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await readySource(plan.mfa, keys, ports);
  const who = (): Promise<Answer<Identity>> => ports.sts.callerIdentity(keys);
  const call = await callFor(plan.role, request, source, who);
  const minted = await mint(
    source,
    (mfa) => ports.sts.getSessionToken(keys, mfa, plan.sessionSeconds),
    mintSetting(request, keys, ports, who, async () => false),
  );
  const role = await assumeRoleWithSession(minted.value, call, plan.role.plainSecretOnly, ports);
  return { ...role, by: 'AssumeRole', serial: minted.serial };
}

/** The source with its device, which is looked up where the serial was left out. */
async function readySource(mfa: MfaSource, keys: Keys, { iam }: Ports): Promise<ReadySource> {
  if (mfa.kind === 'devices') return mfa;
  if (mfa.kind === 'code' && mfa.serial !== undefined) return { kind: 'code', serial: mfa.serial, code: mfa.code };
  const { findDevice } = await import('../codes/find-device.ts');
  return findDevice(mfa, keys, iam);
}

function mintSetting(
  { maxAttempts }: Request,
  keys: Keys,
  { clock, reporter, random, memory, iam }: Ports,
  who: () => Promise<Answer<Identity>>,
  shrink: () => Promise<boolean>,
): MintSetting {
  return {
    clock,
    reporter,
    random,
    memory,
    maxAttempts,
    shrink,
    explainUnvalidated: async (serial) =>
      (await import('../codes/find-device.ts')).explainUnvalidated(serial, keys, iam, who),
  };
}

/** The account of the user whose code is to be spent, if a device's ARN shows it: those of a pool are one user's. */
function accountOf(source: ReadySource): string | undefined {
  const serials = source.kind === 'code' ? [source.serial] : source.devices.map(({ serial }) => serial);
  return serials.find((serial) => serial.kind === 'virtual')?.account;
}

/**
 * The call for a role. A role given by name is in the account of the device, or else of the caller: one that isn't allowed is
 * refused here, before a code is spent on it.
 */
async function callFor(
  role: RoleRequest,
  { region, allowedAccounts }: Request,
  source: ReadySource,
  who: () => Promise<Answer<Identity>>,
): Promise<RoleCall> {
  if (role.role.kind === 'arn') return roleCall(role, region, role.role.account);
  const account = accountOf(source) ?? unwrap(await who()).account;
  requireAllowedRole(role.role.name, account, allowedAccounts);
  return roleCall(role, region, account);
}
