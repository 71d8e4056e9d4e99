import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { create } from 'xmlbuilder2';
import { codeOfStep, DEMO, type Emulator, OffsetClock, SettableClock, startEmulator } from '../../lab/aws/index.ts';
import { propertyRuns } from '../kit/property-runs.ts';
import { type Credentials, call, emulate, s3, send, signed } from './wire.ts';

const NOON = Date.parse('2026-09-01T12:00:00Z');
const KEY: Credentials = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };

const atNoon = () => emulate({ clock: new SettableClock(NOON) });

/** Sends bytes and collects the answer until the connection ends. */
function raw(emulator: Emulator, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = '';
  const socket = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1', () => socket.end(text));
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => resolve(received));
  socket.on('close', () => resolve(received));
  return promise;
}

describe('every answer, even a refusal, has', () => {
  test('the emulator’s time in its Date', async () => {
    const clock = new SettableClock(NOON);
    const emulator = await emulate({ clock });
    expect((await call(emulator, KEY, 'GetCallerIdentity')).headers['date']).toBe('Tue, 01 Sep 2026 12:00:00 GMT');
    clock.advance(3_600_000);
    const refusal = await call(emulator, { ...KEY, secretAccessKey: 'x' }, 'GetCallerIdentity');
    expect(refusal.headers['date']).toBe('Tue, 01 Sep 2026 13:00:00 GMT');
    expect((await s3(emulator, KEY, '/nothing', { method: 'HEAD' })).headers['date']).toBe(
      'Tue, 01 Sep 2026 13:00:00 GMT',
    );
  });

  test('an ID, also in its XML', async () => {
    const emulator = await atNoon();
    const answer = await call(emulator, KEY, 'GetCallerIdentity');
    expect(answer.headers['x-amzn-requestid']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    );
    expect(answer.field('RequestId')).toBe(answer.headers['x-amzn-requestid']);
    const refusal = await s3(emulator, KEY, '/');
    expect(refusal.headers['x-amz-request-id']).toBe(refusal.headers['x-amzn-requestid']);
    expect(refusal.field('RequestId')).toBe(refusal.headers['x-amzn-requestid']);
    expect(refusal.headers['x-amz-id-2']).toBe(refusal.field('HostId'));
  });
});

describe('the log of calls', () => {
  test('contains each request as it was sent, and its result', async () => {
    const emulator = await atNoon();
    const params = { SerialNumber: DEMO.serial, TokenCode: codeOfStep(DEMO.seed, 59_608_801), DurationSeconds: '900' };
    await call(emulator, KEY, 'GetSessionToken', params, { region: 'eu-west-1' });
    await s3(emulator, KEY, '/?prefix=a%20b');
    expect(emulator.calls).toHaveLength(2);
    expect(emulator.calls[0]).toEqual({
      at: NOON,
      service: 'sts',
      operation: 'GetSessionToken',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      region: 'eu-west-1',
      params: { Action: 'GetSessionToken', Version: '2011-06-15', ...params },
      headers: expect.objectContaining({ host: new URL(emulator.endpoint).host, 'x-amz-date': '20260901T120000Z' }),
      mfa: { serial: DEMO.serial, code: params.TokenCode, step: 59_608_801, verdict: 'accepted' },
      status: 200,
      errorCode: undefined,
    });
    expect(emulator.calls[1]).toMatchObject({
      service: 's3',
      operation: 'ListBuckets',
      params: { prefix: 'a b' },
      mfa: undefined,
      status: 403,
      errorCode: 'AccessDenied',
    });
  });
});

