import type { FailureFacts } from '../../core/failure.ts';
import { someOf } from '../../core/words.ts';
import { refused } from './aws.ts';
import type { Entries } from './wording.ts';

// Failures of the calls that set up users, devices and keys. Only the command makes them.

export const SETUP: Entries<
  | 'user-not-found'
  | 'user-has-more'
  | 'user-keys-full'
  | 'user-devices-full'
  | 'device-exists'
  | 'policy-differs'
  | 'secrets-exist'
  | 'iam-already-exists'
  | 'iam-not-found'
  | 'iam-limit-exceeded'
  | 'iam-delete-conflict'
  | 'iam-busy'
  | 'iam-policy-refused'
  | 'device-codes-refused'
> = {
  'user-not-found': {
    message: ({ user }) => `IAM has no user ${user}.`,
    remedy: () => 'Check the name, and that the keys belong to the right account.',
  },
  'user-has-more': {
    message: ({ user, more }) => `${user} has more than its enrollment gave it: ${someOf(more)}. Nothing was removed.`,
    remedy: () =>
      'Find out what else the user is for. If it is for nothing else, remove these policies and groups first.',
  },
  'user-keys-full': {
    message: ({ user, keys }) => `${user} already has two access keys (${keys.join(', ')}), and AWS allows no third.`,
    remedy: () =>
      "Delete a key that nothing uses (an inactive key counts too), or choose another user. With --self, leave out --new-key to use the user's own key.",
  },
  'user-devices-full': {
    message: ({ user, count }) => `${user} already has ${count} MFA devices, and AWS allows no more.`,
    remedy: () => 'Deactivate and delete a device that nobody uses, or choose another user.',
  },
  'device-exists': {
    message: ({ user, serial }) => `${user} already has the device ${serial}, and AWS doesn't show its seed again.`,
    remedy: () =>
      'Choose another name with --device. To replace what a pipeline uses, add --replace: the old device stays until you remove it.',
  },
  'policy-differs': {
    message: ({ user, policy }) => `${user} already has a policy ${policy}, which says something else.`,
    remedy: () => 'It was not changed. Delete it, or choose another name with --policy-name.',
  },
  'secrets-exist': {
    message: ({ title, names }) => `${names.join(' and ')} already exist in ${title}.`,
    remedy: () => 'Add --replace to replace them, or choose another place.',
  },
  'iam-already-exists': {
    message: (facts) => refused(facts, 'it already exists.'),
    remedy: () => 'Choose another name. If nothing uses what already has this name, delete that first.',
  },
  'iam-not-found': {
    message: (facts) => refused(facts, "IAM can't find it."),
    remedy: () =>
      'Check the name, and that the keys belong to the right account. If it was created in the last minute, try again: IAM takes a while to find what is new.',
  },
  'iam-limit-exceeded': {
    message: (facts) => refused(facts, LIMITS[facts.limit].message),
    remedy: (_, facts) => LIMITS[facts?.limit ?? 'other'].remedy,
  },
  'iam-delete-conflict': {
    message: (facts) => refused(facts, "it can't be deleted while something belongs to it."),
    remedy: () => 'Delete or detach what AWS names above, and try again.',
  },
  'iam-busy': {
    message: (facts) => refused(facts, 'IAM is still busy with another change to it.'),
    remedy: () => 'Wait a few minutes, and try again.',
  },
  'iam-policy-refused': {
    message: (facts) =>
      refused(
        facts,
        facts.about === 'boundary' ? "this policy can't be a permissions boundary." : "AWS can't read the policy.",
      ),
    remedy: (_, facts) =>
      facts?.about === 'boundary'
        ? "Use the ARN of a managed policy that exists in the user's account."
        : "Correct the policy. AWS's message above says what is wrong with it.",
  },
  'device-codes-refused': {
    message: (facts) => refused(facts, "AWS rejected the new device's codes."),
    remedy: ({ terms }) =>
      `Try again: the codes may have arrived too late. If it keeps happening, check the ${terms.host}'s clock.`,
  },
};

const LIMITS: Readonly<
  Record<FailureFacts['iam-limit-exceeded']['limit'], { readonly message: string; readonly remedy: string }>
> = {
  keys: {
    message: 'a user can have two access keys.',
    remedy: 'Delete a key that nothing uses. An inactive key counts too.',
  },
  devices: {
    message: 'a user can have eight MFA devices.',
    remedy: 'Deactivate a device that nobody uses, and delete it.',
  },
  users: {
    message: 'the account has as many users as it can.',
    remedy: 'Delete users that nobody needs, or request a higher quota.',
  },
  policies: {
    message: 'the inline policies are too large together.',
    remedy: 'Shorten them, or use a managed policy instead.',
  },
  other: {
    message: 'a quota is used up.',
    remedy: 'Delete something that counts towards the quota named above, or request a higher one.',
  },
};
