import { HeadBucketCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Answer } from '../core/answer.ts';
import { Failure } from '../core/failure.ts';
import type { Buckets, Keys } from '../core/ports.ts';
import { type ClientSetting, clientOptions } from './client-options.ts';
import { diagnose, refusalOf } from './diagnose.ts';

/** S3 API reference, ListBuckets: up to 10,000 a page. */
const PAGE = 1000;
/** Codes with which S3 says that it does not know the credentials at all. */
const UNAUTHENTICATED =
  /^(?:InvalidAccessKeyId|InvalidToken|ExpiredToken|SignatureDoesNotMatch|AuthorizationHeaderMalformed|MissingSecurityHeader)/;
const CLOCK_OFF = /^(?:RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)/;

/** The Buckets port on the SDK's client. Loaded only where the new credentials are to be checked. */
export function createBuckets(setting: ClientSetting & { readonly endpoint: string | undefined }, keys: Keys): Buckets {
  const client = new S3Client({
    ...clientOptions(setting, keys, setting.endpoint, setting.maxAttempts),
    // A bucket of another region is reached there; path style, because an endpoint of one's own has no host per bucket.
    followRegionRedirects: true,
    forcePathStyle: setting.endpoint !== undefined,
    useArnRegion: false,
    disableS3ExpressSessionAuth: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const options = { abortSignal: setting.signal };

  async function ask<T>(call: string, bucket: string | undefined, send: () => Promise<T>): Promise<Answer<T>> {
    try {
      return { ok: true, value: await send(), serverTime: undefined };
    } catch (error) {
      if (setting.signal.aborted) throw setting.signal.reason;
      return { ok: false, failure: explain(error, call, bucket), serverTime: undefined };
    }
  }

  const listObjects = (bucket: string, prefix: string): Promise<Answer<void>> =>
    ask('ListObjectsV2', bucket, async () => {
      await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }), options);
    });

  return {
    list: () =>
      ask('ListBuckets', undefined, async () => {
        const names: string[] = [];
        const seen = new Set<string>();
        let token: string | undefined;
        do {
          const page = await client.send(
            new ListBucketsCommand({ MaxBuckets: PAGE, ContinuationToken: token }),
            options,
          );
          for (const { Name } of page.Buckets ?? []) if (Name !== undefined) names.push(Name);
          token = page.ContinuationToken;
          if (token !== undefined && seen.has(token))
            throw new Failure('incomplete-answer', 'ListBuckets: S3 gave the same page twice.');
          if (token !== undefined) seen.add(token);
        } while (token !== undefined && token !== '');
        return names;
      }),
    async head(bucket) {
      const answer = await ask('HeadBucket', bucket, async () => {
        await client.send(new HeadBucketCommand({ Bucket: bucket }), options);
      });
      // A refusal of HEAD has no body and so no reason; listing wants the same permission and says why.
      return answer.ok || answer.failure.code !== 'bucket-denied' ? answer : listObjects(bucket, '');
    },
    listPrefix: listObjects,
  };
}

function explain(error: unknown, call: string, bucket: string | undefined): Failure {
  const { code, message, status } = refusalOf(error);
  const words = message === '' || message === code ? code : `${code}: ${message}`;
  if (UNAUTHENTICATED.test(code)) {
    return new Failure(
      'buckets-unauthenticated',
      `${call}: not authenticated; S3 does not know these credentials (AWS: ${words}).`,
      { cause: error },
    );
  }
  if (status === 404) {
    return new Failure('bucket-not-found', `${call}: the bucket ${bucket ?? ''} is not there.`, { cause: error });
  }
  if (status === 403 && /explicit deny/.test(message)) {
    return new Failure('explicit-deny', `${call}: authenticated, but a policy denies this (AWS: ${words}).`, {
      cause: error,
    });
  }
  if (status === 403 && !CLOCK_OFF.test(code)) {
    return bucket === undefined
      ? new Failure(
          'buckets-denied',
          `${call}: authenticated, but not allowed to list buckets: s3:ListAllMyBuckets is missing (AWS: ${words}).`,
          { cause: error },
        )
      : new Failure(
          'bucket-denied',
          `${call}: authenticated, but not allowed to reach the bucket ${bucket} (AWS: ${words}).`,
          { cause: error },
        );
  }
  return diagnose(error, call);
}
