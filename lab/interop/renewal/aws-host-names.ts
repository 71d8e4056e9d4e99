import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { makeCertificate } from '../../aws/certificate.ts';
import { REGION } from '../account.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Environment } from './profiles.ts';

const HOSTS: readonly string[] = ['sts', 's3'].map((service) => `${service}.${REGION}.amazonaws.com`);

/**
 * AWS's own host names, over TLS, for clients that ignore `AWS_ENDPOINT_URL` when they assume a role: a proxy on loopback, which
 * connects them to the emulator.
 * @returns the environment that such a client needs
 */
export async function startAwsHostNames(endpoint: string, cleanup: Cleanup): Promise<Environment> {
  const { key, cert } = await makeCertificate(HOSTS);
  const port = Number(new URL(endpoint).port);
  const discard = (): void => undefined;
  const aws = createTlsServer({ key, cert }, (client) => {
    pipeline(client, connect(port, '127.0.0.1'), client, discard);
  }).on('tlsClientError', discard);
  const proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url = '' }, socket: Socket) => {
    socket.on('error', discard);
    if (!HOSTS.some((host) => url === `${host}:443`)) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    aws.emit('connection', socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanup.add(() => void proxy.close());
  // The proxy of a client that was killed doesn't keep this process.
  proxy.unref();
  const { port: proxyPort } = proxy.address() as AddressInfo;
  const certificate = join(cleanup.folder, `aws-host-names-${proxyPort}.pem`);
  writeFileSync(certificate, cert);
  return {
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    AWS_CA_BUNDLE: certificate,
    AWS_STS_REGIONAL_ENDPOINTS: 'regional',
  };
}
