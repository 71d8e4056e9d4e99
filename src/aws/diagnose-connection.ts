import { Failure } from '../core/failure.ts';
import { foreign, type Scene } from './foreign.ts';
import type { ConnectError } from './secure-socket.ts';
import { systemErrorOf } from './system-error.ts';

const CERTIFICATE_TROUBLE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;
/** What OpenSSL and Node's HTTP parser say of a peer that speaks another protocol. */
const ANOTHER_PROTOCOL = /^(?:HPE_|EPROTO$|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))/;
/** What a resolver says of a name that it does not know, or cannot look up. */
const UNRESOLVED = /^(?:ENOTFOUND|ENODATA|EAI_)/;
/** A proxy may answer otherwise a little later; after any other status it will not. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];

/** Says why no connection could be made, of which nothing had been sent. */
export function diagnoseConnection(error: ConnectError, call: string, scene: Scene): Failure {
  const { stage, target, proxy, status, cause } = error;
  const { code, message: said } = systemErrorOf(cause);
  const words = foreign([code, said].filter(Boolean).join(': '), scene);
  const fail = (failure: Failure['code'], message: string, remedy?: string, outlook?: 'final'): Failure =>
    new Failure(failure, `${call}: ${message}`, {
      cause: error,
      ...(remedy !== undefined && { remedy }),
      ...(outlook && { outlook }),
    });
  const toProxy = proxy !== undefined && target === proxy;

  if (stage === 'proxy' && status !== undefined && status !== 200) {
    const passing = status >= 500 || PASSING_STATUSES.includes(status);
    return status === 407
      ? fail(
          'proxy-refused',
          `the proxy refused ${target} (HTTP 407): it wants a user name and a password.`,
          "Write the user name and the password into the proxy's URL, http://USER:PASSWORD@HOST:PORT, from a secret.",
          'final',
        )
      : fail(
          'proxy-refused',
          `the proxy refused ${target} (HTTP ${status}).`,
          undefined,
          passing ? undefined : 'final',
        );
  }
  if (proxy !== undefined && (stage === 'proxy' || toProxy) && ANOTHER_PROTOCOL.test(code)) {
    const spoken = stage === 'tls' ? 'https' : 'http';
    return fail(
      'proxy-refused',
      `${proxy} does not answer as an ${spoken} proxy (${code}).`,
      `Check the host and the port in http-proxy, and write ${spoken === 'https' ? 'http' : 'https'}:// if that is what the proxy speaks.`,
      'final',
    );
  }
  if (CERTIFICATE_TROUBLE.test(code) && !ANOTHER_PROTOCOL.test(code))
    return fail('tls-untrusted', `the certificate of ${target} is not trusted (${words}).`, undefined, 'final');
  if (stage === 'proxy') return fail('unreachable', `the proxy ${proxy} opened no tunnel to ${target} (${words}).`);
  if (toProxy) return fail('unreachable', `no connection to the proxy ${proxy} could be made (${words}).`);
  if (UNRESOLVED.test(code) && scene.endpoint === undefined) {
    return fail(
      'unreachable',
      `the name ${target.replace(/:443$/, '')} does not resolve (${code}); aws-region is ${scene.region}.`,
      'Check the spelling of aws-region first. If it is right, check that the runner can resolve names of AWS (DNS), or set the proxy that it needs (http-proxy). No code was spent on this.',
    );
  }
  return stage === 'tls'
    ? fail('unreachable', `no secure connection to ${target} could be made (${words}).`)
    : fail('unreachable', `no connection to ${target} could be made (${words}).`);
}
