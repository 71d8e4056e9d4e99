import { Failure, messageOf } from '../core/failure.ts';
import { ANSWER_TIMEOUT_MS, collectedBytes } from './client-options.ts';
import { diagnoseConnection } from './diagnose-connection.ts';
import { foreign, type Scene } from './foreign.ts';
import { RULES } from './refusal-rules.ts';
import { ConnectError } from './secure-socket.ts';
import { headersOf } from './server-time.ts';
import { systemErrorOf } from './system-error.ts';

/** What an answer says that is not what was asked for. */
export interface Refusal {
  /** The code on the wire, or the SDK's name for an answer without a body. The SDK's `name` may differ from it ("…Exception"). */
  readonly code: string;
  /** Without anything that was sent, and cut. */
  readonly message: string;
  readonly status: number;
}

/** What a service's own refusals mean; undefined if the common rules are to say it. */
export type Judge = (refusal: Refusal) => Diagnosis | undefined;

/** What a refusal means: a code, and a sentence or the start of one that ends in brackets. */
interface Diagnosis {
  readonly failure: Failure['code'];
  readonly says: string;
}

/** The SDK itself would not send this, and would not another time. */
const NEVER_SENT: readonly string[] = ['EndpointError', 'TypeError', 'RangeError', 'ReferenceError'];
/** What AWS says of an access key or a session token that it does not know. */
const UNKNOWN_KEY = /^(?:InvalidClientTokenId|InvalidAccessKeyId|InvalidToken|UnrecognizedClient)/;
/** What AWS's load balancers and every gateway answer without a word while a service is away. */
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504];

/**
 * Turns what the SDK threw into a `Failure` that says what happened and what to do. A `Failure` stays as it is.
 *
 * `call` names the operation in the message ("GetSessionToken"). Only an answer with AWS's error body or request ID is taken for
 * AWS's: `judge` and the rules see no other.
 */
export function diagnose(error: unknown, call: string, scene: Scene, judge: Judge = judgeByRules): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ConnectError) return diagnoseConnection(error, call, scene);
  const show = (text: string): string => foreign(text, scene);
  const answer = answerOf(error);
  const fail = (code: Failure['code'], message: string, remedy?: string): Failure =>
    new Failure(code, `${call}: ${message}`, { cause: error, ...(remedy !== undefined && { remedy }) });
  if (answer === undefined || isBrokenOff(error)) return diagnoseSilence(error, call, scene);
  const { status, code, message } = answer;
  if (answer.isAws) {
    const refusal: Refusal = { status, code, message: show(message).trim() };
    const words = ['', code, 'Unknown', 'UnknownError'].includes(refusal.message)
      ? code
      : `${code}: ${refusal.message}`;
    const known = judge(refusal) ?? judgeByRules(refusal);
    if (known !== undefined && scene.keysAreNew && UNKNOWN_KEY.test(code)) {
      const message = `${call}: AWS does not know these new credentials everywhere yet. (AWS: ${show(words)})`;
      return new Failure(known.failure, message, { cause: error, outlook: 'soon' });
    }
    if (known !== undefined)
      return fail(known.failure, `${known.says} (AWS: ${show(words)})${known.says.endsWith('.') ? '' : '.'}`);
    if (status === 429) return fail('throttled', `AWS is throttling requests (HTTP ${status}).`);
    const said = `AWS answered ${show(code)} (HTTP ${status})${words === code ? '.' : `: ${refusal.message}`}`;
    if (status >= 500) return fail('service-unavailable', said);
    if (status >= 300) return fail('access-denied', said);
    return fail('incomplete-answer', `AWS's answer could not be read (HTTP ${status}).`);
  }
  if (GATEWAY_STATUSES.includes(status) && answer.isEmpty) {
    return fail(
      'service-unavailable',
      `the endpoint answered HTTP ${status} and nothing else.`,
      'Run the job again later. If this goes on, check what is between the runner and the endpoint (proxy, load balancer, sts-endpoint).',
    );
  }
  const kind = answer.contentType === undefined ? 'no content type' : show(answer.contentType).slice(0, 100);
  return fail('incomplete-answer', `this is not an answer of AWS (HTTP ${status}, ${kind}).`);
}

function judgeByRules({ code, message }: Refusal): Diagnosis | undefined {
  return RULES.find((rule) => (rule.code?.test(code) ?? true) && (rule.message?.test(message) ?? true));
}

/** Nothing came, or not all of it. */
function diagnoseSilence(error: unknown, call: string, scene: Scene): Failure {
  const { name, code, syscall, message: said } = systemErrorOf(error);
  const words = foreign([code, said].filter(Boolean).join(': '), scene);
  const fail = (failure: Failure['code'], message: string): Failure =>
    new Failure(failure, `${call}: ${message}`, { cause: error });
  if (NEVER_SENT.includes(name)) return fail('unexpected', foreign(messageOf(error), scene));
  // Plain http, on this machine.
  if (syscall === 'connect' || syscall === 'getaddrinfo')
    return fail('unreachable', `no connection could be made (${words}).`);
  if (name === 'TimeoutError' && !CLOSED.includes(code))
    return fail('network', `no answer came within ${ANSWER_TIMEOUT_MS / 1000} s.`);
  if (CLOSED.includes(code)) return fail('network', `the connection was closed before the answer was there (${code}).`);
  return fail('network', `no answer came (${words}).`);
}

const CLOSED: readonly string[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Whether the connection ended within the answer. */
function isBrokenOff(error: unknown): boolean {
  const { name, code } = systemErrorOf(error);
  return CLOSED.includes(code) || name === 'TimeoutError';
}

interface WireAnswer {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly contentType: string | undefined;
  /** Whether it has AWS's error body or request ID. */
  readonly isAws: boolean;
  readonly isEmpty: boolean;
}

/** What an SDK error holds of the answer on the wire; undefined if none came. */
function answerOf(error: unknown): WireAnswer | undefined {
  const outer = fieldsOf(error);
  const inner = fieldsOf(outer['Error']);
  const metadata = fieldsOf(outer['$metadata']);
  const response = fieldsOf(outer['$response']);
  const status = metadata['httpStatusCode'] ?? response['statusCode'];
  if (typeof status !== 'number') return undefined;
  const headers = headersOf(response);
  const wireCode = text(inner['Code']) ?? text(outer['Code']);
  return {
    code: wireCode ?? text(outer['name']) ?? 'Unknown',
    message: text(outer['message']) ?? '',
    status,
    contentType: headers['content-type'],
    isAws: wireCode !== undefined || metadata['requestId'] !== undefined,
    isEmpty: lengthOf(response['body']) === 0 || headers['content-length'] === '0',
  };
}

/** Of a body that was read, or that the SDK has put in its place as a text. */
function lengthOf(body: unknown): number | undefined {
  return typeof body === 'string' ? body.length : collectedBytes(body);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  // `message` and `name` of an Error are not its own enumerable properties; $response is not enumerable either.
  for (const name of ['name', 'message', '$response', '$metadata']) {
    const own: unknown = Reflect.get(value, name);
    if (own !== undefined) fields[name] = own;
  }
  return fields;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
