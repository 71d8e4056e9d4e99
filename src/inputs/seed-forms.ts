import { decode, MAX_BYTES, MIN_BYTES, plainSpellings, type Seed, type SeedProblem } from '../core/codes/seed.ts';

// A seed as people hold it. Loaded only if it isn't plain Base32.

/** A Base32 text whose last group has one of these lengths lost or gained a character. */
const IMPOSSIBLE_REMAINDERS = [1, 3, 6];
/** Authenticator apps and QR readers put these before the secret. */
const URI = /^(?:QR-Code:)?\s*(?:apple-)?otpauth:/i;
const OTHER_DEVICE =
  'so this is not the seed of an AWS device. Store the text key that AWS shows under "Show secret key" when a virtual MFA device is registered';

/**
 * Reads a seed as people store them: Base32 in any case, with spaces, hyphens or padding; an `otpauth://totp/` URI as apps and QR
 * readers write it; or either of them wrapped in base64, which is how the IAM API and the CLI return `Base32StringSeed`.
 */
export function parseSeed(text: string): Seed | SeedProblem {
  const bare = unwrap(text);
  const named = problemOfOthers(bare);
  if (named !== undefined) return { problem: named };
  return URI.test(bare) ? parseUri(bare) : parseBase32(bare);
}

/**
 * The spellings of a seed that must be masked: as it was given, as Base32 alone, and that in lower case and in groups. Of a text that
 * is refused, whatever in it looks like a seed.
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

/** Seeds that belong to something else than a device of AWS, by their name. */
function problemOfOthers(text: string): string | undefined {
  if (/^(?:QR-Code:)?\s*otpauth-migration:/i.test(text)) {
    return 'is an export of Google Authenticator (otpauth-migration://), which may hold the seeds of many accounts. Store the text key that AWS showed for this device, or register a second MFA device for this user and store its text key';
  }
  if (/^(?:QR-Code:)?\s*(?:steam:|(?:apple-)?otpauth:\/\/steam\b)|[?&#]encoder=steam\b/i.test(text))
    return `is a Steam Guard seed, ${OTHER_DEVICE}`;
  if (/^(?:QR-Code:)?\s*(?:apple-)?otpauth:\/\/hotp\b/i.test(text))
    return `is counter-based (hotp), and AWS registers time-based devices only, ${OTHER_DEVICE}`;
  return undefined;
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
  const bare = unpadded.replace(/[\s-]/g, '').toUpperCase();
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

/** Without base64 around it, and without a name before it. */
function unwrap(text: string): string {
  return (unwrapBase64(text) ?? text).replace(/^\s*secret\s*[=:]\s*/i, '');
}

/** The text within a base64 one, or undefined if it isn't a seed. Chance cannot make random bytes all Base32 letters. */
function unwrapBase64(text: string): string | undefined {
  const bare = text.replace(/\s/g, '');
  if (bare.length < 24 || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined;
  const decoded = Buffer.from(bare, 'base64').toString('latin1').trim();
  return decoded.length >= 16 && (/^[A-Z2-7\s-]+=*$/i.test(decoded) || URI.test(decoded)) ? decoded : undefined;
}

/**
 * The parameters of a URI: name in lower case, value, and the value as it stands there. Not by `URL`: labels hold a `#` or `?` of
 * their own, and web pages turn `&` into `&amp;`.
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

/** Google Authenticator's key URI format; of what it can say, AWS registers SHA-1, six digits and 30 seconds only. */
function parseUri(text: string): Seed | SeedProblem {
  if (!/^[^/]*otpauth:\/\/totp(?:[/?]|$)/i.test(text))
    return { problem: 'is not an otpauth://totp/ URI; write otpauth://totp/NAME?secret=SEED' };
  const parameters = parametersOf(text);
  const all = (wanted: string): readonly string[] =>
    parameters.filter(([name]) => name === wanted).map(([, value]) => value.trim());
  const fixed = [
    ['algorithm', /^(?:HMAC)?[-_ ]?SHA[-_ ]?1$/i, 'SHA1', 'HMAC-SHA-1'],
    ['digits', /^6$/, '6', 'six digits'],
    ['period', /^30$/, '30', 'steps of 30 seconds'],
  ] as const;
  for (const [name, pattern, value, meaning] of fixed) {
    if (all(name).every((given) => given === '' || pattern.test(given))) continue;
    return {
      problem: `is an otpauth URI whose ${name} is not ${value}: AWS registers ${meaning} only, ${OTHER_DEVICE}`,
    };
  }
  const [secret, ...more] = all('secret');
  if (!secret) return { problem: 'is an otpauth URI without a secret=' };
  if (more.length > 0) return { problem: 'is an otpauth URI with more than one secret=' };
  return parseBase32(secret);
}
