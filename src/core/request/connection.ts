import { quote } from './fields.ts';
import type { InputName, Problems, RawInputs } from './inputs.ts';

/** A proxy, and the hosts that are reached without it (as in `no_proxy`). */
export interface ProxyServer {
  readonly url: URL;
  readonly except: string;
}

const PROXY_FORM =
  'write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40';

/** Where the calls go, as far as the user said so. */
export interface Connection {
  readonly stsEndpoint: string | undefined;
  readonly s3Endpoint: string | undefined;
  readonly iamEndpoint: string | undefined;
  readonly proxy: ProxyServer | undefined;
}

/** Reads the endpoints and the proxy. Plain http is for loopback only: keys and tokens do not travel in the clear. */
export function readConnection(raw: RawInputs, problems: Problems): Connection {
  return {
    stsEndpoint: readEndpoint(raw, 'sts-endpoint', problems),
    s3Endpoint: readEndpoint(raw, 's3-endpoint', problems),
    iamEndpoint: readEndpoint(raw, 'iam-endpoint', problems),
    proxy: readProxy(raw, problems),
  };
}

/** Whether a URL's host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** Whatever stands beside the host may be a password in the wrong place, so no more than the origin is shown. */
function readEndpoint(raw: RawInputs, input: InputName, problems: Problems): string | undefined {
  const text = raw[input];
  if (text === '') return undefined;
  const url = URL.parse(text);
  // An @ behind the host: with a / or # in the password, what URL takes for the host is the user's name.
  if (url !== null && (url.username !== '' || url.password !== '' || text.includes('@'))) {
    return problems.add(input, 'holds a user name or a password; an endpoint takes none, since each request is signed');
  }
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return problems.add(input, 'is no URL; write https://HOST or https://HOST:PORT');
  }
  if (url.search !== '' || url.hash !== '')
    return problems.add(input, 'has a ? or a #; write https://HOST or https://HOST:PORT');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return problems.add(
      input,
      `is ${quote(url.origin)}; plain http is allowed to loopback only (localhost, 127.0.0.1, [::1]), since anyone on the way could read the credentials. Write https://`,
    );
  }
  return text;
}

/** A proxy's URL may hold a password, also in a wrong place, so no part of it is ever shown. */
function readProxy(raw: RawInputs, problems: Problems): ProxyServer | undefined {
  const text = raw['http-proxy'];
  if (text === '') return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text) ? text : `http://${text}`);
  if (url?.protocol.startsWith('socks')) return problems.add('http-proxy', `is a SOCKS proxy; ${PROXY_FORM}`);
  // With one of these in its password, what URL takes for the host is the user's name.
  const broken = !url?.hostname || url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname);
  if (broken || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return problems.add('http-proxy', `is not the URL of an http or https proxy; ${PROXY_FORM}`);
  return { url, except: raw['no-proxy'] };
}
