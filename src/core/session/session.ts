import { type CodeSource, type MintContext, mint } from '../codes/mint.ts';
import { accountOfDevices } from '../codes/serial.ts';
import { type Identity, isTemporary, type Keys } from '../credentials.ts';
import { Failure } from '../failure.ts';
import { type Answer, type Ports, type RoleCall, type Session, unwrap } from '../ports.ts';
import type { KeySource, MfaSource, Plan, Request, RoleRequest } from '../request.ts';
import { requireAllowed, requireAllowedRole, requireAllowedUser } from './accounts.ts';
import { assumeRoleWithSession, RoleCallWithTags, roleCall } from './role.ts';

type PlanOf<Kind extends Plan['kind']> = Extract<Plan, { kind: Kind }>;

/** Gets the requested session. Throws the `Failure` that says why it couldn't; then nothing has been exported. */
export async function obtainSession(request: Request, ports: Ports): Promise<Session> {
  const session = (await reuse(request, ports)) ?? (await followPlan(request, request.plan, ports));
  requireAllowed(session.identity, request);
  return session;
}

async function reuse(request: Request, ports: Ports): Promise<Session | undefined> {
  // The plan may be to take that session anyway.
  if (request.reuse === undefined || request.plan.kind === 'environment') return undefined;
  const { reuseSession } = await import('./earlier.ts');
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

/** GetSessionToken. The user's identity is requested along with it, so that both answers arrive together. */
async function getSession(request: Request, plan: PlanOf<'session'>, ports: Ports): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await withDevice(plan.mfa, keys, ports);
  let asked: Promise<Answer<Identity>> | undefined;
  const who = (): Promise<Answer<Identity>> => (asked ??= ports.sts.callerIdentity(keys, 'aside'));
  await requireAllowedUser(request, accountOf(source), async () => unwrap(await who()));
  const minted = await mint(
    source,
    (mfa) => {
      const answer = ports.sts.getSessionToken(keys, mfa, plan.sessionSeconds);
      // If it fails, whoever awaits it finds out.
      who().catch(() => undefined);
      return answer;
    },
    mintContext(request, keys, ports, who),
  );
  return { credentials: minted.value, identity: unwrap(await who()), by: 'GetSessionToken', serial: minted.serial };
}

/** AssumeRole with the code itself: a single call if the role's ARN is known. */
async function assumeRoleWithCode(request: Request, plan: PlanOf<'role'>, ports: Ports): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await withDevice(plan.mfa, keys, ports);
  const who = (): Promise<Answer<Identity>> => ports.sts.callerIdentity(keys);
  const call = new RoleCallWithTags(await callFor(plan.role, request, source, who));
  const minted = await mint(source, (mfa) => ports.sts.assumeRole(keys, call.current, mfa), {
    ...mintContext(request, keys, ports, who),
    shrink: () => call.shrink(ports),
  });
  return { ...minted.value, by: 'AssumeRole', serial: minted.serial };
}

/** One code for a session token, which then assumes the role. */
async function assumeRoleAfterSession(
  request: Request,
  plan: PlanOf<'role-after-session'>,
  ports: Ports,
): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await withDevice(plan.mfa, keys, ports);
  const who = (): Promise<Answer<Identity>> => ports.sts.callerIdentity(keys);
  const call = await callFor(plan.role, request, source, who);
  const minted = await mint(
    source,
    (mfa) => ports.sts.getSessionToken(keys, mfa, plan.sessionSeconds),
    mintContext(request, keys, ports, who),
  );
  const role = await assumeRoleWithSession(minted.value, call, plan.role.plainSecretOnly, ports);
  return { ...role, by: 'AssumeRole', serial: minted.serial };
}

/** The long-term keys that go with the code: those given, or the runner's. Throws a Failure if there are none. */
async function longTermKeys(source: KeySource, { keys, reporter }: Ports): Promise<Keys> {
  if (source.kind === 'given') return source;
  const found = await keys.fromDefaultChain();
  if (found.sessionToken || isTemporary(found.accessKeyId))
    throw new Failure('keys-temporary', { source: found.source });
  await reporter.note({ kind: 'keys-found', source: found.source });
  return found;
}

/** The source with its device, which is looked up if the serial was left out. */
async function withDevice(mfa: MfaSource, keys: Keys, { iam }: Ports): Promise<CodeSource> {
  if (mfa.kind === 'devices') return mfa;
  if (mfa.kind === 'code' && mfa.serial !== undefined) return { kind: 'code', serial: mfa.serial, code: mfa.code };
  const { findDevice } = await import('../codes/find-device.ts');
  return findDevice(mfa, keys, iam);
}

function mintContext(
  { maxAttempts }: Request,
  keys: Keys,
  { clock, reporter, random, memory, iam }: Ports,
  who: () => Promise<Answer<Identity>>,
): MintContext {
  return {
    clock,
    reporter,
    random,
    memory,
    maxAttempts,
    shrink: async () => false,
    explainUnvalidated: async (serial) =>
      (await import('../codes/find-device.ts')).explainUnvalidated(serial, keys, iam, who),
  };
}

/** The account of the user whose code is sent, if a device shows it. */
function accountOf(source: CodeSource): string | undefined {
  return accountOfDevices(source.kind === 'code' ? [source.serial] : source.devices.map(({ serial }) => serial));
}

/**
 * The call for a role. A role given by its name is in the account of the device, or else of the caller. If that isn't allowed, this
 * throws before a code is spent.
 */
async function callFor(
  role: RoleRequest,
  request: Request,
  source: CodeSource,
  who: () => Promise<Answer<Identity>>,
): Promise<RoleCall> {
  if (role.role.kind === 'arn') return roleCall(role, request.region, role.role.account);
  const account = accountOf(source) ?? unwrap(await who()).account;
  requireAllowedRole(role.role.name, account, request);
  return roleCall(role, request.region, account);
}
