import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../simulation/random.ts';
import { readSealingKey } from '../../../src/core/request/sealing-key.ts';
import { piecesOf, problemList, rawInputs } from '../../support/raw-inputs.ts';

/** Made by `openssl rand -base64 64`, which breaks the line at 64 characters. */
const WRAPPED = 'Eiekxo+FygWro6K3my/zuEwKPDELBt1YzObclQdl8gnH1D1QL1z0Bn+z3F6UZU0V\nmQCNTq70D4I1O+Emkkcy8w==';
const BASE64 = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';
const HEX = 'a25fb35be320fefe0be3d6d45dec471965ece5eb5f310e19fe84bea7b79f9ab9';

const HOW = 'write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them';

function read(text: string) {
  const problems = problemList();
  const key = readSealingKey(rawInputs({ 'sealing-key': text }), problems);
  return { hex: key && Buffer.from(key.bytes).toString('hex'), problems };
}

/** So many bytes that depend on the seed alone. */
function bytesOf(seed: number, length: number): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

describe('a sealing key', () => {
  test.each([
    ['base64', BASE64],
    ['base64 without its padding', BASE64.slice(0, -1)],
    ['base64url', BASE64.replaceAll('+', '-').replaceAll('/', '_')],
    ['base64url without its padding', BASE64.slice(0, -1).replaceAll('+', '-').replaceAll('/', '_')],
    ['hex', HEX],
    ['hex in capitals', HEX.toUpperCase()],
    ['base64 in lines', `${BASE64.slice(0, 20)}\n${BASE64.slice(20)}`],
    ['base64 in indented lines of Windows', `  ${BASE64.slice(0, 20)}\r\n\t${BASE64.slice(20)}\r\n`],
    ['hex in groups', HEX.replaceAll(/(.{4})/g, '$1 ')],
  ])('may be written in %s', (_, text) => {
    const { hex, problems } = read(text);
    expect(problems.found).toEqual([]);
    expect(hex).toBe('a25fb35be320fefe0be3d6d45dec471965ece5eb5f310e19fe84bea7b79f9ab9');
  });

  test('may be longer than it has to be, as openssl wraps it', () => {
    const { hex, problems } = read(WRAPPED);
    expect(problems.found).toEqual([]);
    expect(hex).toBe(
      '1227a4c68f85ca05aba3a2b79b2ff3b84c0a3c310b06dd58cce6dc950765f209c7d43d502f5cf4067fb3dc5e94654d1599008d4eaef40f82353be126924732f3',
    );
  });

  test('is its bytes, whatever it is written in and however long it is', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 32, max: 512 }), (seed, length) => {
        const bytes = bytesOf(seed, length);
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          const { hex, problems } = read(bytes.toString(encoding));
          expect(problems.found).toEqual([]);
          expect(hex).toBe(bytes.toString('hex'));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('no sealing key is', () => {
  test.each(['', ' ', '\n\r\n\t'])('nothing: of %j it is told why secrets arrive empty', (text) => {
    const { hex, problems } = read(text);
    expect(hex).toBeUndefined();
    expect(problems.text).toBe(
      'sealing-key is empty; store 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them, as a secret. GitHub passes a secret as an empty text where the workflow may not see it: in pull requests from forks; for Dependabot (it has a store of secrets of its own); where an environment secret is used by a job without `environment:`; in a reusable workflow called without `secrets: inherit` or a mapping; in a composite action that was not handed it as an input; or where its name is misspelt',
    );
  });

  test.each([
    ['what the runner shows in its place', '***'],
    ['a sentence', 'Correct horse, battery staple: no base64 at all!'],
    ['base64 with a letter too many', `${BASE64.slice(0, -1)}AA`],
    ['base64 with padding inside', `${BASE64}${BASE64}`],
    ['base64 with too much padding', `${BASE64}==`],
    ['both alphabets of hex and a prefix', `0x${HEX}:`],
    ['letters of another script', 'ключ'.repeat(16)],
    ['a variable that nobody replaced', `\${{ secrets.SEALING_KEY }}`],
    ['padding alone', '===='],
  ])('%s', (_, text) => {
    const { hex, problems } = read(text);
    expect(hex).toBeUndefined();
    expect(problems.text).toBe(`sealing-key is neither base64 nor hex; ${HOW}`);
  });

  test.each([
    ['a byte', 'QQ==', 1],
    ['a password', 'hunter2hunter2', 10],
    ['a UUID', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 27],
    ['16 bytes in hex', 'a25fb35be320fefe0be3d6d45dec4719', 16],
    ['31 bytes in hex', HEX.slice(2), 31],
    ['31 bytes in base64', 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmg==', 31],
  ])('anything shorter than 32 bytes: %s', (_, text, bytes) => {
    const { hex, problems } = read(text);
    expect(hex).toBeUndefined();
    expect(problems.text).toBe(`sealing-key has ${bytes} bytes; ${HOW}`);
  });

  test.each([
    ['a phrase', 'correct horse battery staple correct horse battery staple'],
    ['a phrase in capitals', 'CORRECT HORSE BATTERY STAPLE CORRECT HORSE BATTERY STAPLE'],
    ['a phrase with digits', 'the quick brown fox jumps over 13 lazy dogs and 4 cats 2024'],
    ['a phrase in base64', Buffer.from('correct horse battery staple, and some more').toString('base64')],
    ['lines in base64', Buffer.from('correct horse\r\nbattery staple\nand some more\n').toString('base64')],
    ['a phrase in hex', Buffer.from('correct horse battery staple, and some more').toString('hex')],
    ['a seed in base64', Buffer.from('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ').toString('base64')],
    ['one letter', 'x'.repeat(44)],
    ['zeros', '0'.repeat(64)],
    ['a pattern in base64', 'abcABC12'.repeat(8)],
    ['a pattern in hex', 'deadbeef'.repeat(8)],
    ['counting in hex', '0123456789abcdef'.repeat(4)],
    ['a long pattern', 'Ab1Cd2Ef3Gh4'.repeat(20)],
  ])('what somebody typed: %s', (_, text) => {
    const { hex, problems } = read(text);
    expect(hex).toBeUndefined();
    expect(problems.text).toBe(`sealing-key is no random value; ${HOW}`);
  });
});

test('no message holds a piece of the key, whatever is wrong with it', () => {
  const damage = fc.constantFrom<(text: string) => string>(
    (text) => text.slice(0, 20),
    (text) => `${text}!`,
    (text) => `***${text}`,
    (text) => text.slice(0, 8).repeat(9),
    (text) => text.toLowerCase().replaceAll(/[^a-z]/g, 'q'),
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('hex'),
  );
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 24, max: 64 }), damage, (seed, length, change) => {
      const text = change(bytesOf(seed, length).toString('base64'));
      const { hex, problems } = read(text);
      expect(hex).toBeUndefined();
      expect(problems.inputs).toEqual(['sealing-key']);
      for (const piece of piecesOf(text)) expect(problems.text).not.toContain(piece);
    }),
    { numRuns: 1000 },
  );
});
