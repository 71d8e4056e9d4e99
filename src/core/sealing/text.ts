import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';

/**
 * The parts of a sealed session's text: `aws-mfa-1.SALT-AND-CHECK.JWE.CHECKSUM`. It names no key and no account, and has only
 * letters, digits, `-`, `_` and dots, which no encoding of a mask shares with white space, quotes or padding.
 */
export interface SealedParts {
  readonly salt: Uint8Array;
  /** Tells another key from an altered text. */
  readonly keyCheck: Uint8Array;
  /** Five parts, RFC 7516's compact form. */
  readonly jwe: string;
}

const NAME = 'aws-mfa-';
const VERSION = 1;
/** How long the parts are; the texts of one version have them all alike. */
export const SALT_BYTES = 16;
export const KEY_CHECK_BYTES = 8;
const CHECKSUM_BYTES = 9;

/** JWE's header (RFC 7516), the same for every session: it names no key and no account. */
export const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;
const HEADER_TEXT = Buffer.from(JSON.stringify(HEADER)).toString('base64url');

/** The text of a sealed session: its parts, and a checksum behind them. */
export function formatSealed({ salt, keyCheck, jwe }: SealedParts): string {
  const head = Buffer.concat([salt, keyCheck]).toString('base64url');
  const text = `${NAME}${VERSION}.${head}.${jwe}`;
  return `${text}.${checksum(text)}`;
}

/**
 * Takes a text apart. Throws a Failure `sealed-session-empty`, `sealed-session-version` or `sealed-session-altered`; the
 * checksum, which anybody can compute, is there to name an accident, and protects from nothing.
 */
export function parseSealed(text: string): SealedParts {
  if (text === '') throw new Failure('sealed-session-empty', {});
  const version = /^aws-mfa-(\d{1,6})\./.exec(text)?.[1];
  if (version !== undefined && version !== String(VERSION)) {
    throw new Failure('sealed-session-version', { found: version, supported: VERSION });
  }
  const [, head = '', header = '', key = '', iv = '', ciphertext = '', tag = '', sum = '', ...more] = text.split('.');
  const jwe = [header, key, iv, ciphertext, tag].join('.');
  const bytes = Buffer.from(head, 'base64url');
  const whole =
    version !== undefined &&
    header === HEADER_TEXT &&
    more.length === 0 &&
    bytes.length === SALT_BYTES + KEY_CHECK_BYTES &&
    [head, header, key, iv, ciphertext, tag].every(isCanonical) &&
    sum === checksum(text.slice(0, text.lastIndexOf('.')));
  if (!whole) throw altered();
  return { salt: bytes.subarray(0, SALT_BYTES), keyCheck: bytes.subarray(SALT_BYTES), jwe };
}

/** The failure of a text that is not, letter for letter, what was sealed. */
export function altered(cause?: unknown): Failure {
  return new Failure('sealed-session-altered', {}, { cause });
}

/** Whether a text is the one way to write its bytes in base64url: decoders ignore stray characters and unused bits. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, CHECKSUM_BYTES).toString('base64url');
}
