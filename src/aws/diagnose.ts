import { Failure, type FailureCode, type FailureFacts } from '../core/failure.ts';
import type { Refused } from '../core/failure-facts.ts';
import { ConnectError } from '../net/secure-socket.ts';
import { collectedBytes } from './client-context.ts';
import { diagnoseConnection, diagnoseSilence, foreign, isBrokenOff, type Scene } from './diagnose-connection.ts';
import { RULES } from './refusal-rules.ts';
import { headersOf } from './server-time.ts';

/** A response that isn't the requested answer. */
export interface Refusal {
  /** The code on the wire, or the SDK's name for a response without a body. The SDK's `name` may differ from it ("…Exception"). */
  readonly code: string;
  /** Without anything that was sent, and shortened. */
  readonly message: string;
  readonly status: number;
}

/** The codes of AWS's refusals. */
export type RefusalCode = {
  [Code in FailureCode]: Refused extends FailureFacts[Code] ? Code : never;
}[FailureCode];

/** What a refusal means. */
type Diagnosis =
  | { readonly failure: RefusalCode; readonly about?: 'session-token' | 'signing-region' }
  | { readonly failure: 'bucket-not-found' | 'bucket-denied'; readonly bucket: string }
  | { readonly failure: 'iam-limit-exceeded'; readonly limit: FailureFacts['iam-limit-exceeded']['limit'] }
  | { readonly failure: 'iam-policy-refused'; readonly about: FailureFacts['iam-policy-refused']['about'] }
  | { readonly failure: 'unexpected'; readonly error: string };

/** What a service's own refusals mean; undefined if the common rules decide. */
export type Judge = (refusal: Refusal) => Diagnosis | undefined;

/** AWS's codes for an access key or a session token that it doesn't recognize. */
const UNKNOWN_KEY = /^(?:InvalidClientTokenId|InvalidAccessKeyId|InvalidToken|UnrecognizedClient)/;
/** What AWS's load balancers and any gateway respond, without a body, while a service is down. */
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504];

/**
 * Turns what the SDK threw into a `Failure`. A `Failure` stays as it is. `call` is the name of the operation ("GetSessionToken").
 *
 * A response counts as AWS's only if it has AWS's error body or a request ID: `judge` and the rules see no other.
 */
export function diagnose(error: unknown, call: string, scene: Scene, judge: Judge = judgeByRules): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ConnectError) return diagnoseConnection(error, call, scene);
  const show = (text: string): string => foreign(text, scene);
  const answer = answerOf(error);
  if (answer === undefined || isBrokenOff(error)) return diagnoseSilence(error, call, scene);
  const { status, code, message } = answer;
  if (answer.isAws) {
    const refusal: Refusal = { status, code, message: show(message).trim() };
    const words = ['', code, 'Unknown', 'UnknownError'].includes(refusal.message)
      ? code
      : `${code}: ${refusal.message}`;
    const aws = show(words);
    const known = judge(refusal) ?? judgeByRules(refusal);
    if (known !== undefined && scene.keysAreNew && UNKNOWN_KEY.test(code)) {
      const { failure } = known;
      return new Failure(failure, { ...known, call, aws, about: 'new-keys' }, { cause: error, outlook: 'soon' });
    }
    if (known !== undefined) {
      const { failure, ...more } = known;
      return new Failure(failure, { ...more, call, aws }, { cause: error });
    }
    const answered = { call, status, aws };
    if (status === 429) return new Failure('throttled', answered, { cause: error });
    if (status >= 500) return new Failure('service-unavailable', answered, { cause: error });
    if (status >= 300) return new Failure('access-denied', answered, { cause: error });
    return new Failure('incomplete-answer', { call, reason: 'unreadable', status }, { cause: error });
  }
  if (GATEWAY_STATUSES.includes(status) && answer.isEmpty)
    return new Failure('service-unavailable', { call, status, aws: undefined }, { cause: error });
  const contentType = answer.contentType && show(answer.contentType).slice(0, 100);
  return new Failure('incomplete-answer', { call, reason: 'not-aws', status, contentType }, { cause: error });
}

function judgeByRules({ code, message }: Refusal): Diagnosis | undefined {
  const rule = RULES.find((rule) => (rule.code?.test(code) ?? true) && (rule.message?.test(message) ?? true));
  return rule && { failure: rule.failure, ...(rule.about && { about: rule.about }) };
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

/** What an SDK error keeps of the response; undefined if none arrived. */
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

/** The length of a body that was read, or that the SDK replaced by a string. */
function lengthOf(body: unknown): number | undefined {
  return typeof body === 'string' ? body.length : collectedBytes(body);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  // An Error's `message` and `name` aren't own enumerable properties, and $response isn't enumerable either.
  for (const name of ['name', 'message', '$response', '$metadata']) {
    const own: unknown = Reflect.get(value, name);
    if (own !== undefined) fields[name] = own;
  }
  return fields;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
