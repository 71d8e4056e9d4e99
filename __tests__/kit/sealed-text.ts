import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

// Sealed sessions by another hand than the action's: HKDF, JWE and checksum are made here from their specifications (RFC 5869,
// RFC 7516), so that what is sealed can be read and what is read can be made, whatever it holds. Nothing of it is random.

/** Made by `openssl rand -base64 32`, for these tests. */
export const SEALING_KEY = 'EEo5p5iGxK6UgZNyllLiFJwTUPQ94V/Okjq3U7Rjh0A=';
/** Another one. */
export const OTHER_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';

/** What every sealed text says of its encryption. */
const JWE_HEADER = '{"alg":"dir","enc":"A256GCM"}';

/** What is in a sealed session of the demo's user, for the run of the local runner. */
export const CONTENT = {
  accessKeyId: 'ASIASEALED0000000001',
  secretAccessKey: 'sealed/secret+access+key/of+40/letters/1',
  sessionToken: `IQoJb3JpZ2luX2VjEXAMPLE//${'sealed+Token/0123456789'.repeat(16)}==`,
  expiration: '2027-01-15T09:00:00.000Z',
  arn: 'arn:aws:iam::111122223333:user/ci',
  serial: 'arn:aws:iam::111122223333:mfa/ci',
  repository: 'octo-org/octo-repo',
  runId: '1658821493',
  scope: 'run',
} as const;

/** The three that nobody may see. */
export const SECRETS: readonly string[] = [CONTENT.accessKeyId, CONTENT.secretAccessKey, CONTENT.sessionToken];

/** That content with some of it changed; what is undefined is left out. */
export function contentWith(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...CONTENT, ...changes });
}

const SALT = Buffer.alloc(16, 7);

/** How a text is made where it is not made as usual. */
export interface Making {
  /** In base64. */
  readonly key?: string;
  readonly salt?: Uint8Array;
  readonly iv?: Uint8Array;
  /** The JSON of JWE's header, whatever it is. */
  readonly header?: string;
  readonly content?: string | Uint8Array;
}

/** A sealed session's text. The same making gives the same text. */
export function sealedText(making: Making = {}): string {
  const { key = SEALING_KEY, salt = SALT, iv = Buffer.alloc(12, 9) } = making;
  const { header = JWE_HEADER, content = contentWith({}) } = making;
  const protectedHeader = Buffer.from(header).toString('base64url');
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(salt, key), iv);
  cipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return textAround([protectedHeader, '', ...parts].join('.'), salt, key);
}

/** The text around a JWE that somebody has made. */
export function textAround(jwe: string, salt: Uint8Array = SALT, key = SEALING_KEY): string {
  const head = Buffer.concat([salt, derive(key, salt, 'key check', 8)]).toString('base64url');
  return withChecksum(`aws-mfa-1.${head}.${jwe}.checksum`);
}

/** The key with which a text of this salt is encrypted. */
export function encryptionKey(salt: Uint8Array = SALT, key = SEALING_KEY): Uint8Array {
  return new Uint8Array(derive(key, salt, 'encryption', 32));
}

/** The text with the checksum in its last part made right: anybody can do that. */
export function withChecksum(text: string): string {
  const summed = text.slice(0, Math.max(0, text.lastIndexOf('.')));
  return `${summed}.${createHash('sha256').update(summed).digest().subarray(0, 9).toString('base64url')}`;
}

/** What a text holds for somebody with this key (in base64), as it was before it was encrypted. Throws where it does not fit. */
export function unsealedText(text: string, key = SEALING_KEY): string {
  const [, head = '', header = '', , iv = '', ciphertext = '', tag = ''] = text.split('.');
  const salt = Buffer.from(head, 'base64url').subarray(0, 16);
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(salt, key), Buffer.from(iv, 'base64url'));
  decipher.setAAD(Buffer.from(header, 'ascii'));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return decipher.update(ciphertext, 'base64url', 'utf8') + decipher.final('utf8');
}

/** HKDF-SHA-256 of up to 32 bytes: its expansion has one round then. */
function derive(key: string, salt: Uint8Array, purpose: string, length: number): Buffer {
  const extracted = createHmac('sha256', salt).update(Buffer.from(key, 'base64')).digest();
  const info = `aws-mfa-credentials sealed session 1 ${purpose}`;
  return createHmac('sha256', extracted).update(info).update(Uint8Array.of(1)).digest().subarray(0, length);
}
