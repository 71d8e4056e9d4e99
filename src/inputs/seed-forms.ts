import { decode, MAX_BYTES, MIN_BYTES, plainSpellings, type Seed } from '../core/codes/totp.ts';

// A seed as people hold it. Loaded only if it isn't plain Base32.

/** A Base32 string whose last group has one of these lengths lost or gained a character. */
const IMPOSSIBLE_REMAINDERS = [1, 3, 6];
/** Authenticator apps and QR readers put these before the secret. */
const URI = /^(?:QR-Code:)?\s*(?:apple-)?otpauth:/i;
/** AWS only registers SHA-1, six digits and 30 seconds. */
const SUPPORTED = [
  ['algorithm', /^(?:HMAC)?[-_ ]?SHA[-_ ]?1$/i],
  ['digits', /^6$/],
  ['period', /^30$/],
] as const;

/** Why a string isn't a seed. Holds nothing of it. */
export type SeedProblem =
  /** The export of Google Authenticator, a seed of Steam, or one that is based on a counter. */
  | { readonly reason: 'migration' | 'steam' | 'hotp' }
  /** A character that isn't Base32, by its position from 1. */
  | { readonly reason: 'not-base32'; readonly position: number }
  /** Cut off: no Base32 string has this length, or ends like this. */
  | { readonly reason: 'impossible-length'; readonly length: number }
  | { readonly reason: 'impossible-end' }
  | { readonly reason: 'size'; readonly bits: number; readonly min: number; readonly max: number }
  | { readonly reason: 'not-totp-uri' | 'no-secret' | 'several-secrets' }
  /** An otpauth URI with another algorithm, number of digits or period than AWS supports. */
  | { readonly reason: 'unsupported'; readonly parameter: 'algorithm' | 'digits' | 'period' };

/** A seed, or why it isn't one. */
type ParsedSeed = Seed | { readonly problem: SeedProblem };

/**
 * Reads a seed as people store them: Base32 in any case, with spaces, hyphens or padding; an `otpauth://totp/` URI as apps and QR
 * readers write it; or either of them wrapped in base64, which is how the IAM API and the CLI return `Base32StringSeed`.
 */
export function parseSeed(text: string): ParsedSeed {
  const bare = unwrap(text);
  const reason = kindOfOther(bare);
  if (reason !== undefined) return { problem: { reason } };
  return URI.test(bare) ? parseUri(bare) : parseBase32(bare);
}

/**
 * The spellings of a seed that must be masked: as it was given, as Base32 alone, and that in lower case and in groups. If the text is
 * refused, whatever in it looks like a seed.
 */
export function seedSpellings(text: string): readonly string[] {
  const bare = unwrap(text);
  const named = parametersOf(bare).filter(([name]) => name === 'secret' || name === 'data');
  const within = 'problem' in parseSeed(bare) && named.length === 0 ? seedsWithin(bare) : [];
  const secrets = named.length > 0 ? named.flatMap(([, value, raw]) => [value, raw]) : [bare, ...within];
  return [...new Set([text, ...secrets.flatMap(plainSpellings)])].filter((spelling) => spelling.length >= 8);
}

/** Whatever in a text looks like a seed: 16 characters of Base32 or more, in groups of four or not. */
export function seedsWithin(text: string): readonly string[] {
  return text.match(/(?:[A-Z2-7]{4}[ -]?){4,}[A-Z2-7]{0,3}/gi) ?? [];
}

/** Seeds that AWS's devices don't have, by their name. */
function kindOfOther(text: string): 'migration' | 'steam' | 'hotp' | undefined {
  if (/^(?:QR-Code:)?\s*otpauth-migration:/i.test(text)) return 'migration';
  if (/^(?:QR-Code:)?\s*(?:steam:|(?:apple-)?otpauth:\/\/steam\b)|[?&#]encoder=steam\b/i.test(text)) return 'steam';
  return /^(?:QR-Code:)?\s*(?:apple-)?otpauth:\/\/hotp\b/i.test(text) ? 'hotp' : undefined;
}

/** Without the padding and whitespace at the end. A loop, because a pattern for it would backtrack. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s=]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function parseBase32(text: string): ParsedSeed {
  const unpadded = withoutPadding(text);
  const stray = [...unpadded].findIndex((character) => !/[A-Z2-7\s-]/i.test(character));
  if (stray >= 0) return { problem: { reason: 'not-base32', position: stray + 1 } };
  const bare = unpadded.replace(/[\s-]/g, '').toUpperCase();
  if (IMPOSSIBLE_REMAINDERS.includes(bare.length % 8))
    return { problem: { reason: 'impossible-length', length: bare.length } };
  const bytes = decode(bare);
  if (bytes === undefined) return { problem: { reason: 'impossible-end' } };
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES)
    return { problem: { reason: 'size', bits: bytes.length * 8, min: MIN_BYTES * 8, max: MAX_BYTES * 8 } };
  return { bytes };
}

/** Without base64 around it, and without a name before it. */
function unwrap(text: string): string {
  return (unwrapBase64(text) ?? text).replace(/^\s*secret\s*[=:]\s*/i, '');
}

/** What base64 encodes, or undefined if that isn't a seed. Random bytes are never all Base32 letters by chance. */
function unwrapBase64(text: string): string | undefined {
  const bare = text.replace(/\s/g, '');
  if (bare.length < 24 || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined;
  const decoded = Buffer.from(bare, 'base64').toString('latin1').trim();
  return decoded.length >= 16 && (/^[A-Z2-7\s-]+=*$/i.test(decoded) || URI.test(decoded)) ? decoded : undefined;
}

/**
 * The parameters of a URI: name in lower case, value, and the value as it is written. Not by `URL`: labels may contain a `#` or `?`,
 * and web pages turn `&` into `&amp;`.
 */
function parametersOf(uri: string): readonly (readonly [name: string, value: string, raw: string])[] {
  const [, ...pieces] = uri.replaceAll(/&amp;/gi, '&').split(/[?&#]/);
  return pieces.flatMap((piece) => {
    const equals = piece.indexOf('=');
    const raw = piece.slice(equals + 1);
    return equals < 0 ? [] : [[decoded(piece.slice(0, equals)).trim().toLowerCase(), decoded(raw), raw] as const];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Google Authenticator's key URI format. */
function parseUri(text: string): ParsedSeed {
  if (!/^[^/]*otpauth:\/\/totp(?:[/?]|$)/i.test(text)) return { problem: { reason: 'not-totp-uri' } };
  const parameters = parametersOf(text);
  const all = (wanted: string): readonly string[] =>
    parameters.filter(([name]) => name === wanted).map(([, value]) => value.trim());
  for (const [parameter, pattern] of SUPPORTED)
    if (all(parameter).some((given) => given !== '' && !pattern.test(given)))
      return { problem: { reason: 'unsupported', parameter } };
  const [secret, ...more] = all('secret');
  if (!secret) return { problem: { reason: 'no-secret' } };
  return more.length > 0 ? { problem: { reason: 'several-secrets' } } : parseBase32(secret);
}
