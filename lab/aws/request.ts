import type { IncomingMessage } from 'node:http';

/** The emulated services. */
export type Service = 'sts' | 'iam' | 's3' | 'unknown';

/** A request as it came over the wire. Nothing in it is verified. */
export interface Request {
  readonly method: string;
  /** The path exactly as sent, still encoded. */
  readonly path: string;
  /** The query exactly as sent, without the question mark. */
  readonly query: string;
  /** Lower-case names. Headers with the same name are joined with commas, as SigV4 requires. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Form and query parameters, decoded. */
  readonly params: ReadonlyMap<string, string>;
  readonly service: Service;
  readonly tls: boolean;
}

// The versions of the two query APIs (their service models: "apiVersion").
const API_VERSIONS: ReadonlyMap<string, Service> = new Map([
  ['2011-06-15', 'sts'],
  ['2010-05-08', 'iam'],
]);

/** Parses a request. Its form decides which service it's for, not its signature. */
export function readRequest(message: IncomingMessage, body: Buffer, tls: boolean): Request {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const headers = joinHeaders(message.rawHeaders);
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const params = new Map(new URLSearchParams(query));
  if (isForm) for (const [name, value] of new URLSearchParams(body.toString('utf8'))) params.set(name, value);
  const method = message.method ?? 'GET';
  return { method, path, query, headers, body, params, tls, service: serviceOf(method, isForm, params) };
}

function serviceOf(method: string, isForm: boolean, params: ReadonlyMap<string, string>): Service {
  const version = params.get('Version');
  if (version !== undefined || params.has('Action')) return API_VERSIONS.get(version ?? '') ?? 'unknown';
  return method === 'POST' && isForm ? 'unknown' : 's3';
}

function joinHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    const value = raw[i + 1] ?? '';
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return headers;
}
