/** What the accounts of the test workflows allow, and secrets for them. */
import { randomInt } from 'node:crypto';
import type { PolicyDocument } from '../aws/index.ts';

/** What it takes to assume a role with session tags. */
export const TAKING_A_ROLE = ['sts:AssumeRole', 'sts:TagSession'];

/** A policy that allows these actions on one resource. */
export function allow(actions: readonly string[], resource: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: [...actions], Resource: resource } };
}

/** The trust policy of a role for those of an account, by its root's ARN, who have MFA. */
export function trustWithMfa(root: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: root },
      Action: TAKING_A_ROLE,
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  };
}

/** So many random characters of Base32's alphabet. */
export function base32(length: number): string {
  return Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(randomInt(32))).join('');
}
