import { request as httpRequest } from 'node:http';
import { afterEach } from '@jest/globals';
import { type Request, sign } from 'aws4';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../lab/aws/index.ts';

// Calls to the emulator without an SDK: signed by aws4, sent with node:http. Regular expressions parse the XML.

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** The text of the first element with this name. */
  field(name: string): string | undefined;
  /** The texts of all elements with this name. */
  fields(name: string): string[];
  /** The Credentials element. */
  readonly credentials: Credentials;
}

/** An emulator, in this or another process. */
export type Started = Pick<Emulator, 'endpoint' | 'clock'>;

const open: Emulator[] = [];

/** An emulator that is closed after the test. */
export async function emulate(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  open.push(emulator);
  return emulator;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((emulator) => emulator.close()));
});

/** A time, as in a signature. */
export function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '');
}

/** A signed request. `request` overrides the defaults. */
export function signed(emulator: Started, credentials: Credentials, request: Request): Request {
  return sign(
    {
      hostname: '127.0.0.1',
      port: new URL(emulator.endpoint).port,
      region: 'us-east-1',
      ...request,
      headers: { 'X-Amz-Date': amzDate(emulator.clock.now()), ...request.headers },
    },
    { ...credentials },
  );
}

/** Sends a request unchanged. */
export function send(request: Request): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const { service: _service, region: _region, body, ...options } = request;
  const outgoing = httpRequest(options, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', reject);
    incoming.on('end', () => {
      resolve(readReply(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks).toString()));
    });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

function readReply(status: number, headers: Reply['headers'], body: string): Reply {
  const fields = (name: string) =>
    [...body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => unescaped(text));
  const field = (name: string) => fields(name)[0];
  return {
    status,
    headers,
    body,
    code: field('Code'),
    message: field('Message'),
    field,
    fields,
    get credentials() {
      return {
        accessKeyId: field('AccessKeyId') ?? '',
        secretAccessKey: field('SecretAccessKey') ?? '',
        sessionToken: field('SessionToken') ?? '',
      };
    },
  };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const VERSIONS = { sts: '2011-06-15', iam: '2010-05-08' };

/** One call of STS or IAM. */
export function call(
  emulator: Started,
  credentials: Credentials,
  action: string,
  params: Readonly<Record<string, string>> = {},
  { service = 'sts', region = 'us-east-1' }: { service?: 'sts' | 'iam'; region?: string } = {},
): Promise<Reply> {
  const body = new URLSearchParams({ Action: action, Version: VERSIONS[service], ...params }).toString();
  return send(signed(emulator, credentials, { service, region, path: '/', body }));
}

/** One call of S3, path style. */
export function s3(
  emulator: Emulator,
  credentials: Credentials,
  path: string,
  { method = 'GET', region = 'us-east-1' }: { method?: string; region?: string } = {},
): Promise<Reply> {
  return send(signed(emulator, credentials, { service: 's3', region, method, path }));
}
