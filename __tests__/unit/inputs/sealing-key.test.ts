import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../lab/simulation/random.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { readSealingKey } from '../../../src/inputs/sealing.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { listed, piecesOf, rawInputs, saidBy } from '../../kit/raw-inputs.ts';

/** Made by `openssl rand -base64 64`, which breaks the line at 64 characters. */
const WRAPPED = 'Eiekxo+FygWro6K3my/zuEwKPDELBt1YzObclQdl8gnH1D1QL1z0Bn+z3F6UZU0V\nmQCNTq70D4I1O+Emkkcy8w==';
const BASE64 = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';
const HEX = 'a25fb35be320fefe0be3d6d45dec471965ece5eb5f310e19fe84bea7b79f9ab9';

function read(text: string) {
  const problems = new ProblemList();
  const key = readSealingKey(rawInputs({ 'sealing-key': text }), problems);
  const hex = key && Buffer.from(key.bytes).toString('hex');
  return { hex, found: problems.found, problems: listed(problems.found) };
}

/** What becomes of a text that isn't a key. */
function refused(facts: object) {
  return { hex: undefined, problems: [['sealing-key', 'sealing-key', facts]] };
}

/** So many bytes that only depend on the seed. */
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
    expect(problems).toEqual([]);
    expect(hex).toBe('a25fb35be320fefe0be3d6d45dec471965ece5eb5f310e19fe84bea7b79f9ab9');
  });

  test('may be longer than needed, as openssl wraps it', () => {
    const { hex, problems } = read(WRAPPED);
    expect(problems).toEqual([]);
    expect(hex).toBe(
      '1227a4c68f85ca05aba3a2b79b2ff3b84c0a3c310b06dd58cce6dc950765f209c7d43d502f5cf4067fb3dc5e94654d1599008d4eaef40f82353be126924732f3',
    );
  });

  test('is the same bytes in every encoding and of any length', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 32, max: 512 }), (seed, length) => {
        const bytes = bytesOf(seed, length);
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          const { hex, problems } = read(bytes.toString(encoding));
          expect(problems).toEqual([]);
          expect(hex).toBe(bytes.toString('hex'));
        }
      }),
      propertyRuns(100),
    );
  });
});

