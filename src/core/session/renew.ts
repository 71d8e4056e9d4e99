import { Failure } from '../failure.ts';
import type { Ports, Session } from '../ports.ts';
import type { Request, RoleProfile } from '../request.ts';
import { assumeRoles, type ProfileSession } from './many-roles.ts';
import { roleCall } from './role.ts';

/** How much shorter a session may be than a role that lasts as long as it: it was requested some seconds ago, by a clock that may differ. */
const TOLERANCE_S = 120;

/** A role that tools assume by themselves, as its profile says how. */
export interface RenewableProfile extends ProfileSession {
  readonly reference: RoleReferenceSettings;
}

/** What a profile says of its role. */
export interface RoleReferenceSettings {
  readonly roleArn: string;
  /** The profile whose credentials assume it. */
  readonly sourceProfile: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly durationSeconds: number;
}

/**
 * Proves that tools will be able to renew the roles: assumes each of them once, exactly as its profile says, its source first. Throws a
 * `Failure` if the session is a role's own, which would end with it, or if one of the roles is refused.
 *
 * The credentials of the proof are in the result, for checks in this step; they aren't exported.
 */
export async function proveRenewal(
  roles: readonly RoleProfile[],
  sessionProfile: string,
  session: Session,
  request: Pick<Request, 'region' | 'allowedAccounts'>,
  ports: Pick<Ports, 'sts' | 'clock' | 'reporter' | 'random'>,
): Promise<readonly RenewableProfile[]> {
  const { arn, account } = session.identity;
  if (/^arn:[^:]{1,30}:sts:/.test(arn)) throw new Failure('session-not-renewing', { arn });
  await warnOfShortSession(roles, session, ports);
  const proven = await assumeRoles(roles, session, request, ports, 'renewal');
  return proven.flatMap((profile) =>
    roles
      .filter(({ name }) => name === profile.name)
      .map(({ role, source }): RenewableProfile => {
        const { roleArn, sessionName, externalId, durationSeconds } = roleCall(role, request.region, account);
        const sourceProfile = source ?? sessionProfile;
        return { ...profile, reference: { roleArn, sourceProfile, sessionName, externalId, durationSeconds } };
      }),
  );
}

/** A role can be renewed until the session ends, so a shorter one can't even fill the time of its first credentials. */
async function warnOfShortSession(
  roles: readonly RoleProfile[],
  { credentials: { expiration } }: Session,
  { clock, reporter }: Pick<Ports, 'clock' | 'reporter'>,
): Promise<void> {
  if (expiration === undefined) return;
  const left = (expiration.getTime() - clock.now()) / 1000;
  // The session was requested for so long a few seconds ago.
  const longer = roles.filter(({ role }) => role.durationSeconds > left + TOLERANCE_S);
  if (longer.length === 0) return;
  await reporter.note({ kind: 'session-shorter-than-role', expiration, profiles: longer.map(({ name }) => name) });
}
