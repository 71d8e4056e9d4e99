import type { Keys } from '../core/credentials.ts';
import type { Answer } from '../core/ports.ts';

// What enrollment and rotation need from the outside world: IAM, and the place from which a pipeline reads its secrets.

/** A user as IAM knows it. */
export interface IamUser {
  readonly name: string;
  readonly arn: string;
  /** By key. */
  readonly tags: Readonly<Record<string, string>>;
  /** The ARN of the permissions boundary, if the user has one. */
  readonly boundary: string | undefined;
}

/** An access key as IAM lists it: without its secret. */
export interface IamKey {
  readonly accessKeyId: string;
  readonly active: boolean;
  readonly created: Date;
}

/** A device that is in use. */
export interface DatedDevice {
  readonly serial: string;
  readonly enabled: Date;
}

/** A device that was just created. AWS shows the seed this one time. */
export interface NewDevice {
  readonly serial: string;
  /** Base32. */
  readonly seed: string;
}

/** What a user is made of. */
export interface NewUser {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly boundary: string | undefined;
}

/** Two codes of a device: that of the previous step, then that of the current one, so that the device's window is centered. */
export type CodePair = readonly [previous: string, current: string];

/**
 * IAM, for those who may change it. Every call is made with the keys that the port was made for, and names the user explicitly. A `find`
 * returns undefined for what doesn't exist. Other calls fail with `iam-not-found`, but only after a while if this port has just
 * created it: IAM takes seconds to know what is new.
 *
 * Calls are repeated while AWS is throttling or busy with another change to the same user (`iam-busy`). After a lost answer, a call is
 * only repeated if that does no harm. It isn't if it creates something: then its failure is one that `mayHaveWorked`.
 */
export interface IamAdmin {
  findUser(name: string): Promise<Answer<IamUser | undefined>>;
  createUser(user: NewUser): Promise<Answer<IamUser>>;
  deleteUser(name: string): Promise<Answer<void>>;
  /** Adds tags, or replaces their values. */
  tagUser(name: string, tags: Readonly<Record<string, string>>): Promise<Answer<void>>;
  untagUser(name: string, keys: readonly string[]): Promise<Answer<void>>;

  /** The names of the user's inline policies. */
  listPolicies(user: string): Promise<Answer<readonly string[]>>;
  /** The JSON text of an inline policy. */
  findPolicy(user: string, policy: string): Promise<Answer<string | undefined>>;
  putPolicy(user: string, policy: string, document: string): Promise<Answer<void>>;
  deletePolicy(user: string, policy: string): Promise<Answer<void>>;
  /** The ARNs of the managed policies that are attached to the user. */
  listAttachedPolicies(user: string): Promise<Answer<readonly string[]>>;
  /** The names of the groups that the user is in. */
  listGroups(user: string): Promise<Answer<readonly string[]>>;

  /** The serials of the user's own devices. */
  listDevices(user: string): Promise<Answer<readonly string[]>>;
  /** The user's devices, and since when. */
  listDatedDevices(user: string): Promise<Answer<readonly DatedDevice[]>>;
  /** The serials of virtual devices that were never enabled. */
  listUnassignedDevices(): Promise<Answer<readonly string[]>>;
  createDevice(name: string): Promise<Answer<NewDevice>>;
  /**
   * Asks for the codes each time before it sends them: AWS accepts old ones, and leaves the device out of sync. Not repeated after a
   * lost answer.
   */
  enableDevice(user: string, serial: string, codes: () => CodePair): Promise<Answer<void>>;
  deactivateDevice(user: string, serial: string): Promise<Answer<void>>;
  deleteDevice(serial: string): Promise<Answer<void>>;

  listKeys(user: string): Promise<Answer<readonly IamKey[]>>;
  /** AWS shows the secret this one time. */
  createKey(user: string): Promise<Answer<Keys>>;
  setKeyStatus(user: string, accessKeyId: string, status: 'Active' | 'Inactive'): Promise<Answer<void>>;
  deleteKey(user: string, accessKeyId: string): Promise<Answer<void>>;
  /** When the key was last used; undefined if it never was. AWS may know it only hours later. */
  lastUse(accessKeyId: string): Promise<Answer<Date | undefined>>;

  /** The JSON text of an inline policy of a role. */
  findRolePolicy(role: string, policy: string): Promise<Answer<string | undefined>>;
  putRolePolicy(role: string, policy: string, document: string): Promise<Answer<void>>;
  deleteRolePolicy(role: string, policy: string): Promise<Answer<void>>;

  /** Which of these actions the policies of a principal don't allow (SimulatePrincipalPolicy). Advice only. */
  deniedActions(principalArn: string, actions: readonly string[]): Promise<Answer<readonly string[]>>;
}

/** What a store says of a secret: that it exists, and since when it has its value. Never the value. */
export interface StoredSecret {
  readonly name: string;
  /** Undefined if the store doesn't say. */
  readonly updated: Date | undefined;
}

/** Where a pipeline reads its secrets. A store never returns a value. */
export interface SecretStore {
  /** Where that is, to complete "stored in …": `the secrets of acme/app`. */
  readonly title: string;
  /** When the token stops working, as far as the store has said in its answers so far. */
  readonly tokenExpires?: Date | undefined;
  /** What is known of a secret; undefined if there is none. */
  find(name: string): Promise<Answer<StoredSecret | undefined>>;
  /** Creates or replaces the secret. */
  put(name: string, value: string): Promise<Answer<void>>;
  /** Removes the secret. It isn't a failure if there is none. */
  remove(name: string): Promise<Answer<void>>;
}
