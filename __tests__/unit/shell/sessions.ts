import type { Session } from '../../../src/core/ports.ts';
import type { Terms } from '../../../src/shell/session-cache.ts';

export const NOW = 1_800_000_000_000;

/** A session that lasts for an hour from then on. */
export const SESSION = {
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE==',
    expiration: new Date(NOW + 3_600_000),
  },
  identity: { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ci' },
  by: 'GetSessionToken',
  serial: 'arn:aws:iam::123456789012:mfa/ci',
} as const satisfies Session;

export const TERMS: Terms = {
  partition: 'aws',
  region: 'eu-central-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  serials: ['arn:aws:iam::123456789012:mfa/ci'],
  durationSeconds: 3600,
};
