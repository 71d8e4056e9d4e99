import { Failure, messageOf } from '../core/failure.ts';
import { RULES } from './refusal-rules.ts';

/** The parts of an SDK error that are looked at. */
interface Refusal {
  /** The code on the wire. The SDK's `name` may differ from it ("…Exception"). */
  readonly code: string;
  readonly message: string;
  /** 0 where no answer came. */
  readonly status: number;
}

/** Where these fail, nothing has been sent yet. */
const CONNECTING: readonly string[] = ['connect', 'getaddrinfo'];
/** Neither AWS nor the network: the SDK itself would not send this, and would not another time. */
const NEVER_SENT: readonly string[] = ['EndpointError', 'TypeError', 'RangeError', 'ReferenceError'];
const TLS_TROUBLE = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Turns what the SDK threw into a `Failure` that says what happened and what to do. A `Failure` stays as it is.
 *
 * `call` names the operation in the message ("GetSessionToken").
 */
export function diagnose(error: unknown, call: string): Failure {
  if (error instanceof Failure) return error;
  const refusal = refusalOf(error);
  const rule = RULES.find(
    ({ code, message }) => (code?.test(refusal.code) ?? true) && (message?.test(refusal.message) ?? true),
  );
  if (rule !== undefined && refusal.status > 0) {
    return new Failure(rule.failure, `${call}: ${rule.says} (AWS: ${refusal.code}: ${refusal.message.trim()})`, {
      cause: error,
    });
  }
  if (refusal.status === 429)
    return new Failure('throttled', `${call}: AWS asks to call less often (HTTP 429).`, { cause: error });
  if (refusal.status === 407)
    return new Failure('proxy-refused', `${call}: the proxy wants a user name and a password (HTTP 407).`, {
      cause: error,
    });
  if (refusal.status >= 500)
    return new Failure('service-unavailable', `${call}: the service answered with HTTP ${refusal.status}.`, {
      cause: error,
    });
  const { code: systemCode, syscall } = systemErrorOf(error);
  if (TLS_TROUBLE.test(systemCode)) {
    return new Failure(
      'tls-untrusted',
      `${call}: the server's certificate is not trusted (${systemCode}: ${messageOf(error)}).`,
      { cause: error },
    );
  }
  if (refusal.status === 0 && NEVER_SENT.includes(refusal.code)) {
    return new Failure('unexpected', `${call}: ${messageOf(error)}`, { cause: error });
  }
  if (refusal.status === 0) {
    const words = [systemCode, messageOf(error)].filter(Boolean).join(': ');
    return CONNECTING.includes(syscall)
      ? new Failure('unreachable', `${call}: no connection could be made (${words}).`, { cause: error })
      : new Failure('network', `${call}: no answer came (${words}).`, { cause: error });
  }
  if (refusal.status < 300)
    return new Failure('incomplete-answer', `${call}: the answer could not be read.`, { cause: error });
  return new Failure(
    'access-denied',
    `${call}: AWS answered ${refusal.code} (HTTP ${refusal.status}): ${refusal.message.trim()}`,
    { cause: error },
  );
}

/** What an SDK error holds of the answer on the wire. */
export function refusalOf(error: unknown): Refusal {
  const outer = fieldsOf(error);
  const inner = fieldsOf(outer['Error']);
  const status = fieldsOf(outer['$metadata'])['httpStatusCode'] ?? fieldsOf(outer['$response'])['statusCode'];
  return {
    code: text(inner['Code']) ?? text(outer['Code']) ?? text(outer['name']) ?? 'Unknown',
    message: text(outer['message']) ?? '',
    status: typeof status === 'number' ? status : 0,
  };
}

/** What a system error says of itself: this error, or one that it wraps (a happy-eyeballs failure wraps several). */
function systemErrorOf(error: unknown): { readonly code: string; readonly syscall: string } {
  const { code, syscall, cause, errors } = fieldsOf(error);
  if (Array.isArray(errors) && errors.length > 0) return systemErrorOf(errors[0]);
  if (typeof code === 'string') return { code, syscall: text(syscall) ?? '' };
  return cause === undefined ? { code: '', syscall: '' } : systemErrorOf(cause);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  // `message` and `name` of an Error are not its own enumerable properties; $response is not enumerable either.
  for (const name of ['name', 'message', 'code', 'syscall', '$response', '$metadata', 'cause', 'errors']) {
    const own: unknown = Reflect.get(value, name);
    if (own !== undefined) fields[name] = own;
  }
  return fields;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
