import type { Identity, SessionCredentials } from './ports.ts';

/** Whether a secret is what a line of a workflow file can hold; anything else in a key is damage. */
export function isPrintable(secret: string): boolean {
  return /^[\x21-\x7e]{1,16384}$/.test(secret);
}

/**
 * Temporary credentials as they came over the wire, where they are whole; undefined where a field is missing or holds what no
 * field of AWS does: these texts go into files that the runner parses.
 */
export function wholeCredentials(found: {
  readonly accessKeyId: unknown;
  readonly secretAccessKey: unknown;
  readonly sessionToken: unknown;
  readonly expiration: unknown;
}): (SessionCredentials & { readonly expiration: Date }) | undefined {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
  if (typeof accessKeyId !== 'string' || !/^\w{16,128}$/.test(accessKeyId)) return undefined;
  if (typeof secretAccessKey !== 'string' || !isPrintable(secretAccessKey)) return undefined;
  if (typeof sessionToken !== 'string' || !isPrintable(sessionToken)) return undefined;
  if (!(expiration instanceof Date) || Number.isNaN(expiration.getTime())) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

/** The identity behind an ARN such as arn:aws:sts::123456789012:assumed-role/NAME/SESSION; undefined where it is none. */
export function identityOf(arn: unknown): Identity | undefined {
  if (typeof arn !== 'string') return undefined;
  const account = /^arn:[a-z-]{3,30}:(?:sts|iam)::(\d{12}):[\x21-\x7e]{1,2048}$/.exec(arn)?.[1];
  return account === undefined ? undefined : { arn, account };
}
