import fc from 'fast-check';
import { OTHER_KEY, sealedText, withChecksum } from './sealed-text.ts';

// What may become of a sealed text on its way, by accident and on purpose.

/** One change to a text. */
export interface Change {
  readonly kind: string;
  readonly apply: (text: string) => string;
  /** Whether the checksum is made right after it, as anybody can. */
  readonly forged: boolean;
}

/** Of base64url, in its order. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Headers of JWE that would turn the text into something else, were they believed. */
export const OTHER_HEADERS = [
  '{"alg":"none"}',
  '{"alg":"none","enc":"A256GCM"}',
  '{"alg":"dir","enc":"none"}',
  '{"alg":"dir","enc":"A256GCM","zip":"DEF"}',
  '{"alg":"dir","enc":"A128GCM"}',
  '{"alg":"dir","enc":"A256CBC-HS512"}',
  '{"alg":"A256KW","enc":"A256GCM"}',
  '{"alg":"RSA-OAEP","enc":"A256GCM"}',
  '{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2000000000,"p2s":"AAAAAAAAAAA"}',
  '{"alg":"dir","enc":"A256GCM","crit":["exp"],"exp":0}',
  '{"alg":"dir","alg":"none","enc":"A256GCM"}',
  '{"alg":"HS256"}',
  '{}',
  '[]',
  'null',
  '"dir"',
  '',
] as const;

/** Headers that say the same as the usual one, in other letters. */
const RESPELT_HEADERS = ['{"enc":"A256GCM","alg":"dir"}', '{"alg":"dir","enc":"A256GCM" }'] as const;

/** Another session under the same key, and one under another. */
const NEIGHBOURS = [
  sealedText({ salt: Buffer.alloc(16, 1), iv: Buffer.alloc(12, 2) }),
  sealedText({ key: OTHER_KEY, salt: Buffer.alloc(16, 3), iv: Buffer.alloc(12, 4) }),
];

const space = fc.constantFrom(' ', '\n', '\r\n', '\t', '\u00a0', '\u2028', '\ufeff', '\0');
const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const letter = fc.constantFrom(...LETTERS);

/** A position in a text, from a number between 0 and 1. */
const at = (text: string, place: number): number => Math.floor(place * text.length);

/** Replaces one of the parts between the dots. */
export function withPart(text: string, index: number, change: (part: string) => string): string {
  return text
    .split('.')
    .map((part, each) => (each === index ? change(part) : part))
    .join('.');
}

/** The part with the bits set that its last letter has, and its bytes do not; as it was where there are none. */
export function withUnusedBits(part: string, bits: number): string {
  const unused = part.length % 4 === 2 ? 4 : part.length % 4 === 3 ? 2 : 0;
  const last = LETTERS.indexOf(part.at(-1) ?? '');
  return unused === 0 ? part : part.slice(0, -1) + (LETTERS[last ^ (bits % 2 ** unused)] ?? '');
}

const changes: readonly fc.Arbitrary<Omit<Change, 'forged'>>[] = [
  fc.tuple(where, fc.nat(6)).map(([place, bit]) => ({
    kind: `a bit, at ${place}: ${bit}`,
    apply: (text) => {
      const index = at(text, place);
      return text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << bit)) + text.slice(index + 1);
    },
  })),
  fc
    .tuple(where, fc.oneof(letter, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })))
    .map(([place, other]) => ({
      kind: `a character, at ${place}: ${JSON.stringify(other)}`,
      apply: (text) => text.slice(0, at(text, place)) + other + text.slice(at(text, place) + 1),
    })),
  fc.tuple(where, where).map(([from, to]) => ({
    kind: `a piece cut out, from ${from} to ${to}`,
    apply: (text) => text.slice(0, at(text, Math.min(from, to))) + text.slice(at(text, Math.max(from, to)) + 1),
  })),
  fc.tuple(where, fc.boolean()).map(([place, end]) => ({
    kind: `cut off at ${place}, ${end ? 'the end' : 'the beginning'}`,
    apply: (text) => (end ? text.slice(0, at(text, place)) : text.slice(at(text, place) + 1)),
  })),
  fc.tuple(where, fc.oneof(letter, fc.constantFrom('.', '=', '==', '***', '"'), fc.string())).map(([place, more]) => ({
    kind: `something put in, at ${place}: ${JSON.stringify(more)}`,
    apply: (text) => text.slice(0, at(text, place)) + more + text.slice(at(text, place)),
  })),
  fc.tuple(fc.oneof(where, fc.constantFrom(0, 1)), space).map(([place, blank]) => ({
    kind: `white space, at ${place}: ${JSON.stringify(blank)}`,
    apply: (text) => text.slice(0, at(text, place)) + blank + text.slice(at(text, place)),
  })),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 15 })).map(([part, bits]) => ({
    kind: `unused bits of part ${part}: ${bits}`,
    apply: (text) => withPart(text, part, (each) => withUnusedBits(each, bits)),
  })),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom('=', '==', '+', '/', '!', '%3D')).map(([part, mark]) => ({
    kind: `what decoders overlook, behind part ${part}: ${mark}`,
    apply: (text) => withPart(text, part, (each) => each + mark),
  })),
  // All of them would be the other text itself.
  fc
    .tuple(fc.constantFrom(...NEIGHBOURS), fc.subarray([1, 4, 5, 6, 7], { minLength: 1, maxLength: 3 }))
    .map(([other, taken]) => ({
      kind: `parts ${taken} from another text`,
      apply: (text) => {
        const others = other.split('.');
        return text
          .split('.')
          .map((part, index) => (taken.includes(index) ? (others[index] ?? '') : part))
          .join('.');
      },
    })),
  fc.tuple(fc.nat(7), fc.nat(7)).map(([a, b]) => ({
    kind: `parts ${a} and ${b} in each other's place`,
    apply: (text) => {
      const parts = text.split('.');
      return parts.map((part, index) => parts[index === a ? b : index === b ? a : index] ?? part).join('.');
    },
  })),
  fc.constantFrom(...OTHER_HEADERS, ...RESPELT_HEADERS).map((header) => ({
    kind: `another header: ${header}`,
    apply: (text) => withPart(text, 2, () => Buffer.from(header).toString('base64url')),
  })),
  fc
    .constantFrom<(text: string) => string>(
      (text) => text.toLowerCase(),
      (text) => text.toUpperCase(),
      (text) => `"${text}"`,
      (text) => encodeURIComponent(` ${text}`),
      (text) => text + text,
      (text) => [...text].reverse().join(''),
      (text) => Buffer.from(text).toString('base64'),
      (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
      (text) => text.replaceAll('.', ''),
      (text) => text.replace(/\.[^.]*$/, ''),
      (text) => text.split('.').slice(2, 7).join('.'),
      (text) => text.replace('aws-mfa-1', 'aws-mfa-2'),
      (text) => text.replace('aws-mfa-1', 'aws-mfa-01'),
      () => '***',
      () => '.......',
      () => '',
    )
    .map((apply) => ({ kind: `all of it: ${apply}`, apply })),
];

/** Any change. */
export const anyChange: fc.Arbitrary<Change> = fc
  .tuple(fc.oneof(...changes), fc.boolean())
  .map(([change, forged]) => ({ ...change, forged }));

/** A text after a change. */
export function changedText(text: string, { apply, forged }: Change): string {
  const changed = apply(text);
  return forged ? withChecksum(changed) : changed;
}
