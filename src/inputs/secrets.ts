import { parseSerial } from '../core/codes/serial.ts';
import { isMaskable } from '../core/credentials.ts';
import { pairSecrets } from './access-key.ts';
import { poolLines } from './mfa-devices.ts';
import type { RawInputs } from './names.ts';
import { seedSpellings, seedsWithin } from './seed-forms.ts';

// What to mask in addition to the plain seed and the keys. Loaded only if there may be something.

/** The secrets in a key pair, a seed that isn't plain, a pool and URLs, in every spelling; also in inputs that are rejected. */
export function unusualSecrets(inputs: RawInputs): readonly string[] {
  const urls = [inputs['http-proxy'], inputs['sts-endpoint'], inputs['s3-endpoint'], inputs['iam-endpoint']];
  const pool = inputs['mfa-devices'];
  const secrets = [
    ...pairSecrets(inputs['aws-access-key']),
    ...seedSpellings(inputs['mfa-seed']),
    ...[inputs['mfa-serial'], ...poolLines(pool).map(({ seed }) => seed)].flatMap(seedIn),
    ...pool.split('\n').flatMap((line) => seedsInLine(line.trim())),
    ...urls.flatMap(urlSecrets),
  ];
  return [...new Set(secrets)];
}

/**
 * The seed of a line of a pool, whatever follows it: "serial seed" or "serial:seed"; or, by mistake, "seed serial",
 * "serial,seed" or a seed alone. What is commented out is masked if it looks like a seed.
 */
function seedsInLine(line: string): readonly string[] {
  if (line.startsWith('#')) return seedsWithin(line).flatMap(seedSpellings);
  const words = line.split(/\s+/);
  const [first = '', ...more] = words;
  const attached = seedSpellings(afterSerial(first));
  if (more.length === 0) return [...attached, ...[line, ...line.split(/[,;=|]/)].flatMap(seedIn)];
  const rest = line.slice(first.length).trim();
  const front = line.slice(0, line.length - (words.at(-1)?.length ?? 0)).trim();
  return [...attached, ...(isSerial(first) ? [rest] : [first, rest, front]).flatMap(seedIn)];
}

/** What follows the serial and a colon; empty if that isn't what it is. */
function afterSerial(word: string): string {
  const colon = word.lastIndexOf(':');
  return colon > 0 && isSerial(word.slice(0, colon)) ? word.slice(colon + 1) : '';
}

function seedIn(text: string): readonly string[] {
  return isSerial(text) ? [] : seedSpellings(text);
}

function isSerial(text: string): boolean {
  return !('problem' in parseSerial(text));
}

/**
 * What may be secret in the URL of a proxy or an endpoint: its password as it is, decoded, and as it travels in the Proxy-Authorization
 * header. Also in a broken URL: with a # or / in the password, the rest of it counts as a fragment or a path.
 */
function urlSecrets(text: string): readonly string[] {
  const bare = text.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//i, '');
  const [user = '', ...rest] = bare.slice(0, Math.max(0, bare.lastIndexOf('@'))).split(':');
  const url = URL.parse(bare === text ? `http://${text}` : text);
  const basic = (password: string): string => Buffer.from(`${decoded(user)}:${password}`).toString('base64');
  const passwords = [rest.join(':'), url?.password ?? ''].filter((password) => password !== '');
  const secrets = passwords.flatMap((password) => [password, decoded(password), basic(decoded(password))]);
  // A token may be in the place of the user.
  const token = passwords.length === 0 && isMaskable(user) ? [user, basic('')] : [];
  const rests = url === null ? [] : [url.pathname.includes('@') ? url.pathname : '', url.search, url.hash];
  const misplaced = rests.map((part) => part.slice(1)).filter(isMaskable);
  return [...new Set([...secrets, ...token, ...misplaced])];
}

/** Without percent-encoding; unchanged if it has a stray %: then it travels that way. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
