import { describe, expect, test } from '@jest/globals';
import { failuresOf } from '../../../scripts/samples/failures.ts';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import type { Answer, Buckets, Session } from '../../../src/core/ports.ts';
import type { BucketCheck } from '../../../src/core/request.ts';
import { type BucketReport, checkBuckets } from '../../../src/core/session/buckets.ts';
import { WORDING } from '../../../src/github/wording.ts';
import { type Explanation, explain } from '../../../src/inputs/messages/catalogue.ts';
import { granted, ROLE_SESSION, refused, SESSION, USER } from '../../kit/fake-ports.ts';

const AS_USER: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: undefined };
const AS_ROLE: Session = { ...ROLE_SESSION, by: 'AssumeRole', serial: undefined };

/** S3 with these buckets; the others fail with a code. */
class FakeBuckets implements Buckets {
  readonly asked: string[] = [];
  readonly #there: Readonly<Record<string, FailureCode | undefined>>;
  readonly #listing: Answer<readonly string[]>;
  #open = 0;
  /** How many were checked at the same time. */
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
  test('reports all buckets if they are listed', async () => {
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

  test('checks at most eight at the same time', async () => {
    const buckets = new FakeBuckets();
    const names = Array.from({ length: 20 }, (_, index) => `bucket-${index}`);
    await checkBuckets(expecting(...names), AS_USER, buckets);
    expect(buckets.asked).toEqual(names);
    expect(buckets.most).toBe(8);
  });
});

describe('a check that fails', () => {
  test('says who was refused, and everything that can’t be reached', async () => {
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

  test('knows that the credentials are of a role', async () => {
    const failure = await failureOf(checkBuckets(expecting('a'), AS_ROLE, new FakeBuckets({ a: 'bucket-denied' })));
    expect(failure.context).toMatchObject({ arn: ROLE_SESSION.identity.arn, ofRole: true });
  });

  test('doesn’t stop at the first failure', async () => {
    const buckets = new FakeBuckets({ a: 'bucket-not-found' });
    await failureOf(checkBuckets(expecting('a', 'b', 'c'), AS_USER, buckets));
    expect(buckets.asked).toEqual(['a', 'b', 'c']);
  });
});
