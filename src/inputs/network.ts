import { type Connection, isLoopback, type ProxyServer } from '../core/network.ts';
import type { Region } from '../core/region.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** Which services are called. An endpoint or proxy that isn't used isn't judged. */
export interface ConnectionUse {
  readonly region: Region | undefined;
  readonly sts: boolean;
  readonly s3: boolean;
  /** If not, IAM may still be asked why a code was refused. */
  readonly iam: boolean;
}

/** Reads the endpoints and the proxy. Plain http is for loopback only: keys and tokens don't travel in the clear. */
export async function readConnection(raw: RawInputs, use: ConnectionUse, problems: Problems): Promise<Connection> {
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
    proxy: await readProxy(raw, use, problems),
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

/** The proxy is read by a part that is only loaded if there is one. */
async function readProxy(raw: RawInputs, use: ConnectionUse, problems: Problems): Promise<ProxyServer | undefined> {
  if (raw['http-proxy'] === '') return undefined;
  const { readProxy: read } = await import('./proxy.ts');
  return read(raw, use, problems);
}
