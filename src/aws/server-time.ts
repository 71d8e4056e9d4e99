import type { DeserializeMiddleware, MiddlewareStack } from '@smithy/types';

/** The server's clock as the last fresh answer told it. */
export interface ServerTime {
  /** Milliseconds since 1970, advanced to the middle of the second that `Date` names; undefined before the first answer. */
  last: number | undefined;
  /** The content type of that answer. */
  contentType: string | undefined;
}

/** RFC 9110, section 5.6.7. `Date.parse` alone takes a year for a date, and what lacks a zone for local time. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Reads the `Date` of every answer of a client, refusals included: AWS's clock, free of charge. An answer with an `Age` comes
 * from a cache, and so does its date.
 */
export function observeServerTime<I extends object, O extends object>(stack: MiddlewareStack<I, O>): ServerTime {
  const time: ServerTime = { last: undefined, contentType: undefined };
  const observe: DeserializeMiddleware<I, O> = (next) => async (args) => {
    const result = await next(args);
    const headers = headersOf(result.response);
    time.contentType = headers['content-type'];
    const date = HTTP_DATE.test(headers['date'] ?? '') ? Date.parse(headers['date'] ?? '') : Number.NaN;
    time.last = Number.isNaN(date) || headers['age'] !== undefined ? undefined : date + 500;
    return result;
  };
  // The lowest priority of the step is the one nearest to the wire: it sees the answer before the SDK makes an error of it.
  stack.add(observe, { step: 'deserialize', name: 'observeServerTime', priority: 'low' });
  return time;
}

/** The headers of an answer, in lower case; none if it is not an answer. */
export function headersOf(response: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
