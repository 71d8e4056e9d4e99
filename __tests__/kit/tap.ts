import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import type { Emulator } from '../../lab/aws/index.ts';
import type { Target } from './failing.ts';

/** What stands between the action and its emulator. */
export interface Tap extends Target {
  /** The bodies of all answers as the emulator gave them, in order. */
  readonly answers: readonly string[];
}

const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

/**
 * Listens to what an emulator answers, and changes it where a test wants an answer that no AWS would give. Requests go on as
 * they are, signature and all.
 */
export async function tap(emulator: Emulator, change: (body: string) => string = (body) => body): Promise<Tap> {
  const answers: string[] = [];
  const server = createServer((incoming, outgoing) => {
    forward(emulator, incoming, outgoing, (body) => {
      answers.push(body);
      return change(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, calls: emulator.calls, answers };
}

function forward(
  { endpoint }: Emulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  change: (body: string) => string,
): void {
  const { method, url, headers } = incoming;
  const { hostname, port } = new URL(endpoint);
  const onward = httpRequest({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const {
        'content-length': _length,
        'transfer-encoding': _encoding,
        connection: _connection,
        ...kept
      } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, kept);
      outgoing.end(change(Buffer.concat(chunks).toString()));
    });
  });
  onward.on('error', () => incoming.socket.destroy());
  incoming.pipe(onward);
}
