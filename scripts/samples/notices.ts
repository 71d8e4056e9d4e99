import { Failure } from '../../src/core/failure.ts';
import type { Notice } from '../../src/core/ports.ts';

const NEW_KEYS = new Failure(
  'buckets-unauthenticated',
  { call: 'ListBuckets', aws: 'InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.' },
  { outlook: 'soon' },
);
const THROTTLED = new Failure('throttled', { call: 'GetSessionToken', aws: 'Throttling: Rate exceeded' });

/** Every form of a notice. The reasons to wait have samples among the failures too. */
export const NOTICES: readonly Notice[] = [
  { kind: 'waiting', seconds: 21, because: 'refused' },
  { kind: 'retrying', failure: THROTTLED, attempt: 2, most: 12, withAnotherCode: false },
  { kind: 'retrying', failure: THROTTLED, attempt: 3, most: 12, withAnotherCode: true },
  { kind: 'retrying', failure: NEW_KEYS, attempt: 2, most: 12, withAnotherCode: false },
  { kind: 'clock-off', secondsBehind: 600 },
  { kind: 'clock-off', secondsBehind: -75 },
  { kind: 'keys-found', source: 'the profile "ci" (AWS_PROFILE)' },
  { kind: 'session-found', source: 'the environment (AWS_ACCESS_KEY_ID)' },
  { kind: 'session-token-ignored', source: 'the environment (AWS_ACCESS_KEY_ID)' },
  { kind: 'reused' },
  { kind: 'not-reused', reason: 'hidden-terms' },
  { kind: 'not-reused', reason: 'expires-soon' },
  { kind: 'not-reused', reason: 'expiry-unknown' },
  { kind: 'not-reused', reason: 'invalid' },
  { kind: 'not-reused', reason: 'other-identity', arn: 'arn:aws:iam::111122223333:user/other' },
  { kind: 'optional-tags-dropped' },
  {
    kind: 'session-shorter-than-role',
    expiration: new Date('2027-01-15T09:00:00Z'),
    profiles: ['production', 'staging'],
  },
  { kind: 'sealed-session-unusable', failure: new Failure('sealed-session-empty', {}) },
];
