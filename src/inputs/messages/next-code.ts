import type { WaitReason } from '../../core/codes/situation.ts';
import type { CodesSent, NextCode } from '../../core/failure-facts.ts';
import type { Wording } from './wording.ts';

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
export function whyNoCode(because: WaitReason): string {
  switch (because) {
    case 'device-exhausted':
      return 'This device was used too often in these three minutes. AWS checks its codes again after that.';
    case 'not-validated':
      return "AWS didn't check a code: either this device was used too often in these three minutes, or the serial number isn't one of this user's devices.";
    case 'own-share-sent':
      return 'AWS checks about 9 codes per device in three minutes, and this job has sent its share.';
    case 'refused':
      return 'STS rejected the current codes. Another job may be using this device.';
    case 'sent':
      return 'This job has already sent the current codes.';
    case 'others-slots':
      return 'The current codes belong to other jobs of the matrix.';
  }
}
