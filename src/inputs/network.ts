import { bypassesProxy, type Connection, isLoopback, type ProxyServer } from '../core/network.ts';
import type { Region } from '../core/region.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** Which services are called. An endpoint or proxy that isn't used isn't judged. */
export interface ConnectionUse {
  readonly region: Region | undefined;
  readonly sts: boolean;
  readonly s3: boolean;
  /** If not, IAM may still be called to find out why a code was refused. */
  readonly iam: boolean;
}

/** Reads the endpoints and the proxy. Plain http is for loopback only: keys and tokens don't travel in the clear. */
export function readConnection(raw: RawInputs, use: ConnectionUse, problems: Problems): Connection {
  const { region } = use;
  const emulated = region !== undefined && !region.partition.regionPattern.test(region.name);
  const read = (input: InputName, used: boolean): string | undefined => {
    if (raw[input] === '' && used && emulated) problems.add(input, 'endpoint-missing', { region: region.name });
    return readEndpoint(raw, input, used ? problems : undefined);
  };
  const iamEndpoint = read('iam-endpoint', use.iam);
  const asksIam = iamEndpoint !== undefined || (raw['iam-endpoint'] === '' && !emulated);
  return {
    stsEndpoint: read('sts-endpoint', use.sts),
    s3Endpoint: read('s3-endpoint', use.s3),
    iam: asksIam ? { endpoint: iamEndpoint } : undefined,
    proxy: readProxy(raw, use, problems),
  };
}

/** Whatever is next to the host may be a password in the wrong place, so facts hold no more than the origin. */
function readEndpoint(raw: RawInputs, input: InputName, problems: Problems | undefined): string | undefined {
  const text = raw[input];
  if (text === '') return undefined;
  const url = URL.parse(text);
  // An @ after the host: with a / or # in the password, what URL takes for the host is the user's name.
  if (url !== null && (url.username !== '' || url.password !== '' || text.includes('@')))
    return problems?.add(input, 'endpoint', { reason: 'credentials' });
  if (url === null || !/^https?:$/.test(url.protocol)) return problems?.add(input, 'endpoint', { reason: 'not-url' });
  if (url.search !== '' || url.hash !== '') return problems?.add(input, 'endpoint', { reason: 'query' });
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return problems?.add(input, 'endpoint', { reason: 'plain-http', origin: url.origin });
  return text;
}

/** Reads `http-proxy`. A proxy's URL may hold a password, even in the wrong place, so facts hold no part of it. */
function readProxy(raw: RawInputs, use: ConnectionUse, problems: Problems): ProxyServer | undefined {
  const text = raw['http-proxy'];
  const except = raw['no-proxy'];
  if (text === '' || except.trim() === '*') return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text) ? text : `http://${text}`);
  // With one of these in its password, what URL takes for the host is the user's name.
  const broken = !url?.hostname || url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname);
  if (!broken && (url.protocol === 'http:' || url.protocol === 'https:')) return { url, except };
  if (hostsOf(raw, use).every(([host, port]) => bypassesProxy(host, port, except))) return undefined;
  return problems.add('http-proxy', 'proxy', { reason: url?.protocol.startsWith('socks') ? 'socks' : 'not-url' });
}

/** The hosts that will be called, as far as they are known before the first call. */
function hostsOf(raw: RawInputs, { region, ...use }: ConnectionUse): readonly (readonly [string, number])[] {
  return (['sts', 's3', 'iam'] as const)
    .filter((service) => use[service])
    .map((service) => {
      const endpoint = URL.parse(raw[`${service}-endpoint`]);
      if (endpoint?.hostname) return [endpoint.hostname, Number(endpoint.port || 443)];
      return [`${service}.${region?.name}.${region?.partition.dnsSuffix}`, 443];
    });
}
