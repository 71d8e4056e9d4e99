import type { Seal, SealedSource, SealingKey } from '../core/request.ts';
import { isTrue, readBoolean, readChoice } from './fields.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import type { CiRun } from './tags.ts';

/** Whether a session is to be sealed, opened, or both; `wrong` if one is to be opened and the inputs don't say how. */
export interface Sealing {
  readonly seal: Seal | undefined;
  readonly source: SealedSource | 'wrong' | undefined;
}

/** Reads whether a session is to be sealed or opened, and how. */
export function readSealing(
  raw: RawInputs,
  run: CiRun,
  minimumRemainingSeconds: number | undefined,
  problems: Problems,
): Sealing {
  // With a key, what isn't a boolean was meant for sealing: then everything that is wrong is reported at once.
  const sealing =
    readBoolean(raw, 'seal-session', problems) ?? (raw['seal-session'] !== '' && raw['sealing-key'] !== '');
  const opening = wantsOpening(raw, sealing);
  if (!sealing && !opening) {
    if (raw['seal-session'] === '' && raw['sealed-session-scope'] !== '')
      problems.add('sealed-session-scope', 'only-with', { any: ['seal-session', 'sealed-session'] });
    return { seal: undefined, source: undefined };
  }
  if (opening && isTrue(raw, 'use-existing-credentials'))
    problems.add('use-existing-credentials', 'conflict', { with: 'sealed-session' });
  const seal = readSeal(raw, run, sealing ? 'seal-session' : 'sealed-session', problems);
  const complete = seal !== undefined && minimumRemainingSeconds !== undefined;
  return {
    seal: sealing ? seal : undefined,
    source: opening ? (complete ? { text: raw['sealed-session'], seal, minimumRemainingSeconds } : 'wrong') : undefined,
  };
}

/** An empty `sealed-session` looks like one that isn't given; only what goes with it shows that it was meant. */
function wantsOpening(raw: RawInputs, sealing: boolean): boolean {
  return (
    raw['sealed-session'] !== '' ||
    isTrue(raw, 'sealed-session-fallback') ||
    (raw['sealing-key'] !== '' && !sealing && raw['seal-session'] === '')
  );
}

function readSeal(raw: RawInputs, run: CiRun, wantedBy: InputName, problems: Problems): Seal | undefined {
  const key = readSealingKey(raw, problems);
  const scope = readChoice(raw, 'sealed-session-scope', problems);
  const { repository, runId } = run;
  if (repository === '' || runId === '') return problems.add(wantedBy, 'run-unknown', {});
  return key && scope && { key, scope, repository, runId };
}

const MIN_BYTES = 32;

/** Fewer different values than this are a pattern: of 16 random bytes about 15 differ. */
const FEW = 4;
/** Of 32 random bytes about 30 differ. */
const MIN_DISTINCT_BYTES = 18;
/** A key is judged by its beginning: if so much of it is random, it is good enough, and a long one costs no time. */
const MAX_JUDGED = 512;
/** SHA-256 of nothing and of a line end: what a script gets when the variable that it hashes isn't set. */
const DIGESTS_OF_NOTHING = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b',
];

