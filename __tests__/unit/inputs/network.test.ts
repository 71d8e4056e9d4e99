import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { isLoopback } from '../../../src/core/network.ts';
import { findRegion } from '../../../src/core/region.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { type ConnectionUse, readConnection } from '../../../src/inputs/network.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { listed, piecesOf, rawInputs, saidBy } from '../../kit/raw-inputs.ts';

const REGION = findRegion('eu-central-1', PARTITIONS);
const ALL: ConnectionUse = { region: REGION, sts: true, s3: true, iam: true };

/** Reads these inputs in a step that uses everything, unless `use` says otherwise. */
async function read(given: Partial<RawInputs>, use: Partial<ConnectionUse> = {}) {
  const problems = new ProblemList();
  const connection = readConnection(rawInputs(given), { ...ALL, ...use }, problems);
  return { connection, found: problems.found, problems: listed(problems.found) };
}

describe('by default', () => {
  test('AWS’s own endpoints are called, without a proxy', async () => {
    expect(await read({})).toMatchObject({
      connection: { stsEndpoint: undefined, s3Endpoint: undefined, iam: { endpoint: undefined }, proxy: undefined },
      problems: [],
    });
  });

  test('no-proxy without a proxy does nothing', async () => {
    expect((await read({ 'no-proxy': 'example.com' })).connection.proxy).toBeUndefined();
  });
});

describe('an endpoint', () => {
  test('is used as it is written, for each service', async () => {
    const { connection, problems } = await read({
      'sts-endpoint': 'https://sts.example.com',
      's3-endpoint': 'https://s3.example.com:8443',
      'iam-endpoint': 'https://iam.example.com/path',
    });
    expect(problems).toEqual([]);
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
  ])('may use plain http for this machine: %s', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(problems).toEqual([]);
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
  ])('may not use plain http for another host: %s', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(connection.stsEndpoint).toBeUndefined();
    expect(problems).toEqual([
      ['sts-endpoint', 'endpoint', { reason: 'plain-http', origin: expect.stringMatching(/^http:\/\/[^/]+$/) }],
    ]);
  });

  test.each([
    'http://127.0.0.1@evil.com',
    'https://user@sts.example.com',
    'https://user:hunter2-secret@sts.example.com',
    'http://localhost:4566@evil.com',
    'https://:hunter2-secret@sts.example.com',
    'http://ci/hunter2-secret@sts.example.com',
    'http://ci:1#hunter2-secret@sts.example.com',
  ])('contains no user name and no password: %s is refused', async (endpoint) => {
    const { connection, problems } = await read({ 'sts-endpoint': endpoint });
    expect(connection.stsEndpoint).toBeUndefined();
    expect(problems).toEqual([['sts-endpoint', 'endpoint', { reason: 'credentials' }]]);
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
    expect(problems).toEqual([['sts-endpoint', 'endpoint', { reason: 'not-url' }]]);
  });

  test.each(['https://sts.example.com/?x=1', 'https://sts.example.com/#x'])(
    'has no query and no fragment: %s is refused',
    async (endpoint) => {
      expect((await read({ 'sts-endpoint': endpoint })).problems).toEqual([
        ['sts-endpoint', 'endpoint', { reason: 'query' }],
      ]);
    },
  );

  test('is reported without its path, which may contain a password', async () => {
    expect((await read({ 'sts-endpoint': 'http://sts.example.com/hunter2-secret' })).problems).toEqual([
      ['sts-endpoint', 'endpoint', { reason: 'plain-http', origin: 'http://sts.example.com' }],
    ]);
  });

  test('never uses plain http for another host, whatever is written', async () => {
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
      propertyRuns(200),
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
    expect(problems).toEqual([]);
    expect(connection.proxy?.url.href).toBe(url);
  });

  test('has its exceptions', async () => {
    expect(
      (await read({ 'http-proxy': 'proxy:3128', 'no-proxy': '.internal,10.0.0.1' })).connection.proxy?.except,
    ).toBe('.internal,10.0.0.1');
  });

  test.each(['socks5', 'socks', 'socks5h', 'SOCKS4'])('may not be %s', async (kind) => {
    const { connection, problems } = await read({ 'http-proxy': `${kind}://ci:hunter2@proxy:1080` });
    expect(connection.proxy).toBeUndefined();
    expect(problems).toEqual([['http-proxy', 'proxy', { reason: 'socks' }]]);
  });

  test.each([
    'http://',
    'http://a b',
    'http://proxy:99999',
    ':',
    'ftp://ci:hunter2@proxy:1080',
    'pac://proxy',
    'hunter2hunter2://proxy',
    // In each of these, the rest of the password is a port, a path, a query or a fragment, and the host is the user name.
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
    expect(problems).toEqual([['http-proxy', 'proxy', { reason: 'not-url' }]]);
  });

  test('never has its password in a problem', async () => {
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
        const said = saidBy((await read({ 'http-proxy': url(secret) })).found);
        for (const piece of piecesOf(secret)) expect(said).not.toContain(piece);
      }),
      propertyRuns(200),
    );
  });
});

