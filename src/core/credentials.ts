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

/** Temporary keys begin so (IAM user guide, unique identifiers); STS refuses to mint a session from them. */
export function isTemporary(accessKeyId: string): boolean {
  return accessKeyId.startsWith('ASIA');
}

/** Long-term keys of IAM users begin so. */
export function isLongTerm(accessKeyId: string): boolean {
  return accessKeyId.startsWith('AKIA');
}

/** A key pair: an IAM user's long-term one, or a temporary one with its token. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Temporary credentials as STS mints them. */
export interface SessionCredentials extends Keys {
  readonly sessionToken: string;
  /** Undefined only for a session that an earlier step exported without saying when it ends. */
  readonly expiration: Date | undefined;
}

/** Who AWS says that credentials are of. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}
