import { beforeEach, describe, expect, test } from '@jest/globals';
import { build, DEMO, type Emulator, SettableClock, type User } from '../../lab/aws/index.ts';
import { type Credentials, call, emulate } from './wire.ts';

const { account, user, world } = build;
const NOON = Date.parse('2026-09-01T12:00:00.750Z');
const KEY: Credentials = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };

let emulator: Emulator;
let dev: User;

beforeEach(async () => {
  dev = user({ name: 'dev', path: '/team/', accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }] });
  emulator = await emulate({
    clock: new SettableClock(NOON),
    world: world({ accounts: [account({ id: '111122223333', users: [dev] })] }),
  });
});

const get = (params: Record<string, string> = {}) => call(emulator, KEY, 'GetSessionToken', params);

describe('the duration of GetSessionToken', () => {
  test('is twelve hours by default, in whole seconds', async () => {
    expect((await get()).field('Expiration')).toBe('2026-09-02T00:00:00Z');
  });

  test.each([
    ['900', '2026-09-01T12:15:00Z'],
    ['129600', '2026-09-03T00:00:00Z'],
  ])('can be %s seconds', async (seconds, expiration) => {
    expect((await get({ DurationSeconds: seconds })).field('Expiration')).toBe(expiration);
  });

  test('can’t be 899 seconds', async () => {
    const reply = await get({ DurationSeconds: '899' });
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('ValidationError');
    expect(reply.message).toBe(
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    );
  });

  test('can’t be 129601 seconds', async () => {
    expect((await get({ DurationSeconds: '129601' })).message).toBe(
      "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600",
    );
  });

  test.each(['1h', '', '900.5', '1e3'])('can’t be “%s”', async (seconds) => {
    const reply = await get({ DurationSeconds: seconds });
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('MalformedInput');
  });
});

describe('before it verifies the code, STS checks the form of serial number and code:', () => {
  test('all violations together', async () => {
    const reply = await get({ SerialNumber: 'phone #1', TokenCode: '12345a7' });
    expect(reply.status).toBe(400);
    expect(reply.message).toBe(
      "4 validation errors detected: Value 'phone #1' at 'serialNumber' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=/:,.@-]*; " +
        "Value 'phone #1' at 'serialNumber' failed to satisfy constraint: Member must have length greater than or equal to 9; " +
        "Value '12345a7' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*; " +
        "Value '12345a7' at 'tokenCode' failed to satisfy constraint: Member must have length less than or equal to 6",
    );
    expect(emulator.calls.at(-1)?.mfa).toBeUndefined();
  });

  test('an empty code', async () => {
    expect((await get({ SerialNumber: 'GAHT12345678', TokenCode: '' })).message).toBe(
      "1 validation error detected: Value '' at 'tokenCode' failed to satisfy constraint: Member must have length greater than or equal to 6",
    );
  });

  test('a serial number of 257 characters', async () => {
    expect((await get({ SerialNumber: 'x'.repeat(257), TokenCode: '123456' })).message).toContain(
      "at 'serialNumber' failed to satisfy constraint: Member must have length less than or equal to 256",
    );
  });
});

describe('GetSessionToken', () => {
  test('needs no permission, and returns a session of the user, including the path', async () => {
    const { credentials } = await get();
    expect((await call(emulator, credentials, 'GetCallerIdentity')).field('Arn')).toBe(
      'arn:aws:iam::111122223333:user/team/dev',
    );
  });

  test('can be denied by a policy', async () => {
    dev.policies.push({
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Action: 'sts:GetSessionToken', Resource: '*' },
    });
    const reply = await get();
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('AccessDenied');
    expect(reply.message).toBe(
      'User: arn:aws:iam::111122223333:user/team/dev is not authorized to perform: sts:GetSessionToken with an explicit deny in an identity-based policy',
    );
  });

  test('refuses temporary credentials', async () => {
    const { credentials } = await get();
    const reply = await call(emulator, credentials, 'GetSessionToken');
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('AccessDenied');
    expect(reply.message).toBe('Cannot call GetSessionToken with session credentials');
  });

  test('answers in STS’s XML', async () => {
    const reply = await get();
    const { accessKeyId, secretAccessKey, sessionToken } = reply.credentials;
    expect(reply.headers['content-type']).toBe('text/xml');
    expect(reply.body).toBe(
      '<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult><Credentials>' +
        `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
        `<SessionToken>${sessionToken}</SessionToken><Expiration>2026-09-02T00:00:00Z</Expiration></Credentials>` +
        `</GetSessionTokenResult><ResponseMetadata><RequestId>${reply.headers['x-amzn-requestid']}</RequestId>` +
        '</ResponseMetadata></GetSessionTokenResponse>',
    );
  });

  test('refuses in STS’s XML', async () => {
    const reply = await get({ DurationSeconds: '1' });
    expect(reply.body).toMatch(
      /^<ErrorResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><Error><Type>Sender<\/Type><Code>ValidationError<\/Code><Message>1 validation error detected: Value &apos;1&apos; at [^<]*<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
  });
});
