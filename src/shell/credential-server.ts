import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { SessionCredentials } from '../core/credentials.ts';

// The protocol for credentials of containers, on loopback: every AWS SDK knows it, and asks again before the credentials expire.

/** What the server answers: credentials, or the reason why there are none. SDKs show code and message to people. */
export type CredentialAnswer =
  | { readonly ok: true; readonly credentials: SessionCredentials & { readonly expiration: Date } }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A server that runs, and what a client needs to ask it. */
export interface CredentialServer {
  /** The only form of address that every SDK accepts: 127.0.0.1, without a query. */
  readonly url: string;
  /** What the `Authorization` header must be. */
  readonly token: string;
  /** Resolves once nobody is connected any more. Doesn't wait for clients. */
  close(): Promise<void>;
}

/** How the server is started. */
export interface CredentialServerOptions {
  /** Called for each request. Synchronous: some SDKs wait only a second, and others wait forever. */
  readonly answer: () => CredentialAnswer;
  /** That many random bytes. */
  readonly random?: (bytes: number) => Buffer;
}

const HOST = '127.0.0.1';
const SECRET_BYTES = 32;
/** A client asks once and is answered at once, so one that takes longer isn't a client. */
const LIMIT_MS = 5000;
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: LIMIT_MS,
  requestTimeout: LIMIT_MS,
  connectionsCheckingInterval: 1000,
};
/** More than programs ask at the same time, and fewer than the files that a process may open. */
const MAX_CONNECTIONS = 500;

/** Starts a server that only this machine can reach, and that only answers who knows its path and its token. */
export async function startCredentialServer(options: CredentialServerOptions): Promise<CredentialServer> {
  const { answer, random = randomBytes } = options;
  const secret = (): string => random(SECRET_BYTES).toString('base64url');
  const path = `/${secret()}`;
  const token = secret();
  const server = createServer(LIMITS);
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(LIMIT_MS);
  const port = await listen(server);
  const host = `${HOST}:${port}`;
  // Node reports a connection that it couldn't accept, as if there are too many open files. The next one may work.
  server.on('error', () => undefined);
  const isAllowed = allowing({ host, path, token });
  const respond: RequestListener = (request, response) => {
    if (isAllowed(request)) send(response, replyOf(answer));
    else send(response, REFUSAL);
  };
  server.on('request', respond);
  // Otherwise Node tells the client to send what nobody reads.
  server.on('checkContinue', respond);
  return { url: `http://${host}${path}`, token, close: () => close(server) };
}

/** The port, which the system picks. */
function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // An error only says that it was closed before.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What a request must contain. */
interface Expected {
  readonly host: string;
  readonly path: string;
  readonly token: string;
}

/**
 * Whether a request may be answered. A web page can make a browser on this machine send requests, but can't set `Authorization`; one
 * whose name resolves to 127.0.0.1 would be same-origin, but its `Host` is that name.
 */
function allowing({ host, path, token }: Expected): (request: IncomingMessage) => boolean {
  const checks = [equalTo(host), equalTo(path), equalTo(token)];
  return ({ method, url, headersDistinct }) => {
    const given = [headersDistinct['host'], [url ?? ''], headersDistinct['authorization']];
    // All of them, so that the time doesn't show which one is wrong.
    const right = checks.map((check, index) => check(given[index] ?? []));
    return method === 'GET' && right.every(Boolean);
  };
}

/** Compares in constant time: whether a header was sent once, and is this. */
function equalTo(expected: string): (values: readonly string[]) => boolean {
  const digest = digestOf(expected);
  return ([value = '', ...more]) => timingSafeEqual(digestOf(value), digest) && more.length === 0;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A status, and what is sent as JSON. */
interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** Some SDKs read lower case, some upper case. */
function errorReply(status: number, code: string, message: string): Reply {
  return { status, body: { code, message, Code: code, Message: message } };
}

const REFUSAL = errorReply(403, 'AccessDenied', 'The path, the Host header or the Authorization header is wrong.');
const DEFECT = errorReply(500, 'InternalError', 'The server for credentials failed.');

/** A defect must not end the process: its child is still at work. */
function replyOf(answer: () => CredentialAnswer): Reply {
  try {
    const found = answer();
    if (!found.ok) return errorReply(503, found.code, found.message);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = found.credentials;
    return {
      status: 200,
      body: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: sessionToken,
        Expiration: expiration.toISOString(),
      },
    };
  } catch {
    return DEFECT;
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    // Clients ask once in a while: an open connection would only use up the limit.
    Connection: 'close',
  });
  response.end(text);
}
