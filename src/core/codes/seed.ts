import { ScureBase32Plugin } from 'otplib';

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
