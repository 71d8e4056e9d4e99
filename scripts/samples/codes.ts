import type { Samples } from './sample.ts';

export const CODES: Samples<
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
  'mfa-code-refused': [
    {
      facts:
        'STS refused the codes, and mfa-max-wait-seconds is too short for another. 5 codes were sent over 0 s; the next code could be sent in 51 s (the ones at hand were refused, another job may be using this device).',
    },
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ',
      },
    },
  ],
  'mfa-seed-wrong': [
    {
      facts:
        'The codes are not those of this device. 5 codes were sent over 0 s: 5 codes were refused within three minutes, more than other jobs can have used up.',
    },
  ],
  'mfa-code-spent': [
    {
      facts:
        'GetSessionToken: STS refused the code: it is wrong, or was used before. (AWS: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.) The code given as mfa-code counts as spent.',
    },
  ],
  'mfa-device-unknown': [
    { facts: 'This user has no MFA device GAHT12345678; it has arn:aws:iam::111122223333:mfa/ci.' },
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.',
      },
    },
  ],
  'mfa-device-not-found': [{ facts: 'mfa-serial is not given, and this user has no MFA device.' }],
  'mfa-wait-too-long': [
    {
      facts:
        "No code may be sent within mfa-max-wait-seconds. No code was sent; the next code could be sent in 471 s (the ones at hand belong to this job's neighbours in the matrix).",
    },
  ],
  'mfa-incomplete': [
    {
      facts: {
        call: 'AssumeRole',
        aws: 'AccessDenied: You must provide both MFA serial number and one time pass code.',
      },
    },
  ],
  'session-credentials-refused': [
    { facts: { call: 'GetSessionToken', aws: 'AccessDenied: Cannot call GetSessionToken with session credentials' } },
  ],
  'clock-off': [
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'SignatureDoesNotMatch: Signature expired: 20261127T070000Z is now earlier than 20261127T074500Z (20261127T080000Z - 15 min.)',
      },
    },
    { facts: { call: 'GetSessionToken', serverTime: new Date('2026-12-24T18:00:00Z') } },
  ],
};
