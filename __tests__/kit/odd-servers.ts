import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import { closeAfterTest } from './action.ts';

// Servers on loopback that are not AWS, each closed after its test.

/** What a server of these saw: the bodies of the requests, or the first bytes of each connection. */
export interface OddServer {
  readonly port: number;
  readonly seen: readonly string[];
}

/** Answers every request, at the time of this clock, with what `answer` makes of its body. */
export function answering(answer: (body: string) => OddAnswer, now: () => number = Date.now): Promise<OddServer> {
  const seen: string[] = [];
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(body);
    const { status, headers = {}, text = '', end = 'whole' } = answer(body);
    if (end === 'reset') return request.socket.destroy();
    response.writeHead(status ?? 200, { date: new Date(now()).toUTCString(), ...headers });
    if (end === 'whole') return response.end(text);
    response.write(text, () => request.socket.destroy());
    return response;
  });
  return listen(server, seen);
}

/** An answer: whole, cut off after its text, or a connection that is closed without one. */
export interface OddAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly end?: 'whole' | 'cut' | 'reset';
}

/** Says these bytes to whoever has said something, and hangs up; without bytes, hangs up at once. */
export function blurting(bytes: string | undefined): Promise<OddServer> {
  const seen: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    if (bytes === undefined) return socket.destroy();
    return socket.once('data', (data) => {
      seen.push(data.toString('latin1'));
      socket.end(bytes, 'latin1');
    });
  });
  return listen(server, seen);
}

/** Speaks TLS with a certificate of its own for these names, and hangs up after the handshake. */
export async function vouchedByNobody(names: readonly string[] = ['localhost']): Promise<OddServer> {
  const altNames = names.map((value) => ({ type: 2 as const, value }));
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'nobody' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  const seen: string[] = [];
  return listen(
    createTlsServer({ key, cert }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        seen.push(data.toString('latin1'));
        socket.destroy();
      });
    }),
    seen,
  );
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<OddServer> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { port, seen: [] };
}

async function listen(server: TcpServer, seen: readonly string[]): Promise<OddServer> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closeAfterTest(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, seen };
}
