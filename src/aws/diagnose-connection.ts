import { Failure, messageOf } from '../core/failure.ts';
import { ANSWER_TIMEOUT_MS, type ClientContext } from './client-context.ts';
import type { ConnectError } from './secure-socket.ts';

const CERTIFICATE_TROUBLE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;
/** The codes of OpenSSL and of Node's HTTP parser for a peer that uses another protocol. */
const ANOTHER_PROTOCOL = /^(?:HPE_|EPROTO$|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))/;
/** A resolver's codes for a name that it doesn't know, or can't look up. */
const UNRESOLVED = /^(?:ENOTFOUND|ENODATA|EAI_)/;
/** After these, a proxy may respond differently a little later; after any other status, it won't. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];
/** The SDK itself wouldn't send this, and wouldn't the next time. */
const NEVER_SENT: readonly string[] = ['EndpointError', 'TypeError', 'RangeError', 'ReferenceError'];
const CLOSED: readonly string[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

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

/** What an error of Node or of the system says. */
export interface SystemError {
  readonly name: string;
  /** Such as ECONNREFUSED; empty if there is none. */
  readonly code: string;
  readonly syscall: string;
  /** Without the code that many messages begin with. */
  readonly message: string;
}

/** This error, or the first one in it: if a name has several addresses, they fail together. */
export function systemErrorOf(error: unknown): SystemError {
  const field = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const text = (name: string): string => {
    const value = field(name);
    return typeof value === 'string' ? value : '';
  };
  const errors = field('errors');
  if (Array.isArray(errors) && errors.length > 0) return systemErrorOf(errors[0]);
  const code = text('code');
  if (code === '' && field('cause') !== undefined) return systemErrorOf(field('cause'));
  const message = text('message');
  return {
    name: text('name'),
    code,
    syscall: text('syscall'),
    message: code !== '' && message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message,
  };
}
