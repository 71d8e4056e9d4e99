import { momentInWords } from '../../core/words.ts';
import { refused } from './aws.ts';
import type { Entries } from './wording.ts';

// Failures of codes and devices.

export const CODES: Entries<
  | 'mfa-code-refused'
  | 'mfa-seed-wrong'
  | 'mfa-code-spent'
  | 'mfa-device-unknown'
  | 'mfa-device-not-found'
  | 'mfa-wait-too-long'
  | 'mfa-incomplete'
  | 'session-credentials-refused'
  | 'clock-off'
> = {
  'mfa-code-refused': {
    message: (facts) =>
      typeof facts === 'string' ? facts : refused(facts, 'STS rejected the code: it is wrong or already used.'),
    remedy: ({ input }) =>
      `If other jobs use this device at the same time, give each job its own ${input('mfa-slot')} or its own device. Otherwise check that the seed belongs to this device: an authenticator app set up with it must show the same codes.`,
  },
  'mfa-seed-wrong': {
    message: (facts) => facts,
    remedy: () =>
      'Store the seed that AWS showed when this device was created, or create a new device and store its seed. If the seed is right, the device is out of sync: run `aws iam resync-mfa-device` with two consecutive codes.',
  },
  'mfa-code-spent': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `A code works only once: run the step again with a new one. With ${input('mfa-seed')}, the action tries another code by itself.`,
  },
  'mfa-device-unknown': {
    message: (facts) =>
      typeof facts === 'string'
        ? facts
        : refused(
            facts,
            "STS didn't check the code: the serial number isn't one of this user's devices, or the device was asked too often.",
          ),
    remedy: ({ input }) =>
      `Set ${input('mfa-serial')} to one of this user's own devices, arn:PARTITION:iam::ACCOUNT:mfa/NAME. \`aws iam list-mfa-devices\` lists them.`,
  },
  'mfa-device-not-found': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Register a virtual MFA device for this user (IAM → Users → Security credentials) and set ${input('mfa-serial')} to its ARN, or allow the user iam:ListMFADevices on itself.`,
  },
  'mfa-wait-too-long': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Share one job's session with the others (${input('seal-session')}), add devices with ${input('mfa-devices')}, or raise ${input('mfa-max-wait-seconds')}.`,
  },
  'mfa-incomplete': {
    message: (facts) => refused(facts, 'STS got a serial number or a code, but not both.'),
    remedy: () => 'Set both a serial and a seed or code.',
  },
  'session-credentials-refused': {
    message: (facts) => refused(facts, 'the access key is a temporary one.'),
    remedy: () =>
      'Use the long-term key of an IAM user (AKIA…). STS issues no session tokens for temporary credentials.',
  },
  'clock-off': {
    message: (facts) =>
      'serverTime' in facts
        ? `${facts.call}: the answer is dated ${momentInWords(facts.serverTime)}, more than a day off this runner's clock.`
        : refused(facts, "the request's time is too far from AWS's."),
    remedy: () => "Set the runner's clock (NTP). AWS accepts signatures that are at most 15 minutes old.",
  },
};
