import type { RoleSession, Session } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import type { BucketReport } from '../core/session/buckets.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';
import type { RenewableProfile } from '../core/session/renew.ts';

/** What the step obtained. */
export interface Obtained {
  readonly session: Session;
  /** The roles that were assumed with the session. */
  readonly roles: readonly ProfileSession[];
  readonly report: BucketReport | undefined;
}

/** What tools use by default: the only role that they renew, or else the session. */
export function accessOf(
  { renewal }: Pick<Request, 'renewal'>,
  { session, roles }: Omit<Obtained, 'report'>,
): RoleSession {
  return roles.find(({ name }) => name === renewal?.selected) ?? session;
}

/** Whether tools assume the role by themselves. */
export function isRenewable(profile: ProfileSession): profile is RenewableProfile {
  return 'reference' in profile;
}
