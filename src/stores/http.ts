import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isLoopback } from '../core/network.ts';
import type { StoreContext } from './context.ts';

// HTTP for tokens: no redirects, only https (except on this machine), and bounded answers.

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The longest that a call may take, with its connection, and that nothing may happen on it. */
const TOTAL_MS = 60_000;
const IDLE_MS = 15_000;
const MAX_HEADER_BYTES = 16_384;
/** A longer answer isn't one to a question asked here. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Sends a request once. Rejects if there is no complete answer: with a `ConnectError` if nothing was sent. */
export function send(
  request: HttpRequest,
  { agent, signal }: Pick<StoreContext, 'agent' | 'signal'>,
): Promise<HttpAnswer> {
  const { method, url, body } = request;
  const secure = url.protocol === 'https:';
  if (!secure && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    return Promise.reject(new Error('a token is only sent over https'));
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const headers = { ...request.headers, ...(bytes && { 'content-length': String(bytes.length) }) };
  const options = { method, headers, signal, maxHeaderSize: MAX_HEADER_BYTES };
  return new Promise((resolve, reject) => {
    const asking = secure ? requestHttps(url, { ...options, agent }) : requestHttp(url, { ...options, agent: false });
    const limit = setTimeout(() => giveUp(asking, TOTAL_MS), TOTAL_MS);
    asking.setTimeout(IDLE_MS, () => giveUp(asking, IDLE_MS));
    asking.once('error', reject);
    asking.once('response', (message) => collect(message).then(resolve, reject));
    asking.once('close', () => clearTimeout(limit));
    asking.end(bytes);
  });
}

function giveUp(asking: ClientRequest, milliseconds: number): void {
  asking.destroy(new Error(`no answer within ${milliseconds / 1000} s`));
}

async function collect(message: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
  return {
    status: message.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
  };
}
