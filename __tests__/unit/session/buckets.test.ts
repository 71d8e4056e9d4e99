import { describe, expect, test } from '@jest/globals';
import { failuresOf } from '../../../scripts/samples/failures.ts';
import type { Answer } from '../../../src/core/answer.ts';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import type { Buckets, Session } from '../../../src/core/ports.ts';
import type { BucketCheck } from '../../../src/core/request.ts';
import { type BucketReport, checkBuckets } from '../../../src/core/session/buckets.ts';
import { WORDING } from '../../../src/github/wording.ts';
import { type Explanation, explain } from '../../../src/inputs/messages/catalogue.ts';
import { granted, ROLE_SESSION, refused, SESSION, USER } from '../../kit/fake-ports.ts';

const AS_USER: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: undefined };
const AS_ROLE: Session = { ...ROLE_SESSION, by: 'AssumeRole', serial: undefined };
const ROLE_HINT = "Test MFA in the role's trust policy instead, or remove role-to-assume and use the session token";

/** S3 with these buckets; the others fail with a code. */
class FakeBuckets implements Buckets {
  readonly asked: string[] = [];
  readonly #there: Readonly<Record<string, FailureCode | undefined>>;
  readonly #listing: Answer<readonly string[]>;
  #open = 0;
  /** How many were asked for at one time. */
  most = 0;

  constructor(there: Readonly<Record<string, FailureCode | undefined>> = {}, listing?: Answer<readonly string[]>) {
    this.#there = there;
    this.#listing = listing ?? granted(Object.keys(there));
  }

  async list(): Promise<Answer<readonly string[]>> {
    this.asked.push('*');
    return this.#listing;
  }

  head(bucket: string): Promise<Answer<void>> {
    return this.#ask(bucket, bucket);
  }

  listPrefix(bucket: string, prefix: string): Promise<Answer<void>> {
    return this.#ask(bucket, `${bucket}/${prefix}`);
  }

  async #ask(bucket: string, what: string): Promise<Answer<void>> {
    this.asked.push(what);
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    await Promise.resolve();
    this.#open -= 1;
    const code = this.#there[bucket];
    return code === undefined ? granted(undefined) : { ok: false, failure: failuresOf(code)[0], serverTime: undefined };
  }
}

function expecting(...names: readonly string[]): BucketCheck {
  return {
    list: false,
    expected: names.map((name) => {
      const [bucket = '', prefix] = name.split('/');
      return { bucket, prefix };
    }),
  };
}

/** What a user reads of the failure. */
async function failureOf(check: Promise<BucketReport>): Promise<Failure & Explanation> {
  const failure = await rejectionOf(check);
  return Object.assign(failure, explain(failure, WORDING));
}

async function rejectionOf(check: Promise<BucketReport>): Promise<Failure> {
  return check.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    },
  );
}

describe('a check that succeeds', () => {
  test('reports all buckets where they are listed', async () => {
    const buckets = new FakeBuckets({ logs: undefined, data: undefined });
    expect(await checkBuckets({ list: true, expected: [] }, AS_USER, buckets)).toEqual({
      listed: ['logs', 'data'],
      reached: [],
    });
    expect(buckets.asked).toEqual(['*']);
  });

  test('reports what was reached, and lists nothing that nobody asked to list', async () => {
    const buckets = new FakeBuckets();
    expect(await checkBuckets(expecting('logs', 'data/in'), AS_ROLE, buckets)).toEqual({
      listed: undefined,
      reached: [
        { bucket: 'logs', prefix: undefined },
        { bucket: 'data', prefix: 'in' },
      ],
    });
    expect(buckets.asked).toEqual(['logs', 'data/in']);
  });

  test('asks for eight at a time at most', async () => {
    const buckets = new FakeBuckets();
    const names = Array.from({ length: 20 }, (_, index) => `bucket-${index}`);
    await checkBuckets(expecting(...names), AS_USER, buckets);
    expect(buckets.asked).toEqual(names);
    expect(buckets.most).toBe(8);
  });
});

describe('a check that fails', () => {
  test('names who was refused, and everything that could not be reached', async () => {
    const buckets = new FakeBuckets({ secret: 'bucket-denied', gone: 'bucket-not-found' }, refused('buckets-denied'));
    const failure = await failureOf(
      checkBuckets({ ...expecting('secret', 'logs', 'gone'), list: true }, AS_USER, buckets),
    );
    expect(failure.code).toBe('buckets-denied');
    expect(failure.context).toEqual({
      kind: 'bucket-check',
      arn: 'arn:aws:iam::123456789012:user/ci',
      ofRole: false,
      misses: [
        { path: undefined, failure: expect.objectContaining({ code: 'buckets-denied' }) },
        { path: 'secret', failure: expect.objectContaining({ code: 'bucket-denied' }) },
        { path: 'gone', failure: expect.objectContaining({ code: 'bucket-not-found' }) },
      ],
    });
    expect(failure.cause).toMatchObject({ code: 'buckets-denied' });
  });

  test('tells five failures in full and names others, so that hundreds stay readable', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `b${index}`);
    const buckets = new FakeBuckets(Object.fromEntries(names.map((name) => [name, 'bucket-denied'])));
    const expected = names.map((bucket) => ({ bucket, prefix: undefined }));
    const failure = await failureOf(checkBuckets({ list: false, expected }, AS_USER, buckets));
    expect(failure.message.match(/HeadBucket/g)).toHaveLength(5);
    expect(failure.message).toMatch(new RegExp(` ${names.slice(5, 25).join(', ')} and 275 more\\.$`));
  });

  test('has a remedy for each way in which it failed, each once', async () => {
    const buckets = new FakeBuckets({ a: 'bucket-denied', b: 'bucket-denied', c: 'bucket-not-found' });
    const { remedy } = await failureOf(checkBuckets(expecting('a', 'b', 'c'), AS_USER, buckets));
    expect(remedy).toBe(
      "Allow s3:ListBucket on this bucket for the identity above, and check the bucket's policy. Correct the name in expected-buckets, or create the bucket.",
    );
  });

  test.each<FailureCode>(['bucket-denied', 'buckets-denied', 'explicit-deny', 'access-denied'])(
    'as a role for lack of permission (%s) says that a role carries no MFA',
    async (code) => {
      const buckets = new FakeBuckets({ a: code });
      expect((await failureOf(checkBuckets(expecting('a'), AS_ROLE, buckets))).remedy).toContain(ROLE_HINT);
      expect((await failureOf(checkBuckets(expecting('a'), AS_USER, buckets))).remedy).not.toContain(ROLE_HINT);
    },
  );

  test('as a role for lack of permission among other reasons says it, too', async () => {
    const buckets = new FakeBuckets({ a: 'bucket-not-found', b: 'bucket-denied' });
    expect((await failureOf(checkBuckets(expecting('a', 'b'), AS_ROLE, buckets))).remedy).toContain(ROLE_HINT);
  });

  test('as a role for another reason does not', async () => {
    const buckets = new FakeBuckets({ a: 'bucket-not-found' });
    expect((await failureOf(checkBuckets(expecting('a'), AS_ROLE, buckets))).remedy).not.toContain(ROLE_HINT);
  });

  test('is not cut short by the first failure', async () => {
    const buckets = new FakeBuckets({ a: 'bucket-not-found' });
    await failureOf(checkBuckets(expecting('a', 'b', 'c'), AS_USER, buckets));
    expect(buckets.asked).toEqual(['a', 'b', 'c']);
  });
});
