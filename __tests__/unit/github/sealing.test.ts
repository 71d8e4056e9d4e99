import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../lab/simulation/random.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Session } from '../../../src/core/ports.ts';
import type { Seal } from '../../../src/core/request.ts';
import { openSealed } from '../../../src/core/sealing/open.ts';
import { sealSession } from '../../../src/core/sealing/seal.ts';
import { maskedSpellings, rehearseSealing, sealUnmasked } from '../../../src/github/sealing.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { ENCODINGS, hiddenFor, maskedText } from '../../kit/runner-masker.ts';
import { CONTENT, SEALING_KEY } from '../../kit/sealed-text.ts';

const SEAL: Seal = {
  key: { bytes: Buffer.from(SEALING_KEY, 'base64') },
  scope: 'run',
  repository: 'octo-org/octo-repo',
  runId: '1658821493',
};
const { accessKeyId, secretAccessKey, sessionToken } = CONTENT;
const SESSION: Session & { credentials: { expiration: Date } } = {
  credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: new Date('2027-01-15T09:00:00Z') },
  identity: { account: '111122223333', arn: CONTENT.arn },
  serial: CONTENT.serial,
  by: 'GetSessionToken',
};

/** What every sealed string contains: a mask that is a piece of it hides a piece of all of them. */
const ALWAYS_THERE = ['aws-mfa-1.', '.eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..'];

const TOO_SHORT = {
  code: 'sealed-session-masked',
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const KINDS = ['letters', 'quoted', 'ampersand', 'lines', 'marks', 'unicode', 'secret'] as const;

/** A mask that depends only on the seed. Half of them are so short that they occur in some strings by chance. */
function maskOf(random: () => number): string {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (from: string): string => from.charAt(below(from.length));
  const length = 2 + (below(2) === 0 ? below(2) : below(60));
  const word = (alphabet = LETTERS, size = length): string =>
    Array.from({ length: size }, () => pick(alphabet)).join('');
  const gap = (): string => ['\n', '\r\n', '\r', '\n\n', '\n  ', ' \n\t', '\r\n    '][below(7)] ?? '';
  switch (KINDS[below(KINDS.length)] ?? 'letters') {
    case 'letters':
      return word();
    case 'quoted':
      return [`"${word()}"`, `'${word()}'`, `"${word()}`, `${word()}"${word()}`][below(4)] ?? '';
    case 'ampersand':
      return (
        [`${word()}&${word()}`, `${word()}&+${word()}`, `&${word()}`, `${word()}&`, `a&b&+${word()}&c`][below(5)] ?? ''
      );
    case 'lines':
      return [word(), word(LETTERS, 2 + below(6)), word(LETTERS, 2 + below(3))].slice(0, 2 + below(2)).join(gap());
    case 'marks':
      return word('%&\\"\'<>=+/ ~!$') + word();
    case 'unicode':
      return word('äß€漢\u2028\ud83d\ude00ab');
    case 'secret':
      return Buffer.from(word(LETTERS, 24)).toString('base64');
  }
}

describe("what the runner's encodings make of a value", () => {
  test('is known for all eleven of them', () => {
    const value = `"it's a&+bcdefgh <\\> é\n"`;
    expect(Object.fromEntries(Object.entries(ENCODINGS).map(([name, encode]) => [name, encode(value)]))).toEqual({
      Base64StringEscape: 'Iml0J3MgYSYrYmNkZWZnaCA8XD4gw6kKIg==',
      Base64StringEscapeShift1: 'aXQncyBhJitiY2RlZmdoIDxcPiDDqQoi',
      Base64StringEscapeShift2: 'dCdzIGEmK2JjZGVmZ2ggPFw+IMOpCiI=',
      CommandLineArgumentEscape: '\\"it\'s a&+bcdefgh <\\> é\n\\"',
      ExpressionStringEscape: '"it\'\'s a&+bcdefgh <\\> é\n"',
      JsonStringEscape: '\\"it\'s a&+bcdefgh <\\\\> é\\n\\"',
      UriDataEscape: '%22it%27s%20a%26%2Bbcdefgh%20%3C%5C%3E%20%C3%A9%0A%22',
      XmlDataEscape: '&quot;it&apos;s a&amp;+bcdefgh &lt;\\&gt; é\n&quot;',
      TrimDoubleQuotes: "it's a&+bcdefgh <\\> é\n",
      PowerShellPreAmpersandEscape: '"it\'s a&+',
      PowerShellPostAmpersandEscape: 'cdefgh <\\> é\n"',
    });
  });

  test.each([
    ['PowerShellPostAmpersandEscape', 'one&two&threefour', 'threefour'],
    ['PowerShellPostAmpersandEscape', 'one&five5', ''],
    ['PowerShellPostAmpersandEscape', 'one&+x', ''],
    ['PowerShellPreAmpersandEscape', 'one&two&three', 'one&two&'],
    ['PowerShellPreAmpersandEscape', 'four&', ''],
    ['TrimDoubleQuotes', '"seven77"', 'seven77'],
    ['TrimDoubleQuotes', '"sixsix"', ''],
    ['Base64StringEscapeShift2', 'ab', 'YWI='],
  ])('is known at the edges: %s of %s', (name, value, encoded) => {
    expect(ENCODINGS[name]?.(value)).toBe(encoded);
  });
});

describe('the spellings of a mask', () => {
  test('are part of anything that the runner could find in a sealed string', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const mask = maskOf(seededRandom(seed));
        const spellings = maskedSpellings([mask]);
        for (const hidden of hiddenFor(mask)) {
          // A sealed string has only these characters, so nothing else can be found in it.
          if (!/^[\w.-]+$/.test(hidden)) continue;
          const known = spellings.some((spelling) => hidden.includes(spelling));
          expect({ mask, hidden, known }).toEqual({ mask, hidden, known: true });
        }
      }),
      propertyRuns(1000),
    );
  });

  test.each([
    ['a value', 'abc', ['abc', 'YWJj', 'YmM=', 'Yw==']],
    ['each line', 'abc\nxyz', ['abc', 'xyz']],
    ['each line, wherever it was wrapped', 'abc\r\nxyz', ['abc', 'xyz']],
    ['each line that ends with a carriage return', 'abc\rxyz', ['abc', 'xyz']],
    ['each line without its indentation', '  abc\n\t xyz ', ['abc', 'xyz']],
    ['several lines as a whole, in Base64', 'ab\ncd', ['CmNk']],
    ['what is between quotes', '"abcdefg"', ['abcdefg']],
    ['what follows an ampersand', 'x&abcdef', ['abcdef']],
    ['what follows a coloured ampersand', 'x&+abcdefg', ['bcdefg']],
  ])('are those of %s', (_, mask, expected) => {
    expect(maskedSpellings([mask])).toEqual(expect.arrayContaining(expected));
  });

  test('of nothing are none, or every string would contain one', () => {
    expect(maskedSpellings([])).toEqual([]);
    expect(maskedSpellings(['', '\n', '\r\n\r\n'])).toEqual([]);
  });
});