describe('a sealing key is not', () => {
  test.each(['', ' ', '\n\r\n\t'])('nothing: %j', (text) => {
    expect(read(text)).toMatchObject(refused({ reason: 'empty' }));
  });

  test.each([
    ['a masked one', '***'],
    ['a sentence', 'Correct horse, battery staple: no base64 at all!'],
    ['base64 with an extra letter', `${BASE64.slice(0, -1)}AA`],
    ['base64 with padding inside', `${BASE64}${BASE64}`],
    ['base64 with too much padding', `${BASE64}==`],
    ['both alphabets of hex and a prefix', `0x${HEX}:`],
    ['letters of another script', 'ключ'.repeat(16)],
    ['an expression that wasn’t evaluated', `\${{ secrets.SEALING_KEY }}`],
    ['padding alone', '===='],
  ])('%s', (_, text) => {
    expect(read(text)).toMatchObject(refused({ reason: 'encoding' }));
  });

  test.each([
    ['a byte', 'QQ==', 1],
    ['a password', 'hunter2hunter2', 10],
    ['a UUID', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 27],
    ['16 bytes in hex', 'a25fb35be320fefe0be3d6d45dec4719', 16],
    ['31 bytes in hex', HEX.slice(2), 31],
    ['31 bytes in base64', 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmg==', 31],
  ])('shorter than 32 bytes: %s', (_, text, bytes) => {
    expect(read(text)).toMatchObject(refused({ reason: 'short', bytes }));
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
    ['the alphabets', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'],
    ['the alphabets of base64url', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'],
    ['the rows of a keyboard', 'qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZXCVBNM1234567890'],
    ['half of it twice', 'q7Rz0KdW3nYtPx8LmV2cJb'.repeat(2)],
    ['a word and its mirror image', 'q7Rz0KdW3nYtPx8LmV2cJbbJc2VmL8xPtYn3WdK0zR7q'],
  ])('something that somebody typed: %s', (_, text) => {
    expectNotRandom(text);
  });

  const range = (of: (index: number) => number, length = 32): readonly number[] =>
    Array.from({ length }, (_, index) => of(index) & 0xff);
  const half = [...bytesOf(7, 16)];
  const words = (length: number, write: (bytes: Buffer, index: number) => void): readonly number[] => {
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index += 1) write(bytes, index);
    return [...bytes];
  };

  test.each<[string, readonly number[]]>([
    ['0 to 31', range((index) => index)],
    ['1 to 32', range((index) => index + 1)],
    ['31 to 0', range((index) => 31 - index)],
    ['255 to 224', range((index) => 255 - index)],
    ['0, 2, 4, …', range((index) => 2 * index)],
    ['0, 7, 14, …, past 255', range((index) => 7 * index, 64)],
    ['0, −37, −74, …', range((index) => 200 - 37 * index)],
    ['0 to 255', range((index) => index, 256)],
    ['counting with one slip', range((index) => (index < 20 ? index : index + 5))],
    ['two countings side by side', range((index) => (index % 2 === 0 ? index : 200 - index))],
    ['one byte', range(() => 0xa5)],
    ['two bytes', range((index) => (index % 2 === 0 ? 0x5a : 0xa5))],
    ['17 different bytes', [...half, 1, ...half.slice(0, 15).reverse()]],
    ['16 bytes twice', [...half, ...half]],
    ['16 bytes twice, the last one changed', [...half, ...half.slice(0, 15), 1]],
    ['21 bytes twice', [...bytesOf(8, 21), ...bytesOf(8, 21)]],
    ['11 bytes three times', [...bytesOf(9, 11), ...bytesOf(9, 11), ...bytesOf(9, 11)]],
    ['a bit more than 16 bytes twice', [...half, ...half, ...half.slice(0, 5)]],
    ['16 bytes and their mirror image', [...half, ...half.toReversed()]],
    ['16 bytes and each of them one more', [...half, ...half.map((byte) => (byte + 1) & 0xff)]],
    [
      'words of 16 bits that count',
      words(64, (bytes, index) => index % 2 === 0 && bytes.writeUInt16BE(index / 2, index)),
    ],
    [
      'words of 32 bits that count',
      words(128, (bytes, index) => index % 4 === 0 && bytes.writeUInt32LE(index / 4, index)),
    ],
    ['SHA-256 of nothing', [...createHash('sha256').update('').digest()]],
    ['SHA-256 of a line end', [...createHash('sha256').update('\n').digest()]],
  ])('bytes that aren’t random: %s', (_, numbers) => {
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expectNotRandom(Buffer.from(numbers).toString(encoding));
  });

  const PHRASES = [
    'correct horse battery staple, and some more',
    'correct horse battery staple, and some more\n',
    'Correct-Horse-Battery-Staple-2024!\r\n',
    'Fünf süße Äpfel für zwölf Öfen, bitte!',
    'правильный конь батарея скоба',
    '正しい馬の電池のホッチキス、正しい馬',
    'пароль для запечатывания сессий\n',
    'a key with an emoji 🔑 in the middle of it',
  ];
  const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  const BOM = '\ufeff';

  test.each(PHRASES)('a phrase in UTF-8, with or without a byte order mark: %j', (phrase) => {
    for (const text of [phrase, BOM + phrase])
      for (const encoding of ['base64', 'hex'] as const) expectNotRandom(Buffer.from(text).toString(encoding));
  });

  test.each(PHRASES.filter((phrase) => !phrase.startsWith('正')))(
    'a phrase in UTF-16 of either byte order, with or without a byte order mark: %j',
    (phrase) => {
      for (const text of [phrase, BOM + phrase]) {
        for (const bytes of [Buffer.from(text, 'utf16le'), swapped(text)])
          for (const encoding of ['base64', 'hex'] as const) expectNotRandom(bytes.toString(encoding));
      }
    },
  );

  test.each([
    ['Latin-1', Buffer.from('Fünf Äpfel sind genug, für heute jedenfalls.', 'latin1')],
    ['ASCII that ends with a NUL', Buffer.from('correct horse battery staple, and\0')],
  ])('a phrase in %s', (_, bytes) => {
    expectNotRandom(bytes.toString('base64'));
  });

  test.each([
    ['hex in base64', Buffer.from(HEX).toString('base64'), 'hex', 'base64'],
    ['hex with its line end in base64', Buffer.from(`${HEX}\n`).toString('base64'), 'hex', 'base64'],
    ['hex in capitals in base64', Buffer.from(HEX.toUpperCase()).toString('base64'), 'hex', 'base64'],
    ['hex in hex', Buffer.from(HEX).toString('hex'), 'hex', 'hex'],
    ['base64 in base64', Buffer.from(`${BASE64}\n`).toString('base64'), 'base64', 'base64'],
    ['base64 in hex', Buffer.from(BASE64).toString('hex'), 'base64', 'hex'],
    ['lines of base64 in base64', Buffer.from(`${WRAPPED}\n`).toString('base64'), 'base64', 'base64'],
  ])('%s, which contains the key', (_, text, inner, outer) => {
    expect(read(text)).toMatchObject(refused({ reason: 'encoded-twice', inner, outer }));
  });

  test.each([
    [
      'a phrase in base64 in base64',
      Buffer.from(Buffer.from('correct horse battery staple').toString('base64')).toString('base64'),
    ],
    [
      'counting in hex in base64',
      Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f').toString('base64'),
    ],
  ])('%s, which contains no key either', (_, text) => {
    expectNotRandom(text);
  });
});

function expectNotRandom(text: string): void {
  expect({ text, ...read(text) }).toMatchObject({ text, ...refused({ reason: 'not-random' }) });
}

test('every random key is accepted', () => {
  const refused: string[] = [];
  for (let run = 0; run < 1000; run += 1) {
    const bytes = randomBytes(run % 2 === 0 ? 32 : 32 + (run % 97));
    const text = bytes.toString(run % 3 === 0 ? 'hex' : run % 3 === 1 ? 'base64' : 'base64url');
    if (read(text).hex !== bytes.toString('hex')) refused.push(text);
  }
  expect(refused).toEqual([]);
});

test('a huge key is checked quickly', () => {
  const started = performance.now();
  expect(read(bytesOf(1, 90_000).toString('base64')).problems).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('no problem contains a piece of the key, whatever is wrong with it', () => {
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
      const { hex, found } = read(text);
      expect(hex).toBeUndefined();
      expect(found).toMatchObject([{ input: 'sealing-key' }]);
      for (const piece of piecesOf(text)) expect(saidBy(found)).not.toContain(piece);
    }),
    propertyRuns(100),
  );
});
