import { Agent, createServer, get, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../lab/aws/certificate.ts';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { openTransport, type Transport } from '../../../src/aws/transport.ts';
import type { Connection } from '../../../src/core/network.ts';
import { findRegion, type Region } from '../../../src/core/region.ts';

const NOWHERE: Connection = { stsEndpoint: undefined, s3Endpoint: undefined, iam: undefined, proxy: undefined };
const PLAIN = { fips: false, dualstack: false };
const REGION = findRegion('eu-central-1', PARTITIONS) as Region;

let server: Server;
/** The server name of each connection that was made; false where it gave none. */
let names: (string | false | null)[] = [];
/** What each connection was made with. */
let asked: object[] = [];
const open: Transport[] = [];
const { createConnection } = Agent.prototype;

beforeAll(async () => {
  const { key, cert } = await makeCertificate();
  // Trusts the server. `tls.setDefaultCACertificates` would be plainer, but Node 24.4, the oldest on runners, has none.
  Agent.prototype.createConnection = function (options, callback) {
    asked.push(options);
    return createConnection.call(this, { ...options, ca: cert }, callback);
  };
  server = createServer({ key, cert }, (_, response) => response.end('hello'));
  server.on('secureConnection', ({ servername }) => {
    names.push(servername);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  names = [];
  asked = [];
});

afterEach(() => {
  for (const transport of open.splice(0)) transport.close();
});

afterAll(async () => {
  Agent.prototype.createConnection = createConnection;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function port(): number {
  return (server.address() as AddressInfo).port;
}

async function openTo(stsEndpoint: string | undefined, expected: number): Promise<Transport> {
  const transport = await openTransport({ ...NOWHERE, stsEndpoint }, REGION, PLAIN, expected);
  open.push(transport);
  return transport;
}

/** Until this many connections have been made. */
async function connected(count: number): Promise<void> {
  while (names.length < count) await new Promise((resolve) => server.once('secureConnection', resolve));
}

/** The text behind a URL, and whether it came over a connection that was there already. */
function read(transport: Transport, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: transport.httpsAgent }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });
}

describe('the connections to STS', () => {
  test('are opened before anything is asked, as many as are expected, and used by what is asked', async () => {
    const url = `https://localhost:${port()}`;
    const transport = await openTo(url, 2);
    await connected(2);
    expect(await Promise.all([read(transport, url), read(transport, url)])).toEqual(['hello', 'hello']);
    expect(names).toHaveLength(2);
  });

  test('are made anew where more is asked than was expected', async () => {
    const url = `https://localhost:${port()}`;
    const transport = await openTo(url, 1);
    await connected(1);
    await Promise.all([read(transport, url), read(transport, url)]);
    expect(names).toHaveLength(2);
  });

  test('check certificates, and give each address of a name time enough for a slow link', async () => {
    const transport = await openTo(`https://localhost:${port()}`, 1);
    await connected(1);
    await read(transport, `https://127.0.0.1:${port()}`);
    expect(asked).toHaveLength(2);
    for (const options of asked)
      expect(options).toMatchObject({ rejectUnauthorized: true, autoSelectFamilyAttemptTimeout: 2_000 });
  });

  test('to another host are made when it is asked', async () => {
    const transport = await openTo(`https://localhost:${port()}`, 1);
    await connected(1);
    expect(await read(transport, `https://127.0.0.1:${port()}`)).toBe('hello');
    expect(names).toHaveLength(2);
  });

  test('to an address are opened early without a server name, since TLS takes names only (RFC 6066)', async () => {
    const url = `https://127.0.0.1:${port()}`;
    const transport = await openTo(url, 1);
    expect(await read(transport, url)).toBe('hello');
    expect(names).toEqual([false]);
  });

  test('to a host are opened early with its name', async () => {
    const url = `https://localhost:${port()}`;
    const transport = await openTo(url, 1);
    expect(await read(transport, url)).toBe('hello');
    expect(names).toEqual(['localhost']);
  });

  test('that cannot be opened early harm nobody', async () => {
    const transport = await openTo('https://localhost:1', 2);
    await expect(read(transport, 'https://localhost:1')).rejects.toMatchObject({
      stage: 'connect',
      target: 'localhost:1',
    });
  });

  test('that the server has closed meanwhile are not used', async () => {
    const url = `https://localhost:${port()}`;
    const transport = await openTo(url, 1);
    await connected(1);
    const closed = new Promise((resolve) => setTimeout(resolve, 50));
    server.closeAllConnections();
    await closed;
    expect(await read(transport, url)).toBe('hello');
    expect(names).toHaveLength(2);
  });

  test.each(['http://127.0.0.1:1', 'https://[::1]:1'])('are not opened early to %s', async (endpoint) => {
    await openTo(endpoint, 2);
    expect(names).toHaveLength(0);
  });
});
