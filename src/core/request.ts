import type { Serial } from './codes/serial.ts';
import type { Seed } from './codes/totp.ts';
import type { Connection } from './network.ts';
import type { Region } from './region.ts';

// The vocabulary: what a step can be asked to do, whoever asks. Everything that can be checked without calling AWS has been checked.

/** What one step does. */
export interface Request {
  readonly region: Region;
  /** How the session is obtained. */
  readonly plan: Plan;
  /** The session in the environment may be reused, if it is valid for at least this long. */
  readonly reuse: { readonly minimumRemainingSeconds: number } | undefined;
  /** The roles to assume with the session, each as a profile. */
  readonly roles: readonly [RoleProfile, ...RoleProfile[]] | undefined;
  /** How tools renew these roles by themselves, if they do. */
  readonly renewal: Renewal | undefined;
  /** An empty list allows every account. */
  readonly allowedAccounts: readonly string[];
  readonly bucketCheck: BucketCheck | undefined;
  readonly exports: Exports;
  /** How the session is sealed for other jobs, if it is. */
  readonly seal: Seal | undefined;
  readonly connection: Connection;
  /** How often a call is sent at most after transient failures; undefined if the user doesn't say. */
  readonly maxAttempts: number | undefined;
  /** How long the whole step may take; undefined if there is no limit. */
  readonly timeoutSeconds: number | undefined;
}

/** How the session is obtained. */
export type Plan =
  | MintingPlan
  /** The role is assumed with the session that an earlier step exported. */
  | { readonly kind: 'chained-role'; readonly role: RoleRequest }
  /** That session itself is used, to assume many roles with it. */
  | { readonly kind: 'environment' }
  /** The session that another job sealed is used, to assume the role with it if there is one. */
  | {
      readonly kind: 'sealed-session';
      readonly source: SealedSource;
      readonly role: RoleRequest | undefined;
      /** What to do if the sealed session can't be used. */
      readonly fallback: MintingPlan | undefined;
    };

/** How a code is exchanged for a session. */
export type MintingPlan =
  | { readonly kind: 'session'; readonly keys: KeySource; readonly mfa: MfaSource; readonly sessionSeconds: number }
  | { readonly kind: 'role'; readonly keys: KeySource; readonly mfa: MfaSource; readonly role: RoleRequest }
  | {
      readonly kind: 'role-after-session';
      readonly keys: KeySource;
      readonly mfa: MfaSource;
      readonly sessionSeconds: number;
      readonly role: RoleRequest;
    };

/** The role that a plan ends with, if it does. */
export function roleOf(plan: Plan): RoleRequest | undefined {
  return plan.kind === 'session' || plan.kind === 'environment' ? undefined : plan.role;
}

/** The IAM user's long-term keys, or where to look for them. */
export type KeySource =
  | { readonly kind: 'given'; readonly accessKeyId: string; readonly secretAccessKey: string }
  | { readonly kind: 'default-chain' };

/** Where codes come from. */
export type MfaSource =
  | {
      readonly kind: 'devices';
      /** At most eight, as many as a user can have. */
      readonly devices: readonly [Device, ...Device[]];
      readonly slot: Slot | undefined;
      readonly maxWaitSeconds: number;
    }
  /** A seed, whose device must be found among the user's own (iam:ListMFADevices). */
  | { readonly kind: 'seed'; readonly seed: Seed; readonly slot: Slot | undefined; readonly maxWaitSeconds: number }
  /** A single code from elsewhere. */
  | { readonly kind: 'code'; readonly serial: Serial | undefined; readonly code: string };

/** An MFA device whose codes this step can compute. */
export interface Device {
  readonly serial: Serial;
  readonly seed: Seed;
}

/** A matrix job's share of the codes: job `index` (from 0) of `total`. */
export interface Slot {
  readonly index: number;
  readonly total: number;
}

/** The serials of a plan's devices. */
export function devicesOf(plan: Plan): readonly Serial[] {
  if (plan.kind === 'sealed-session') return plan.fallback === undefined ? [] : serialsOf(plan.fallback.mfa);
  return plan.kind === 'chained-role' || plan.kind === 'environment' ? [] : serialsOf(plan.mfa);
}

/** The serials of a source's devices; none if the device must be found first. */
export function serialsOf(mfa: MfaSource): readonly Serial[] {
  switch (mfa.kind) {
    case 'devices':
      return mfa.devices.map(({ serial }) => serial);
    case 'code':
      return mfa.serial === undefined ? [] : [mfa.serial];
    case 'seed':
      return [];
  }
}

