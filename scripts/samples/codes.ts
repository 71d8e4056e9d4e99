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
      facts:
        'GetSessionToken: STS got only one of serial number and code. (AWS: AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.)',
    },
  ],
  'session-credentials-refused': [
    {
      facts:
        'GetSessionToken: The access key is a temporary one. (AWS: AccessDenied: Cannot call GetSessionToken with session credentials)',
    },
  ],
  'clock-off': [
    {
      facts:
        "AssumeRole: The request's time is too far from AWS's. (AWS: SignatureDoesNotMatch: Signature expired: 20260901T115200Z is now earlier than 20260901T120000Z (20260901T121500Z - 15 min.))",
    },
  ],
};
