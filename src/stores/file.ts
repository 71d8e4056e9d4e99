/** What a pipeline needs to get a session. */
export interface StoredValues {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly serial: string;
  /** Base32. */
  readonly seed: string;
}

/** The forms of `--output`. */
export type FileForm = 'json' | 'dotenv';

/** Values that a line of a dotenv file can hold without quotes, for every program that reads one. */
const PLAIN = /^[A-Za-z0-9+/=_.:@,-]+$/;

/** The text of a file with these values. Throws for a value that no AWS gives and a dotenv file can't hold. */
export function fileText(form: FileForm, { accessKeyId, secretAccessKey, serial, seed }: StoredValues): string {
  if (form === 'json') {
    const members = {
      'aws-access-key-id': accessKeyId,
      'aws-secret-access-key': secretAccessKey,
      'mfa-serial': serial,
      'mfa-seed': seed,
    };
    return `${JSON.stringify(members, null, 2)}\n`;
  }
  const lines = [
    ['AWS_ACCESS_KEY_ID', accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', secretAccessKey],
    ['MFA_SERIAL', serial],
    ['MFA_SEED', seed],
  ] as const;
  for (const [name, value] of lines)
    if (!PLAIN.test(value)) throw new Error(`${name} contains characters that a dotenv file can't hold`);
  return `${lines.map(([name, value]) => `${name}=${value}`).join('\n')}\n`;
}
