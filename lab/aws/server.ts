import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Aws, errorAnswer } from './aws.ts';
import { type Call, type OpenCall, openCall } from './calls.ts';
import type { EmulatorClock } from './clock.ts';
import { damaged, delay, isLostOnTheWay, refusalOf, roleLifetimeOf, send } from './deliver.ts';
import { AwsError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { type Request, readRequest } from './request.ts';

// STS's largest requests have some tens of kilobytes: 50 tags of 384 characters, percent-encoded.
const MAX_BODY_BYTES = 512 * 1024;
const MAX_DRAINED_BYTES = 16 * 1024 * 1024;

/** What the HTTP server needs. */
export interface Backend {
  readonly aws: Aws;
  readonly clock: EmulatorClock;
  readonly faults: Faults;
  readonly calls: OpenCall[];
  readonly latencyMs: number;
  readonly tls: boolean;
  readonly answered: ((call: Call) => void) | undefined;
}

/** The HTTP server of the emulator: reads and logs requests, applies faults, answers. */
export function requestListener(backend: Backend): RequestListener {
  return (message, response) => {
    serve(backend, message, response).catch((error: unknown) => {
      // The client may have closed the connection. Anything else is a mistake in the emulator.
      if (!message.socket.destroyed) console.error('the emulator failed:', error);
      message.socket.destroy();
    });
  };
}

async function serve(backend: Backend, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { clock, calls } = backend;
  const body = await readBody(message);
  const requestId = randomUUID();
  const request = readRequest(message, body ?? Buffer.alloc(0), backend.tls);
  const now = clock.now();
  const call = openCall(request, now);
  calls.push(call);
  try {
    await answer(backend, message, response, { request, call, now, requestId, isTooLarge: body === undefined });
  } finally {
    backend.answered?.(call);
  }
}

interface Arrived {
  readonly request: Request;
  readonly call: OpenCall;
  readonly now: number;
  readonly requestId: string;
  readonly isTooLarge: boolean;
}

async function answer(
  backend: Backend,
  message: IncomingMessage,
  response: ServerResponse,
  { request, call, now, requestId, isTooLarge }: Arrived,
): Promise<void> {
  const met = backend.faults.take(call.service, call.operation);
  if (isTooLarge) {
    response.shouldKeepAlive = false;
    const tooLarge = new AwsError(413, 'RequestEntityTooLarge', 'The request body is too large.');
    return finish(backend, response, request, call, [], errorAnswer(request, tooLarge, requestId), requestId);
  }
  const handled = isLostOnTheWay(met)
    ? undefined
    : backend.aws.handle(request, now, requestId, call, roleLifetimeOf(met));
  const kinds = met.map(({ kind }) => kind);
  if (kinds.includes('hang')) return;
  if (kinds.includes('reset-before') || kinds.includes('reset-after')) {
    await delay(backend.latencyMs, met);
    return reset(message.socket);
  }
  const refusal = refusalOf(met);
  const given = refusal === undefined ? handled : errorAnswer(request, refusal, requestId);
  const undamaged = given ?? { status: 200, headers: {}, body: '' };
  await finish(backend, response, request, call, met, damaged(undamaged, met), requestId);
}

// Resets the connection instead of closing it, so that the client can't know what happened. Node can only reset plain sockets;
// with TLS, the missing close_notify has the same effect.
function reset(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

async function finish(
  { clock, latencyMs }: Backend,
  response: ServerResponse,
  request: Request,
  call: OpenCall,
  met: readonly Fault[],
  answer: ReturnType<typeof damaged>,
  requestId: string,
): Promise<void> {
  call.status = answer.status;
  call.errorCode = answer.errorCode;
  await delay(latencyMs, met);
  if (response.destroyed) return;
  send(response, answer, met, { now: clock.now(), requestId, service: request.service });
}

/** The whole body, or undefined if it's too large for a request to AWS. The rest is read and discarded. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    if (bytes > MAX_DRAINED_BYTES) message.socket.destroy();
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks, bytes) : undefined;
}
