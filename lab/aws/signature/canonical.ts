import { createHash, createHmac } from 'node:crypto';
import type { Request } from '../request.ts';
import { ALGORITHM, type Authorization } from './authorization.ts';

// "Create a signed AWS API request" (AWS Signature Version 4 reference). This only uses node:crypto, so that it shares no code with
// the SDK that signed the request.

/** The right signature for this request with `secret`, in hexadecimal. */
export function signatureOf(request: Request, authorization: Authorization, amzDate: string, secret: string): string {
  const { date, region, service, end } = authorization.scope;
  const canonical = canonicalRequest(request, authorization.signedHeaders);
  const toSign = [ALGORITHM, amzDate, `${date}/${region}/${service}/${end}`, sha256(canonical)].join('\n');
  const key = [region, service, end].reduce<Buffer>((parent, text) => hmac(parent, text), hmac(`AWS4${secret}`, date));
  return hmac(key, toSign).toString('hex');
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** What client and server hash: method, path, query, signed headers, hash of the payload. */
function canonicalRequest(request: Request, signedHeaders: readonly string[]): string {
  const headers = signedHeaders.map((name) => `${name}:${collapse(request.headers[name] ?? '')}\n`).join('');
  // S3 requests sign the hash in this header, which checkPayload compares with the body. Other services don't have the header.
  const payload = request.service === 's3' ? request.headers['x-amz-content-sha256'] : undefined;
  return [
    request.method,
    canonicalPath(request),
    canonicalQuery(request.query),
    headers,
    signedHeaders.join(';'),
    payload ?? sha256(request.body),
  ].join('\n');
}

// S3 encodes each segment of the path once and doesn't normalise it. Other services resolve dots and double slashes, and encode the
// encoded path again.
function canonicalPath({ path, service }: Request): string {
  if (service === 's3')
    return path
      .split('/')
      .map((segment) => encode(decode(segment)))
      .join('/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const end = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Percent-encodes everything except for RFC 3986's unreserved characters. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

// Invalid percent-encoding stays as it is. The signature then decides.
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function collapse(value: string): string {
  return value.split(/\s/).filter(Boolean).join(' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
