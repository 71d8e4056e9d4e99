import { AwsSdkSigV4Signer } from '@aws-sdk/core/httpAuthSchemes';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import { fromBase64, fromUtf8, toBase64, toUtf8, v4 } from '@smithy/core/serde';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type {
  HttpResponse,
  MetadataBearer,
  OperationSchema,
  StaticOperationSchema,
  HttpRequest as UnsentRequest,
} from '@smithy/types';
import type { Keys } from '../core/credentials.ts';
import type { WatchedClient } from './ask.ts';
import { type ClientContext, collectStream, credentialsOf, handlerOptions } from './client-context.ts';
import { noteServerTime, type ServerTime } from './server-time.ts';
import { userAgentHeaders } from './user-agent.ts';

/** The calls of a service: what each one takes, and what it returns. */
type Calls = Readonly<Record<string, readonly [input: object, output: object]>>;

/** Where requests go, and the region they are signed for. */
export interface Target {
  readonly url: URL;
  readonly region: string;
}

/** A service that uses AWS's Query protocol, as the SDK's own client describes it. */
export interface QueryService<Of extends Calls> {
  readonly id: string;
  /** The version of the SDK's client, for the user agent. */
  readonly version: string;
  readonly signingName: string;
  readonly protocol: { readonly defaultNamespace: string; readonly xmlNamespace: string; readonly version: string };
  readonly calls: Readonly<Record<keyof Of, StaticOperationSchema>>;
  readonly target: (context: Pick<ClientContext, 'region' | 'variants' | 'endpoint'>) => Promise<Target>;
}

const SERDE = {
  base64Decoder: fromBase64,
  base64Encoder: toBase64,
  utf8Decoder: fromUtf8,
  utf8Encoder: toUtf8,
  streamCollector: collectStream,
};
const NO_KEYS: Keys = { accessKeyId: '', secretAccessKey: '' };
const SIGNER = new AwsSdkSigV4Signer();

/**
 * A client made of the SDK's schemas, protocol, signer and HTTP handler, without the middleware of the SDK's own clients: half the
 * code to load. A test compares its requests with theirs, byte for byte.
 */
export class QueryClient<Of extends Calls> implements WatchedClient {
  /** The signer corrects `systemClockOffset` by the date of each response. */
  readonly config: { systemClockOffset: number; readonly signer: () => Promise<SignatureV4> };
  readonly accessKeyId: string;
  readonly time: ServerTime = { last: undefined, contentType: undefined };
  readonly #service: QueryService<Of>;
  readonly #context: ClientContext;
  readonly #keys: Keys | undefined;
  readonly #protocol: AwsQueryProtocol;
  readonly #handler: NodeHttpHandler;

  /** Without keys, requests aren't signed. */
  constructor(service: QueryService<Of>, context: ClientContext, keys: Keys | undefined) {
    const { region, correction, transport } = context;
    const credentials = credentialsOf(keys ?? NO_KEYS);
    const signer = new SignatureV4({ credentials, region, service: service.signingName, sha256: Sha256 });
    this.accessKeyId = credentials.accessKeyId;
    this.config = { systemClockOffset: correction.milliseconds, signer: async () => signer };
    this.#service = service;
    this.#context = context;
    this.#keys = keys;
    this.#protocol = new AwsQueryProtocol(service.protocol);
    this.#protocol.setSerdeContext(SERDE);
    this.#handler = new NodeHttpHandler(handlerOptions(transport));
  }

  /** Sends one request, once. Rejects with the same errors as the SDK's own client. */
  async send<Name extends keyof Of>(
    name: Name,
    input: Of[Name][0],
    abortSignal: AbortSignal,
  ): Promise<Of[Name][1] & MetadataBearer> {
    const [, namespace, shape, traits, inputSchema, outputSchema] = this.#service.calls[name];
    const call = operation(namespace, shape, traits, inputSchema, outputSchema);
    const { url, region } = await this.#service.target(this.#context);
    const request = await this.#serialize(call, input, url);
    if (this.#keys === undefined) return (await this.#exchange<Of[Name][1]>(call, request, abortSignal)).output;
    const { signingName } = this.#service;
    const signing = { config: this.config, context: {}, signingRegion: region, signingName };
    const signed = await SIGNER.sign(request, credentialsOf(this.#keys), signing);
    const exchange = this.#exchange<Of[Name][1]>(call, signed, abortSignal);
    const { response, output } = await exchange.catch(SIGNER.errorHandler(signing));
    SIGNER.successHandler(response, signing);
    return output;
  }

  async #serialize(call: OperationSchema, input: object, url: URL): Promise<UnsentRequest> {
    const { protocol, hostname, port, pathname: path } = url;
    const endpoint = { protocol, hostname, path, ...(port && { port: Number(port) }) };
    const request = await this.#protocol.serializeRequest(call, input, { ...SERDE, endpoint: async () => endpoint });
    request.headers = {
      ...request.headers,
      'content-length': String(Buffer.byteLength(request.body)),
      ...(await userAgentHeaders(this.#service, this.#context, this.#keys !== undefined)),
      host: url.host,
      'amz-sdk-invocation-id': v4(),
      'amz-sdk-request': 'attempt=1; max=1',
    };
    return request;
  }

  async #exchange<Output>(call: OperationSchema, request: UnsentRequest, abortSignal: AbortSignal) {
    const { response } = await this.#handler.handle(HttpRequest.clone(request), { abortSignal });
    noteServerTime(response, this.time);
    try {
      const output = await this.#protocol.deserializeResponse<Output & MetadataBearer>(call, SERDE, response);
      return { response, output };
    } catch (error) {
      throw withResponse(error, response);
    }
  }
}

/** Why a response isn't an answer, with the response as the SDK's own client attaches it. */
function withResponse(error: unknown, response: HttpResponse): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { statusCode: httpStatusCode, headers } = response;
  const requestId = Object.entries(headers).find(([name]) => /^x-.+-request-?id$/.test(name))?.[1];
  if (!('$metadata' in error)) Object.assign(error, { $metadata: { httpStatusCode, requestId } });
  return Object.defineProperty(error, '$response', { value: response });
}
