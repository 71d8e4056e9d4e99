import { type Connection, isLoopback, type ProxyServer } from '../core/network.ts';
import type { Region } from '../core/region.ts';
import { quote } from '../core/words.ts';
import type { InputName, Problems, RawInputs } from './names.ts';

/** Which services have to be asked. An endpoint or proxy that isn't used isn't judged. */
export interface ConnectionUse {
  readonly region: Region | undefined;
  readonly sts: boolean;
  readonly s3: boolean;
  /** Without it, IAM may still be asked why a code was refused. */
  readonly iam: boolean;
}

/** Reads the endpoints and the proxy. Plain http is for loopback only: keys and tokens do not travel in the clear. */
export async function readConnection(raw: RawInputs, use: ConnectionUse, problems: Problems): Promise<Connection> {
  const { region } = use;
  const emulated = region !== undefined && !region.partition.regionPattern.test(region.name);
  const read = (input: InputName, used: boolean): string | undefined => {
    if (raw[input] === '' && used && emulated)
      problems.add(
        input,
        `is missing; ${quote(region.name)} is not a region of AWS, so each service needs an endpoint`,
      );
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

/** Whatever stands next to the host may be a password in the wrong place, so no more than the origin is shown. */
function readEndpoint(raw: RawInputs, input: InputName, problems: Problems | undefined): string | undefined {
  const text = raw[input];
  if (text === '') return undefined;
  const url = URL.parse(text);
  // An @ behind the host: with a / or # in the password, what URL takes for the host is the user's name.
  if (url !== null && (url.username !== '' || url.password !== '' || text.includes('@'))) {
    return problems?.add(
      input,
      'holds a user name or a password; an endpoint takes none, since each request is signed',
    );
  }
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return problems?.add(input, 'is no URL; write https://HOST or https://HOST:PORT');
  }
  if (url.search !== '' || url.hash !== '')
    return problems?.add(input, 'has a ? or a #; write https://HOST or https://HOST:PORT');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return problems?.add(
      input,
      `is ${quote(url.origin)}; plain http is allowed to loopback only (localhost, 127.0.0.1, [::1]), since anyone on the way could read the credentials. Write https://`,
    );
  }
  return text;
}

/** The proxy is read by what is loaded only if there is one. */
async function readProxy(raw: RawInputs, use: ConnectionUse, problems: Problems): Promise<ProxyServer | undefined> {
  if (raw['http-proxy'] === '') return undefined;
  const { readProxy: read } = await import('./proxy.ts');
  return read(raw, use, problems);
}
