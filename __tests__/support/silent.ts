import { execFileSync } from 'node:child_process';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { closeAfterTest } from './action.ts';

// Things that never answer, or never finish.

/** A server on loopback. */
export interface SilentServer {
  readonly port: number;
  /** How many have connected so far. */
  readonly connections: () => number;
}

/** A server that accepts and then does only what `onRequest` does, once it has been sent something. Closed after the test. */
export async function silentServer(onRequest: (socket: Socket) => void = () => undefined): Promise<SilentServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
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
