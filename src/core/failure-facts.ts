/**
 * Every way in which obtaining or exporting credentials can fail, and what is known of each. Facts hold no words and no secrets:
 * a front end makes its sentences from them. A code is also a heading in docs/troubleshooting.md, so it never changes.
 */
export interface FailureFacts {
  'invalid-input': string;
  'host-unknown': string;
  'command-file-missing': string;
  'command-file-unwritable': string;

  'keys-not-found': string;
  'keys-temporary': string;
  'session-not-found': string;

  'mfa-code-refused': string;
  'mfa-seed-wrong': string;
  'mfa-code-spent': string;
  'mfa-device-unknown': string;
  'mfa-device-not-found': string;
  'mfa-wait-too-long': string;
  'mfa-incomplete': string;
  'session-credentials-refused': string;

  'assume-role-denied': string;
  'tag-session-denied': string;
  'source-identity-denied': string;
  'explicit-deny': string;
  'access-denied': string;
  'chained-duration-too-long': string;
  'role-duration-too-long': string;
  'packed-policy-too-large': string;
  'malformed-policy': string;
  'invalid-parameter': string;

  'access-key-unknown': string;
  'secret-key-wrong': string;
  'clock-off': string;
  'session-expired': string;
  'region-disabled': string;
  throttled: string;
  'service-unavailable': string;
  network: string;
  unreachable: string;
  'proxy-refused': string;
  'tls-untrusted': string;
  'incomplete-answer': string;

  'sealed-session-empty': string;
  'sealed-session-altered': string;
  'sealed-session-version': string;
  'sealing-key-wrong': string;
  'sealed-session-elsewhere': string;
  'sealed-session-expired': string;
  'session-expiry-unknown': string;
  'sealed-session-masked': string;

  'account-not-allowed': string;
  'buckets-denied': string;
  'bucket-not-found': string;
  'bucket-denied': string;
  'buckets-unauthenticated': string;

  'profile-exists': string;
  'profile-unwritable': string;
  'profile-locked': string;
  'export-failed': string;

  'timed-out': string;
  cancelled: string;
  unexpected: string;
}
