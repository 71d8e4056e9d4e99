import { base32 } from '@otplib/plugin-base32-scure';

/** The shared secret of a TOTP device. */
export interface Seed {
  readonly bytes: Uint8Array;
}

/** What is wrong with a seed, as the end of the sentence "mfa-seed …". Never holds any of the seed. */
export interface SeedProblem {
  readonly problem: string;
}

/** RFC 4226, section 4, R6: a shared secret has 128 bits at least. AWS's have 320. */
const MIN_BYTES = 16;
const MAX_BYTES = 64;
/** A Base32 text whose last group has one of these lengths lost or gained a character. */
const IMPOSSIBLE_REMAINDERS = [1, 3, 6];

/**
 * Reads a seed as people store them: Base32 in any case, with spaces, hyphens or padding; an `otpauth://totp/` URI; or Base32
 * wrapped in base64, which is how the IAM API and the CLI hand out `Base32StringSeed`.
 */
export function parseSeed(text: string): Seed | SeedProblem {
  if (/^otpauth:/i.test(text)) return parseUri(text);
  return parseBase32(unwrapBase64(text) ?? text);
}

/**
 * The forms of a seed that must be masked: as it was given, as Base32 alone, and that in lower case. The runner masks exact
 * substrings only.
 */
export function seedSpellings(text: string): readonly string[] {
  const inner = /^otpauth:/i.test(text) ? (secretsOf(text) ?? []) : [unwrapBase64(text) ?? text];
  const spellings = inner.flatMap((secret) => {
    const bare = bareBase32(secret);
    return [secret, bare, bare.toLowerCase(), bare.replace(/(.{4})(?=.)/g, '$1 ')];
  });
  return [...new Set([text, ...spellings])].filter((spelling) => spelling.length >= 8);
}

function bareBase32(text: string): string {
  return text.replace(/[\s=-]/g, '').toUpperCase();
}

/** Without the padding and the white space at the end. A loop, since a pattern for it would backtrack. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s=]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function parseBase32(text: string): Seed | SeedProblem {
  const unpadded = withoutPadding(text);
  for (const [index, character] of [...unpadded].entries()) {
    if (!/[A-Z2-7\s-]/i.test(character)) {
      return {
        problem: `is not Base32: character ${index + 1} is none of A–Z, 2–7 (spaces and hyphens are fine). Store the text key that AWS shows under "Show secret key", or the otpauth:// URI of its QR code`,
      };
    }
  }
  const bare = bareBase32(unpadded);
  if (IMPOSSIBLE_REMAINDERS.includes(bare.length % 8)) {
    return {
      problem: `is incomplete: no Base32 text has ${bare.length} characters. AWS's seeds have 64; store the whole text`,
    };
  }
  const bytes = decode(bare);
  if (bytes === undefined) {
    return {
      problem:
        "is incomplete: its last character cannot be the end of a Base32 text. AWS's seeds have 64 characters; store the whole text",
    };
  }
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
    return {
      problem: `has ${bytes.length * 8} bits; a seed has ${MIN_BYTES * 8} to ${MAX_BYTES * 8} (AWS's are 64 characters of Base32). Store the whole text`,
    };
  }
  return { bytes };
}

/** Undefined where bits are left over behind the last byte: a text that was cut off. Letters and length have been checked. */
function decode(bare: string): Uint8Array | undefined {
  try {
    return base32.decode(bare);
  } catch {
    return undefined;
  }
}

/** The Base32 text within a base64 one, or undefined where it is none. Chance cannot make random bytes all Base32 letters. */
function unwrapBase64(text: string): string | undefined {
  const bare = text.replace(/\s/g, '');
  if (bare.length < 24 || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined;
  const decoded = Buffer.from(bare, 'base64').toString('latin1');
  return decoded.length >= 16 && /^[A-Z2-7]+=*$/i.test(decoded) ? decoded : undefined;
}

function secretsOf(text: string): readonly string[] | undefined {
  return URL.parse(text)?.searchParams.getAll('secret');
}

/** Google Authenticator's key URI format; of what it can say, AWS registers SHA-1, six digits and 30 seconds only. */
function parseUri(text: string): Seed | SeedProblem {
  const uri = URL.parse(text);
  if (uri === null)
    return { problem: 'is no readable otpauth:// URI; write otpauth://totp/NAME?secret=SEED, or the seed alone' };
  if (uri.host.toLowerCase() === 'hotp') {
    return { problem: 'is a counter-based (hotp) URI; AWS registers time-based devices only: otpauth://totp/…' };
  }
  if (uri.host.toLowerCase() !== 'totp')
    return { problem: 'is no otpauth://totp/ URI; write otpauth://totp/NAME?secret=SEED' };
  const fixed = [
    ['algorithm', 'SHA1', 'HMAC-SHA-1'],
    ['digits', '6', 'six digits'],
    ['period', '30', 'steps of 30 seconds'],
  ] as const;
  for (const [name, value, meaning] of fixed) {
    const given = uri.searchParams.getAll(name);
    if (given.some((text) => text.toUpperCase() !== value)) {
      return {
        problem: `is an otpauth URI whose ${name} is not ${value}: AWS registers ${meaning} only, so this is not the seed of an AWS device`,
      };
    }
  }
  const [secret, ...more] = uri.searchParams.getAll('secret');
  if (secret === undefined || secret === '') return { problem: 'is an otpauth URI without a secret=' };
  if (more.length > 0) return { problem: 'is an otpauth URI with more than one secret=' };
  return parseBase32(secret);
}
