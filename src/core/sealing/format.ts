import { createHash, hkdfSync } from 'node:crypto';
import { parseSerial } from '../codes/serial.ts';
import { type Identity, identityOf, parseCredentials, type SessionCredentials } from '../credentials.ts';
import { Failure } from '../failure.ts';
import type { SealingKey, SealScope } from '../request.ts';

/**
 * The parts of a sealed session: `aws-mfa-1.SALT-AND-CHECK.JWE.CHECKSUM`. It names no key and no account, and contains only letters,
 * digits, `-`, `_` and dots, so that no encoding of a mask can match white space, quotes or padding in it.
 */
export interface SealedParts {
  readonly salt: Uint8Array;
  /** Distinguishes a wrong key from an altered string. */
  readonly keyCheck: Uint8Array;
  /** Five parts, RFC 7516's compact form. */
  readonly jwe: string;
}

const NAME = 'aws-mfa-';
const VERSION = 1;
/** How long the parts are, which is the same in all sealed sessions of one version. */
export const SALT_BYTES = 16;
const KEY_CHECK_BYTES = 8;
const CHECKSUM_BYTES = 9;

/** JWE's header (RFC 7516), the same for every session. */
export const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;
const HEADER_TEXT = Buffer.from(JSON.stringify(HEADER)).toString('base64url');

/** A sealed session: its parts, followed by a checksum. */
export function formatSealed({ salt, keyCheck, jwe }: SealedParts): string {
  const head = Buffer.concat([salt, keyCheck]).toString('base64url');
  const text = `${NAME}${VERSION}.${head}.${jwe}`;
  return `${text}.${checksum(text)}`;
}

/**
 * Reads the parts of a sealed session. Throws a Failure `sealed-session-empty`, `sealed-session-version` or `sealed-session-altered`.
 * Anybody can compute the checksum: it detects accidents, and protects from nothing.
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

/** The failure of a string that isn't exactly what was sealed. */
export function altered(cause?: unknown): Failure {
  return new Failure('sealed-session-altered', {}, { cause });
}

/** Whether a string is the only way to write its bytes in base64url: decoders ignore stray characters and unused bits. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, CHECKSUM_BYTES).toString('base64url');
}

/** What HKDF-SHA-256 (RFC 5869) derives from a sealing key and a salt. */
export interface DerivedKeys {
  /** For A256GCM: 32 bytes. */
  readonly encryption: Uint8Array;
  /** Identifies the sealing key. */
  readonly check: Uint8Array;
}

/** Derives both keys from a sealing key and a salt. */
export function deriveKeys({ bytes }: SealingKey, salt: Uint8Array): DerivedKeys {
  const derive = (purpose: string, length: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', bytes, salt, `aws-mfa-credentials sealed session 1 ${purpose}`, length));
  return { encryption: derive('encryption', 32), check: derive('key check', KEY_CHECK_BYTES) };
}

/** What is encrypted: the session, and where it may be opened. */
export interface SealedContent {
  readonly credentials: SessionCredentials & { readonly expiration: Date };
  readonly identity: Identity;
  /** The device whose code was exchanged for it, if there was one. */
  readonly serial: string | undefined;
  readonly repository: string;
  readonly runId: string;
  readonly scope: SealScope;
}

/** The content as JSON, which `parseContent` reads. */
export function formatContent(content: SealedContent): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = content.credentials;
  const { serial, repository, runId, scope, identity } = content;
  const fields = { accessKeyId, secretAccessKey, sessionToken, expiration, arn: identity.arn };
  return JSON.stringify({ ...fields, serial, repository, runId, scope });
}

/** Reads the content, and trusts what was decrypted no more than what AWS sends. Undefined if it isn't complete. */
export function parseContent(text: string): SealedContent | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...found };
  const { accessKeyId, secretAccessKey, sessionToken, expiration: end, arn, serial, repository, runId, scope } = fields;
  const expiration = typeof end === 'string' ? new Date(end) : undefined;
  const credentials = parseCredentials({ accessKeyId, secretAccessKey, sessionToken, expiration });
  const identity = identityOf(arn);
  if (credentials === undefined || identity === undefined) return undefined;
  if (typeof repository !== 'string' || typeof runId !== 'string') return undefined;
  if (scope !== 'run' && scope !== 'repository') return undefined;
  if (serial !== undefined && (typeof serial !== 'string' || 'problem' in parseSerial(serial))) return undefined;
  return { credentials, identity, serial, repository, runId, scope };
}
