import type { WaitReason } from './codes/situation.ts';
import type { StoreFailureFacts } from './store-failure-facts.ts';

/** The code says all there is to say. */
export type NoFacts = Readonly<Record<string, never>>;

/** AWS refused a call. */
export interface Refused {
  /** The operation: `AssumeRole`. */
  readonly call: string;
  /** AWS's own code and message. */
  readonly aws: string;
}

/** An answer that says little more than its HTTP status. */
export interface Answered {
  readonly call: string;
  readonly status: number;
  /** AWS's code and message; undefined if there was none. */
  readonly aws: string | undefined;
}

/** The codes that a job has sent; none was accepted. */
export interface CodesSent {
  readonly sent: number;
  /** From the first to the last. */
  readonly overSeconds: number;
}

/** Why a job won't send another code: the next one would be too late. */
export interface NextCode {
  readonly nextInSeconds: number;
  readonly because: WaitReason;
}

/** What to do about keys that were not found, if it isn't to set them as inputs. */
export type KeysAdvice =
  | { readonly kind: 'correct-profile' | 'correct-profile-name' }
  /** The profile does what this action does; these are its settings. */
  | {
      readonly kind: 'profile-with-mfa';
      readonly source: string | undefined;
      readonly role: string;
      readonly serial: string;
    };

/** Why profiles can't be written. */
export type Unwritable =
  /** `lock`: the lock on the file can't be made. */
  | { readonly reason: 'system' | 'lock'; readonly path: string; readonly error: string }
  /** `both-files`: it would be the config file and the credentials file. `only-owner-may-replace`: in a folder like /tmp. */
  | {
      readonly reason: 'not-a-file' | 'link' | 'mounted' | 'both-files' | 'only-owner-may-replace';
      readonly path: string;
    }
  | { readonly reason: 'not-a-folder'; readonly path: string; readonly folder: string }
  | { readonly reason: 'too-large'; readonly path: string; readonly megabytes: number }
  | {
      readonly reason: 'not-own';
      readonly path: string;
      readonly because: 'link' | 'owned-by-others' | 'writable-by-others';
    }
  /** Tools disagree on which lines belong to the profile. */
  | { readonly reason: 'ambiguous'; readonly path: string; readonly name: string }
  | { readonly reason: 'bad-name' | 'repeated-name'; readonly name: string }
  | { readonly reason: 'bad-value'; readonly name: string; readonly key: string }
  | { readonly reason: 'no-home'; readonly error: string }
  | { readonly reason: 'other-home'; readonly variable: string; readonly path: string }
  /** There is no folder for files of this job. */
  | { readonly reason: 'no-job-folder'; readonly variable: string }
  /** So many profiles that they couldn't be removed again. */
  | { readonly reason: 'too-many'; readonly count: number }
  /** What stays on the disk after a failed export. */
  | {
      readonly reason: 'not-restored';
      readonly files: readonly { readonly path: string; readonly because: Unwritable }[];
      readonly temporaryFiles: readonly { readonly path: string; readonly error: string }[];
    };

/** Why the command can't use the folder in which the processes of one user share sessions and the codes they sent. */
export type CacheUnusable =
  | { readonly reason: 'system'; readonly path: string; readonly error: string }
  | { readonly reason: 'not-a-folder' | 'owned-by-others' | 'writable-by-others'; readonly path: string }
  | { readonly reason: 'no-home'; readonly error: string }
  /** Another process has held the lock on the file for so long. */
  | { readonly reason: 'held'; readonly path: string; readonly seconds: number }
  /** Another process took the lock over: this one was stopped for so long that it looked dead. */
  | { readonly reason: 'lock-lost'; readonly path: string };

/**
 * Every way in which obtaining or exporting credentials can fail, and what is known of each. Facts hold no words and no secrets:
 * a front end makes its sentences from them. A code is also a heading in docs/troubleshooting.md, so it never changes.
 */
export interface FailureFacts extends StoreFailureFacts {
  /** How many problems there are. */
  'invalid-input': { readonly count: number };
  'host-unknown': NoFacts;
  /** `error`: why it can't be reached. */
  'command-file-missing': {
    readonly file: string;
    readonly problem: 'unset' | 'missing' | 'folder' | 'not-plain' | { readonly error: string };
  };
  'command-file-unwritable': { readonly file: string; readonly error: string };

