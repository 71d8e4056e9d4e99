import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, jest, test } from '@jest/globals';
import {
  type CredentialAnswer,
  type CredentialServer,
  startCredentialServer,
} from '../../../src/shell/credential-server.ts';
import { SESSION } from '../../kit/fake-ports.ts';

const EXPIRATION = new Date('2027-01-15T09:00:00Z');
const GRANTED: CredentialAnswer = { ok: true, credentials: { ...SESSION, expiration: EXPIRATION } };

const servers: CredentialServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(answer: () => CredentialAnswer = () => GRANTED): Promise<CredentialServer> {
  const server = await startCredentialServer({ answer });
  servers.push(server);
  return server;
}

interface Asked {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** Asks as an SDK does, except for what a test changes. */
function ask({ url, token }: CredentialServer, asked: Asked = {}) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: unknown }>(
    (resolve, reject) => {
      const { method = 'GET', headers = { authorization: token }, body } = asked;
      request(asked.url ?? url, { method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: text === '' ? undefined : JSON.parse(text),
          }),
        );
      })
        .on('error', reject)
        .end(body);
    },
  );
}

/** Sends bytes, and resolves with all that comes back until the server hangs up. */
function sendBytes(server: CredentialServer, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connectTo(server, () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (part: string) => {
      received += part;
    });
    socket.on('error', () => undefined).on('close', () => resolve(received));
  });
}

function connectTo({ url }: CredentialServer, connected: () => void): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1', connected);
}

test('it answers with the four members that every SDK reads, which nothing may store', async () => {
  const { status, headers, body } = await ask(await start());
  expect(status).toBe(200);
  expect(body).toEqual({
    AccessKeyId: 'ASIASESSION000000001',
    SecretAccessKey: 'session/secret+key',
    Token: 'session-token',
    Expiration: '2027-01-15T09:00:00.000Z',
  });
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
});

test('each answer is what there is when the request comes', async () => {
  const keys = ['ASIAFIRST00000000001', 'ASIASECOND0000000001'];
  const server = await start(() => ({
    ok: true,
    credentials: { ...SESSION, expiration: EXPIRATION, accessKeyId: keys.shift() ?? '' },
  }));
  expect((await ask(server)).body).toMatchObject({ AccessKeyId: 'ASIAFIRST00000000001' });
  expect((await ask(server)).body).toMatchObject({ AccessKeyId: 'ASIASECOND0000000001' });
});

test('without credentials it gives the reason, in lower case for some SDKs and in upper case for others', async () => {
  const server = await start(() => ({ ok: false, code: 'throttled', message: 'AWS is throttling requests.' }));
  expect(await ask(server)).toMatchObject({
    status: 503,
    headers: { 'cache-control': 'no-store' },
    body: {
      code: 'throttled',
      message: 'AWS is throttling requests.',
      Code: 'throttled',
      Message: 'AWS is throttling requests.',
    },
  });
});

test('path and token are random, and the address is the form that every SDK accepts', async () => {
  const random = jest.fn((bytes: number) => Buffer.alloc(bytes, 0xfb));
  const server = await startCredentialServer({ answer: () => GRANTED, random });
  servers.push(server);
  expect(random.mock.calls).toEqual([[32], [32]]);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s$/);
  expect(server.token).toBe('-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s');
  const [one, other] = [await start(), await start()];
  expect(new Set([one.token, other.token, new URL(one.url).pathname, new URL(other.url).pathname]).size).toBe(4);
});

test.each<readonly [string, (server: CredentialServer) => Asked]>([
  ['without a token', () => ({ headers: {} })],
  ['with an empty token', () => ({ headers: { authorization: '' } })],
  ['with another token', () => ({ headers: { authorization: 'A'.repeat(43) } })],
  ['with a part of the token', ({ token }) => ({ headers: { authorization: token.slice(0, -1) } })],
  ['with more than the token', ({ token }) => ({ headers: { authorization: `Bearer ${token}` } })],
  ['with the token twice', ({ token }) => ({ headers: { authorization: [token, token] } })],
  ['by a name that resolves to this machine', named('rebound.example')],
  ['by the name localhost', named('localhost')],
  ['without the port in Host', ({ token }) => ({ headers: { authorization: token, host: '127.0.0.1' } })],
  ['on another path', ({ url }) => ({ url: new URL('/', url).href })],
  ['with a query', ({ url }) => ({ url: `${url}?x=1` })],
  ['with more after the path', ({ url }) => ({ url: `${url}/` })],
  ['with POST', () => ({ method: 'POST' })],
  ['with HEAD', () => ({ method: 'HEAD' })],
  ['with OPTIONS', () => ({ method: 'OPTIONS' })],
])('a request %s is refused, and nobody looks for credentials', async (_, change) => {
  const answer = jest.fn(() => GRANTED);
  const server = await start(answer);
  const { status, headers, body } = await ask(server, change(server));
  expect(status).toBe(403);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  // An answer to HEAD has no body.
  if (body !== undefined)
    expect(body).toEqual({
      code: 'AccessDenied',
      message: 'The path, the Host header or the Authorization header is wrong.',
      Code: 'AccessDenied',
      Message: 'The path, the Host header or the Authorization header is wrong.',
    });
  expect(answer).not.toHaveBeenCalled();
});

function named(name: string): (server: CredentialServer) => Asked {
  return ({ url, token }) => ({ headers: { authorization: token, host: `${name}:${new URL(url).port}` } });
}

test.each<readonly [string, (host: string) => string, RegExp]>([
  ['is not HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'has headers without end',
    (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(9000)}`,
    /^HTTP\/1\.1 431 /,
  ],
  ['has no Host', () => 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['has two Hosts', (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`, /^HTTP\/1\.1 40[03] /],
  ['names another server', (host) => `GET http://evil.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`, /^HTTP\/1\.1 403 /],
  ['wants a tunnel', (host) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, /^$/],
  [
    'wants to upgrade',
    (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    /^HTTP\/1\.1 403 /,
  ],
  [
    'announces a body of a gigabyte',
    (host) =>
      `POST / HTTP/1.1\r\nHost: ${host}\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n${'x'.repeat(9000)}`,
    /^HTTP\/1\.1 403 /,
  ],
])('a request that %s is ended, and the next client is served', async (_, bytes, expected) => {
  const server = await start();
  expect(await sendBytes(server, bytes(new URL(server.url).host))).toMatch(expected);
  expect(await ask(server)).toMatchObject({ status: 200 });
});

test('a client that hangs up in the middle does no harm', async () => {
  const server = await start();
  await new Promise<void>((resolve) => {
    const socket = connectTo(server, () => socket.write('GET / HT', () => socket.resetAndDestroy()));
    socket.on('error', () => undefined).on('close', () => resolve());
  });
  expect(await ask(server)).toMatchObject({ status: 200 });
});

test('a defect in what is answered is a status 500 without details, and not the end of the process', async () => {
  const server = await start(() => {
    throw new Error('session/secret+key');
  });
  expect(await ask(server)).toMatchObject({
    status: 500,
    body: { code: 'InternalError', message: 'The server for credentials failed.' },
  });
});

test('a hundred clients at the same time are all served', async () => {
  const server = await start();
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(server)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('it ends the connections of clients that wait or are slow, and then nobody is served', async () => {
  const server = await start();
  const ended = sendBytes(server, 'GET / HTTP/1.1\r\n');
  // It is connected once another client was served.
  await ask(server);
  await server.close();
  expect(await ended).toBe('');
  await expect(ask(server)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await server.close();
});
