import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Request } from 'aws4';
import { DEMO, type Emulator, SettableClock } from '../../lab/aws/index.ts';
import { amzDate, type Credentials, call, emulate, s3, send, signed } from './wire.ts';

const NOON = Date.parse('2026-09-01T12:00:00Z');
const KEY: Credentials = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

let clock: SettableClock;
let emulator: Emulator;

beforeEach(async () => {
  clock = new SettableClock(NOON);
  emulator = await emulate({ clock });
});

const identity = (request: Partial<Request> = {}, credentials = KEY) =>
  signed(emulator, credentials, { service: 'sts', path: '/', body: BODY, ...request });

/** The request with a header changed after signing. */
const altered = (request: Request, headers: Record<string, string | undefined>): Request => {
  const all = { ...request.headers, ...headers };
  return { ...request, headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) };
};

const authorization = (request: Request) => String(request.headers?.['Authorization']);

describe('a signature by aws4 is', () => {
  test('accepted for STS', async () => {
    const reply = await send(identity());
    expect(reply.status).toBe(200);
    expect(reply.field('Arn')).toBe('arn:aws:iam::111122223333:user/ci');
    expect(reply.field('Account')).toBe('111122223333');
  });

  test('accepted for STS with the parameters in the query', async () => {
    const reply = await send(identity({ method: 'GET', path: `/?${BODY}`, body: '' }));
    expect(reply.field('Arn')).toBe('arn:aws:iam::111122223333:user/ci');
  });

  test('accepted for S3, with characters that S3 encodes once', async () => {
    const reply = await s3(emulator, KEY, '/example-logs?list-type=2&prefix=a%20b%2Fc%2Bd%27%28%29%2A&max-keys=1');
    // Refused for its permissions: the signature is right.
    expect(reply.code).toBe('AccessDenied');
  });

  test('refused if the secret is wrong', async () => {
    const reply = await send(identity({}, { ...KEY, secretAccessKey: `${KEY.secretAccessKey.slice(0, -1)}y` }));
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('SignatureDoesNotMatch');
    expect(reply.message).toBe(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  });

  test('refused if the key is unknown', async () => {
    const reply = await send(identity({}, { ...KEY, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }));
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('InvalidClientTokenId');
    expect(reply.message).toBe('The security token included in the request is invalid.');
  });

  test('refused if the body has changed', async () => {
    const reply = await send({ ...identity(), body: BODY.replace('Caller', 'Cal1er') });
    expect(reply.code).toBe('SignatureDoesNotMatch');
  });

  test('refused if a signed header has changed', async () => {
    const reply = await send(altered(identity(), { Host: 'sts.amazonaws.com' }));
    expect(reply.code).toBe('SignatureDoesNotMatch');
  });

  test('refused if the query has changed', async () => {
    const reply = await send({ ...identity(), path: '/?DurationSeconds=900' });
    expect(reply.code).toBe('SignatureDoesNotMatch');
  });
});

describe('a request is refused', () => {
  test('without a signature', async () => {
    const reply = await send(altered(identity(), { Authorization: undefined }));
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('MissingAuthenticationToken');
    expect(reply.message).toBe('Request is missing Authentication Token');
  });

  test.each(['Basic Zm9v', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00'])(
    'with the Authorization header %s',
    async (header) => {
      const reply = await send(altered(identity(), { Authorization: header }));
      expect(reply.status).toBe(400);
      expect(reply.code).toBe('IncompleteSignature');
    },
  );

  test('if the host isn’t signed', async () => {
    const request = identity();
    const header = authorization(request).replace(';host;', ';');
    const reply = await send(altered(request, { Authorization: header }));
    expect(reply.code).toBe('SignatureDoesNotMatch');
    expect(reply.message).toBe("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  });

  test('if the date isn’t signed', async () => {
    const request = identity();
    const header = authorization(request).replace(';x-amz-date', '');
    const reply = await send(altered(request, { Authorization: header }));
    expect(reply.message).toBe("'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.");
  });

  test('if the scope names another service', async () => {
    const reply = await send(identity({ service: 's3' }));
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('SignatureDoesNotMatch');
    expect(reply.message).toBe("Credential should be scoped to correct service: 'sts'. ");
  });

  test('if the scope doesn’t name a region', async () => {
    const reply = await send(identity({ region: 'nowhere' }));
    expect(reply.message).toBe("Credential should be scoped to a valid region, not 'nowhere'. ");
  });

  test('if the scope and the date have different days', async () => {
    const request = identity();
    const header = authorization(request).replace('/20260901/', '/20260831/');
    const reply = await send(altered(request, { Authorization: header }));
    expect(reply.message).toBe(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260831' != '20260901', from '20260901T120000Z'.",
    );
  });

  test('if the region is in another partition', async () => {
    const reply = await send(identity({ region: 'cn-north-1' }));
    expect(reply.code).toBe('InvalidClientTokenId');
  });

  test('if STS is deactivated in the region', async () => {
    emulator.world.accounts[0]?.disabledRegions.push('eu-west-3');
    const reply = await send(identity({ region: 'eu-west-3' }));
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('RegionDisabledException');
    expect(reply.message).toBe(
      'STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.',
    );
  });

  test('if the opt-in region isn’t enabled', async () => {
    emulator.world.accounts[0]?.optInRegionsOff.push('af-south-1');
    const reply = await send(identity({ region: 'af-south-1' }));
    expect(reply.code).toBe('InvalidClientTokenId');
  });
});

describe('the clock of the caller', () => {
  const at = (iso: string) => identity({ headers: { 'X-Amz-Date': amzDate(Date.parse(iso)) } });

  test('can be wrong by fifteen minutes', async () => {
    expect((await send(at('2026-09-01T11:45:00Z'))).status).toBe(200);
    expect((await send(at('2026-09-01T12:15:00Z'))).status).toBe(200);
  });

  test('can’t be behind by a second more', async () => {
    const reply = await send(at('2026-09-01T11:44:59Z'));
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('SignatureDoesNotMatch');
    expect(reply.message).toBe(
      'Signature expired: 20260901T114459Z is now earlier than 20260901T114500Z (20260901T120000Z - 15 min.)',
    );
  });

  test('can’t be ahead by a second more', async () => {
    const reply = await send(at('2026-09-01T12:15:01Z'));
    expect(reply.code).toBe('SignatureDoesNotMatch');
    expect(reply.message).toBe(
      'Signature not yet current: 20260901T121501Z is still later than 20260901T121500Z (20260901T120000Z + 15 min.)',
    );
  });

  test('gets RequestTimeTooSkewed from S3', async () => {
    const reply = await send(
      signed(emulator, KEY, { service: 's3', path: '/', headers: { 'X-Amz-Date': amzDate(NOON - 901_000) } }),
    );
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('RequestTimeTooSkewed');
    expect(reply.message).toBe('The difference between the request time and the current time is too large.');
  });
});

describe('temporary credentials', () => {
  let session: Credentials;
  beforeEach(async () => {
    session = (await call(emulator, KEY, 'GetSessionToken', { DurationSeconds: '900' })).credentials;
  });

  test('begin with ASIA and work with their token', async () => {
    expect(session.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(session.secretAccessKey).toHaveLength(40);
    expect((await call(emulator, session, 'GetCallerIdentity')).field('Arn')).toBe('arn:aws:iam::111122223333:user/ci');
  });

  test('are unknown without their token', async () => {
    const { accessKeyId, secretAccessKey } = session;
    const reply = await call(emulator, { accessKeyId, secretAccessKey }, 'GetCallerIdentity');
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('InvalidClientTokenId');
  });

  test('are unknown with the token of another session', async () => {
    const other = (await call(emulator, KEY, 'GetSessionToken')).credentials;
    const mixed = { ...session, sessionToken: other.sessionToken ?? '' };
    expect((await call(emulator, mixed, 'GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  });

  test('need their own secret', async () => {
    const reply = await call(emulator, { ...session, secretAccessKey: KEY.secretAccessKey }, 'GetCallerIdentity');
    expect(reply.code).toBe('SignatureDoesNotMatch');
  });

  test('expire', async () => {
    clock.advance(899_000);
    expect((await call(emulator, session, 'GetCallerIdentity')).status).toBe(200);
    clock.advance(1000);
    const reply = await call(emulator, session, 'GetCallerIdentity');
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('ExpiredToken');
    expect(reply.message).toBe('The security token included in the request is expired');
  });

  test('expire in S3’s words', async () => {
    clock.advance(900_000);
    const reply = await s3(emulator, session, '/');
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('ExpiredToken');
    expect(reply.message).toBe('The provided token has expired.');
  });

  test('are refused if the key is a long-term one', async () => {
    const reply = await call(emulator, { ...KEY, sessionToken: session.sessionToken ?? '' }, 'GetCallerIdentity');
    expect(reply.code).toBe('InvalidClientTokenId');
  });

  test('stop working when their user is deleted', async () => {
    emulator.world.accounts[0]?.users.pop();
    expect((await call(emulator, session, 'GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  });
});

describe('S3 has its own words if', () => {
  test('a key is unknown', async () => {
    const reply = await s3(emulator, { ...KEY, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }, '/');
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('InvalidAccessKeyId');
    expect(reply.body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>InvalidAccessKeyId<\/Code>/);
  });

  test('the secret is wrong', async () => {
    const reply = await s3(emulator, { ...KEY, secretAccessKey: 'another' }, '/');
    expect(reply.code).toBe('SignatureDoesNotMatch');
    expect(reply.message).toBe(
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  });

  test('the stated hash isn’t that of the payload', async () => {
    const request = signed(emulator, KEY, {
      service: 's3',
      path: '/',
      headers: { 'X-Amz-Content-Sha256': '0'.repeat(64) },
    });
    const reply = await send(request);
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('XAmzContentSHA256Mismatch');
  });

  test('a header isn’t signed', async () => {
    const reply = await send(altered(signed(emulator, KEY, { service: 's3', path: '/' }), { 'x-amz-extra': '1' }));
    expect(reply.status).toBe(403);
    expect(reply.message).toBe('There were headers present in the request which were not signed');
    expect(reply.field('HeadersNotSigned')).toBe('x-amz-extra');
  });
});
