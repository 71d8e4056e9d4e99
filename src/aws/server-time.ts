/** The server's clock by the last fresh response. */
export interface ServerTime {
  /** Milliseconds since 1970, advanced to the middle of the second in `Date`; undefined before the first response. */
  last: number | undefined;
  /** The content type of the last response. */
  contentType: string | undefined;
}

/** RFC 9110, section 5.6.7. `Date.parse` alone would accept a year, and assume local time if there is no zone. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Notes the `Date` of a response, also of a refusal: AWS's clock, at no cost. A response with an `Age` comes from a cache, and so
 * does its date.
 */
export function noteServerTime(response: unknown, time: ServerTime): void {
  const headers = headersOf(response);
  time.contentType = headers['content-type'];
  const { date = '', age } = headers;
  const stated = age === undefined && HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
  time.last = Number.isNaN(stated) ? undefined : stated + 500;
  // The SDK sets its clock by any date: it must not see one that isn't trusted here.
  if (time.last === undefined) forgetDate(response);
}

function forgetDate(response: unknown): void {
  const fields = fieldsOf(response);
  for (const name of Object.keys(fields)) if (name.toLowerCase() === 'date') Reflect.deleteProperty(fields, name);
}

/** The headers of a response, in lower case; none if it isn't a response. */
export function headersOf(response: unknown): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(response)).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** The headers object of a response. */
function fieldsOf(response: unknown): object {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  const { headers } = response;
  return typeof headers === 'object' && headers !== null ? headers : {};
}
