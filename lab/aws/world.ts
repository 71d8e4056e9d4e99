import type { Delays } from './consistency.ts';
import type { PolicyDocument } from './policy/document.ts';

// What exists in the emulated AWS, as plain data. Tests build it with build.ts, and may change it between calls. What AWS
// itself remembers (used codes, budgets, sessions) isn't here.

export interface World {
  accounts: Account[];
  /**
   * The limit in bytes for a session's policies and tags (see sts/packed-size.ts). AWS doesn't publish it, so tests can set it.
   */
  packedSizeLimit: number;
  /** How long something new is unknown. By default, as observed (see consistency.ts). */
  delays?: Partial<Delays>;
  /** How long GetAccessKeyLastUsed doesn't show a use, in ms. By default, ten minutes. */
  lastUsedLagMs?: number;
}

export interface Account {
  /** Twelve digits. */
  id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  partition: string;
  users: User[];
  roles: Role[];
  buckets: Bucket[];
  managedPolicies: ManagedPolicy[];
  /** Virtual devices that no user has yet. */
  unassignedDevices: MfaDevice[];
  /** Regions in which STS is deactivated for the account: 403 RegionDisabledException. */
  disabledRegions: string[];
  /** Opt-in regions that aren't enabled for the account. Its keys are unknown there (403 InvalidClientTokenId). */
  optInRegionsOff: string[];
}

export interface User {
  name: string;
  /** `/`, or `/team/` and the like. */
  path: string;
  accessKeys: AccessKey[];
  devices: MfaDevice[];
  /** FIDO keys and passkeys. IAM lists them, but no API call can use them. */
  securityKeys: SecurityKey[];
  /** Identity policies without names, for tests. The API doesn't see them. */
  policies: PolicyDocument[];
  /** Inline policies by name. */
  namedPolicies: Record<string, PolicyDocument>;
  /** ARNs of managed policies. */
  attachedPolicies: string[];
  tags: Record<string, string>;
  /** The ARN of the managed policy that is the permissions boundary. */
  boundary?: string | undefined;
  /** Names of groups. They have no policies. */
  groups?: string[];
  /** ms since the epoch. By default, long ago. */
  createdAt?: number;
}

export interface AccessKey {
  id: string;
  secret: string;
  /** No service recognizes an inactive key, but it counts as one of the user's two. */
  inactive?: boolean;
  /** When IAM created it, ms since the epoch. It's known some seconds later. By default, long ago. */
  createdAt?: number;
  /** Its latest uses, oldest first, from the one that GetAccessKeyLastUsed shows now. By default, never used. */
  uses?: readonly KeyUse[];
}

/** A request that an access key signed. */
export interface KeyUse {
  /** ms since the epoch */
  readonly at: number;
  /** `sts`, `iam` or `s3` */
  readonly service: string;
  readonly region: string;
}

export interface MfaDevice {
  /** `arn:PARTITION:iam::ACCOUNT:mfa/NAME` of a virtual device, or the number printed on a hardware one. */
  serial: string;
  /** Base32. */
  seed: string;
  /** How far the device's clock is ahead, in steps. Enabling and resynchronising the device set it. */
  adjustmentSteps: number;
  /** When IAM created it, ms since the epoch. By default, long ago. */
  createdAt?: number;
  /** When IAM enabled it, ms since the epoch. STS knows it some seconds later. By default, long ago. */
  enabledAt?: number;
  /** Verifications per three-minute bucket. */
  budget: number;
}

export interface SecurityKey {
  /** `arn:PARTITION:iam::ACCOUNT:u2f/user/NAME/…` */
  serial: string;
  enabledAt?: number;
}

export interface Role {
  name: string;
  path: string;
  trustPolicy: PolicyDocument;
  /** Seconds, 3600–43200. */
  maxSessionDuration: number;
  /** Permission policies without names, for tests. The API doesn't see them. */
  policies: PolicyDocument[];
  /** Inline policies by name. */
  namedPolicies: Record<string, PolicyDocument>;
  /** ARNs of managed policies. */
  attachedPolicies: string[];
  tags: Record<string, string>;
  description?: string;
  /** ms since the epoch. By default, long ago. */
  createdAt?: number;
}

export interface ManagedPolicy {
  /** `arn:PARTITION:iam::ACCOUNT:policy/PATH/NAME` */
  arn: string;
  document: PolicyDocument;
  /** ms since the epoch. By default, long ago. */
  createdAt?: number;
}

export interface Bucket {
  name: string;
  region: string;
  /** ISO 8601. */
  created: string;
  policy?: PolicyDocument;
  /** The keys of its objects, which are empty. */
  objects: string[];
}
