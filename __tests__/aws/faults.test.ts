import { beforeEach, describe, expect, test } from '@jest/globals';
import { codeOfStep, DEMO, type Emulator, SettableClock } from '../../lab/aws/index.ts';
import { type Credentials, call, emulate, s3 } from './wire.ts';

const KEY: Credentials = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };
const STEP = 59_608_800;

let emulator: Emulator;

beforeEach(async () => {
  emulator = await emulate({ clock: new SettableClock(Date.parse('2026-09-01T12:00:00Z')) });
});

const mint = (step = STEP) =>
  call(emulator, KEY, 'GetSessionToken', { SerialNumber: DEMO.serial, TokenCode: codeOfStep(DEMO.seed, step) });
const lastCall = () => emulator.calls.at(-1);

describe('a fault', () => {
  test('affects the given number of requests', async () => {
    emulator.faults.add({ kind: 'throttle', times: 2 });
    expect([(await mint()).status, (await mint()).status, (await mint()).status]).toEqual([400, 400, 200]);
  });

  test('only affects its operation', async () => {
    emulator.faults.add({ kind: 'throttle', operation: 'AssumeRole' });
    emulator.faults.add({ kind: 'throttle', service: 's3' });
    expect((await mint()).status).toBe(200);
    expect((await s3(emulator, KEY, '/')).code).toBe('Throttling');
  });

  test('waits for those that were added earlier', async () => {
    emulator.faults.add({ kind: 'throttle' });
    emulator.faults.add({ kind: 'status', status: 500 });
    expect([(await mint()).status, (await mint()).status, (await mint()).status]).toEqual([400, 500, 200]);
  });

  test('can be the one of a later request', async () => {
    emulator.faults.add({ kind: 'throttle', operation: 'GetSessionToken', skip: 1 });
    expect([(await mint()).status, (await mint(STEP + 1)).status, (await mint(STEP + 1)).status]).toEqual([
      200, 400, 200,
    ]);
  });

  test('can be cleared', async () => {
    emulator.faults.add({ kind: 'throttle', times: Number.POSITIVE_INFINITY });
    expect((await mint()).status).toBe(400);
    emulator.faults.clear();
    expect((await mint()).status).toBe(200);
  });
});

describe('throttling', () => {
  test.each([
    ['Throttling', 400, 'Rate exceeded'],
    ['TooManyRequestsException', 429, 'Rate exceeded'],
    ['SlowDown', 503, 'Please reduce your request rate.'],
  ] as const)('as %s spends no code', async (as, status, message) => {
    emulator.faults.add({ kind: 'throttle', as });
    const reply = await mint();
    expect([reply.status, reply.code, reply.message]).toEqual([status, as, message]);
    expect(lastCall()).toMatchObject({ mfa: undefined, status, errorCode: as });
    expect((await mint()).status).toBe(200);
  });
});

describe('IAM that is busy with a change', () => {
  test.each([
    ['EntityTemporarilyUnmodifiable', 'MFA cannot be enabled while the Login Profile for principal is being created.'],
    [
      'ConcurrentModification',
      'The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and submit your request again.',
    ],
  ] as const)('refuses with %s', async (as, message) => {
    emulator.faults.add({ kind: 'busy', as, operation: 'EnableMFADevice' });
    const enable = () => call(emulator, KEY, 'EnableMFADevice', {}, { service: 'iam' });
    const reply = await enable();
    expect([reply.status, reply.code, reply.message]).toEqual([409, as, message]);
    expect((await enable()).code).toBe('ValidationError');
  });
});

describe('a status', () => {
  test('comes with AWS’s XML', async () => {
    emulator.faults.add({ kind: 'status', status: 500 });
    const reply = await mint();
    expect([reply.status, reply.code, reply.headers['content-type']]).toEqual([500, 'InternalFailure', 'text/xml']);
    expect(reply.field('Type')).toBe('Receiver');
    emulator.faults.add({ kind: 'status', status: 503 });
    expect((await mint()).code).toBe('ServiceUnavailable');
  });

  test('comes with the page of a proxy', async () => {
    emulator.faults.add({ kind: 'status', status: 502, body: 'html' });
    const reply = await mint();
    expect([reply.status, reply.code, reply.headers['content-type']]).toEqual([502, undefined, 'text/html']);
    expect(reply.body).toContain('<html>');
  });

  test('can hide that the code was used', async () => {
    emulator.faults.add({ kind: 'status', status: 502, body: 'html', handled: true });
    await mint();
    expect(lastCall()?.mfa?.verdict).toBe('accepted');
    expect((await mint()).status).toBe(403);
  });
});

