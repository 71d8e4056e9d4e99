import type { Attempt, WaitReason } from './codes/situation.ts';
import type { Identity, Keys, SessionCredentials } from './credentials.ts';
import type { Failure } from './failure.ts';
import type { RoleRequest, SealedSource } from './request.ts';

// What the outside world must provide.

/** The answer to a call: what was requested, or why not; with AWS's time if the response had it. */
export type Answer<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }
) & {
  /** Milliseconds since 1970, from the `Date` header of a fresh response. */
  readonly serverTime: number | undefined;
};

/** What was requested. Throws the `Failure` if there is one instead. */
export function unwrap<T>(answer: Answer<T>): T {
  if (!answer.ok) throw answer.failure;
  return answer.value;
}

/** Time, so that a test can set it. */
export interface Clock {
  /** The local clock, in milliseconds since 1970. */
  now(): number;
  /** Resolves after that many milliseconds. Rejects with the `Failure` that ends the step, if it is cancelled meanwhile. */
  sleep(milliseconds: number): Promise<void>;
}

/** What AssumeRole returns. */
export interface RoleSession {
  readonly credentials: SessionCredentials;
  readonly identity: Identity;
}

/** The credentials that the step got, and what is known about them. */
export interface Session extends RoleSession {
  readonly by: 'GetSessionToken' | 'AssumeRole' | 'the environment' | 'AWS_PROFILE' | 'a sealed session';
  /** The device whose code was exchanged for them, here or in the job that sealed the session. */
  readonly serial: string | undefined;
}

/** The two values that turn a call into an MFA-authenticated one. */
export interface MfaValues {
  readonly serialNumber: string;
  readonly tokenCode: string;
}

/** A role whose ARN is known. */
export type RoleCall = Omit<RoleRequest, 'role' | 'plainSecretOnly'> & { readonly roleArn: string };

/** STS. A call with a code is sent once. A call without one is sent again if it fails for a transient reason. */
export interface Sts {
  getSessionToken(keys: Keys, mfa: MfaValues, durationSeconds: number): Promise<Answer<SessionCredentials>>;
  assumeRole(keys: Keys, call: RoleCall, mfa: MfaValues | undefined): Promise<Answer<RoleSession>>;
  /** `aside`: along with another call, which already reports what is wrong with the connection. */
  callerIdentity(keys: Keys, aside?: 'aside'): Promise<Answer<Identity>>;
}

/** IAM, needed only to find a device or to explain a refusal. */
export interface Iam {
  /** The serial numbers of the caller's own devices. To explain a refusal, it is called once and for a few seconds. */
  listDevices(keys: Keys, purpose: 'find' | 'explain'): Promise<Answer<readonly string[]>>;
}

/** S3 with the new credentials. */
export interface Buckets {
  /** The names of all buckets, from all pages. */
  list(): Promise<Answer<readonly string[]>>;
  /** HeadBucket. */
  head(bucket: string): Promise<Answer<void>>;
  /** Whether the objects under a prefix can be listed. */
  listPrefix(bucket: string, prefix: string): Promise<Answer<void>>;
}

/** Keys that were not given as inputs. */
export interface FoundKeys extends Keys {
  readonly expiration: Date | undefined;
  /** Where they come from, as in "the keys from …". */
  readonly source: string;
}

/** The keys that are not given as inputs. */
export interface KeyRing {
  /** The profile that `AWS_PROFILE` names; undefined if it names none. */
  readonly profile: string | undefined;
  /** Whatever the SDK's default credential chain finds. */
  fromDefaultChain(): Promise<FoundKeys>;
  /** The credentials in the environment, if there are any. */
  fromEnvironment(): Promise<FoundKeys | undefined>;
}

/** The sessions that other jobs sealed. */
export interface SealedSessions {
  /** Opens and masks one. Rejects with the `Failure` that says why it can't be used. */
  open(source: SealedSource): Promise<Session>;
}

/** What the steps of one job remember. */
export interface Recollection {
  /** How many milliseconds AWS's clock is ahead of the local one. */
  readonly clockOffset: number;
  /** The codes that were sent, by serial and step; never the codes themselves. */
  readonly attempts: readonly Attempt[];
}

/** The memory of a job: what an earlier step learned. */
export interface Memory {
  recall(): Recollection;
  keep(recollection: Recollection): void;
}

/** What a person sees. */
export interface Reporter {
  /** Resolves once the notice is shown: its words are loaded only when they are needed. */
  note(notice: Notice): Promise<void>;
}

/** Everything that getting a session needs from the outside world. */
export interface Ports {
  readonly clock: Clock;
  readonly sts: Sts;
  readonly iam: Iam;
  readonly keys: KeyRing;
  readonly sealed: SealedSessions;
  readonly reporter: Reporter;
  readonly memory: Memory;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** The variables of a process, as they were found. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a person should know about a step that continues: a kind and its facts. Like those of a failure, the facts hold no words and
 * no secrets.
 */
export type Notice =
  | { readonly kind: 'waiting'; readonly seconds: number; readonly because: WaitReason }
  /** The same call is sent again, or the same one with another code. `attempt` is the one to come. */
  | {
      readonly kind: 'retrying';
      readonly failure: Failure;
      readonly attempt: number;
      readonly most: number;
      readonly withAnotherCode: boolean;
    }
  /** How many seconds the local clock is behind AWS's; negative if it is ahead. */
  | { readonly kind: 'clock-off'; readonly secondsBehind: number }
  | { readonly kind: 'keys-found' | 'session-found' | 'session-token-ignored'; readonly source: string }
  /** The session in the environment. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'not-reused'; readonly reason: 'hidden-terms' | 'expires-soon' | 'expiry-unknown' | 'invalid' }
  | { readonly kind: 'not-reused'; readonly reason: 'other-identity'; readonly arn: string }
  | { readonly kind: 'optional-tags-dropped' }
  /** The credentials of these profiles' roles would last longer than the session that renews them. */
  | { readonly kind: 'session-shorter-than-role'; readonly expiration: Date; readonly profiles: readonly string[] }
  | { readonly kind: 'sealed-session-unusable'; readonly failure: Failure };
