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
    const { date = '', age } = headers;
    const told = age === undefined && HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
    time.last = Number.isNaN(told) ? undefined : told + 500;
    // The SDK sets its clock by any date: it must not see one that is not believed here.
    if (time.last === undefined) forgetDate(result.response);
    return result;
  };
  // The lowest priority of the step is the one nearest to the wire: it sees the answer before the SDK makes an error of it.
  stack.add(observe, { step: 'deserialize', name: 'observeServerTime', priority: 'low' });
  return time;
}

function forgetDate(response: unknown): void {
  const fields = fieldsOf(response);
  for (const name of Object.keys(fields)) if (name.toLowerCase() === 'date') Reflect.deleteProperty(fields, name);
}

/** The headers of an answer, in lower case; none if it is not an answer. */
export function headersOf(response: unknown): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(response)).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** The headers of an answer themselves. */
function fieldsOf(response: unknown): object {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  const { headers } = response;
  return typeof headers === 'object' && headers !== null ? headers : {};
}
