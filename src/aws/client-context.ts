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
  /** The endpoint of this client's service, if it is not AWS's own. */
  readonly endpoint: string | undefined;
  /** Ends the calls under way; its reason is the `Failure` that ends the step. */
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** How calls that carry no code are sent again. */
  readonly retry: RetryContext;
  readonly correction: ClockCorrection;
  /** The access key IDs that STS has given to this step: other servers of AWS may not know them yet. */
  readonly newKeys: Set<string>;
  readonly userAgent: UserAgent;
}

/** What must not be shown. */
export interface Secrets {
  /** Registers a value as a mask before it can be printed. */
  mask(secret: string): void;
  /** Has a code that is about to be sent taken out of all that is shown. It is not masked: six digits occur by chance. */
  conceal(code: string): void;
  /** A text from outside without any of these. */
  redact(text: string): string;
}

/** How far AWS's clock is ahead of this machine's, as the first client learns it from a refusal: the next ones begin with it. */
export interface ClockCorrection {
  milliseconds: number;
}

/**
 * A connection on which nothing happens for so long, or whose answer takes longer to arrive, counts as lost. STS answers within a
 * second.
 */
export const ANSWER_TIMEOUT_MS = 15_000;
/** Over everything until the headers are there, however slowly they come: the stages of the connection included. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Whatever answers with more than this is not AWS; it must not fill the memory. */
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

/** How long the bodies that were read are. */
const lengths = new WeakMap<object, number>();

/** How many bytes of a response's body were read; undefined if nobody has read it. */
export function collectedBytes(body: unknown): number | undefined {
  return typeof body === 'object' && body !== null ? lengths.get(body) : undefined;
}

/**
 * Reads a response's body, within the time of a request: the handler's own timeout ends with the headers. The SDK's own collector
 * touches the global ReadableStream and so loads web streams.
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
