import type { CodesSent, FailureFacts, NextCode } from './failure-facts.ts';

/** Every way to fail, by the name that the log, the tests and the documentation share. */
export type FailureCode = keyof FailureFacts;
export type { FailureFacts };

/**
 * What is known about another attempt that the code doesn't say. `final`: it can't succeed, although it may after other failures of
 * this code. `soon`: it will succeed in a few seconds, although it can't after other failures of this code.
 */
export type Outlook = 'final' | 'soon';

/** Something that the bucket check couldn't reach, and why. The list of buckets has no path. */
export interface Miss {
  readonly path: string | undefined;
  readonly failure: Failure;
}

/** A role that couldn't be assumed, and why. */
export interface Refusal {
  readonly profile: string;
  /** Its ARN, or its name if that is what is known. */
  readonly role: string;
  readonly failure: Failure;
}

/** What a failure doesn't say by itself: it is the first of several, or the last, or there is a reason for it. */
export type FailureContext =
  /** The export failed, and not all of it could be undone: what failed first, and what failed while undoing it. */
  | { readonly kind: 'not-undone'; readonly first: Failure; readonly stuck: readonly Failure[] }
  | {
      readonly kind: 'bucket-check';
      readonly arn: string;
      /** Whether the credentials are a role's, which never carry MFA. */
      readonly ofRole: boolean;
      readonly misses: readonly Miss[];
    }
  /** All roles that couldn't be assumed, of `total`. */
  | {
      readonly kind: 'many-roles';
      readonly total: number;
      readonly refusals: readonly Refusal[];
      /** What the roles were assumed for: without tags, to prove that tools can. */
      readonly purpose?: 'renewal';
    }
  /** The answer to an earlier attempt was lost, and that one may have worked. */
  | { readonly kind: 'after-lost' }
  /** Why it came to this one. */
  | { readonly kind: 'because'; readonly failure: Failure }
  /** Codes were sent, the last one got no answer, and there is a reason not to send another. */
  | ({ readonly kind: 'codes-lost' } & CodesSent & NextCode)
  /** The profile files belong to this job alone, so what is said about the user's files is of no use. */
  | {
      readonly kind: 'job-files';
      readonly code: 'profile-exists' | 'profile-unwritable' | 'profile-locked';
      /** The variable that says where they are. */
      readonly variable: string;
    }
  /** A call failed that a source of keys needs. `source` begins a sentence: the profile "ci" gives no keys. */
  | { readonly kind: 'key-source'; readonly source: string; readonly failure: Failure };

/** What a `Failure` can have besides its code and facts. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly outlook?: Outlook;
  readonly context?: FailureContext;
}

/**
 * A failure that was foreseen: a code, facts and a cause. A front end's catalogue makes from them what a person reads.
 *
 * Facts may contain strings from outside (an AWS message, the name of a bucket), but never a secret.
 */
export class Failure<Code extends FailureCode = FailureCode> extends Error {
  override readonly name = 'Failure';
  readonly code: Code;
  readonly facts: FailureFacts[Code];
  readonly outlook: Outlook | undefined;
  readonly context: FailureContext | undefined;

  constructor(code: Code, facts: FailureFacts[Code], { cause, outlook, context }: FailureOptions = {}) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
    this.outlook = outlook;
    this.context = context;
  }
}

/** Whether an error is a failure of this code: then its facts are known. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is Failure<Code> {
  return error instanceof Failure && error.code === code;
}

/** An error of any kind as a failure: only a `Failure` was foreseen. */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('unexpected', { error: messageOf(error) }, { cause: error });
}

/** What an error of any kind says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// Which failures are alike, for those who decide what to do about one. Nothing else compares codes.

/** Nothing of the request was sent. */
const NEVER_SENT: readonly FailureCode[] = ['unreachable', 'proxy-refused', 'tls-untrusted'];
/** AWS or a store may have done what the call asks, although it gave no usable answer. */
const MAY_HAVE_WORKED: readonly FailureCode[] = ['network', 'service-unavailable', 'incomplete-answer', 'unexpected'];
const DENIED: readonly FailureCode[] = ['access-denied', 'explicit-deny', 'bucket-denied', 'buckets-denied'];
/** AWS doesn't accept the credentials of the call, or no longer. */
const STALE: readonly FailureCode[] = ['session-expired', 'access-key-unknown', 'secret-key-wrong'];
/** What was used has ended, or is used up, or was proven wrong: waiting doesn't change that. */
const LASTING: readonly FailureCode[] = [
  ...STALE,
  'mfa-seed-wrong',
  'mfa-code-spent',
  'sealed-session-expired',
  'session-expiry-unknown',
];
/** Another sealed session, or a new session, may be accepted. */
const ABOUT_SEALED_SESSION: readonly FailureCode[] = [
  'sealed-session-empty',
  'sealed-session-altered',
  'sealed-session-version',
  'sealed-session-elsewhere',
  'sealed-session-expired',
  'sealing-key-wrong',
  'account-not-allowed',
  'access-key-unknown',
  'session-expired',
];

