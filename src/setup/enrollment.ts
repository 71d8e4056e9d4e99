import type { Keys } from '../core/credentials.ts';
import type { NewDevice, SecretStore } from './ports.ts';

// What is to be enrolled: a user with a policy, a device and a key, and the places that get the secrets.

/** What somebody wants to enroll. */
export interface Enrollment {
  readonly user: string;
  readonly who: Who;
  /** The ID of the key with which all this is done. */
  readonly acting: string;
  /** The account's ID and its partition, which a new device's serial contains. */
  readonly account: string;
  readonly partition: string;
  /** Undefined if somebody else is in charge of the user's policies. */
  readonly policy: { readonly name: string; documentFor(userArn: string): string } | undefined;
  readonly boundary: string | undefined;
  /** The name of the device, which becomes `NAME-2` if the first one has to stay. */
  readonly device: string;
  /** A new key, or the user's existing one. */
  readonly key: 'new' | Keys;
  /** Whether secrets that exist may be replaced. */
  readonly existing: 'refuse' | 'replace';
  readonly stores: readonly StoreTarget[];
}

/** Whose user it is. */
export type Who =
  /** An administrator makes the user, or completes it. */
  | { readonly kind: 'someone' }
  /** The user adds a device for a pipeline to itself. It may not be allowed to look at much. */
  | { readonly kind: 'self'; readonly arn: string };

/** A store, and the secrets that it gets, in the order in which they are written. */
export interface StoreTarget {
  readonly store: SecretStore;
  readonly secrets: readonly SecretSlot[];
}

/** A secret of a store, and what becomes its value. */
export interface SecretSlot {
  readonly name: string;
  valueOf(made: Made): string;
}

/** A note on this machine that an enrollment has begun, for users that may not tag themselves. */
export interface BegunNote {
  since(): Date | undefined;
  /** `at`: as in the tag `pending`. An older note stays. */
  begin(at: string): void;
  end(): void;
}

/** What an enrollment makes. */
export interface Made {
  readonly keys: Keys;
  readonly device: NewDevice;
}

/** The key pair in one value, so that both halves are always replaced together. */
export function keyPair({ keys: { accessKeyId, secretAccessKey } }: Made): string {
  return `${accessKeyId}:${secretAccessKey}`;
}

/** Serial and seed in one value. GitLab can't hide a value that contains a space. */
export function deviceWith(separator: ' ' | ':'): (made: Made) => string {
  return ({ device: { serial, seed } }) => `${serial}${separator}${seed}`;
}

/** The tags by which later commands know what an enrollment has made. */
export const TAGS = {
  /** `created`: the user was made by an enrollment, so it may be deleted. */
  origin: 'aws-mfa-credentials',
  /** When an enrollment began that isn't complete yet, by AWS's clock: whatever is younger was left by it. Or `no`. */
  pending: 'aws-mfa-credentials-enrolling',
  key: 'aws-mfa-credentials-key',
  device: 'aws-mfa-credentials-device',
} as const;

/** What the tag says after an enrollment. */
export const NOT_PENDING = 'no';

/** The serial that AWS gives a virtual device. */
export function serialOf({ partition, account }: Pick<Enrollment, 'partition' | 'account'>, device: string): string {
  return `arn:${partition}:iam::${account}:mfa/${device}`;
}

/** AWS gives a user eight devices. */
export const MOST_DEVICES = 8;

/** The names that a device may get: the requested one, and NAME-2 to NAME-9 if that is taken. */
export function namesOf(device: string): readonly string[] {
  return [device, ...Array.from({ length: MOST_DEVICES }, (_, index) => `${device}-${index + 2}`)];
}

/** The serials that the new device may get. */
export function serialsOf(enrollment: Pick<Enrollment, 'partition' | 'account' | 'device'>): readonly string[] {
  return namesOf(enrollment.device).map((name) => serialOf(enrollment, name));
}
