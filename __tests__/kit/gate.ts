import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from '../../lab/aws/index.ts';
import { closeAfterTest } from './action.ts';

/** What stands before the emulator. */
export interface Gate {
  readonly endpoint: string;
  /** How many AssumeRole calls were open at one time at most. */
  most(): number;
  /** How many have passed. */
  passed(): number;
}

/**
 * Stands before the emulator and holds every AssumeRole until five are open and a sixth has had the time to come; where so many
 * never come, it lets them go after a while. A call counts from its arrival until right before its answer goes out, so that
 * it is never counted for longer than the caller has it open.
 */
export async function startGate(emulator: Emulator): Promise<Gate> {
  let open = 0;
  let most = 0;
  let passed = 0;
  let held: (() => void)[] = [];
  const letGo = (): void => {
    for (const go of held.splice(0)) go();
  };
  const wait = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.push(resolve);
    if (held.length === 1) setTimeout(letGo, 5000).unref();
    if (held.length === 5) setTimeout(letGo, 150).unref();
    await promise;
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const counted = body.includes('Action=AssumeRole');
    if (counted) {
      open += 1;
      most = Math.max(most, open);
      await wait();
    }
    const answer = await forward(emulator, incoming, body);
    if (counted) {
      open -= 1;
      passed += 1;
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    held = [];
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, most: () => most, passed: () => passed };
}

/** Sends a request on as it is, so that its signature holds. */
function forward(emulator: Emulator, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
    readonly body: Buffer;
  }>();
  const { hostname, port } = new URL(emulator.endpoint);
  const options = { hostname, port, method, path: url, headers: { ...headers, connection: 'close' } };
  const outgoing = httpRequest(options, async (answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const { connection: _, 'transfer-encoding': __, ...kept } = answer.headers;
    resolve({ status: answer.statusCode ?? 0, headers: kept, body: Buffer.concat(chunks) });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
