import type { Seed } from './codes/seed.ts';
import type { Serial } from './codes/serial.ts';
import type { Connection } from './network.ts';
import type { Region } from './region.ts';

/** A request in which everything has been checked that can be checked without asking AWS. */
export interface Request {
  readonly region: Region;
  readonly plan: Plan;
  /** The roles that follow from the session, each a profile. */
  readonly roles: readonly [RoleProfile, ...RoleProfile[]] | undefined;
  /** How the session is sealed for other jobs, where it is. */
  readonly seal: Seal | undefined;
  readonly allowedAccounts: readonly string[];
  /** Take the session of the environment instead where it is still good for this many seconds. */
  readonly reuse: { readonly minimumRemainingSeconds: number } | undefined;
  readonly bucketCheck: BucketCheck | undefined;
  readonly exports: Exports;
  readonly connection: Connection;
  /** How often a call may be sent in all after transient failures; undefined if the user does not say. */
  readonly maxAttempts: number | undefined;
  /** The deadline over everything, or undefined for none. */
  readonly timeoutSeconds: number | undefined;
}

/** How a code becomes credentials. */
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

/** How the credentials are got. */
export type Plan =
  | MintingPlan
  /** The role with the session that an earlier step exported. */
  | { readonly kind: 'chained-role'; readonly role: RoleRequest }
  /** That session itself, from which many roles follow. */
  | { readonly kind: 'environment' }
  /** What another job sealed, and the role with that where there is one. */
  | {
      readonly kind: 'sealed-session';
      readonly source: SealedSource;
      readonly role: RoleRequest | undefined;
      /** What to do where the sealed session cannot be used. */
      readonly fallback: MintingPlan | undefined;
    };

/** The IAM user's long-term keys, or where to look for them. */
export type KeySource =
  | { readonly kind: 'given'; readonly accessKeyId: string; readonly secretAccessKey: string }
  | { readonly kind: 'default-chain' };

/** Where codes come from. */
export type MfaSource =
  | {
      readonly kind: 'devices';
      /** One to eight: a user has no more. */
      readonly devices: readonly [Device, ...Device[]];
      readonly slot: Slot | undefined;
      readonly maxWaitSeconds: number;
    }
  /** A seed whose device is still to be found among the user's own, by iam:ListMFADevices. */
  | { readonly kind: 'seed'; readonly seed: Seed; readonly slot: Slot | undefined; readonly maxWaitSeconds: number }
  /** One code that was made elsewhere. */
  | { readonly kind: 'code'; readonly serial: Serial | undefined; readonly code: string };

/** An MFA device that this step can compute codes for. */
export interface Device {
  readonly serial: Serial;
  readonly seed: Seed;
}

/** A matrix job's share of the codes: job `index` (from 0) of `total`. */
export interface Slot {
  readonly index: number;
  readonly total: number;
}

/** A role, by its ARN or by its name in an account that is still to be found. */
export type RoleReference =
  | { readonly kind: 'arn'; readonly arn: string; readonly partition: string; readonly account: string }
  | { readonly kind: 'name'; readonly name: string };

/** On what terms a role is assumed. */
export interface RoleTerms {
  readonly durationSeconds: number;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  readonly sessionTags: SessionTags | undefined;
  /** Ask again until the secret key has no special characters (only where asking costs no code). */
  readonly plainSecretOnly: boolean;
}

/** Everything that AssumeRole is asked for, but the MFA values. */
export interface RoleRequest extends RoleTerms {
  readonly role: RoleReference;
}

/** One line of `roles`: a role that becomes a named profile. */
export interface RoleProfile {
  readonly name: string;
  readonly region: string;
  readonly role: RoleRequest;
  /** The profile whose role this one is assumed from; undefined for the session itself. */
  readonly source: string | undefined;
}

/** A session tag. An optional one is left out where STS finds the whole too large. */
export interface Tag {
  readonly key: string;
  readonly value: string;
  readonly optional: boolean;
}

/** The tags of a role's session, and which of them the next role of a chain inherits. */
export interface SessionTags {
  readonly tags: readonly Tag[];
  readonly transitiveKeys: readonly string[];
  /** Whether the user wants more than the CI's own tags: custom ones, or some that the next role inherits. */
  readonly requested: boolean;
}

/** A sealed session that an earlier job handed over. */
export interface SealedSource {
  /** As it was given; empty where it was lost on the way. */
  readonly text: string;
  readonly seal: Seal;
  /** How long it must still be valid. */
  readonly minimumRemainingSeconds: number;
}

/** Where a session is sealed or opened. */
export interface Seal {
  readonly key: SealingKey;
  readonly scope: SealScope;
  /** `OWNER/NAME` */
  readonly repository: string;
  readonly runId: string;
}

/** How far a sealed session may travel: within the run of the workflow that made it, or within the repository. */
export type SealScope = 'run' | 'repository';

/** The bytes that seal and open sessions: 32 or more. */
export interface SealingKey {
  readonly bytes: Uint8Array;
}

/** What the check of the new credentials asks for. */
export interface BucketCheck {
  readonly list: boolean;
  readonly expected: readonly ExpectedBucket[];
}

/** What must be reachable: a bucket (HeadBucket), or the objects under a prefix of it (ListObjectsV2). */
export interface ExpectedBucket {
  readonly bucket: string;
  readonly prefix: string | undefined;
}

/** Where the credentials go, and what else becomes visible. */
export interface Exports {
  readonly environment: boolean;
  readonly outputs: boolean;
  /** The profile of the session itself. The roles of `roles` have names of their own. */
  readonly profile: string | undefined;
  readonly overwrite: OverwriteRule;
  /** Whether profiles go into the user's own files, or into files of the job. */
  readonly profilesLocation: 'home' | 'temp';
  readonly unsetCurrent: boolean;
  readonly maskAccount: boolean;
  readonly summary: boolean;
}

/** What becomes of a profile of the same name: the step is refused, or what gives it credentials is replaced. */
export type OverwriteRule = 'refuse' | 'replace';

/** Whether the session itself leaves the step, and not only the roles that follow from it. */
export function exportsSession({
  roles,
  seal,
  exports,
}: {
  readonly roles: readonly RoleProfile[] | undefined;
  readonly seal: Seal | undefined;
  readonly exports: Exports;
}): boolean {
  return (
    roles === undefined || seal !== undefined || exports.environment || exports.outputs || exports.profile !== undefined
  );
}

/** The role that a plan ends with, where it does. */
export function roleOf(plan: Plan): RoleRequest | undefined {
  return plan.kind === 'session' || plan.kind === 'environment' ? undefined : plan.role;
}

/** The devices that a plan names. */
export function devicesOf(plan: Plan): readonly Serial[] {
  if (plan.kind === 'sealed-session') return plan.fallback === undefined ? [] : serialsOf(plan.fallback.mfa);
  return plan.kind === 'chained-role' || plan.kind === 'environment' ? [] : serialsOf(plan.mfa);
}

/** The serials that a source names; none where the device is still to be found. */
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

/** An expected bucket as the user writes it: `bucket` or `bucket/prefix`. */
export function pathOf({ bucket, prefix }: ExpectedBucket): string {
  return prefix === undefined ? bucket : `${bucket}/${prefix}`;
}

/** IAM user guide, "Role chaining": a role assumed with temporary credentials lasts an hour at most; in seconds. */
export const CHAINING_CAP = 3600;
