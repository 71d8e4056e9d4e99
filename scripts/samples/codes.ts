import { Failure } from '../../src/core/failure.ts';
import type { CODES as Messages } from '../../src/inputs/messages/codes.ts';
import type { Samples } from './sample.ts';

export const CODES: Samples<keyof typeof Messages> = {
  'mfa-code-refused': [
    { facts: { sent: 5, overSeconds: 0, nextInSeconds: 51, because: 'refused' } },
    { facts: { sent: 2, overSeconds: 0, nextInSeconds: 291, because: 'refused' } },
    { facts: { sent: 1, overSeconds: 0, nextInSeconds: 111, because: 'others-slots' } },
    { facts: { sent: 8, overSeconds: 62, nextInSeconds: 98, because: 'own-share-sent' } },
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ',
      },
    },
  ],
  'mfa-seed-wrong': [{ facts: { refused: 5 } }],
  'mfa-code-spent': [
    {
      facts: {},
      context: {
        kind: 'because',
        failure: new Failure('mfa-code-refused', {
          call: 'GetSessionToken',
          aws: 'AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ',
        }),
      },
    },
  ],
  'mfa-device-unknown': [
    { facts: { reason: 'not-own', serial: 'GAHT12345678', own: ['arn:aws:iam::111122223333:mfa/ci'] } },
    { facts: { reason: 'not-own', serial: 'GAHT12345678', own: [] } },
    { facts: { reason: 'never-checked', serial: 'GAHT12345678' } },
    {
      facts: {
        reason: 'other-account',
        serial: 'arn:aws:iam::444455556666:mfa/ci',
        account: '444455556666',
        arn: 'arn:aws:iam::111122223333:user/ci',
      },
    },
    {
      facts: {
        call: 'GetSessionToken',
        aws: 'AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.',
      },
    },
  ],
  'mfa-device-not-found': [
    { facts: { reason: 'none', unusable: 0 } },
    { facts: { reason: 'none', unusable: 2 } },
    {
      facts: {
        reason: 'several',
        serials: ['arn:aws:iam::111122223333:mfa/ci', 'arn:aws:iam::111122223333:mfa/spare'],
      },
    },
    {
      facts: { reason: 'not-listed' },
      context: {
        kind: 'because',
        failure: new Failure('access-denied', {
          call: 'ListMFADevices',
          aws: 'AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:ListMFADevices on resource: user ci',
        }),
      },
    },
  ],
  'mfa-wait-too-long': [
    { facts: { sent: 0, overSeconds: 0, nextInSeconds: 471, because: 'others-slots' } },
    { facts: { sent: 0, overSeconds: 0, nextInSeconds: 51, because: 'sent' } },
    { facts: { sent: 1, overSeconds: 0, nextInSeconds: 171, because: 'not-validated' } },
    { facts: { sent: 3, overSeconds: 184, nextInSeconds: 171, because: 'device-exhausted' } },
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
