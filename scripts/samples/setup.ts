import type { SETUP as Messages } from '../../src/inputs/messages/setup.ts';
import type { Samples } from './sample.ts';

export const SETUP: Samples<keyof typeof Messages> = {
  'user-not-found': [{ facts: { user: 'ci' } }],
  'user-has-more': [{ facts: { user: 'ci', more: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] } }],
  'user-keys-full': [{ facts: { user: 'ci', keys: ['AKIAIOSFODNN7EXAMPLE', 'AKIAI44QH8DHBEXAMPLE'] } }],
  'user-devices-full': [{ facts: { user: 'ci', count: 8 } }],
  'device-exists': [{ facts: { user: 'ci', serial: 'arn:aws:iam::111122223333:mfa/ci' } }],
  'policy-differs': [{ facts: { user: 'ci', policy: 'aws-mfa-credentials' } }],
  'secrets-exist': [{ facts: { title: 'the secrets of acme/app', names: ['AWS_ACCESS_KEY', 'AWS_MFA_DEVICE'] } }],
  'iam-already-exists': [
    { facts: { call: 'CreateUser', aws: 'EntityAlreadyExists: User with name ci already exists.' } },
  ],
  'iam-not-found': [{ facts: { call: 'ListAccessKeys', aws: 'NoSuchEntity: The user with name ci cannot be found.' } }],
  'iam-limit-exceeded': [
    {
      facts: {
        call: 'CreateAccessKey',
        limit: 'keys',
        aws: 'LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2',
      },
    },
    {
      facts: {
        call: 'EnableMFADevice',
        limit: 'devices',
        aws: 'LimitExceeded: Cannot exceed quota for MFADevicesPerUser: 8',
      },
    },
    {
      facts: {
        call: 'CreateUser',
        limit: 'users',
        aws: 'LimitExceeded: Cannot exceed quota for UsersPerAccount: 5000',
      },
    },
    {
      facts: {
        call: 'PutUserPolicy',
        limit: 'policies',
        aws: 'LimitExceeded: Maximum policy size of 2048 bytes exceeded for user ci',
      },
    },
    {
      facts: {
        call: 'CreateVirtualMFADevice',
        limit: 'other',
        aws: 'LimitExceeded: Cannot exceed quota for VirtualMFADevicesPerAccount: 5000',
      },
    },
  ],
  'iam-delete-conflict': [
    {
      facts: { call: 'DeleteUser', aws: 'DeleteConflict: Cannot delete entity, must delete access keys first.' },
    },
  ],
  'iam-busy': [
    {
      facts: {
        call: 'EnableMFADevice',
        aws: 'EntityTemporarilyUnmodifiable: MFA cannot be enabled while the Login Profile for principal is being created.',
      },
    },
  ],
  'iam-policy-refused': [
    { facts: { call: 'PutUserPolicy', about: 'document', aws: 'MalformedPolicyDocument: Syntax errors in policy.' } },
    {
      facts: {
        call: 'CreateUser',
        about: 'boundary',
        aws: 'NoSuchEntity: Scope ARN: arn:aws:iam::111122223333:policy/ci does not exist or is not attachable.',
      },
    },
  ],
  'device-codes-refused': [
    {
      facts: {
        call: 'EnableMFADevice',
        aws: 'InvalidAuthenticationCode: Authentication code for device is not valid.',
      },
    },
  ],
};