describe('nonsense', () => {
  test.each([
    [
      'Action=Frobnicate&Version=2011-06-15',
      'InvalidAction',
      'Could not find operation Frobnicate for version 2011-06-15',
    ],
    [
      'Action=GetCallerIdentity&Version=1999-01-01',
      'InvalidAction',
      'Could not find operation GetCallerIdentity for version 1999-01-01',
    ],
    ['Version=2011-06-15', 'MissingAction', 'Action is missing'],
    ['nothing', 'MissingAction', 'Action is missing'],
  ])('in a form is refused: %s', async (body, code, message) => {
    const emulator = await atNoon();
    const reply = await send(signed(emulator, KEY, { service: 'sts', path: '/', body }));
    expect([reply.status, reply.code, reply.message]).toEqual([400, code, message]);
    expect(emulator.calls[0]).toMatchObject({ operation: 'Unknown', status: 400 });
  });

  test('that isn’t HTTP gets 400 and doesn’t harm the emulator', async () => {
    const emulator = await atNoon();
    expect(await raw(emulator, 'EHLO example.com\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(emulator, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')).toBeDefined();
    expect((await call(emulator, KEY, 'GetCallerIdentity')).status).toBe(200);
  });

  test('in percent-encoding is refused like a wrong signature', async () => {
    const emulator = await atNoon();
    const request = signed(emulator, KEY, { service: 's3', path: '/' });
    expect((await send({ ...request, path: '/%E0%A4%A?%=%&&=' })).code).toBe('SignatureDoesNotMatch');
  });

  test('of any kind is refused and never breaks anything', async () => {
    const emulator = await atNoon();
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    const names = fc.constantFrom(
      'RoleArn',
      'RoleSessionName',
      'DurationSeconds',
      'SerialNumber',
      'TokenCode',
      'Policy',
      'PolicyArns.member.1.arn',
      'Tags.member.1.Key',
      'Tags.member.-1.Value',
      'Tags.member.99999999999.Key',
      'TransitiveTagKeys.member.1',
      '__proto__',
    );
    const action = fc.constantFrom('GetSessionToken', 'AssumeRole', 'GetCallerIdentity');
    await fc.assert(
      fc.asyncProperty(action, fc.dictionary(names, fc.oneof(anything, fc.json())), async (name, params) => {
        const reply = await call(emulator, KEY, name, params);
        expect(reply.status).toBeLessThan(500);
        expect(() => create(reply.body)).not.toThrow();
      }),
      propertyRuns(60),
    );
    const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(printable, printable, async (header, path) => {
        const headers = { Authorization: `AWS4-HMAC-SHA256 ${header}`.trim() };
        const reply = await send({ ...signed(emulator, KEY, { service: 's3' }), path: encodeURI(`/${path}`), headers });
        expect([400, 403]).toContain(reply.status);
      }),
      propertyRuns(40),
    );
  });

  test('of a megabyte is too large', async () => {
    const emulator = await atNoon();
    const body = `Action=GetCallerIdentity&Version=2011-06-15&Padding=${'x'.repeat(1_000_000)}`;
    const reply = await send(signed(emulator, KEY, { service: 'sts', path: '/', body }));
    expect([reply.status, reply.code]).toEqual([413, 'RequestEntityTooLarge']);
    expect((await call(emulator, KEY, 'GetCallerIdentity')).status).toBe(200);
  });

  test('in a world that a test changed is noticed', async () => {
    const emulator = await atNoon();
    emulator.world.accounts[0]?.users[0]?.policies.push({
      Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Sometimes: { 'aws:username': 'x' } } },
    });
    const reply = await s3(emulator, KEY, '/');
    expect([reply.status, reply.code]).toEqual([500, 'InternalFailure']);
    expect(reply.message).toContain("the emulator doesn't know the condition operator Sometimes");
  });
});

describe('the emulator', () => {
  test('listens on the loopback interface, with the demo world and this machine’s time', async () => {
    const emulator = await emulate();
    expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(emulator.caPem).toBeUndefined();
    expect((await call(emulator, KEY, 'GetCallerIdentity')).field('Arn')).toBe('arn:aws:iam::111122223333:user/ci');
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(1000);
  });

  test('can be ahead of this machine', async () => {
    const emulator = await emulate({ clock: new OffsetClock(86_400_000) });
    expect(emulator.clock.now() - Date.now()).toBeGreaterThan(86_300_000);
    expect((await call(emulator, KEY, 'GetCallerIdentity')).status).toBe(200);
  });

  test('delays every answer by its latency', async () => {
    const emulator = await emulate({ latencyMs: 30 });
    const started = performance.now();
    await call(emulator, { ...KEY, secretAccessKey: 'x' }, 'GetCallerIdentity');
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  });

  test('uses TLS, with a certificate that its PEM verifies', async () => {
    const emulator = await emulate({ tls: true, clock: new SettableClock(NOON) });
    expect(emulator.endpoint).toMatch(/^https:\/\/localhost:\d+$/);
    const { headers, path, port } = signed(emulator, KEY, {
      service: 'sts',
      path: '/?Action=GetCallerIdentity&Version=2011-06-15',
    });
    for (const hostname of ['localhost', '127.0.0.1']) {
      const status = await new Promise((resolve, reject) => {
        httpsRequest({ hostname, port, path, headers, ca: emulator.caPem }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(200);
    }
  });

  test('refuses a port that is taken', async () => {
    const emulator = await emulate();
    const port = Number(new URL(emulator.endpoint).port);
    await expect(startEmulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('ends idle connections when it closes', async () => {
    const emulator = await emulate();
    const socket = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await emulator.close();
    await ended;
    await expect(call(emulator, KEY, 'GetCallerIdentity')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
