import type { Session } from '../core/ports.ts';
import type { BucketReport } from '../core/session/buckets.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';

/** What the step got, and now hands to later ones. */
export interface Handover {
  readonly session: Session;
  /** The roles that follow from the session. */
  readonly roles: readonly ProfileSession[];
  readonly report: BucketReport | undefined;
}

/** What the step got, and where it went. */
export interface HandedOver extends Handover {
  /** The names of the exported variables. */
  readonly variables: readonly string[];
  /** The profile of the session itself. */
  readonly profile: string | undefined;
  /** Whether the credentials are outputs. */
  readonly outputs: boolean;
  readonly sealed: boolean;
}
