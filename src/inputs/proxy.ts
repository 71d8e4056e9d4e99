import { bypassesProxy, type ProxyServer } from '../core/network.ts';
import type { RawInputs } from './names.ts';
import type { ConnectionUse } from './network.ts';
import type { Problems } from './problem.ts';

// The proxy. Loaded only if one is given.

/** Reads `http-proxy`. A proxy's URL may hold a password, even in the wrong place, so facts hold no part of it. */
export function readProxy(raw: RawInputs, use: ConnectionUse, problems: Problems): ProxyServer | undefined {
  const text = raw['http-proxy'];
  const except = raw['no-proxy'];
  if (except.trim() === '*') return undefined;
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