/** Reads `sealing-key`; undefined if it is wrong. */
export function readSealingKey(raw: RawInputs, problems: Problems): SealingKey | undefined {
  const text = withoutSpace(raw['sealing-key']);
  if (text === '') return problems.add('sealing-key', 'sealing-key', { reason: 'empty' });
  const bytes = decode(text);
  if (bytes === undefined) return problems.add('sealing-key', 'sealing-key', { reason: 'encoding' });
  if (bytes.length < MIN_BYTES)
    return problems.add('sealing-key', 'sealing-key', { reason: 'short', bytes: bytes.length });
  if (looksRandom(text, bytes)) return { bytes };
  const inner = isPrintable(bytes) ? withoutSpace(Buffer.from(bytes).toString('latin1')) : '';
  return problems.add(
    'sealing-key',
    'sealing-key',
    isKey(inner)
      ? { reason: 'encoded-twice', inner: encodingOf(inner), outer: encodingOf(text) }
      : { reason: 'not-random' },
  );
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

function isKey(text: string): boolean {
  const bytes = decode(text);
  return bytes !== undefined && bytes.length >= MIN_BYTES && looksRandom(text, bytes);
}

function encodingOf(text: string): 'hex' | 'base64' {
  return /^[0-9a-f]+$/i.test(text) ? 'hex' : 'base64';
}

/** Hex if all of it is hex, else base64 in either alphabet; undefined if it is neither. */
function decode(text: string): Uint8Array | undefined {
  if (encodingOf(text) === 'hex') return text.length % 2 === 0 ? Buffer.from(text, 'hex') : undefined;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return undefined;
  return Buffer.from(text, 'base64');
}

/** Catches what people type instead of a random value: bytes that aren't random, and text that is itself a pattern. */
function looksRandom(text: string, bytes: Uint8Array): boolean {
  const written = Buffer.from(text.replace(/=+$/, ''));
  return mayBeRandom(bytes) && !isPattern(written) && (encodingOf(text) === 'hex' || mixesKinds(text));
}

/**
 * Whether there are capitals and small letters, and they take turns with each other and the rest. In random base64 two of three
 * neighbours are of different kinds; in words, the alphabet and the rows of a keyboard one of ten.
 */
function mixesKinds(text: string): boolean {
  const kinds = text.replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A').replaceAll(/[^aA]/g, '0');
  const changes = [...kinds].filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return kinds.includes('a') && kinds.includes('A') && changes * 7 > text.length;
}

/**
 * Whether 32 bytes or more may be random: they are no counting, no repetition, no mirror image and no text. Each check is wrong
 * about one random value in a billion or fewer.
 */
function mayBeRandom(key: Uint8Array): boolean {
  const bytes = key.subarray(0, MAX_JUDGED);
  return (
    new Set(bytes).size >= MIN_DISTINCT_BYTES &&
    !isPattern(bytes) &&
    !isText(bytes) &&
    !DIGESTS_OF_NOTHING.includes(Buffer.from(bytes).toString('hex'))
  );
}

/**
 * Whether values repeat, count up or down, or mirror themselves. Over some distance, up to half their length, they then differ by
 * the same again and again: a repetition by 0, bytes that count by 1, the words 0001 0002 0003 by 0 and 1.
 */
function isPattern(all: Uint8Array): boolean {
  const values = all.subarray(0, MAX_JUDGED);
  const half = Math.floor(values.length / 2);
  for (let distance = 1; distance <= half; distance += 1) {
    if (isFew(differences(values.subarray(distance), values))) return true;
  }
  return isFew(differences(values.toReversed().subarray(0, half), values));
}

/** Whether bytes are readable: in UTF-8, in UTF-16 of either byte order, or ASCII with little else in between. */
function isText(bytes: Uint8Array): boolean {
  if (isPrintable(bytes, bytes.length / 12) || isUtf8(bytes)) return true;
  // In UTF-16 one of each two bytes is nearly always the same: it says which script.
  return [0, 1].some((first) => isFew(bytes.filter((_, index) => index % 2 === first)));
}

/** Whether bytes are printable ASCII, white space included, with so many exceptions at most. */
function isPrintable(bytes: Uint8Array, exceptions = 0): boolean {
  const others = bytes.filter((byte) => (byte < 0x20 || byte > 0x7e) && (byte < 0x09 || byte > 0x0d));
  return others.length <= exceptions;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return !/[^\P{C}\s\p{Cf}]/u.test(text);
  } catch {
    return false;
  }
}

/** Modulo 256, for as long as both last. */
function differences(from: Uint8Array, to: Uint8Array): Uint8Array {
  return from.map((value, index) => value - (to[index] ?? 0));
}

function isFew(values: Uint8Array): boolean {
  return new Set(values).size <= FEW;
}
