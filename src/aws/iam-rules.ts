import type { Judge } from './diagnose.ts';

// Sources: IAM API reference, the errors of each call; the messages as AWS answers them.

/** The quotas by their names in AWS's messages: "Cannot exceed quota for AccessKeysPerUser: 2". */
const LIMITS = [
  ['keys', /AccessKeysPerUser/],
  ['devices', /MFADevicesPerUser/],
  ['users', /UsersPerAccount/],
  ['policies', /policy size/i],
] as const;

/** What can't happen to a user without a password, and that no service made. */
const UNFORESEEN = /^(?:UnmodifiableEntity|PasswordPolicyViolation|ServiceNotSupported|InvalidUserType)/;

/** What IAM's refusals mean to those who change it. Denied calls are left to the common rules. */
export const judgeIam: Judge = ({ code, message }) => {
  switch (code.replace(/Exception$/, '')) {
    case 'EntityAlreadyExists':
      return { failure: 'iam-already-exists' };
    case 'NoSuchEntity':
      return / not attachable/.test(message)
        ? { failure: 'iam-policy-refused', about: 'boundary' }
        : { failure: 'iam-not-found' };
    case 'LimitExceeded':
      return {
        failure: 'iam-limit-exceeded',
        limit: LIMITS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other',
      };
    case 'DeleteConflict':
      return { failure: 'iam-delete-conflict' };
    case 'EntityTemporarilyUnmodifiable':
    case 'ConcurrentModification':
      return { failure: 'iam-busy' };
    case 'InvalidAuthenticationCode':
      return { failure: 'device-codes-refused' };
    case 'MalformedPolicyDocument':
      return { failure: 'iam-policy-refused', about: 'document' };
    case 'PolicyNotAttachable':
      return { failure: 'iam-policy-refused', about: 'boundary' };
    case 'InvalidInput':
      return { failure: 'invalid-parameter' };
    default:
      return UNFORESEEN.test(code) ? { failure: 'unexpected', error: `${code}: ${message}` } : undefined;
  }
};
