import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from '../../lab/aws/index.ts';
import { closeAfterTest } from './action.ts';
import type { Target } from './failing.ts';

// What a test puts between the action and its emulator. Requests go on as they are, so their signatures hold.

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server that gets each request together with a function that sends it on. Closed after the test. */
async function between(
  { endpoint }: Pick<Emulator, 'endpoint'>,
  answer: (body: Buffer, forward: () => Promise<Answer>) => Promise<Answer>,
): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await bodyOf(incoming);
      const { status, headers, body: text } = await answer(body, () => send(endpoint, incoming, body));
      outgoing.writeHead(status, headers).end(text);
    } catch {
      incoming.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(endpoint: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path: url, headers: { ...headers, connection: 'close' } };
    const outgoing = httpRequest(options, async (answer) => {
      const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...kept } = answer.headers;
      resolve({ status: answer.statusCode ?? 502, headers: kept, body: await bodyOf(answer) });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** An emulator that is listened to. */
export interface Tap extends Target {
  /** The bodies of all answers as the emulator gave them, in order. */
  readonly answers: readonly string[];
}

/** Listens to what an emulator answers, and changes it if a test wants an answer that no AWS would give. */
export async function tap(emulator: Emulator, change: (body: string) => string = (body) => body): Promise<Tap> {
  const answers: string[] = [];
  const endpoint = await between(emulator, async (_, forward) => {
    const answer = await forward();
    const text = answer.body.toString();
    answers.push(text);
    return { ...answer, body: Buffer.from(change(text)) };
  });
  return { endpoint, calls: emulator.calls, answers };
}

/** What counts the calls of AssumeRole. */
export interface Gate {
  readonly endpoint: string;
  /** How many were open at the same time at most. */
  most(): number;
  /** How many have passed. */
  passed(): number;
}

/**
 * Holds every AssumeRole until five are open and a sixth has had the time to come; if so many never come, it lets them go after a
 * while. A call counts from its arrival until right before its answer is sent, so it is never counted for longer than the caller
 * has it open.
 */
export async function startGate(emulator: Emulator): Promise<Gate> {
  let open = 0;
  let most = 0;
  let passed = 0;
  const held: (() => void)[] = [];
  const letGo = (): void => {
    for (const go of held.splice(0)) go();
  };
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      held.push(resolve);
      if (held.length === 1) setTimeout(letGo, 5000).unref();
      if (held.length === 5) setTimeout(letGo, 150).unref();
    });
  const endpoint = await between(emulator, async (body, forward) => {
    if (!body.includes('Action=AssumeRole')) return forward();
    open += 1;
    most = Math.max(most, open);
    await wait();
    const answer = await forward();
    open -= 1;
    passed += 1;
    return answer;
  });
  return { endpoint, most: () => most, passed: () => passed };
}
