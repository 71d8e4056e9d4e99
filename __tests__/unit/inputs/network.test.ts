import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { isLoopback } from '../../../src/core/network.ts';
import { findRegion } from '../../../src/core/region.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { type ConnectionUse, readConnection } from '../../../src/inputs/network.ts';
import { piecesOf, problemList, rawInputs } from '../../kit/raw-inputs.ts';

const REGION = findRegion('eu-central-1', PARTITIONS);
const ALL: ConnectionUse = { region: REGION, sts: true, s3: true, iam: true };

/** What becomes of these inputs in a step that uses everything, or as much as is said. */
async function read(given: Partial<RawInputs>, use: Partial<ConnectionUse> = {}) {
  const problems = problemList();
  return { connection: await readConnection(rawInputs(given), { ...ALL, ...use }, problems), problems };
}

describe('where nothing is said', () => {
  test('AWS’s own endpoints are asked, without a proxy', async () => {
    expect(await read({})).toMatchObject({
      connection: { stsEndpoint: undefined, s3Endpoint: undefined, iam: { endpoint: undefined }, proxy: undefined },
      problems: { found: [] },
    });
  });

  test('an exception without a proxy means nothing', async () => {
    expect((await read({ 'no-proxy': 'example.com' })).connection.proxy).toBeUndefined();
  });
});

