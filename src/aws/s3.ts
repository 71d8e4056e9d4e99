import {
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { Keys } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Answer, Buckets } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import { type AnswerFacts, ask, requireRequestId, type WatchedClient } from './ask.ts';
import { type ClientContext, collectStream, credentialsOf, handlerOptions } from './client-context.ts';
import type { Judge } from './diagnose.ts';
import { noteServerTime, type ServerTime } from './server-time.ts';

/** S3 API reference, ListBuckets: up to 10,000 a page. */
const PAGE = 1000;
/** An account may have a million buckets (S3 quotas); a list with more pages never ends. */
const MAX_PAGES = 1000;
/** S3's codes for credentials that it doesn't recognize at all. */
const UNAUTHENTICATED =
  /^(?:InvalidAccessKeyId|InvalidToken|ExpiredToken|SignatureDoesNotMatch|AuthorizationHeaderMalformed|MissingSecurityHeader)/;
const CLOCK_OFF = /^(?:RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)/;

/** The Buckets port on the SDK's client. Loaded only if the new credentials are to be checked. */
export function createBuckets(context: ClientContext, keys: Keys): Buckets {
  const client = new S3Client(clientOptions(context, keys));
  const watched = watch(client, keys);
  const options = { abortSignal: context.signal };
  const call = <T>(
    name: string,
    bucket: string | undefined,
    send: (s3: S3Client, facts: AnswerFacts) => Promise<T>,
  ): Promise<Answer<T>> =>
    persist(() => ask(watched, name, context, (facts) => send(client, facts), judgeFor(bucket)), context.retry);

  const listObjects = (bucket: string, prefix: string): Promise<Answer<void>> =>
    call('ListObjectsV2', bucket, async (s3, facts) => {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
      requireRequestId('ListObjectsV2', await s3.send(command, options), facts);
    });

  return {
    async list() {
      const names: string[] = [];
      const seen = new Set<string>();
      let token: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const answer = await call('ListBuckets', undefined, async (s3, facts) => {
          const found = await s3.send(new ListBucketsCommand({ MaxBuckets: PAGE, ContinuationToken: token }), options);
          requireRequestId('ListBuckets', found, facts);
          return found;
        });
        if (!answer.ok) return answer;
        for (const { Name } of answer.value.Buckets ?? []) if (Name !== undefined) names.push(Name);
        const next = answer.value.ContinuationToken;
        if (!next) return { ok: true, value: names, serverTime: answer.serverTime };
        if (seen.has(next)) break;
        seen.add(next);
        token = next;
      }
      const failure = new Failure('incomplete-answer', { call: 'ListBuckets', reason: 'endless-list' });
      return { ok: false, failure, serverTime: undefined };
    },
    async head(bucket) {
      const answer = await call('HeadBucket', bucket, async (s3, facts) =>
        requireRequestId('HeadBucket', await s3.send(new HeadBucketCommand({ Bucket: bucket }), options), facts),
      );
      // A refusal of HEAD has no body and so no reason. Listing requires the same permission and says why.
      return answer.ok || answer.failure.code !== 'bucket-denied' ? answer : listObjects(bucket, '');
    },
    listPrefix: listObjects,
  };
}

/** What S3's refusals mean for one bucket, or for the list of all buckets. */
function judgeFor(bucket: string | undefined): Judge {
  return ({ code, message, status }) => {
    if (UNAUTHENTICATED.test(code)) return { failure: 'buckets-unauthenticated' };
    if (status === 404) return { failure: 'bucket-not-found', bucket: bucket ?? '' };
    if (status !== 403 || CLOCK_OFF.test(code)) return undefined;
    if (/explicit deny/.test(message)) return { failure: 'explicit-deny' };
    return bucket === undefined ? { failure: 'buckets-denied' } : { failure: 'bucket-denied', bucket };
  };
}

/**
 * Everything is set that the SDK would otherwise look up in ~/.aws, in the environment or in the instance metadata: it costs time,
 * and it would let the environment change what this step does (the correction of the clock, above all).
 */
function clientOptions(
  { transport, region, variants, endpoint, correction, userAgent }: ClientContext,
  keys: Keys,
): S3ClientConfig {
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    credentials: credentialsOf(keys),
    // What is sent again, and when, is decided in core/retry.ts for all calls alike.
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: variants.fips,
    useDualstackEndpoint: variants.dualstack,
    ignoreConfiguredEndpointUrls: true,
    disableClockSkewCorrection: false,
    systemClockOffset: correction.milliseconds,
    ...userAgent,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    requestHandler: handlerOptions(transport),
    streamCollector: collectStream,
    // A bucket in another region is reached there. Path style, because a custom endpoint has no host per bucket.
    followRegionRedirects: true,
    forcePathStyle: endpoint !== undefined,
    useArnRegion: false,
    disableS3ExpressSessionAuth: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}

/** Has each response noted before the SDK makes an error of it: at the lowest priority, next to the wire. */
function watch({ config, middlewareStack }: S3Client, { accessKeyId }: Keys): WatchedClient {
  const time: ServerTime = { last: undefined, contentType: undefined };
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      noteServerTime(result.response, time);
      return result;
    },
    { step: 'deserialize', name: 'noteServerTime', priority: 'low' },
  );
  return { config, accessKeyId, time };
}
