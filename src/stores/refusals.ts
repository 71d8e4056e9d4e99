import { Failure } from '../core/failure.ts';
import type { StoreCall, StoreRefused } from '../core/store-failure-facts.ts';
import { foreign, type StoreContext } from './context.ts';

/** An answer of a store's API. */
export interface Reply {
  readonly call: StoreCall;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON; a string if it wasn't JSON. */
  readonly data: unknown;
}

/** What the judgement of a refusal needs to know. */
export interface Scene {
  /** What the call is about: `the repository acme/app`. */
  readonly place: string;
  readonly token: 'installation' | 'other';
  readonly context: StoreContext;
}

const MOVED: readonly number[] = [301, 302, 303, 307, 308];
/** After these and a server's errors, the same call may succeed. */
const PASSING: readonly number[] = [408, 425];
/** GitHub's rule if a limit comes without a time: at least a minute. */
const DEFAULT_WAIT_SECONDS = 60;

/** What it means that a store didn't do what a call says. */
export function refusal(reply: Reply, { place, token, context }: Scene): Failure {
  const { call, status, headers, data } = reply;
  const refused: StoreRefused = { ...call, status, said: foreign(wordsOf(data), context.secrets) };
  if (MOVED.includes(status)) return new Failure('store-not-found', { ...call, place, reason: 'moved' });
  if (status >= 500 || PASSING.includes(status))
    return new Failure('store-unavailable', { ...refused, reason: 'error' });
  const wait = secondsToWait(reply, context.retry.clock.now());
  if (wait !== undefined)
    return new Failure('store-rate-limited', {
      ...refused,
      until: new Date(context.retry.clock.now() + wait * 1000),
    });
  if (status < 400 || !isObject(data)) return oddAnswer(reply);
  switch (status) {
    case 401:
      return new Failure('store-token-refused', refused);
    case 403: {
      const accepts =
        headers['x-accepted-github-permissions'] ??
        scopes(headers['x-accepted-oauth-scopes']) ??
        scopes(text(data, 'scope'));
      return new Failure('store-denied', {
        ...refused,
        accepts: accepts && foreign(accepts, context.secrets),
        token,
      });
    }
    case 404:
      return new Failure('store-not-found', { ...call, place, reason: 'hidden' });
    default:
      return new Failure('store-rejected', refused);
  }
}

/** An answer that no API of a store gives: a portal's, or a firewall's. What it says may be anything. */
export function oddAnswer({ call, status }: Reply): Failure {
  return new Failure('store-unavailable', { ...call, status, said: '', reason: 'odd-answer' }, { outlook: 'final' });
}

/** A member of a JSON object; undefined if there is none. */
export function field(data: unknown, name: string): unknown {
  return isObject(data) ? Reflect.get(data, name) : undefined;
}

function isObject(data: unknown): data is object {
  return typeof data === 'object' && data !== null;
}

/** A string in a JSON object. */
export function text(data: unknown, name: string): string | undefined {
  const value = field(data, name);
  return typeof value === 'string' ? value : undefined;
}

function scopes(names: string | undefined): string | undefined {
  return names === undefined || names === '' ? undefined : `the scope ${names}`;
}

/** `message` and `errors` of GitHub; `message`, or `error` and `error_description`, of GitLab. */
function wordsOf(data: unknown): string {
  return ['message', 'error', 'error_description', 'errors']
    .map((name) => field(data, name) ?? '')
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .filter((words) => words !== '')
    .join(': ');
}

/** How long a store asks to wait; undefined if this isn't about too many requests. The store's own clock decides. */
function secondsToWait({ status, headers }: Reply, now: number): number | undefined {
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  const after = Number.parseInt(headers['retry-after'] ?? '', 10);
  const limited = status === 429 || (status === 403 && (remaining === '0' || after >= 0));
  if (!limited) return undefined;
  if (after >= 0) return after;
  const reset = Number.parseInt(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? '', 10);
  const theirNow = Date.parse(headers['date'] ?? '');
  const left = Math.ceil(reset - (Number.isNaN(theirNow) ? now : theirNow) / 1000);
  return Number.isNaN(left) ? DEFAULT_WAIT_SECONDS : Math.max(1, left);
}