describe('a session is sealed so that no mask changes it', () => {
  test('whatever the masks are', async () => {
    const { numRuns } = propertyRuns(100);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 4 }), async (seed, count) => {
        const random = seededRandom(seed);
        const masks = Array.from({ length: count }, () => maskOf(random));
        const hopeless = masks.flatMap(hiddenFor).some((hidden) => ALWAYS_THERE.some((text) => text.includes(hidden)));
        const text = await sealUnmasked(SESSION, SEAL, masks).catch((error: unknown) => error);
        if (hopeless) {
          refused += 1;
          expect(text).toMatchObject(TOO_SHORT);
          return;
        }
        if (typeof text !== 'string') throw text;
        expect({ masks, text: maskedText(text, masks) }).toEqual({ masks, text });
        const { credentials } = await openSealed({ text, seal: SEAL, minimumRemainingSeconds: 0 }, 0);
        expect(credentials).toEqual(SESSION.credentials);
      }),
      { numRuns },
    );
    // A few of so many short masks are pieces of what all strings contain.
    expect(refused).toBeLessThan(numRuns * 0.3);
  }, 120_000);

  test('with another salt if a mask of two letters occurs in it by chance', async () => {
    const spellings = maskedSpellings(['q7']);
    const asked: number[] = [];
    for (let count = 0; count < 200; count += 1) {
      let calls = 0;
      const text = await sealSession(SESSION, SEAL, (candidate) => {
        calls += 1;
        return spellings.some((spelling) => candidate.includes(spelling));
      });
      asked.push(calls);
      expect(maskedText(text, ['q7'])).toBe(text);
    }
    expect(Math.max(...asked)).toBeGreaterThan(1);
    expect(Math.min(...asked)).toBe(1);
  });

  test('even if a dozen masks have two letters each', async () => {
    const masks = ['q7', 'Zk', '0x', 'pW', '_3', '-Q', 'u8', 'Lr', 'tB', '5y', 'gN', 'vd'];
    const text = await sealUnmasked(SESSION, SEAL, masks);
    expect(maskedText(text, masks)).toBe(text);
  });

  test.each(['a', 'Q', '7', '.', '-', 'x\nlong-enough-a-line', '  a  \nlong-enough-a-line'])(
    'but not if a mask is one letter, %j: then it fails',
    async (mask) => {
      const sealing = sealUnmasked(SESSION, SEAL, ['long-enough', mask]);
      await expect(sealing).rejects.toBeInstanceOf(Failure);
      await expect(sealing).rejects.toMatchObject(TOO_SHORT);
    },
  );

  test.each(['aws', 'mfa-1', 'eyJhbGci', 'IiLCJlbmMiOiJ'])(
    'but not if a mask is a piece of what every sealed string contains, %s',
    async (mask) => {
      await expect(sealUnmasked(SESSION, SEAL, [mask])).rejects.toMatchObject(TOO_SHORT);
    },
  );

  test.each(['!', '%', '\u00e4', '=', '+', '/', '"', ' ', '\n'])(
    'even if a mask is one character, if no sealed string contains it: %j',
    async (mask) => {
      const text = await sealUnmasked(SESSION, SEAL, [mask]);
      expect(maskedText(text, [mask])).toBe(text);
    },
  );
});

describe('a rehearsal', () => {
  test('fails before a code is spent if nothing could be sealed', async () => {
    await expect(rehearseSealing(SEAL, ['long-enough', 'a'])).rejects.toMatchObject(TOO_SHORT);
  });

  test('succeeds otherwise', async () => {
    await expect(rehearseSealing(SEAL, ['long-enough', 'q7', SEALING_KEY])).resolves.toBeUndefined();
  });
});

test('a session without an expiry is not sealed', async () => {
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiration: undefined };
  const sealing = sealUnmasked({ ...SESSION, credentials, by: 'the environment' }, SEAL, []);
  await expect(sealing).rejects.toMatchObject({ code: 'session-expiry-unknown' });
});
