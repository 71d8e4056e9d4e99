import type { SealingKey } from '../core/request.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import { isPattern, isPrintable, mayBeRandom } from './randomness.ts';

const MIN_BYTES = 32;

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
