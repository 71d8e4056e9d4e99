/** A key pair: an IAM user's long-term one, or a temporary one with its token. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Temporary credentials as STS issues them. */
export interface SessionCredentials extends Keys {
  readonly sessionToken: string;
  /** Undefined only if an earlier step exported the session without saying when it expires. */
  readonly expiration: Date | undefined;
}

/** Who AWS says the credentials belong to. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/** The secrets of a key pair and its token; of an answer, as far as it has them. */
export function secretsOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: { readonly [Key in keyof Keys]: string | undefined }): readonly string[] {
  return [accessKeyId, secretAccessKey, sessionToken].flatMap((secret) => (secret ? [secret] : []));
}

/** Whether a secret from outside can be masked: a shorter one isn't AWS's (emulators accept any), and would hide words by chance. */
export function isMaskable(secret: string): boolean {
  return secret.length >= 8;
}

/**
 * Temporary credentials from outside. Undefined if a field is missing or contains what AWS never puts into it: they are written to
 * files that the runner parses.
 */
export function parseCredentials(found: {
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

/** Whether a secret fits on one line of a workflow file. A key with anything else in it is damaged. */
export function isPrintable(secret: string): boolean {
  return /^[\x21-\x7e]{1,16384}$/.test(secret);
}

/** The identity in an ARN such as arn:aws:sts::123456789012:assumed-role/NAME/SESSION; undefined if it isn't one. */
export function identityOf(arn: unknown): Identity | undefined {
  if (typeof arn !== 'string') return undefined;
  const account = /^arn:[a-z-]{3,30}:(?:sts|iam)::(\d{12}):[\x21-\x7e]{1,2048}$/.exec(arn)?.[1];
  return account === undefined ? undefined : { arn, account };
}

/** Whether a key is temporary (IAM user guide, unique identifiers). STS issues no session token for one. */
export function isTemporary(accessKeyId: string): boolean {
  return accessKeyId.startsWith('ASIA');
}

/** Whether a key is an IAM user's long-term one. */
export function isLongTerm(accessKeyId: string): boolean {
  return accessKeyId.startsWith('AKIA');
}
