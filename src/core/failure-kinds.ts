import type { Failure, FailureCode } from './failure.ts';

// Which failures are alike, for those who decide what to do about one. Nothing else compares codes.

/** Nothing of the request was sent. */
const NEVER_SENT: readonly FailureCode[] = ['unreachable', 'proxy-refused', 'tls-untrusted'];
const DENIED: readonly FailureCode[] = ['access-denied', 'explicit-deny', 'bucket-denied', 'buckets-denied'];
/** AWS doesn't accept the credentials of the call, or no longer. */
const STALE: readonly FailureCode[] = ['session-expired', 'access-key-unknown', 'secret-key-wrong'];
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
    case 'service-unavailable':
    case 'network':
      return 'transient';
    case 'unreachable':
    case 'proxy-refused':
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

/** Whether AWS doesn't accept the credentials: others may do. */
export function isStale({ code }: Failure): boolean {
  return STALE.includes(code);
}

/** Whether a sealed session is to blame: a new one may do. */
export function isAboutSealedSession({ code }: Failure): boolean {
  return ABOUT_SEALED_SESSION.includes(code);
}

/** Whether the step was ended from outside. */
export function endsStep({ code }: Failure): boolean {
  return code === 'cancelled' || code === 'timed-out';
}
