import { Failure, isDenied, isRoleDenied, isStale } from '../core/failure.ts';
import type { Ports, Session } from '../core/ports.ts';
import type { Plan, Request } from '../core/request.ts';
import { assumeRoleAgain } from '../core/session/again.ts';
import { reuseSession } from '../core/session/earlier.ts';
import { obtainSession } from '../core/session/session.ts';
import type { RawInputs } from '../inputs/names.ts';
import type { Screen } from './report.ts';
import { type CommandContext, getSession, PLAIN, type Reading } from './request.ts';

// How `exec --serve` gets one session after another.

/** IAM user guide, "GetSessionToken": the longest session of a user, in seconds. */
const LONGEST_SESSION = '129600';

/**
 * `--serve` renews a role from one session of the user, which lasts as long as AWS allows: one code is enough. `--mfa-session-first
 * false` requests a new code each time.
 */
export const SERVING: Reading = { ...PLAIN, imply: impliedByServing };

function impliedByServing(inputs: RawInputs): Partial<RawInputs> {
  const {
    'role-to-assume': role,
    'role-chaining': chaining,
    'mfa-session-first': first,
    'session-duration-seconds': seconds,
  } = inputs;
  const means = (text: string, value: string): boolean => text === '' || text.trim().toLowerCase() === value;
  if (role === '' || !means(chaining, 'false') || !means(first, 'true')) return {};
  return { 'mfa-session-first': 'true', 'session-duration-seconds': seconds === '' ? LONGEST_SESSION : seconds };
}

type FromUser = Extract<Plan, { kind: 'role-after-session' }>;

/** Gets the requested session, and each time another one. Rejects with the `Failure` that says why it can't. */
export function sessionsOf(request: Request, loud: CommandContext): () => Promise<Session> {
  const { plan } = request;
  const context: CommandContext = { ...loud, screen: sayingOnce(loud.screen) };
  if (plan.kind === 'role-after-session') return rolesOfUser(request, plan, context);
  let current = request;
  return async () => {
    const { session } = await getSession(current, context);
    // Its access was checked at the beginning.
    current = { ...request, bucketCheck: undefined };
    return session;
  };
}

/** Says each line once: every renewal would repeat what was said of the first session. */
function sayingOnce(screen: Screen): Screen {
  const said = new Set<string>();
  return {
    ...screen,
    say(line) {
      if (!said.has(line)) screen.say(line);
      said.add(line);
    },
  };
}

/** How long a user's session must still be valid to assume a role with it: clocks differ, and calls take time. */
const MARGIN_MS = 60_000;

function rolesOfUser(request: Request, plan: FromUser, context: CommandContext): () => Promise<Session> {
  const { clock } = context.lifetime;
  const later: Request = { ...request, reuse: undefined, bucketCheck: undefined };
  let current = request;
  let user: Session | undefined;
  let worked = false;

  const assume = async (session: Session, ports: Ports): Promise<Session> => {
    const role = await assumeRoleAgain(session, plan.role, request, ports);
    worked = true;
    return role;
  };
  const withCode = async (): Promise<Session> => {
    const { session } = await getSession(current, context, async ({ reuse }, ports) => {
      const reused = reuse && (await reuseSession(request, reuse, ports));
      if (reused !== undefined) return reused;
      user = await obtainSession(ofUser(request, plan), ports);
      worked = false;
      return assume(user, ports);
    });
    return session;
  };
  const withoutCode = async (known: Session): Promise<Session> => {
    const chained: Request = { ...later, plan: { kind: 'chained-role', role: plan.role } };
    return (await getSession(chained, context, (_, ports) => assume(known, ports))).session;
  };

  return async () => {
    const known = user;
    const hasMoreCodes = plan.mfa.kind !== 'code';
    if (known === undefined || (hasMoreCodes && isEnding(known, clock.now()))) {
      const session = await withCode();
      current = later;
      return session;
    }
    try {
      return await withoutCode(known);
    } catch (error) {
      // A trust policy may limit the age of the MFA (aws:MultiFactorAuthAge), and a session can be revoked: then a new code helps. If
      // it doesn't, each further attempt would only waste another one.
      const isUsedUp = error instanceof Failure && (isRoleDenied(error) || isDenied(error) || isStale(error));
      if (!isUsedUp || !worked || !hasMoreCodes) throw error;
      return withCode();
    }
  };
}

/** The same request, but for the user's session alone. Its account matters only if it is the role's, which is checked then. */
function ofUser(request: Request, { keys, mfa, sessionSeconds }: FromUser): Request {
  const plan: Plan = { kind: 'session', keys, mfa, sessionSeconds };
  return { ...request, plan, reuse: undefined, allowedAccounts: [] };
}

function isEnding({ credentials: { expiration } }: Session, now: number): boolean {
  return expiration !== undefined && expiration.getTime() - now < MARGIN_MS;
}
