import { EMPTY_SECRET_CAUSES } from './causes.ts';
import type { Problems, RawInputs } from './inputs.ts';

/** The bytes that seal and open sessions: 32 or more. */
export interface SealingKey {
  readonly bytes: Uint8Array;
}

const MIN_BYTES = 32;
const WHAT = '32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them';

/** Reads `sealing-key`. The problems that it adds hold nothing of the key. */
export function readSealingKey(raw: RawInputs, problems: Problems): SealingKey | undefined {
  const text = raw['sealing-key'].replaceAll(/\s+/g, '');
  if (text === '') return problems.add('sealing-key', `is empty; store ${WHAT}, as a secret. ${EMPTY_SECRET_CAUSES}`);
  const bytes = decode(text);
  if (bytes === undefined) return problems.add('sealing-key', `is neither base64 nor hex; write ${WHAT}`);
  if (bytes.length < MIN_BYTES) return problems.add('sealing-key', `has ${bytes.length} bytes; write ${WHAT}`);
  if (!looksRandom(text, bytes)) return problems.add('sealing-key', `is no random value; write ${WHAT}`);
  return { bytes };
}

/** Hex where all of it is hex, else base64 in either alphabet; undefined where it is neither. */
function decode(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]+$/i.test(text)) return text.length % 2 === 0 ? Buffer.from(text, 'hex') : undefined;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return undefined;
  return Buffer.from(text, 'base64');
}

/**
 * Catches what people type instead of a random value: one pattern over and over, a phrase, a phrase in base64. Of 32 random bytes
 * about 30 differ and 12 are printable; base64 of them has letters of both cases. Each check is wrong about one random key in a
 * billion or fewer.
 */
function looksRandom(text: string, bytes: Uint8Array): boolean {
  const isHex = /^[0-9a-f]+$/i.test(text);
  const mixed = isHex || (/[a-z]/.test(text) && /[A-Z]/.test(text));
  const printable = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d);
  return new Set(bytes).size >= 16 && mixed && !printable;
}
