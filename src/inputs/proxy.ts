import { bypassesProxy, type ProxyServer } from '../core/network.ts';
import type { Problems, RawInputs } from './names.ts';
import type { ConnectionUse } from './network.ts';

// The proxy. Loaded only if one is given.

const FORM =
  'write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40';

/** Reads `http-proxy`. A proxy's URL may hold a password, also in a wrong place, so no part of it is ever shown. */
export function readProxy(raw: RawInputs, use: ConnectionUse, problems: Problems): ProxyServer | undefined {
  const text = raw['http-proxy'];
  const except = raw['no-proxy'];
  if (except.trim() === '*') return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text) ? text : `http://${text}`);
  // With one of these in its password, what URL takes for the host is the user's name.
  const broken = !url?.hostname || url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname);
  if (!broken && (url.protocol === 'http:' || url.protocol === 'https:')) return { url, except };
  if (hostsOf(raw, use).every(([host, port]) => bypassesProxy(host, port, except))) return undefined;
  return url?.protocol.startsWith('socks')
    ? problems.add('http-proxy', `is a SOCKS proxy; ${FORM}`)
    : problems.add('http-proxy', `is not the URL of an http or https proxy; ${FORM}`);
}

/** The hosts that will be asked, as far as they are known before a call. */
function hostsOf(raw: RawInputs, { region, ...use }: ConnectionUse): readonly (readonly [string, number])[] {
  return (['sts', 's3', 'iam'] as const)
    .filter((service) => use[service])
    .map((service) => {
      const endpoint = URL.parse(raw[`${service}-endpoint`]);
      if (endpoint?.hostname) return [endpoint.hostname, Number(endpoint.port || 443)];
      return [`${service}.${region?.name}.${region?.partition.dnsSuffix}`, 443];
    });
}
