import { expect, test } from '@jest/globals';
import { call, s3 } from '../wire.ts';
import { ACCOUNT, ADMIN, clock, emulator, GUEST, guest, guestWithMfa, iam, said } from './account.ts';

/** The answer's fields; the date is undefined if there is none. */
async function lastUsed(AccessKeyId = GUEST.accessKeyId) {
  const reply = await iam(ADMIN, 'GetAccessKeyLastUsed', { AccessKeyId });
  return ['UserName', 'LastUsedDate', 'ServiceName', 'Region'].map((name) => reply.field(name));
}

const NEVER = ['guest', undefined, 'N/A', 'N/A'];

test('a key that was never used has no date', async () => {
  expect(await lastUsed()).toEqual(NEVER);
});

test('a use is shown ten minutes later, unless the world says otherwise', async () => {
  await call(emulator, GUEST, 'GetCallerIdentity', {}, { region: 'eu-west-1' });
  clock.advance(599_000);
  expect(await lastUsed()).toEqual(NEVER);
  clock.advance(1_000);
  expect(await lastUsed()).toEqual(['guest', '2026-09-01T12:00:00Z', 'sts', 'eu-west-1']);
  emulator.world.lastUsedLagMs = 3_600_000;
  expect(await lastUsed()).toEqual(NEVER);
});

test('the latest use that is old enough is shown', async () => {
  emulator.world.lastUsedLagMs = 60_000;
  await call(emulator, GUEST, 'GetCallerIdentity');
  clock.advance(50_000);
  await iam(GUEST, 'GetUser');
  clock.advance(50_000);
  await s3(emulator, GUEST, '/');
  expect(await lastUsed()).toEqual(['guest', '2026-09-01T12:00:00Z', 'sts', 'us-east-1']);
  clock.advance(10_000);
  expect(await lastUsed()).toEqual(['guest', '2026-09-01T12:00:50Z', 'iam', 'us-east-1']);
  clock.advance(50_000);
  expect(await lastUsed()).toEqual(['guest', '2026-09-01T12:01:40Z', 's3', 'us-east-1']);
});

test('requests that are refused count, requests with a wrong signature or of a session don’t', async () => {
  emulator.world.lastUsedLagMs = 0;
  await call(emulator, { ...GUEST, secretAccessKey: 'wrong' }, 'GetCallerIdentity');
  expect(await lastUsed()).toEqual(NEVER);
  guest.policies = [];
  expect((await iam(GUEST, 'ListAccessKeys')).code).toBe('AccessDenied');
  expect((await lastUsed())[1]).toBe('2026-09-01T12:00:00Z');
  const session = await guestWithMfa();
  clock.advance(60_000);
  await call(emulator, session, 'GetCallerIdentity');
  expect((await lastUsed())[1]).toBe('2026-09-01T12:00:30Z');
});

test('an unknown key is refused, and a caller without permission', async () => {
  const params = { AccessKeyId: 'AKIA2222222222222222' };
  expect(await said(iam(ADMIN, 'GetAccessKeyLastUsed', params))).toEqual([
    404,
    'NoSuchEntity',
    'The Access Key with id AKIA2222222222222222 cannot be found.',
  ]);
  guest.policies = [];
  expect(await said(iam(GUEST, 'GetAccessKeyLastUsed', { AccessKeyId: GUEST.accessKeyId }))).toEqual([
    403,
    'AccessDenied',
    `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform: iam:GetAccessKeyLastUsed on resource: user guest because no identity-based policy allows the iam:GetAccessKeyLastUsed action`,
  ]);
});
