import { Failure, messageOf } from '../core/failure.ts';
import type { ConnectError } from '../net/secure-socket.ts';
import {
  ANOTHER_PROTOCOL,
  CERTIFICATE_TROUBLE,
  CLOSED,
  PASSING_STATUSES,
  systemErrorOf,
  UNRESOLVED,
} from '../net/system-error.ts';
import { ANSWER_TIMEOUT_MS, type ClientContext } from './client-context.ts';

/** The SDK itself wouldn't send this, and wouldn't the next time. */
const NEVER_SENT: readonly string[] = ['EndpointError', 'TypeError', 'RangeError', 'ReferenceError'];

/** Why no connection could be made, so that nothing was sent. */
export function diagnoseConnection(error: ConnectError, call: string, scene: Scene): Failure {
  const { stage, target, proxy, status, cause } = error;
  const { code, message: said } = systemErrorOf(cause);
  const words = foreign([code, said].filter(Boolean).join(': '), scene);
  const options = { cause: error };
  const final = { cause: error, outlook: 'final' } as const;
  const toProxy = proxy !== undefined && target === proxy;

  if (stage === 'proxy' && status !== undefined && status !== 200) {
    const passing = status >= 500 || PASSING_STATUSES.includes(status);
    return new Failure('proxy-refused', { call, target, status }, passing ? options : final);
  }
  if (proxy !== undefined && (stage === 'proxy' || toProxy) && ANOTHER_PROTOCOL.test(code))
    return new Failure('proxy-refused', { call, proxy, notA: stage === 'tls' ? 'https' : 'http', error: code }, final);
  if (CERTIFICATE_TROUBLE.test(code) && !ANOTHER_PROTOCOL.test(code))
    return new Failure('tls-untrusted', { call, target, error: words }, final);
  if (stage !== 'proxy' && !toProxy && UNRESOLVED.test(code) && scene.endpoint === undefined) {
    const host = target.replace(/:443$/, '');
    return new Failure('unreachable', { call, reason: 'name', host, region: scene.region, error: code }, options);
  }
  const reason = stage === 'proxy' ? 'tunnel' : toProxy ? 'proxy' : stage === 'tls' ? 'tls' : 'connection';
  return new Failure('unreachable', { call, reason, target, proxy, error: words }, options);
}

/** Why no response arrived, or not all of it. */
export function diagnoseSilence(error: unknown, call: string, scene: Scene): Failure {
  const { name, code, syscall, message: said } = systemErrorOf(error);
  const words = foreign([code, said].filter(Boolean).join(': '), scene);
  const options = { cause: error };
  if (NEVER_SENT.includes(name))
    return new Failure('unexpected', { call, error: foreign(messageOf(error), scene) }, options);
  // Plain http, on this machine.
  if (syscall === 'connect' || syscall === 'getaddrinfo')
    return new Failure('unreachable', { call, reason: 'connection', target: undefined, error: words }, options);
  if (CLOSED.includes(code)) return new Failure('network', { call, reason: 'closed', error: code }, options);
  if (name === 'TimeoutError')
    return new Failure('network', { call, reason: 'no-answer-in-time', seconds: ANSWER_TIMEOUT_MS / 1000 }, options);
  return new Failure('network', { call, reason: 'silent', error: words }, options);
}

/** Whether the connection ended in the middle of the response. */
export function isBrokenOff(error: unknown): boolean {
  const { name, code } = systemErrorOf(error);
  return CLOSED.includes(code) || name === 'TimeoutError';
}

/** What a diagnosis needs from the step. */
export type Scene = Pick<ClientContext, 'region' | 'endpoint'> & {
  /** The call was signed with keys that AWS has just created. */
  readonly keysAreNew?: boolean;
  readonly secrets: Pick<ClientContext['secrets'], 'redact'>;
};

const MAX_FOREIGN = 2_000;

/** A string from outside as it may be shown: without anything that was sent, and shortened. */
export function foreign(text: string, { secrets }: Pick<Scene, 'secrets'>): string {
  // Redacted before it is shortened: a part of a secret would no longer be found.
  const shown = secrets.redact(text);
  return shown.length > MAX_FOREIGN ? `${shown.slice(0, MAX_FOREIGN)}…` : shown;
}