  /** What was looked at, in the words of the source; or keys that hold what no key holds. */
  'keys-not-found':
    | { readonly reason: 'none'; readonly missing: string; readonly advice: KeysAdvice | undefined }
    | { readonly reason: 'damaged' };
  'keys-temporary': { readonly source: string };
  /** Keys without a session token, or none at all; `profile`: AWS_PROFILE says where to look. */
  'session-not-found': { readonly profile: boolean } & (
    | { readonly reason: 'no-token'; readonly source: string }
    | { readonly reason: 'none'; readonly missing: string | undefined }
  );

  'mfa-code-refused': Refused | (CodesSent & NextCode);
  /** So many codes were refused within three minutes. */
  'mfa-seed-wrong': { readonly refused: number };
  'mfa-code-spent': NoFacts;
  'mfa-device-unknown':
    | Refused
    /** AWS checked none of its codes, for longer than a device with too many attempts is left unchecked. */
    | { readonly reason: 'never-checked'; readonly serial: string }
    | { readonly reason: 'not-own'; readonly serial: string; readonly own: readonly string[] }
    | { readonly reason: 'other-account'; readonly serial: string; readonly account: string; readonly arn: string };
  'mfa-device-not-found':
    | { readonly reason: 'not-listed' }
    /** How many security keys and passkeys there are, which the API doesn't accept. */
    | { readonly reason: 'none'; readonly unusable: number }
    | { readonly reason: 'several'; readonly serials: readonly string[] };
  'mfa-wait-too-long': CodesSent & NextCode;
  'mfa-incomplete': Refused;
  'session-credentials-refused': Refused;

  'assume-role-denied': Refused;
  'tag-session-denied': Refused;
  'source-identity-denied': Refused;
  'explicit-deny': Refused;
  'access-denied': Refused | Answered;
  'chained-duration-too-long': Refused;
  'role-duration-too-long': Refused;
  'packed-policy-too-large': Refused;
  'malformed-policy': Refused;
  /** `signing-region`: the endpoint serves another region. */
  'invalid-parameter': Refused & { readonly about?: 'signing-region' };

  /** `new-keys`: AWS has just issued them; `session-token`: the token, not the key. */
  'access-key-unknown': Refused & { readonly about?: 'new-keys' | 'session-token' };
  'secret-key-wrong': Refused;
  /** The second: what an answer claimed the time to be. */
  'clock-off': Refused | { readonly call: string; readonly serverTime: Date };
  'session-expired': Refused;
  'region-disabled': Refused;
  throttled: Refused | Answered;
  'service-unavailable': Answered;
  network:
    | { readonly call: string; readonly reason: 'no-answer-in-time'; readonly seconds: number }
    | { readonly call: string; readonly reason: 'closed' | 'silent'; readonly error: string };
  unreachable: /** The error of a connection to `target` (HOST:PORT), of its TLS handshake, of the proxy, or of the tunnel through it. */
    | {
        readonly call: string;
        readonly reason: 'connection' | 'tls' | 'proxy' | 'tunnel';
        readonly target: string | undefined;
        readonly proxy?: string | undefined;
        readonly error: string;
      }
    | {
        readonly call: string;
        readonly reason: 'name';
        readonly host: string;
        readonly region: string;
        readonly error: string;
      }
    | { readonly call: string; readonly reason: 'unusable-endpoint' };
  'proxy-refused':
    | { readonly call: string; readonly target: string; readonly status: number }
    | { readonly call: string; readonly proxy: string; readonly notA: 'http' | 'https'; readonly error: string };
  'tls-untrusted': { readonly call: string; readonly target: string; readonly error: string };
  'incomplete-answer':
    | {
        readonly call: string;
        readonly reason: 'not-aws';
        readonly status: number | undefined;
        readonly contentType: string | undefined;
      }
    | { readonly call: string; readonly reason: 'unreadable'; readonly status: number }
    | { readonly call: string; readonly reason: 'no-credentials' | 'no-arn' | 'endless-list' }
    | { readonly call: string; readonly reason: 'expired'; readonly expiration: Date }
    | { readonly call: string; readonly reason: 'valid-too-long'; readonly expiration: Date; readonly latest: Date }
    | { readonly call: string; readonly reason: 'special-characters'; readonly attempts: number };

