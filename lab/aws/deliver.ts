import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from './errors.ts';
import type { Fault } from './faults.ts';
import type { Answer } from './operation.ts';

type Of<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;

function find<Kind extends Fault['kind']>(faults: readonly Fault[], kind: Kind): Of<Kind> | undefined {
  return faults.find((fault): fault is Of<Kind> => fault.kind === kind);
}

/** Whether a fault keeps the request from AWS. */
export function isLostOnTheWay(faults: readonly Fault[]): boolean {
  return faults.some((fault) => {
    if (fault.kind === 'status' || fault.kind === 'hang') return fault.handled !== true;
    return ['reset-before', 'throttle', 'busy', 'refuse-with'].includes(fault.kind);
  });
}

const THROTTLES = {
  Throttling: [400, 'Rate exceeded'],
  TooManyRequestsException: [429, 'Rate exceeded'],
  SlowDown: [503, 'Please reduce your request rate.'],
} as const;

// The first is what users report, the second the service model's.
const BUSY = {
  EntityTemporarilyUnmodifiable: 'MFA cannot be enabled while the Login Profile for principal is being created.',
  ConcurrentModification:
    'The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few ' +
    'minutes and submit your request again.',
} as const;

/** The refusal that a fault puts in place of AWS's answer. */
export function refusalOf(faults: readonly Fault[]): AwsError | undefined {
  const throttle = find(faults, 'throttle');
  if (throttle !== undefined) {
    const code = throttle.as ?? 'Throttling';
    const [status, message] = THROTTLES[code];
    return new AwsError(status, code, message);
  }
  const busy = find(faults, 'busy');
  if (busy !== undefined) return new AwsError(409, busy.as, BUSY[busy.as]);
  const refusal = find(faults, 'refuse-with');
  if (refusal !== undefined) return new AwsError(refusal.status, refusal.code, refusal.message);
  const { status, body = 'xml' } = find(faults, 'status') ?? {};
  if (status === undefined || body !== 'xml') return undefined;
  return status === 503
    ? new AwsError(503, 'ServiceUnavailable', 'Service is unavailable')
    : new AwsError(status, 'InternalFailure', 'The request processing has failed because of an unknown error.');
}

/** The seconds to which a fault shortens the session of a role. */
export function roleLifetimeOf(faults: readonly Fault[]): number | undefined {
  return find(faults, 'role-lifetime')?.seconds;
}

/** The answer after a fault damaged it. */
export function damaged(answer: Answer, faults: readonly Fault[]): Answer {
  const status = find(faults, 'status');
  if (status?.body === 'html') {
    const page = `<html><head><title>${status.status}</title></head><body><h1>${status.status} Bad Gateway</h1></body></html>`;
    return { status: status.status, headers: { 'content-type': 'text/html' }, body: page };
  }
  if (find(faults, 'truncate') !== undefined) {
    return { ...answer, status: 200, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  }
  const omit = find(faults, 'omit-field');
  return omit === undefined ? answer : { ...answer, body: withoutElement(answer.body, omit.field) };
}

function withoutElement(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`);
  const end = xml.indexOf(`</${name}>`, start);
  return start < 0 || end < 0 ? xml : xml.slice(0, start) + xml.slice(end + name.length + 3);
}

/** Waits for the latency and the faults, in real time. */
export async function delay(latencyMs: number, faults: readonly Fault[]): Promise<void> {
  const ms = latencyMs + (find(faults, 'slow')?.ms ?? 0);
  if (ms > 0) await sleep(ms, undefined, { ref: false });
}

/** Sends the answer with the headers that all of AWS's answers have. Even refusals contain the server's time. */
export function send(
  response: ServerResponse,
  answer: Answer,
  faults: readonly Fault[],
  { now, requestId, service }: { now: number; requestId: string; service: string },
): void {
  const date = find(faults, 'date');
  response.sendDate = false;
  response.setHeader('Date', typeof date?.date === 'string' ? date.date : new Date(date?.date ?? now).toUTCString());
  if (date?.age !== undefined) response.setHeader('Age', String(date.age));
  response.setHeader('x-amzn-RequestId', requestId);
  if (service === 's3') {
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('x-amz-id-2', Buffer.from(requestId).toString('base64'));
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}
