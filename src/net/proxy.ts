import { type ClientRequestArgs, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { bypassesProxy, type ProxyServer } from '../core/network.ts';
import type { Tunnels } from './agent.ts';
import { ConnectError, type ConnectStage, SECURE, STAGE_LIMITS, targetOf } from './secure-socket.ts';

/** A longer response to CONNECT isn't a proxy's. Node's own limit isn't enough: NODE_OPTIONS can raise it. */
const MAX_HEADER_BYTES = 16_384;

/**
 * Tunnels through a proxy (RFC 9110, section 9.3.6). Loaded only if a proxy is set.
 *
 * Only the status 200 opens one, and nothing else that a proxy says is passed on: until the server's certificate is checked, anyone
 * on the way could have said it. Node's own HTTP parser reads the response, within a size limit.
 */
export function createTunnels(server: ProxyServer): Tunnels {
  return (host, port) => (bypassesProxy(host, port, server.except) ? undefined : openTunnel(server, host, port));
}

function openTunnel({ url }: ProxyServer, host: string, port: number): Promise<Duplex> {
  const secure = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const proxyPort = Number(url.port || (secure ? 443 : 80));
  const proxy = targetOf(hostname, proxyPort);
  const target = targetOf(host, port);
  const options: ClientRequestArgs = {
    host: hostname,
    port: proxyPort,
    method: 'CONNECT',
    path: target,
    agent: false,
    setHost: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headers: { host: target, connection: 'keep-alive', 'proxy-connection': 'keep-alive', ...authorization(url) },
    ...SECURE,
    ...(isIP(hostname) === 0 && { servername: hostname }),
  };
  return new Promise((resolve, reject) => {
    const asking = (secure ? requestHttps : requestHttp)(options);
    let stage: ConnectStage = 'connect';
    const fail = (cause: unknown, status?: number): void => {
      clearTimeout(timer);
      asking.destroy();
      reject(new ConnectError(stage, stage === 'proxy' ? target : proxy, cause, { proxy, status }));
    };
    const slow = (): void => fail(new Error(`no answer within ${STAGE_LIMITS[stage] / 1000} s`));
    let timer = setTimeout(slow, STAGE_LIMITS.connect);
    const enter = (next: ConnectStage): void => {
      stage = next;
      clearTimeout(timer);
      timer = setTimeout(slow, STAGE_LIMITS[stage]);
    };
    asking.once('socket', (socket) => {
      socket.once('connect', () => enter(secure ? 'tls' : 'proxy'));
      if (secure) socket.once('secureConnect', () => enter('proxy'));
    });
    asking.once('connect', ({ statusCode }, socket, head) => {
      socket.on('error', () => undefined);
      if (statusCode === 200 && head.length === 0) {
        clearTimeout(timer);
        resolve(socket);
        return;
      }
      socket.destroy();
      // In TLS, the client sends first.
      fail(new Error(statusCode === 200 ? 'it sent more than its answer' : 'it did not open the tunnel'), statusCode);
    });
    asking.on('error', fail);
    asking.end();
  });
}

/** The user name and the password of a proxy's URL, as Basic authentication (RFC 7617); nothing if it has neither. */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A stray % means that it was never encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