  'sealed-session-empty': NoFacts;
  'sealed-session-altered': NoFacts;
  'sealed-session-version': { readonly found: string; readonly supported: number };
  'sealing-key-wrong': NoFacts;
  /** Sealed for another one than this. */
  'sealed-session-elsewhere': {
    readonly scope: 'run' | 'repository' | 'partition';
    readonly sealedFor: string;
    readonly here: string;
  };
  'sealed-session-expired': {
    readonly expiration: Date;
    /** Not above zero once it has expired. */
    readonly secondsLeft: number;
    readonly minimumSeconds: number;
  };
  'session-expiry-unknown': NoFacts;
  /** Only a user's session reaches a role for longer than an hour. */
  'session-not-renewing': { readonly arn: string };
  /** So many attempts to seal it all contained a mask. */
  'sealed-session-masked': { readonly attempts: number };

  'account-not-allowed': { readonly account: string } & (
    | { readonly what: 'credentials'; readonly arn: string }
    | { readonly what: 'device' }
    | { readonly what: 'role' | 'profile'; readonly name: string }
  );
  'buckets-denied': Refused;
  'bucket-not-found': Refused & { readonly bucket: string };
  'bucket-denied': Refused & { readonly bucket: string };
  'buckets-unauthenticated': Refused;

  'user-not-found': { readonly user: string };
  /** Policies and groups of a user that is to be deleted, which it didn't get by being enrolled. */
  'user-has-more': { readonly user: string; readonly more: readonly string[] };
  /** AWS gives a user two keys, whether active or not. */
  'user-keys-full': { readonly user: string; readonly keys: readonly string[] };
  'user-devices-full': { readonly user: string; readonly count: number };
  /** A device of that name is in use. */
  'device-exists': { readonly user: string; readonly serial: string };
  /** The user has a policy of that name that says something else. */
  'policy-differs': { readonly user: string; readonly policy: string };
  /** `title` completes "stored in …". */
  'secrets-exist': { readonly title: string; readonly names: readonly string[] };

  /** A user, a device or a policy of this name. */
  'iam-already-exists': Refused;
  'iam-not-found': Refused;
  /** `keys`: two per user; `devices`: eight per user; `policies`: the size of all inline policies together. */
  'iam-limit-exceeded': Refused & { readonly limit: 'keys' | 'devices' | 'users' | 'policies' | 'other' };
  /** Something still belongs to what was to be deleted. */
  'iam-delete-conflict': Refused;
  /** Another change to the same user or device is in progress. */
  'iam-busy': Refused;
  /** `boundary`: a policy that can't be a permissions boundary, or doesn't exist. */
  'iam-policy-refused': Refused & { readonly about: 'document' | 'boundary' };
  /** The two codes that enable a device. */
  'device-codes-refused': Refused;

  'profile-exists': { readonly path: string; readonly names: readonly string[] };
  'profile-unwritable': Unwritable;
  'profile-locked':
    | { readonly reason: 'held'; readonly path: string; readonly seconds: number }
    /** `not-a-lock`: what is in the place of the lock; `changed`: the file, by someone who took no lock. */
    | { readonly reason: 'not-a-lock' | 'changed'; readonly path: string };
  'cache-unusable': CacheUnusable;
  /** `not-undone`: the context says what failed, and what stays. */
  'export-failed':
    | { readonly reason: 'command-file'; readonly error: string }
    | { readonly reason: 'buckets-file'; readonly path: string; readonly error: string }
    | { readonly reason: 'delimiter'; readonly name: string }
    | { readonly reason: 'log-blocked' | 'not-undone' };

  'timed-out': { readonly seconds: number };
  cancelled: { readonly signal: string };
  unexpected: { readonly call?: string | undefined; readonly error: string };
}
