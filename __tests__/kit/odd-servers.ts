import { execFileSync, spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
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

/** Sends these bytes to whoever has sent something, and hangs up; without bytes, hangs up at once. */
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

// Things that never answer, or never finish.

/** A server that doesn't answer. */
export interface SilentServer {
  readonly port: number;
  /** How many have connected so far. */
  readonly connections: () => number;
}

/** A server that accepts and then does only what `onRequest` does, once it has been sent something. Closed after the test. */
export async function silentServer(onRequest: (socket: Socket) => void = () => undefined): Promise<SilentServer> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => onRequest(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.length };
}

/** Sends a beginning, and after it a piece again and again. */
export function dripping(beginning: string, piece: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(piece), 50);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Makes a FIFO that nobody writes to. */
export function makeFifo(path: string): string {
  execFileSync('mkfifo', [path]);
  return path;
}

/** A port of loopback to which no connection comes about: its packets are dropped. Only Linux drops them. */
export async function droppingPort(): Promise<number> {
  const script =
    "const s=require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  closeAfterTest(() => void child.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  // Who does not run accepts nobody, and what waits to be accepted fills a queue of two.
  child.kill('SIGSTOP');
  const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  closeAfterTest(() => {
    for (const socket of waiting) socket.destroy();
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return port;
}
