import type { WaitReason } from '../../core/codes/situation.ts';
import type { FailureFacts } from '../../core/failure.ts';
import type { CodesSent, NextCode, Refused } from '../../core/failure-facts.ts';
import { momentInWords, someOf } from '../../core/words.ts';
import { refused } from './aws.ts';
import type { Entries, Wording } from './wording.ts';

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
    message: (facts, words) =>
      'aws' in facts
        ? refused(facts, 'STS rejected the code: it is wrong or already used.')
        : `${rejected(facts)} ${nextCode(facts, words)} ${facts.because === 'refused' ? 'Another job may be using this device.' : whyNoCode(facts.because, words)}`,
    remedy: ({ input }) =>
      `If other jobs use this device at the same time, give each job its own ${input('mfa-slot')} or its own device. Otherwise check that the seed belongs to this device: an authenticator app set up with it must show the same codes.`,
  },
  'mfa-seed-wrong': {
    message: ({ refused: number }) =>
      `The seed doesn't belong to this device: STS rejected ${number} codes within three minutes, more than other jobs can have used up.`,
    remedy: () =>
      'Store the seed that AWS showed when this device was created, or create a new device and store its seed. If the seed is right, the device is out of sync: run `aws iam resync-mfa-device` with two consecutive codes.',
  },
  'mfa-code-spent': {
    message: (_, { input }) => `The code in ${input('mfa-code')} was sent, and now counts as used.`,
    remedy: ({ input, terms }) =>
      `A code works only once: run the ${terms.use} again with a new one. With ${input('mfa-seed')}, the ${terms.tool} tries another code by itself.`,
  },
  'mfa-device-unknown': {
    message: (facts) =>
      'aws' in facts
        ? refused(
            facts,
            "STS didn't check the code: the serial number isn't one of this user's devices, or the device was used too often.",
          )
        : unknownDevice(facts),
    remedy: ({ input }) =>
      `Set ${input('mfa-serial')} to one of this user's own devices, arn:PARTITION:iam::ACCOUNT:mfa/NAME. \`aws iam list-mfa-devices\` lists them.`,
  },
  'mfa-device-not-found': {
    message: (facts, { input }) => `${input('mfa-serial')} is not set, and ${deviceNotFound(facts)}.`,
    remedy: ({ input }, facts) =>
      facts?.reason === 'several'
        ? `Set ${input('mfa-serial')} to the device that this seed belongs to, or list all devices with their seeds in ${input('mfa-devices')}.`
        : `Register a virtual MFA device for this user (IAM → Users → Security credentials) and set ${input('mfa-serial')} to its ARN, or allow the user iam:ListMFADevices on itself.`,
  },
  'mfa-wait-too-long': {
    message: (facts, words) =>
      `${facts.sent === 0 ? 'No code could be sent.' : noneAccepted(facts)} ${nextCode(facts, words)} ${whyNoCode(facts.because, words)}`,
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
    message: (facts, { terms }) =>
      'serverTime' in facts
        ? `${facts.call}: the answer is dated ${momentInWords(facts.serverTime)}, more than a day off this ${terms.host}'s clock.`
        : refused(facts, "the request's time is too far from AWS's."),
    remedy: ({ terms }) =>
      `Set the ${terms.host}'s clock (NTP). AWS refuses signatures whose time is more than 15 minutes off.`,
  },
};

/** All codes of one moment, or codes over a longer time. */
function rejected(facts: CodesSent & NextCode): string {
  if (facts.sent === 1) return 'STS rejected the code.';
  return facts.because === 'refused' && facts.overSeconds < 30
    ? `STS rejected ${facts.sent === 2 ? 'both' : `all ${facts.sent}`} currently valid codes.`
    : noneAccepted(facts);
}

function deviceNotFound(facts: FailureFacts['mfa-device-not-found']): string {
  switch (facts.reason) {
    case 'not-listed':
      return "IAM didn't list this user's MFA devices";
    case 'none':
      return facts.unusable === 0
        ? "this user doesn't have an MFA device"
        : "this user's only MFA devices are security keys or passkeys, which can't be used with the API";
    case 'several':
      return `this user has several MFA devices: ${someOf(facts.serials)}`;
  }
}

function unknownDevice(facts: Exclude<FailureFacts['mfa-device-unknown'], Refused>): string {
  switch (facts.reason) {
    case 'never-checked':
      return `This user doesn't have the MFA device ${facts.serial}: AWS checked none of its codes over more than three minutes, so too many attempts can't be the reason.`;
    case 'not-own':
      return `This user doesn't have the MFA device ${facts.serial}, ${facts.own.length === 0 ? 'and has no other' : `but has ${someOf(facts.own)}`}.`;
    case 'other-account':
      return `The MFA device ${facts.serial} is in account ${facts.account}, but the access key belongs to ${facts.arn}.`;
  }
}

// Sentences about the codes that were sent, and about the next one.

/** What came of the codes that were sent. */
export function noneAccepted({ sent, overSeconds }: CodesSent): string {
  return sent === 1
    ? 'One code was sent, without success.'
    : `${sent} codes were sent within ${overSeconds} s, without success.`;
}

/** How far away the next code is. */
export function nextCode({ nextInSeconds }: NextCode, { input }: Wording): string {
  return `The next code is ${nextInSeconds} s away, longer than ${input('mfa-max-wait-seconds')} allows.`;
}

/** Why no code may be sent now, as one or two sentences. */
export function whyNoCode(because: WaitReason, { terms, input }: Wording): string {
  switch (because) {
    case 'device-exhausted':
      return 'This device was used too often in these three minutes. AWS checks its codes again after that.';
    case 'not-validated':
      return "AWS didn't check a code: either this device was used too often in these three minutes, or the serial number isn't one of this user's devices.";
    case 'own-share-sent':
      return `AWS checks about 9 codes per device in three minutes, and this ${terms.sender} has sent its share.`;
    case 'refused':
      return 'STS rejected the current codes. Another job may be using this device.';
    case 'sent':
      return `This ${terms.sender} has already sent the current codes.`;
    case 'others-slots':
      return `The current codes belong to other slots (${input('mfa-slot')}).`;
  }
}
