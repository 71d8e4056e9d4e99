import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type CryptoPlugin, generateSync, ScureBase32Plugin } from 'otplib';

/** The length of a step: AWS's virtual devices are RFC 6238 with 30 seconds, HMAC-SHA-1 and six digits. */
export const STEP_SECONDS = 30;

/** Node's own crypto for otplib, since it's loaded anyway. The build leaves otplib's out (scripts/replacements.ts). */
const nodeCrypto: CryptoPlugin = {
  name: 'node',
  hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
  randomBytes: (length) => randomBytes(length),
  constantTimeEqual: (a, b) =>
    Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b)),
};

/** The step at a time in milliseconds since 1970. */
export function stepAt(timeMs: number): number {
  return Math.floor(timeMs / 1000 / STEP_SECONDS);
}

/** When a step begins, in milliseconds since 1970. */
export function startOfStep(step: number): number {
  return step * STEP_SECONDS * 1000;
}

/** The six-digit code of a step (RFC 6238, SHA-1). */
export function codeOfStep(seed: Seed, step: number): string {
  return generateSync({
    secret: seed.bytes,
    epoch: step * STEP_SECONDS,
    period: STEP_SECONDS,
    digits: 6,
    algorithm: 'sha1',
    crypto: nodeCrypto,
  });
}

const base32 = new ScureBase32Plugin();

/** The shared secret of a TOTP device. */
export interface Seed {
  readonly bytes: Uint8Array;
}

/** RFC 4226, section 4, R6: a shared secret has at least 128 bits. AWS's have 320. */
export const MIN_BYTES = 16;
export const MAX_BYTES = 64;

/** A seed as AWS shows it: Base32 and nothing else. Undefined for anything else, which inputs/seed-forms.ts reads. */
export function plainSeed(text: string): Seed | undefined {
  const bytes = /^[A-Z2-7]+$/i.test(text) ? decode(text.toUpperCase()) : undefined;
  return bytes && bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES ? { bytes } : undefined;
}

/** The spellings of a Base32 string that must be masked: the runner masks exact substrings only. */
export function plainSpellings(text: string): readonly string[] {
  const bare = text.replace(/[\s=-]/g, '').toUpperCase();
  const spellings = [text, bare, bare.toLowerCase(), bare.replace(/(.{4})(?=.)/g, '$1 ')];
  return [...new Set(spellings)].filter((spelling) => spelling.length >= 8);
}

/** Undefined if bits are left over after the last byte: the text was cut off. */
export function decode(bare: string): Uint8Array | undefined {
  try {
    return base32.decode(bare);
  } catch {
    return undefined;
  }
}
