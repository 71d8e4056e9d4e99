/** A duration as a person says it, to the nearest minute: "1 hour", "11 hours 30 minutes". */
export function durationInWords(milliseconds: number): string {
  if (milliseconds < 60_000) return 'less than a minute';
  const minutes = Math.round(milliseconds / 60_000);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = [...(hours > 0 ? [count(hours, 'hour')] : []), ...(rest > 0 ? [count(rest, 'minute')] : [])];
  return parts.join(' ');
}

/** A time for people to read: ISO 8601, to the second. What programs read (`aws-expiration`) keeps its milliseconds. */
export function momentInWords(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '');
}

/** A number of things as a person says it: "1 bucket", "2 buckets". */
export function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

/** The first items of a list from outside, each shortened, and the number of the others: "a, b, c and 17 more". */
export function someOf(items: readonly string[], most = 8): string {
  const shown = items.slice(0, most).map((item) => (item.length > 256 ? `${item.slice(0, 256)}…` : item));
  const more = items.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * Shows a value in a message: quoted, or only its length if it is long. Never a part of it: a secret in the wrong place is masked as a
 * whole, and no mask matches a part.
 */
export function quote(value: string): string {
  return value.length > 80 ? `a string of ${value.length} characters` : `"${value}"`;
}
