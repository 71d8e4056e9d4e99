import type { Readable } from 'node:stream';
import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { Keys } from '../core/ports.ts';
import type { EndpointVariants, Transport } from './transport.ts';

/** What all clients of this step share. */
export interface ClientSetting {
  readonly transport: Transport;
  readonly region: string;
  readonly variants: EndpointVariants;
  /** Ends the calls under way; its reason is the `Failure` that ends the step. */
  readonly signal: AbortSignal;
  /** Registers a value as a mask before it can be printed. */
  readonly mask: (secret: string) => void;
  /** How often a call that carries no code may be sent in all. */
  readonly maxAttempts: number;
  readonly correction: ClockCorrection;
}

/** How far AWS's clock is ahead of this machine's, as the first client learns it from a refusal: the next ones begin with it. */
export interface ClockCorrection {
  milliseconds: number;
}

/** A call that gets no connection, or no answer, within these times counts as lost. STS answers within a second. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Whatever answers with more than this is not AWS; it must not fill the memory. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * The options of every client. All that the SDK would otherwise look up in ~/.aws, in the environment or in the instance
 * metadata is said outright: it costs time, and it would let the environment change what this step does (the correction of
 * the clock, above all).
 */
export function clientOptions(setting: ClientSetting, keys: Keys, endpoint: string | undefined, maxAttempts: number) {
  const { transport, region, variants } = setting;
  const requestHandler: NodeHttpHandlerOptions = {
    httpsAgent: transport.httpsAgent,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  };
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken ? { sessionToken: keys.sessionToken } : {}),
    },
    maxAttempts,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: variants.fips,
    useDualstackEndpoint: variants.dualstack,
    ignoreConfiguredEndpointUrls: true,
    disableClockSkewCorrection: false,
    systemClockOffset: setting.correction.milliseconds,
    userAgentAppId: 'aws-mfa-credentials',
    authSchemePreference: [] as string[],
    sigv4aSigningRegionSet: [] as string[],
    requestHandler,
    streamCollector: collectStream,
  } as const;
}

/**
 * Reads a response's body, within the time of a request: the handler's own timeout ends with the headers. The SDK's own collector
 * touches the global ReadableStream and so loads web streams.
 */
function collectStream(stream: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stalled = setTimeout(() => {
      stream.destroy(Object.assign(new Error('the answer stopped half-way'), { name: 'TimeoutError' }));
    }, REQUEST_TIMEOUT_MS);
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) stream.destroy(new Error('the answer is larger than any of AWS'));
      else chunks.push(chunk);
    });
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
    stream.on('close', () => clearTimeout(stalled));
  });
}
