import type { Readable } from 'node:stream';
import type { AwsCredentialIdentity, NodeHttpHandlerOptions } from '@smithy/types';
import type { Keys } from '../core/credentials.ts';
import type { RetryContext } from '../core/retry.ts';
import type { EndpointVariants, Transport } from './transport.ts';
import type { UserAgent } from './user-agent.ts';

/** What all clients of this step share. */
export interface ClientContext {
  readonly transport: Transport;
  readonly region: string;
  readonly variants: EndpointVariants;
  /** The endpoint of this client's service, if it isn't AWS's own. */
  readonly endpoint: string | undefined;
  /** Ends calls in progress; its reason is the `Failure` that ends the step. */
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** How calls without a code are retried. */
  readonly retry: RetryContext;
  readonly correction: ClockCorrection;
  /** The access key IDs that STS gave to this step: AWS's other servers may not know them yet. */
  readonly newKeys: Set<string>;
  readonly userAgent: UserAgent;
}

/** What must not be shown. */
export interface Secrets {
  /** Registers a value as a mask before it can be printed. */
  mask(secret: string): void;
  /** Removes a code that is about to be sent from everything that is shown. It isn't masked: six digits occur by chance. */
  conceal(code: string): void;
  /** A string from outside without any of these. */
  redact(text: string): string;
}

/** How far AWS's clock is ahead of this machine's. The first client learns it from a refusal, and the next ones start with it. */
export interface ClockCorrection {
  milliseconds: number;
}

/**
 * A connection counts as lost if nothing happens on it for this long, or if the body of a response takes longer. STS responds within
 * a second.
 */
export const ANSWER_TIMEOUT_MS = 15_000;
/** For everything until the headers have arrived, including the stages of the connection. */
const REQUEST_TIMEOUT_MS = 60_000;
/** A larger response isn't AWS's, and must not fill the memory. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** How every client sends requests and waits for responses. */
export function handlerOptions({ httpsAgent }: Transport): NodeHttpHandlerOptions {
  return {
    httpsAgent,
    socketTimeout: ANSWER_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  };
}

/** Keys as the SDK takes them. */
export function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: Keys): AwsCredentialIdentity {
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/** The lengths of the bodies that were read. */
const lengths = new WeakMap<object, number>();

/** How many bytes of a response's body were read; undefined if it wasn't read. */
export function collectedBytes(body: unknown): number | undefined {
  return typeof body === 'object' && body !== null ? lengths.get(body) : undefined;
}

/**
 * Reads a response's body within a time limit: the handler's own timeout ends with the headers. The SDK's collector uses the global
 * ReadableStream and so would load web streams.
 */
export function collectStream(stream: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stalled = setTimeout(() => {
      stream.destroy(Object.assign(new Error('the answer stopped half-way'), { name: 'TimeoutError' }));
    }, ANSWER_TIMEOUT_MS);
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) stream.destroy(new Error('the answer is larger than any of AWS'));
      else chunks.push(chunk);
    });
    stream.on('end', () => {
      lengths.set(stream, length);
      resolve(Buffer.concat(chunks));
    });
    stream.on('error', reject);
    stream.on('close', () => clearTimeout(stalled));
  });
}
