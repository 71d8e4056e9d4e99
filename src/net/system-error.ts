// What the errors of Node and of the system mean.

export const CERTIFICATE_TROUBLE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;
/** The codes of OpenSSL and of Node's HTTP parser for a peer that uses another protocol. */
export const ANOTHER_PROTOCOL =
  /^(?:HPE_|EPROTO$|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))/;
/** A resolver's codes for a name that it doesn't know, or can't look up. */
export const UNRESOLVED = /^(?:ENOTFOUND|ENODATA|EAI_)/;
/** After these, a proxy may respond differently a little later; after any other status, it won't. */
export const PASSING_STATUSES: readonly number[] = [408, 425, 429];
/** The connection ended too early. */
export const CLOSED: readonly string[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

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