describe('an endpoint', () => {
  test('is taken as it is written, for each service its own', async () => {
    const { connection, problems } = await read({
      'sts-endpoint': 'https://sts.example.com',
      's3-endpoint': 'https://s3.example.com:8443',
      'iam-endpoint': 'https://iam.example.com/path',
    });
    expect(problems.found).toEqual([]);
    expect(connection).toMatchObject({
      stsEndpoint: 'https://sts.example.com',
      s3Endpoint: 'https://s3.example.com:8443',
      iam: { endpoint: 'https://iam.example.com/path' },
    });
  });

  test.each([
    'http://localhost:4566',
    'http://LOCALHOST:4566',
    'http://127.0.0.1:4566',
    'http://127.1.2.3',
    'http://127.1',
    'http://[::1]:4566',
    'http://[0:0:0:0:0:0:0:1]',
  ])('may speak plain http to loopback: %s', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(problems.found).toEqual([]);
    expect(connection.stsEndpoint).toBe(endpoint);
  });

  test.each([
    'http://sts.amazonaws.com',
    'http://127.0.0.1.evil.com',
    'http://localhost.evil.com',
    'http://evil.com/127.0.0.1',
    'http://evil-localhost',
    'http://0.0.0.0:4566',
    'http://10.0.0.1',
    'http://169.254.169.254',
    'http://128.0.0.1',
    'http://[::]',
    'http://[::2]',
    'http://[::ffff:127.0.0.1]',
    'http://[fe80::1]',
    'http://localhost.',
    'HTTP://sts.amazonaws.com',
  ])('may not speak plain http to anyone else: %s', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(connection.stsEndpoint).toBeUndefined();
    expect(problems.text).toContain('plain http is allowed to loopback only (localhost, 127.0.0.1, [::1])');
  });

  test.each([
    'http://127.0.0.1@evil.com',
    'https://user@sts.example.com',
    'https://user:hunter2-secret@sts.example.com',
    'http://localhost:4566@evil.com',
    'https://:hunter2-secret@sts.example.com',
    'http://ci/hunter2-secret@sts.example.com',
    'http://ci:1#hunter2-secret@sts.example.com',
  ])('holds no user name and no password: %s', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(connection.stsEndpoint).toBeUndefined();
    expect(problems.text).toBe(
      'sts-endpoint holds a user name or a password; an endpoint takes none, since each request is signed',
    );
  });

  test.each([
    'sts.example.com',
    'localhost:4566',
    'ftp://sts.example.com',
    'file:///etc/passwd',
    'https://',
    'https://a b',
    'javascript:1',
  ])('is a URL: %s is refused', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(connection.stsEndpoint).toBeUndefined();
    expect(problems.text).toBe('sts-endpoint is no URL; write https://HOST or https://HOST:PORT');
  });

  test.each(['https://sts.example.com/?x=1', 'https://sts.example.com/#x'])(
    'has no query and no fragment: %s',
    async (endpoint) => {
      expect((await read({ 'sts-endpoint': endpoint })).problems.text).toBe(
        'sts-endpoint has a ? or a #; write https://HOST or https://HOST:PORT',
      );
    },
  );

  test('is shown without its path, which may hold a password', async () => {
    expect((await read({ 'sts-endpoint': 'http://sts.example.com/hunter2-secret' })).problems.text).toMatch(
      /^sts-endpoint is "http:\/\/sts.example.com"; plain http is allowed to loopback only/,
    );
  });

  test('never speaks plain http to another host, whatever is written', async () => {
    const hosts = fc.oneof(
      fc.constantFrom('localhost', '127.0.0.1', '[::1]', '127.0.0.1.evil.com', 'evil.com', '0x7f.1', '2130706433'),
      fc.webAuthority({ withIPv4: true, withIPv6: true, withUserInfo: true, withPort: true }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...'127.0[::1]@/\\localhst%#?') }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('http://', 'http:', 'HTTP:\\\\', 'http:/', '\thttp://'),
        hosts,
        async (scheme, host) => {
          const { connection } = await read({ 'sts-endpoint': `${scheme}${host}` });
          if (connection.stsEndpoint === undefined) return;
          const { hostname } = new URL(connection.stsEndpoint);
          expect(hostname).toMatch(/^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['[::1]', true],
  ['::1', false],
  ['127.0.0.1.evil.com', false],
  ['x127.0.0.1', false],
  ['127.0.0', false],
  ['localhost.localdomain', false],
  ['', false],
])('the host %j is loopback: %s', async (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

describe('a proxy', () => {
  test.each([
    ['http://proxy.example.com:3128', 'http://proxy.example.com:3128/'],
    ['https://proxy.example.com', 'https://proxy.example.com/'],
    ['proxy.example.com:3128', 'http://proxy.example.com:3128/'],
    ['ci:hunter2@proxy.example.com:3128', 'http://ci:hunter2@proxy.example.com:3128/'],
    ['http://ci:p%40ss@proxy.example.com', 'http://ci:p%40ss@proxy.example.com/'],
    ['HTTP://proxy', 'http://proxy/'],
  ])('written %s is %s', async (text, url) => {
    const { connection, problems } = await read({ 'http-proxy': text });
    expect(problems.found).toEqual([]);
    expect(connection.proxy?.url.href).toBe(url);
  });

  test('has its exceptions', async () => {
    expect(
      (await read({ 'http-proxy': 'proxy:3128', 'no-proxy': '.internal,10.0.0.1' })).connection.proxy?.except,
    ).toBe('.internal,10.0.0.1');
  });

  const FORM =
    'write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40';

  test.each(['socks5', 'socks', 'socks5h', 'SOCKS4'])('of the kind %s is refused by name', async (kind) => {
    const { connection, problems } = await read({ 'http-proxy': `${kind}://ci:hunter2@proxy:1080` });
    expect(connection.proxy).toBeUndefined();
    expect(problems.text).toBe(`http-proxy is a SOCKS proxy; ${FORM}`);
  });

  test.each([
    'http://',
    'http://a b',
    'http://proxy:99999',
    ':',
    'ftp://ci:hunter2@proxy:1080',
    'pac://proxy',
    'hunter2hunter2://proxy',
    // In each of these the rest of the password is a port, a path, a query or a fragment, and the user's name the host.
    'http://ci:hunter2#2@proxy:3128',
    'http://ci:123#hunter2@proxy:3128',
    'http://ci:123/hunter2@proxy:3128',
    'http://ci:123?hunter2@proxy:3128',
    'http://ci:123\\hunter2@proxy:3128',
    'ci:123#hunter2@proxy:3128',
    'http://hunter2#hunter2@proxy:3128',
    'http://ci#hunter2',
    'http://proxy:3128/path',
    'http://proxy:3128/?token=hunter2',
    'http://proxy:3128//',
  ])('is a URL of scheme, host and port: %j is refused', async (text) => {
    const { connection, problems } = await read({ 'http-proxy': text });
    expect(connection.proxy).toBeUndefined();
    expect(problems.text).toBe(`http-proxy is not the URL of an http or https proxy; ${FORM}`);
  });

  test('never has its password in a message', async () => {
    const password = fc.oneof(
      fc.string({ unit: 'binary', minLength: 6, maxLength: 40 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 40 }),
    );
    const write = fc.constantFrom(
      (secret: string) => `http://ci:${secret}@proxy:3128`,
      (secret: string) => `ci:${secret}@proxy:3128`,
      (secret: string) => `socks5://ci:${secret}@proxy:3128`,
      (secret: string) => `http://ci:${secret}@pro xy:3128`,
      (secret: string) => `http://ci:${secret}@proxy:99999`,
      (secret: string) => `${secret}@proxy`,
      (secret: string) => `http://ci:1#${secret}@proxy:3128`,
      (secret: string) => `http://ci:1/${secret}@proxy:3128`,
      (secret: string) => `http://ci?${secret}@proxy:3128`,
    );
    await fc.assert(
      fc.asyncProperty(password, write, async (secret, url) => {
        const { problems } = await read({ 'http-proxy': url(secret) });
        for (const piece of piecesOf(secret)) expect(problems.text).not.toContain(piece);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is not used is not judged:', () => {
  const UNUSABLE = 'http://minio:9000';

  test.each([
    ['sts-endpoint', { sts: false }],
    ['s3-endpoint', { s3: false }],
    ['iam-endpoint', { iam: false }],
  ] as const)('%s', async (input, unused) => {
    expect((await read({ [input]: UNUSABLE })).problems.inputs).toEqual([input]);
    const { connection, problems } = await read({ [input]: UNUSABLE }, unused);
    expect(problems.found).toEqual([]);
    expect(JSON.stringify(connection)).not.toContain('minio');
  });

  test('IAM, which is only asked to explain a refusal, is not asked at an unusable endpoint', async () => {
    expect((await read({ 'iam-endpoint': UNUSABLE }, { iam: false })).connection.iam).toBeUndefined();
    expect((await read({ 'iam-endpoint': 'https://iam.example.com' }, { iam: false })).connection.iam).toEqual({
      endpoint: 'https://iam.example.com',
    });
    expect((await read({}, { iam: false })).connection.iam).toEqual({ endpoint: undefined });
  });

  test.each([
    ['*', {}],
    [' * ', {}],
    ['amazonaws.com', {}],
    ['.amazonaws.com', {}],
    ['*.amazonaws.com', {}],
    ['localhost, .AMAZONAWS.com', {}],
    ['sts.eu-central-1.amazonaws.com:443', { s3: false, iam: false }],
    ['sts.eu-central-1.amazonaws.com s3.eu-central-1.amazonaws.com', { iam: false }],
    ['', { sts: false, s3: false, iam: false }],
  ])('a SOCKS proxy where no_proxy is %j', async (except, use) => {
    const { connection, problems } = await read({ 'http-proxy': 'socks5://proxy:1080', 'no-proxy': except }, use);
    expect(problems.found).toEqual([]);
    expect(connection.proxy).toBeUndefined();
  });

  test.each([
    '',
    'example.com',
    'mazonaws.com',
    'amazonaws.com:8443',
    'sts.eu-central-1.amazonaws.com',
    '.s3.amazonaws.com',
  ])('but a SOCKS proxy is, for hosts that no_proxy does not name: %j', async (except) => {
    const { problems } = await read({ 'http-proxy': 'socks5://proxy:1080', 'no-proxy': except });
    expect(problems.inputs).toEqual(['http-proxy']);
  });

  test('a SOCKS proxy for endpoints that no_proxy names', async () => {
    const given = { 'http-proxy': 'socks5://proxy:1080', 'no-proxy': 'localhost,127.0.0.1' };
    const local = { 'sts-endpoint': 'http://127.0.0.1:4566', 's3-endpoint': 'http://localhost:4566' };
    expect((await read({ ...given, ...local }, { iam: false })).problems.found).toEqual([]);
    expect((await read({ ...given, ...local })).problems.inputs).toEqual(['http-proxy']);
  });
});

describe('a region of an emulator', () => {
  const [aws] = PARTITIONS;
  const region = aws && { name: 'minio', partition: aws };

  test('has an endpoint for each service that is used', async () => {
    const endpoints = { 'sts-endpoint': 'http://127.0.0.1:9000', 's3-endpoint': 'http://127.0.0.1:9000' };
    const { connection, problems } = await read(endpoints, { region, iam: false });
    expect(problems.found).toEqual([]);
    expect(connection.iam).toBeUndefined();
    const missing = await read({ 'sts-endpoint': 'http://127.0.0.1:9000' }, { region });
    expect(missing.problems.text).toBe(
      'iam-endpoint is missing; "minio" is not a region of AWS, so each service needs an endpoint\n' +
        's3-endpoint is missing; "minio" is not a region of AWS, so each service needs an endpoint',
    );
  });
});
