import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeAfterTest } from './action.ts';

/** One request that reached the proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** `host:port` of a CONNECT, the URL of anything else. */
  readonly target: string;
  /** The header Proxy-Authorization. */
  readonly authorization: string | undefined;
  readonly status: number;
}

export interface LocalProxy {
  readonly port: number;
  /** Every request, in order of arrival. */
  readonly requests: readonly ProxiedRequest[];
}

export interface ProxyOptions {
  /** `user:password` that it wants (Basic); without it anyone may pass. */
  readonly credentials?: string;
  /** Speaks TLS itself with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/**
 * A proxy on the loopback interface, closed after the test. It makes tunnels to this machine only (502 for any other host), and
 * forwards nothing else: who sends it a plain request has made a mistake.
 */
export async function startProxy({ credentials, tls }: ProxyOptions = {}): Promise<LocalProxy> {
  const requests: ProxiedRequest[] = [];
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const tunnels = new Set<Duplex>();

  function judge({ headers }: IncomingMessage, host: string | undefined): number {
    if (wanted !== undefined && headers['proxy-authorization'] !== wanted) return 407;
    return host === 'localhost' || host === '127.0.0.1' ? 200 : 502;
  }

  function note(request: IncomingMessage, status: number): number {
    const { method = '', url = '', headers } = request;
    requests.push({ method, target: url, authorization: headers['proxy-authorization'], status });
    return status;
  }

  const server = tls === undefined ? createHttpServer() : createHttpsServer({ ...tls });
  server.on('request', (request, response) => {
    response.writeHead(note(request, 501)).end();
  });
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const [host, port] = (request.url ?? '').split(':');
    const status = note(request, judge(request, host));
    client.on('error', () => client.destroy());
    if (status !== 200) {
      const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
      client.end(`HTTP/1.1 ${status} Refused\r\n${challenge}Content-Length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    for (const end of [client, upstream]) tunnels.add(end);
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    for (const end of tunnels) end.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, requests };
}