describe('what isn’t used isn’t checked:', () => {
  const UNUSABLE = 'http://minio:9000';

  test.each([
    ['sts-endpoint', { sts: false }],
    ['s3-endpoint', { s3: false }],
    ['iam-endpoint', { iam: false }],
  ] as const)('%s', async (input, unused) => {
    expect((await read({ [input]: UNUSABLE })).problems).toEqual([
      [input, 'endpoint', { reason: 'plain-http', origin: UNUSABLE }],
    ]);
    const { connection, problems } = await read({ [input]: UNUSABLE }, unused);
    expect(problems).toEqual([]);
    expect(JSON.stringify(connection)).not.toContain('minio');
  });

  test('IAM, which would only explain a refusal, is not called at an unusable endpoint', async () => {
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
  ])('a SOCKS proxy if no_proxy is %j', async (except, use) => {
    const { connection, problems } = await read({ 'http-proxy': 'socks5://proxy:1080', 'no-proxy': except }, use);
    expect(problems).toEqual([]);
    expect(connection.proxy).toBeUndefined();
  });

  test.each([
    '',
    'example.com',
    'mazonaws.com',
    'amazonaws.com:8443',
    'sts.eu-central-1.amazonaws.com',
    '.s3.amazonaws.com',
  ])('but a SOCKS proxy is refused for hosts that no_proxy doesn’t name: %j', async (except) => {
    const { problems } = await read({ 'http-proxy': 'socks5://proxy:1080', 'no-proxy': except });
    expect(problems).toEqual([['http-proxy', 'proxy', { reason: 'socks' }]]);
  });

  test('a SOCKS proxy for endpoints that no_proxy names', async () => {
    const given = { 'http-proxy': 'socks5://proxy:1080', 'no-proxy': 'localhost,127.0.0.1' };
    const local = { 'sts-endpoint': 'http://127.0.0.1:4566', 's3-endpoint': 'http://localhost:4566' };
    expect((await read({ ...given, ...local }, { iam: false })).problems).toEqual([]);
    expect((await read({ ...given, ...local })).problems).toEqual([['http-proxy', 'proxy', { reason: 'socks' }]]);
  });
});

describe('a region of an emulator', () => {
  const [aws] = PARTITIONS;
  const region = aws && { name: 'minio', partition: aws };

  test('needs an endpoint for each service that is used', async () => {
    const endpoints = { 'sts-endpoint': 'http://127.0.0.1:9000', 's3-endpoint': 'http://127.0.0.1:9000' };
    const { connection, problems } = await read(endpoints, { region, iam: false });
    expect(problems).toEqual([]);
    expect(connection.iam).toBeUndefined();
    const missing = await read({ 'sts-endpoint': 'http://127.0.0.1:9000' }, { region });
    expect(missing.problems).toEqual([
      ['iam-endpoint', 'endpoint-missing', { region: 'minio' }],
      ['s3-endpoint', 'endpoint-missing', { region: 'minio' }],
    ]);
  });
});
