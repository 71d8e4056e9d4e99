import { describe, expect, test } from '@jest/globals';
import type { Call, Session } from '../../../lab/aws/index.ts';
import { tally } from '../../../lab/interop/renewal/tally.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';

const session = (accessKeyId: string, expiresAt: number, arn = ROLE): Session => ({
  accessKeyId,
  secretAccessKey: 'secret',
  sessionToken: 'token',
  issuedAt: 0,
  expiresAt,
  accountId: '111122223333',
  arn,
  grant: { kind: 'user', mfaAt: undefined },
});

const call = (at: number, accessKeyId: string, more: Partial<Call> = {}): Call => ({
  at,
  service: 'sts',
  operation: 'GetCallerIdentity',
  accessKeyId,
  region: 'us-east-1',
  params: {},
  headers: {},
  mfa: undefined,
  status: 200,
  errorCode: undefined,
  ...more,
});

const good = { operation: 'GetCallerIdentity' };

describe('the tally of a client', () => {
  test('has an expiration for each session that had ended', () => {
    const sessions = [session('A', 10), session('B', 20), session('C', 30)];
    const calls = [call(0, 'A'), call(9, 'A'), call(10, 'B'), call(20, 'C')];
    expect(tally([good, good, good, good], { calls, sessions }, ROLE)).toEqual({
      calls: 4,
      answered: 4,
      sessions: 3,
      expirations: 2,
      failures: [],
    });
  });

  test('has no more expirations if the client renews before each call', () => {
    const sessions = [session('A', 10), session('B', 14), session('C', 18), session('D', 22)];
    const calls = [call(0, 'A'), call(4, 'B'), call(8, 'C'), call(12, 'D')];
    expect(tally([good, good, good, good], { calls, sessions }, ROLE)).toMatchObject({ sessions: 4, expirations: 1 });
  });

  test('has the failures that the client printed, and those that it hid by trying again', () => {
    const calls = [
      call(10, 'A', { status: 403, errorCode: 'ExpiredToken' }),
      call(11, 'MFA', { operation: 'AssumeRole', status: 403, errorCode: 'AccessDenied', params: { RoleArn: ROLE } }),
    ];
    expect(tally([{ ...good, error: 'expired' }], { calls, sessions: [session('A', 10)] }, ROLE).failures).toEqual([
      'GetCallerIdentity: expired',
      'AWS answered GetCallerIdentity with 403 ExpiredToken',
      'AWS answered AssumeRole with 403 AccessDenied',
    ]);
  });

  test('has no calls of other roles and users', () => {
    const sessions = [session('A', 10), session('OTHER', 10, `${ROLE}-other`)];
    const calls = [call(0, 'OTHER'), call(1, 'OTHER', { status: 403 }), call(2, 'AKIA')];
    expect(tally([good], { calls, sessions }, ROLE)).toEqual({
      calls: 1,
      answered: 0,
      sessions: 0,
      expirations: 0,
      failures: [],
    });
  });
});
