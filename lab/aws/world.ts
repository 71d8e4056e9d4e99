import type { PolicyDocument } from './policy/document.ts';

// What exists in the emulated AWS. Plain data: a test writes it by hand or with the functions of build.ts, and may change
// it between two calls. What AWS remembers by itself (used codes, budgets, sessions) is not here.

export interface World {
  accounts: Account[];
  /**
   * Bytes that policies and tags of a session may take together (see sts/packed-size.ts). AWS publishes no number, so the
   * model is the emulator's own and the limit can be set.
   */
  packedSizeLimit: number;
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
  /** Virtual devices that were created and belong to no user (yet). */
  unassignedDevices: MfaDevice[];
  /** Regions in which the account has switched STS off: 403 RegionDisabledException. */
  disabledRegions: string[];
  /** Opt-in regions that the account never switched on: its keys are unknown there (403 InvalidClientTokenId). */
  optInRegionsOff: string[];
}

export interface User {
  name: string;
  /** `/`, or `/team/` and the like. */
  path: string;
  accessKeys: AccessKey[];
  devices: MfaDevice[];
  /** FIDO keys and passkeys: they are listed, and no API call can use them. */
  securityKeys: SecurityKey[];
  /** Identity policies that a test gave the user; the API doesn't see them, since they have no names. */
  policies: PolicyDocument[];
  /** Inline policies by name. */
  namedPolicies: Record<string, PolicyDocument>;
  /** ARNs of managed policies. */
  attachedPolicies: string[];
  tags: Record<string, string>;
  /** ms since the epoch. Without it: long ago. */
  createdAt?: number;
}

export interface AccessKey {
  id: string;
  secret: string;
  /** An inactive key is unknown to every service, and still counts as one of the user's two. */
  inactive?: boolean;
  /** When IAM created it, ms since the epoch; other services know it some seconds later. Without it: long ago. */
  createdAt?: number;
}

export interface MfaDevice {
  /** `arn:PARTITION:iam::ACCOUNT:mfa/NAME` of a virtual device, or the number printed on a hardware one. */
  serial: string;
  /** Base32. */
  seed: string;
  /** The fixed adjustment that enabling or resynchronising has left, in steps: where the device's own clock is. */
  adjustmentSteps: number;
  /** When IAM enabled it, ms since the epoch; STS sees the device some seconds later. Without it: long ago. */
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
  /** Permission policies that a test gave the role; the API doesn't see them, since they have no names. */
  policies: PolicyDocument[];
  /** Inline policies by name. */
  namedPolicies: Record<string, PolicyDocument>;
  /** ARNs of managed policies. */
  attachedPolicies: string[];
  tags: Record<string, string>;
  description?: string;
  /** ms since the epoch. Without it: long ago. */
  createdAt?: number;
}

export interface ManagedPolicy {
  /** `arn:PARTITION:iam::ACCOUNT:policy/PATH/NAME` */
  arn: string;
  document: PolicyDocument;
  /** ms since the epoch. Without it: long ago. */
  createdAt?: number;
}

export interface Bucket {
  name: string;
  region: string;
  /** ISO 8601. */
  created: string;
  policy?: PolicyDocument;
  /** Keys of the objects in it; the objects themselves are empty. */
  objects: string[];
}
