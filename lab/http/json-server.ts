import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { makeCertificate } from '../aws/certificate.ts';
import type { EmulatorClock } from '../aws/clock.ts';
import { Interruptions, type Replacement } from './interruptions.ts';

/** A request as it was sent, with everything secret in it, so that tests can search it. */
export interface SentRequest {
  /** ms since the epoch, by the server's clock. */
  readonly at: number;
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request in the log, and the status of its answer: 0 if there was none. */
export interface LoggedRequest extends SentRequest {
  readonly status: number;
}

export type JsonAnswer = Replacement;

export interface JsonServerOptions {
  readonly clock: EmulatorClock;
  readonly tls: boolean;
  readonly answer: (request: SentRequest) => JsonAnswer;
  /** Called for every request, when it's answered or certainly won't be. */
  readonly answered?: ((request: LoggedRequest) => void) | undefined;
}

export interface JsonServer {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS. */
  readonly origin: string;
  /** With TLS, the certificate that clients must trust. */
  readonly caPem: string | undefined;
  /** Every request, in order of arrival. */
  readonly requests: readonly LoggedRequest[];
  readonly interruptions: Interruptions;
  /** Stops listening and closes open connections. */
  close(): Promise<void>;
}

/** Starts a server on the loopback interface. */
export async function startJsonServer({ clock, tls, answer, answered }: JsonServerOptions): Promise<JsonServer> {
  const requests: { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] }[] = [];
  const interruptions = new Interruptions();
  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message, clock.now());
    const logged = { ...request, status: 0 };
    requests.push(logged);
    const interruption = interruptions.take(request.method, request.url);
    const usual = interruption?.when === 'before' ? undefined : answer(request);
    if (interruption?.as === 'hang') return answered?.(logged);
    if (interruption?.as === 'reset') {
      reset(message.socket);
      return answered?.(logged);
    }
    const { status, headers = {}, body } = interruption?.as ?? usual ?? { status: 500 };
    logged.status = status;
    response.sendDate = false;
    response.setHeader('Date', new Date(clock.now()).toUTCString());
    const isText = typeof body === 'string';
    const type = isText ? 'text/html' : 'application/json; charset=utf-8';
    response.writeHead(status, { ...(body !== undefined && { 'content-type': type }), ...headers });
    response.end(body === undefined || isText ? body : JSON.stringify(body));
    answered?.(logged);
  };
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    serve(message, response).catch((error: unknown) => {
      if (!message.socket.destroyed) console.error('the server failed:', error);
      message.socket.destroy();
    });
  };
  const certificate = tls ? await makeCertificate() : undefined;
  const server: Server = certificate ? createHttpsServer({ ...certificate }, listener) : createHttpServer(listener);
  const port = await listen(server);
  return {
    origin: certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    caPem: certificate?.cert,
    requests,
    interruptions,
    close: () => close(server),
  };
}

async function readRequest(message: IncomingMessage, at: number): Promise<SentRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const { method = 'GET', url = '/' } = message;
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  return { at, method, url, headers, body: Buffer.concat(chunks).toString() };
}

// Resets the connection, so that the client can't know what happened. With TLS, the missing close_notify has the same effect.
function reset(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
