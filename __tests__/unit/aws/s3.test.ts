import { afterEach, describe, expect, test } from '@jest/globals';
import { createBuckets } from '../../../src/aws/s3.ts';
import type { Keys } from '../../../src/core/credentials.ts';
import type { Buckets } from '../../../src/core/ports.ts';
import { clientSetting } from '../../kit/client-setting.ts';
import { type StubAnswer, type StubServer, stubServer } from '../../kit/stub-server.ts';

const KEYS: Keys = { accessKeyId: 'ASIASESSION000000001', secretAccessKey: 'secret', sessionToken: 'token' };
const servers: StubServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function bucketsWith(
  answers: readonly StubAnswer[],
): Promise<{ readonly buckets: Buckets; readonly server: StubServer }> {
  const server = await stubServer(answers);
  servers.push(server);
  return { buckets: createBuckets(clientSetting(server.endpoint), KEYS), server };
}

/** One page of a listing. */
function page(names: readonly string[], next?: string): StubAnswer {
  const buckets = names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('');
  const token = next === undefined ? '' : `<ContinuationToken>${next}</ContinuationToken>`;
  return { body: `<ListAllMyBucketsResult><Buckets>${buckets}</Buckets>${token}</ListAllMyBucketsResult>` };
}

function refusal(status: number, code: string, message: string): StubAnswer {
  return { status, body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}

describe('listing the buckets', () => {
  test('goes through all pages, with the new credentials', async () => {
    const { buckets, server } = await bucketsWith([page(['a', 'b'], 'next'), page(['c'])]);
    expect(await buckets.list()).toMatchObject({ ok: true, value: ['a', 'b', 'c'] });
    expect(server.requests[0]?.headers['x-amz-security-token']).toBe('token');
    expect(server.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('continuation-token'))).toEqual([
      null,
      'next',
    ]);
  });

  test('may find none', async () => {
    const { buckets } = await bucketsWith([page([])]);
    expect(await buckets.list()).toMatchObject({ ok: true, value: [] });
  });

  test('does not go round in a circle', async () => {
    const { buckets } = await bucketsWith([page(['a'], 'one'), page(['b'], 'two'), page(['c'], 'one')]);
    expect(await buckets.list()).toMatchObject({ ok: false, failure: { code: 'incomplete-answer' } });
  });

  test.each([
    [403, 'AccessDenied', 'Access Denied', 'buckets-denied'],
    [
      403,
      'AccessDenied',
      'User: x is not authorized … with an explicit deny in an identity-based policy',
      'explicit-deny',
    ],
    [403, 'InvalidAccessKeyId', 'It does not exist.', 'buckets-unauthenticated'],
    [400, 'ExpiredToken', 'The provided token has expired.', 'buckets-unauthenticated'],
    [400, 'InvalidToken', 'The provided token is malformed.', 'buckets-unauthenticated'],
    [403, 'SignatureDoesNotMatch', 'It does not match.', 'buckets-unauthenticated'],
    [403, 'RequestTimeTooSkewed', 'The difference is too large.', 'clock-off'],
    [503, 'SlowDown', 'Please reduce your request rate.', 'throttled'],
    [500, 'InternalError', 'It broke.', 'service-unavailable'],
  ])('that is refused tells why: HTTP %i %s, %s is %s', async (status, code, message, failure) => {
    const { buckets } = await bucketsWith([refusal(status, code, message)]);
    const answer = await buckets.list();
    expect(!answer.ok && answer.failure.code).toBe(failure);
  });
});

describe('reaching a bucket', () => {
  test('asks for its head alone', async () => {
    const { buckets, server } = await bucketsWith([{}]);
    expect((await buckets.head('logs')).ok).toBe(true);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['HEAD /logs/']);
  });

  test('that is refused is asked for again in a way that says why, since a HEAD has no body', async () => {
    const { buckets, server } = await bucketsWith([
      { status: 403 },
      refusal(403, 'AccessDenied', 'User: x is not authorized to perform: s3:ListBucket'),
    ]);
    const answer = await buckets.head('logs');
    expect(!answer.ok && answer.failure.code).toBe('bucket-denied');
    expect(!answer.ok && answer.failure.facts).toEqual({
      call: 'ListObjectsV2',
      bucket: 'logs',
      aws: 'AccessDenied: User: x is not authorized to perform: s3:ListBucket',
    });
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  test('that is not there is no question of permission', async () => {
    const { buckets, server } = await bucketsWith([{ status: 404 }]);
    const answer = await buckets.head('gone');
    expect(answer).toMatchObject({
      ok: false,
      failure: { code: 'bucket-not-found', facts: { call: 'HeadBucket', bucket: 'gone', aws: 'NotFound' } },
    });
    expect(server.requests).toHaveLength(1);
  });

  test('asks for one object under a prefix where one is given', async () => {
    const { buckets, server } = await bucketsWith([{ body: '<ListBucketResult></ListBucketResult>' }]);
    expect((await buckets.listPrefix('logs', 'in/ä b')).ok).toBe(true);
    const url = new URL(server.requests[0]?.url ?? '', 'http://x');
    expect(url.pathname).toBe('/logs/');
    expect(url.searchParams.get('prefix')).toBe('in/ä b');
    expect(url.searchParams.get('max-keys')).toBe('1');
  });
});
