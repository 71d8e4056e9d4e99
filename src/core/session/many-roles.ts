import pLimit from 'p-limit';
import type { Keys } from '../credentials.ts';
import { endsStep, Failure, type Refusal } from '../failure.ts';
import type { Ports, RoleSession, Session } from '../ports.ts';
import type { Request, RoleProfile } from '../request.ts';
import { requireAllowedProfile, requireAllowedProfiles } from './accounts.ts';
import { assumeRoleWithSession, roleCall } from './role.ts';

/** A role's session as a named profile. */
export interface ProfileSession extends RoleSession {
  readonly name: string;
  readonly region: string;
}

/** How many roles are assumed at the same time: STS throttles an account that requests too many. */
const SIDE_BY_SIDE = 5;

/**
 * Assumes each role with the session, or with its source role, several at a time. It is all of them or none: throws one `Failure` about
 * every role that was refused, so that one look at the log shows everything that needs fixing.
 */
export async function assumeRoles(
  roles: readonly RoleProfile[],
  session: Session,
  request: Pick<Request, 'region' | 'allowedAccounts'>,
  ports: Pick<Ports, 'sts' | 'clock' | 'reporter' | 'random'>,
  purpose?: 'renewal',
): Promise<readonly ProfileSession[]> {
  requireAllowedProfiles(roles, session.identity, request);
  const limit = pLimit(SIDE_BY_SIDE);
  const started = new Map<string, Promise<ProfileSession>>();
  const refusals: Refusal[] = [];

  /** Records a refusal once, however many roles depend on it. */
  const assume = async (profile: RoleProfile, keys: Keys): Promise<ProfileSession> => {
    const { name, region, role } = profile;
    const call = roleCall(ownTerms(profile), request.region, session.identity.account);
    try {
      const answer = await limit(() => assumeRoleWithSession(keys, call, role.plainSecretOnly, ports));
      requireAllowedProfile(name, answer.identity.account, request);
      return { name, region, ...answer };
    } catch (error) {
      const target = role.role.kind === 'arn' ? role.role.arn : role.role.name;
      if (error instanceof Failure) refusals.push({ profile: name, role: target, failure: error });
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
  const [first, ...more] = refusals;
  if (first !== undefined) throw failureOf([first, ...more], roles.length, purpose);
  return ended.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

/** The source role's session passes its transitive tags on, and STS refuses to set them again. */
function ownTerms({ role, source }: RoleProfile): RoleProfile['role'] {
  if (source === undefined || role.sessionTags === undefined) return role;
  const { tags, transitiveKeys, requested } = role.sessionTags;
  return {
    ...role,
    sessionTags: { requested, tags: tags.filter(({ key }) => !transitiveKeys.includes(key)), transitiveKeys: [] },
  };
}

/** One failure that stands for all: that of the first role, with all refusals as its context. */
function failureOf(refusals: readonly [Refusal, ...Refusal[]], total: number, purpose: 'renewal' | undefined): Failure {
  const ended = refusals.find((refusal) => endsStep(refusal.failure));
  if (ended !== undefined) return ended.failure;
  const [{ failure }] = refusals;
  const context = { kind: 'many-roles', total, refusals, ...(purpose && { purpose }) } as const;
  return new Failure(failure.code, failure.facts, { cause: failure, context });
}
