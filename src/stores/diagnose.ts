import { Failure } from '../core/failure.ts';
import type { StoreCall, StoreUnreachable } from '../core/store-failure-facts.ts';
import { ConnectError, targetOf } from '../net/secure-socket.ts';
import {
  ANOTHER_PROTOCOL,
  CERTIFICATE_TROUBLE,
  PASSING_STATUSES,
  systemErrorOf,
  UNRESOLVED,
} from '../net/system-error.ts';
import { foreign, type StoreContext } from './context.ts';

/** Why a call to a store has no answer. Throws the reason if the command was ended. */
export function unreachable(error: unknown, call: StoreCall, url: URL, { signal, secrets }: StoreContext): Failure {
  if (signal.aborted) throw signal.reason;
  if (error instanceof Failure) return error;
  const { code, syscall, message } = systemErrorOf(error instanceof ConnectError ? error.cause : error);
  const words = foreign([code, message].filter(Boolean).join(': '), secrets);
  const target = targetOf(url.hostname.replace(/^\[|\]$/g, ''), url.port || (url.protocol === 'https:' ? 443 : 80));
  const fail = (
    facts: Pick<StoreUnreachable, 'reason' | 'error'> & Partial<StoreUnreachable>,
    outlook?: 'final',
  ): Failure =>
    new Failure('store-unreachable', { ...call, target, ...facts }, { cause: error, ...(outlook && { outlook }) });

  if (!(error instanceof ConnectError))
    // Plain http, on this machine.
    return fail({ reason: syscall === 'connect' || syscall === 'getaddrinfo' ? 'connection' : 'silent', error: words });
  const { stage, proxy, status } = error;
  const toProxy = proxy !== undefined && error.target === proxy;
  if (stage === 'proxy' && status !== undefined && status !== 200) {
    const passing = status >= 500 || PASSING_STATUSES.includes(status);
    return fail({ reason: 'tunnel', proxy, error: `HTTP ${status}` }, passing ? undefined : 'final');
  }
  if (CERTIFICATE_TROUBLE.test(code) && !ANOTHER_PROTOCOL.test(code))
    return fail({ reason: 'untrusted', target: error.target, error: words }, 'final');
  if (stage === 'proxy') return fail({ reason: 'tunnel', proxy, error: words });
  if (toProxy) return fail({ reason: 'proxy', proxy, error: words });
  if (stage === 'connect' && UNRESOLVED.test(code)) return fail({ reason: 'name', target: url.hostname, error: code });
  return fail({ reason: stage === 'tls' ? 'tls' : 'connection', error: words });
}