/** A role to assume, and all parameters of AssumeRole except the MFA values. */
export interface RoleRequest {
  readonly role: RoleReference;
  readonly durationSeconds: number;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  readonly sessionTags: SessionTags | undefined;
  /** Repeat the call until the secret key has no special characters. Only if that costs no code. */
  readonly plainSecretOnly: boolean;
}

/** How to assume a role, whichever it is. */
export type RoleTerms = Omit<RoleRequest, 'role'>;

/** A role, by its ARN or by its name in an account that isn't known yet. */
export type RoleReference =
  | { readonly kind: 'arn'; readonly arn: string; readonly partition: string; readonly account: string }
  | { readonly kind: 'name'; readonly name: string };

/** The tags of a role's session, and which of them the next role of a chain inherits. */
export interface SessionTags {
  readonly tags: readonly Tag[];
  readonly transitiveKeys: readonly string[];
  /** Whether the user requests more than the CI's own tags: custom ones, or some that the next role inherits. */
  readonly requested: boolean;
}

/** A session tag. An optional one is left out if STS finds all of them too large. */
export interface Tag {
  readonly key: string;
  readonly value: string;
  readonly optional: boolean;
}

/** A role that becomes a named profile. */
export interface RoleProfile {
  readonly name: string;
  readonly region: string;
  readonly role: RoleRequest;
  /** The profile whose role assumes this one; undefined for the session itself. */
  readonly source: string | undefined;
}

/**
 * Profiles that name their role instead of holding its credentials: tools assume it themselves with the session, and again before it
 * ends.
 */
export interface Renewal {
  /** The profile of the session that the roles are assumed with. */
  readonly sessionProfile: string;
  /** The only role, whose profile tools use without being told to; undefined if each tool has to name one. */
  readonly selected: string | undefined;
}

/** IAM user guide, "Role chaining": how long a role assumed with temporary credentials can last at most, in seconds. */
export const CHAINING_CAP = 3600;

/** What seals and opens sessions, and for whom. */
export interface Seal {
  readonly key: SealingKey;
  readonly scope: SealScope;
  /** `OWNER/NAME` */
  readonly repository: string;
  readonly runId: string;
}

/** The bytes that seal and open sessions: at least 32. */
export interface SealingKey {
  readonly bytes: Uint8Array;
}

/** Who can open a sealed session: the jobs of the workflow run that sealed it, or all runs of the repository. */
export type SealScope = 'run' | 'repository';

/** A session that another job sealed. */
export interface SealedSource {
  /** As it was given; empty if it was lost on the way. */
  readonly text: string;
  readonly seal: Seal;
  /** How long it must still be valid. */
  readonly minimumRemainingSeconds: number;
}

/** What to check with the new credentials. */
export interface BucketCheck {
  readonly list: boolean;
  readonly expected: readonly ExpectedBucket[];
}

/** What must be accessible: a bucket (HeadBucket), or the objects under one of its prefixes (ListObjectsV2). */
export interface ExpectedBucket {
  readonly bucket: string;
  readonly prefix: string | undefined;
}

/** An expected bucket as the user writes it: `bucket` or `bucket/prefix`. */
export function pathOf({ bucket, prefix }: ExpectedBucket): string {
  return prefix === undefined ? bucket : `${bucket}/${prefix}`;
}

/** What is exported to later steps, and what else becomes visible. */
export interface Exports {
  readonly environment: boolean;
  readonly outputs: boolean;
  /** The profile of the session itself. Roles have their own. */
  readonly profile: string | undefined;
  readonly overwrite: OverwriteRule;
  /** Whether profiles are written to the user's own files, or to files of the job. */
  readonly profilesLocation: 'home' | 'temp';
  readonly unsetCurrent: boolean;
  readonly maskAccount: boolean;
  readonly summary: boolean;
}

/** What to do if a profile of this name exists: refuse, or replace everything in it that provides credentials. */
export type OverwriteRule = 'refuse' | 'replace';

/** Whether the session itself is exported or sealed, and not only the roles that are assumed with it. */
export function exportsSession({
  roles,
  seal,
  exports: { environment, outputs, profile },
}: {
  readonly roles: readonly RoleProfile[] | undefined;
  readonly seal: Seal | undefined;
  readonly exports: Exports;
}): boolean {
  return roles === undefined || seal !== undefined || environment || outputs || profile !== undefined;
}
