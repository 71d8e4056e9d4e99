import { createHmac, timingSafeEqual } from 'node:crypto';

// RFC 6238 with AWS's choices for virtual MFA devices: HMAC-SHA-1, six digits, 30-second steps since the epoch. This only uses
// node:crypto, so that the action and the emulator don't share a library.

const STEP_MS = 30_000;
const DIGITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The TOTP step that contains the moment `ms` (since the epoch). */
export function stepAt(ms: number): number {
  return Math.floor(ms / STEP_MS);
}

/**
 * The key of a Base32 seed (RFC 4648; padding is allowed, nothing else).
 * @throws RangeError if it isn't Base32
 */
export function decodeSeed(seed: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of seed.toUpperCase()) {
    if (character === '=') break;
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new RangeError('a seed must be Base32: A–Z and 2–7');
    bits = (bits << 5) | value;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
      bits &= (1 << held) - 1;
    }
  }
  return Buffer.from(bytes);
}

/** The code of one step: RFC 4226 truncation of HMAC-SHA-1 over the step number, `digits` decimal digits. */
export function codeOfKey(key: Buffer, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

/** The six-digit code of an absolute step (Unix time / 30 s), for a Base32 seed. */
export function codeOfStep(seed: string, step: number): string {
  return codeOfKey(decodeSeed(seed), step);
}

/** Whether two codes are the same, compared in constant time. */
export function sameCode(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