/** What may make another attempt succeed; `none` if it would fail the same way. */
export type Prospect =
  | 'none'
  /** AWS or the network gets over it. */
  | 'transient'
  /** A connection can be made after all. */
  | 'connection'
  /** AWS has just issued the credentials, and soon knows them everywhere. */
  | 'new-keys'
  /** The response wasn't AWS's, and the next one may be. */
  | 'odd-answer'
  /** The SDK has corrected its clock from the refusal. */
  | 'clock';

/** What may make another attempt succeed after this failure. */
export function prospectOf({ code, outlook }: Failure): Prospect {
  if (outlook === 'final') return 'none';
  if (outlook === 'soon') return 'new-keys';
  switch (code) {
    case 'throttled':
    case 'iam-busy':
    case 'service-unavailable':
    case 'network':
    case 'store-unavailable':
      return 'transient';
    case 'unreachable':
    case 'proxy-refused':
    case 'store-unreachable':
      return 'connection';
    case 'incomplete-answer':
      return 'odd-answer';
    case 'clock-off':
      return 'clock';
    default:
      return 'none';
  }
}

/** Whether another attempt may succeed without any change. */
export function isTransient(failure: Failure): boolean {
  return !['none', 'clock'].includes(prospectOf(failure));
}

/**
 * Whether no attempt can succeed, however much later: not even after somebody changes a policy or the network. `final` says less: a
 * few seconds don't help.
 */
export function isLasting(failure: Failure): boolean {
  return endsStep(failure) || (prospectOf(failure) === 'none' && LASTING.includes(failure.code));
}

/** Whether AWS, or a store, may have done what the call asks all the same: its answer was lost, or can't be used. */
export function mayHaveWorked(failure: Failure): boolean {
  const { code, facts } = failure;
  if (failure.context?.kind === 'after-lost') return true;
  if (isFailure(failure, 'store-unreachable')) return failure.facts.reason === 'silent' && isWrite(failure.facts);
  if (isFailure(failure, 'store-unavailable')) return isWrite(failure.facts);
  if (isFailure(failure, 'store-not-masked')) return failure.facts.value === 'left';
  // The time in an answer was too far off to be true, whatever else was in it.
  return MAY_HAVE_WORKED.includes(code) || (code === 'clock-off' && 'serverTime' in facts) || endsStep({ code });
}

/** Whether a call to a store writes. */
function isWrite({ call }: { readonly call: string }): boolean {
  return !call.startsWith('GET ');
}

/** Whether AWS can't have looked at the code in the call. */
export function leftCodeUnspent(failure: Failure): boolean {
  return NEVER_SENT.includes(failure.code) || prospectOf(failure) === 'clock';
}

/** Whether AWS checked the code, and refused it. */
export function isCodeRefused({ code }: Failure): boolean {
  return code === 'mfa-code-refused';
}

/** Whether AWS didn't check the code, because of its device. */
export function isCodeUnchecked({ code }: Failure): boolean {
  return code === 'mfa-device-unknown';
}

/** Whether the call was too large, and could be made smaller. */
export function isTooLarge({ code }: Failure): boolean {
  return code === 'packed-policy-too-large';
}

/** Whether the permission for the call is missing. */
export function isDenied({ code }: Failure): boolean {
  return DENIED.includes(code);
}

/** Whether the role may not be assumed: its trust policy, or a policy of the caller, doesn't allow it. */
export function isRoleDenied({ code }: Failure): boolean {
  return code === 'assume-role-denied';
}

/** Whether AWS doesn't accept the credentials: others may do. */
export function isStale({ code }: Failure): boolean {
  return STALE.includes(code);
}

/** Whether a sealed session is to blame: a new one may do. */
export function isAboutSealedSession({ code }: Failure): boolean {
  return ABOUT_SEALED_SESSION.includes(code);
}

/** Whether the step was ended from outside. */
export function endsStep({ code }: Pick<Failure, 'code'>): boolean {
  return code === 'cancelled' || code === 'timed-out';
}