describe('a connection', () => {
  test('that is reset before AWS handles the request uses no code', async () => {
    emulator.faults.add({ kind: 'reset-before' });
    await expect(mint()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lastCall()).toMatchObject({ operation: 'GetSessionToken', status: 0, mfa: undefined });
    expect((await mint()).status).toBe(200);
  });

  test('that is reset after AWS handled the request uses the code', async () => {
    emulator.faults.add({ kind: 'reset-after' });
    await expect(mint()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lastCall()).toMatchObject({ status: 0, mfa: { verdict: 'accepted', step: STEP } });
    expect((await mint()).message).toBe('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  });

  test('can hang until the emulator closes', async () => {
    emulator.faults.add({ kind: 'hang' });
    const hanging = expect(mint()).rejects.toMatchObject({ code: 'ECONNRESET' });
    while (emulator.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await emulator.close();
    await hanging;
  });

  test('can be slow', async () => {
    emulator.faults.add({ kind: 'slow', ms: 30 });
    const started = performance.now();
    expect((await mint()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  });
});

describe('an answer', () => {
  test('can end in the middle', async () => {
    emulator.faults.add({ kind: 'truncate' });
    const reply = await mint();
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('<AccessKeyId>');
    expect(reply.body).not.toContain('</GetSessionTokenResponse>');
  });

  test('can miss a field', async () => {
    emulator.faults.add({ kind: 'omit-field', field: 'SessionToken' });
    const reply = await mint();
    expect(reply.status).toBe(200);
    expect(reply.field('SessionToken')).toBeUndefined();
    expect(reply.field('SecretAccessKey')).toHaveLength(40);
    expect(reply.field('Expiration')).toBe('2026-09-02T00:00:00Z');
  });

  test('can have the time of a stale cache', async () => {
    emulator.faults.add({ kind: 'date', date: Date.parse('2026-09-01T10:00:00Z'), age: 7200 });
    const reply = await mint();
    expect(reply.headers['date']).toBe('Tue, 01 Sep 2026 10:00:00 GMT');
    expect(reply.headers['age']).toBe('7200');
    expect((await mint()).headers['date']).toBe('Tue, 01 Sep 2026 12:00:00 GMT');
  });

  test('can be slow and wrong at the same time', async () => {
    emulator.faults.add({ kind: 'date', date: 'yesterday' });
    emulator.faults.add({ kind: 'throttle' });
    const reply = await mint();
    expect([reply.status, reply.headers['date']]).toEqual([400, 'yesterday']);
  });

  test('can be any refusal', async () => {
    emulator.faults.add({
      kind: 'refuse-with',
      status: 403,
      code: 'AccessDenied',
      message: 'with an explicit deny in a service control policy <&>',
    });
    const reply = await mint();
    expect([reply.status, reply.code, reply.message]).toEqual([
      403,
      'AccessDenied',
      'with an explicit deny in a service control policy <&>',
    ]);
    emulator.faults.add({ kind: 'refuse-with', service: 's3', status: 403, code: 'AllAccessDisabled', message: 'No' });
    expect((await s3(emulator, KEY, '/')).body).toContain('<Error><Code>AllAccessDisabled</Code>');
  });
});

describe('a short life of roles', () => {
  const clock = (): SettableClock => emulator.clock as SettableClock;
  const assume = (session: Credentials, params: Readonly<Record<string, string>> = {}) =>
    call(emulator, session, 'AssumeRole', { RoleArn: DEMO.roleArn, RoleSessionName: 'ci', ...params });
  const who = (session: Credentials) => call(emulator, session, 'GetCallerIdentity');

  test('is stated and enforced', async () => {
    const { credentials } = await mint();
    emulator.faults.add({ kind: 'role-lifetime', seconds: 10 });
    const role = await assume(credentials);
    expect(role.field('Expiration')).toBe('2026-09-01T12:00:10Z');
    clock().advance(9_999);
    expect((await who(role.credentials)).status).toBe(200);
    clock().advance(1);
    expect((await who(role.credentials)).code).toBe('ExpiredToken');
  });

  test('changes nothing that AWS validates', async () => {
    const { credentials } = await mint();
    emulator.faults.add({ kind: 'role-lifetime', seconds: 10, times: Number.POSITIVE_INFINITY });
    expect((await assume(credentials, { DurationSeconds: '899' })).code).toBe('ValidationError');
    expect((await assume(credentials, { DurationSeconds: '3601' })).code).toBe('ValidationError');
    expect((await assume(credentials, { DurationSeconds: '900' })).field('Expiration')).toBe('2026-09-01T12:00:10Z');
  });

  test('leaves the session of the user alone', async () => {
    emulator.faults.add({ kind: 'role-lifetime', seconds: 10, times: Number.POSITIVE_INFINITY });
    const session = await mint();
    expect(session.field('Expiration')).toBe('2026-09-02T00:00:00Z');
    clock().advance(3_600_000);
    expect((await who(session.credentials)).status).toBe(200);
  });

  test('combines with other faults', async () => {
    const { credentials } = await mint();
    emulator.faults.add({ kind: 'role-lifetime', seconds: 10, operation: 'AssumeRole', times: 2 });
    emulator.faults.add({ kind: 'throttle', operation: 'AssumeRole' });
    expect((await assume(credentials)).code).toBe('Throttling');
    expect((await assume(credentials)).field('Expiration')).toBe('2026-09-01T12:00:10Z');
    expect((await assume(credentials)).field('Expiration')).toBe('2026-09-01T13:00:00Z');
  });

  test('doesn’t lengthen a session', async () => {
    const { credentials } = await mint();
    emulator.faults.add({ kind: 'role-lifetime', seconds: 7200 });
    expect((await assume(credentials)).field('Expiration')).toBe('2026-09-01T13:00:00Z');
  });
});
