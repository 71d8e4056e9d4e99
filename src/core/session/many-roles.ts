import pLimit from 'p-limit';
import type { Keys } from '../credentials.ts';
import { Failure, type Refusal } from '../failure.ts';
import { endsStep } from '../failure-kinds.ts';
import type { Ports, RoleSession, Session } from '../ports.ts';
import type { Request, RoleProfile } from '../request.ts';
import { isAllowed } from './accounts.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

/** A role's session as a named profile. */
export interface ProfileSession extends RoleSession {
  readonly name: string;
  readonly region: string;
}

/** How many roles are assumed at one time: STS throttles an account that asks for too many at once. */
const SIDE_BY_SIDE = 5;

/**
 * Assumes each role with the session, or with the role that it goes on from, side by side. All of them or none: throws one
 * `Failure` that names every role which was refused, so that one look at the log shows all that has to be mended.
 */
export async function assumeRoles(
  roles: readonly RoleProfile[],
  session: Session,
  { region, allowedAccounts }: Pick<Request, 'region' | 'allowedAccounts'>,
  ports: Pick<Ports, 'sts' | 'clock' | 'reporter' | 'random'>,
): Promise<readonly ProfileSession[]> {
  requireAllowedRoles(roles, session, allowedAccounts);
  const limit = pLimit(SIDE_BY_SIDE);
  const started = new Map<string, Promise<ProfileSession>>();
  const refused: Refusal[] = [];

  /** Its refusal is noted once, whatever goes on from it. */
  const assume = async (profile: RoleProfile, keys: Keys): Promise<ProfileSession> => {
    const { name, role } = profile;
    const call = roleCall(ownTerms(profile), region, session.identity.account);
    try {
      const answer = await limit(() => assumeRoleWithSession(keys, call, role.plainSecretOnly, ports));
      requireAllowedAccount(name, answer.identity.account, allowedAccounts);
      return { name, region: profile.region, ...answer };
    } catch (error) {
      const target = role.role.kind === 'arn' ? role.role.arn : role.role.name;
      if (error instanceof Failure) refused.push({ profile: name, role: target, failure: error });
      throw error;
    }
  };
  const start = (profile: RoleProfile): Promise<ProfileSession> => {
    const known = started.get(profile.name);
    if (known !== undefined) return known;
    const source = roles.find(({ name }) => name === profile.source);
    const running =
      source === undefined
        ? assume(profile, session.credentials)
        : start(source).then(({ credentials }) => assume(profile, credentials));
    started.set(profile.name, running);
    return running;
  };

  const ended = await Promise.allSettled(roles.map(start));
  const [first, ...more] = refused;
  if (first !== undefined) throw failureOf([first, ...more], roles.length);
  return ended.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

/** A role that is given by its name is in the account of the session, which is known only now. */
function requireAllowedRoles(roles: readonly RoleProfile[], { identity }: Session, allowed: readonly string[]): void {
  const named = roles.find(({ role }) => role.role.kind === 'name');
  if (named !== undefined) requireAllowedAccount(named.name, identity.account, allowed);
}

function requireAllowedAccount(profile: string, account: string, allowed: readonly string[]): void {
  if (isAllowed(account, allowed)) return;
  throw new Failure('account-not-allowed', { account, what: 'profile', name: profile });
}

/** Transitive tags come along with the role that this one goes on from, and STS refuses to set them again. */
function ownTerms({ role, source }: RoleProfile): RoleProfile['role'] {
  if (source === undefined || role.sessionTags === undefined) return role;
  const { tags, transitiveKeys, requested } = role.sessionTags;
  return {
    ...role,
    sessionTags: { requested, tags: tags.filter(({ key }) => !transitiveKeys.includes(key)), transitiveKeys: [] },
  };
}

/** One failure that stands for all: of the first role, in the context of the others. */
function failureOf(refusals: readonly [Refusal, ...Refusal[]], total: number): Failure {
  const [{ failure }] = refusals;
  const ended = refusals.find((refusal) => endsStep(refusal.failure));
  if (ended !== undefined) return ended.failure;
  return new Failure(failure.code, failure.facts, { cause: failure, context: { kind: 'many-roles', total, refusals } });
}
