import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSeed, type SeedProblem, seedSpellings } from '../../../src/inputs/seed-forms.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { piecesOf } from '../../kit/raw-inputs.ts';

/** "12345678901234567890", as in the test vectors of RFC 6238, in Base32. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const ASCII = '12345678901234567890';
/** The same twice: as long as AWS's own. */
const LONG = SEED + SEED;
const IN_BASE64 = 'R0VaREdOQlZHWTNUUU9KUUdFWkRHTkJWR1kzVFFPSlE=';

function decoded(text: string): string {
  const seed = parseSeed(text);
  return 'problem' in seed ? seed.problem.reason : Buffer.from(seed.bytes).toString('ascii');
}

function problemOf(text: string): SeedProblem | undefined {
  const seed = parseSeed(text);
  return 'problem' in seed ? seed.problem : undefined;
}

describe('a seed is read', () => {
  test.each([
    ['as AWS shows it', SEED],
    ['in lower case', SEED.toLowerCase()],
    ['in mixed case', 'GeZdGnBvGy3TqOjQgEzDgNbVgY3tQoJq'],
    ['in groups of four', 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'],
    ['in groups of four, in lower case', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq'],
    ['with hyphens', 'GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ'],
    ['with tabs and line ends', 'GEZDGNBVGY3TQOJQ\tGEZDGNBV\r\nGY3TQOJQ\n'],
    ['with spaces of other kinds', 'GEZDGNBVGY3TQOJQ\u00a0GEZDGNBVGY3TQOJQ\u3000'],
    ['with padding that it does not need', `${SEED}======`],
    ['with padding and a line end', `${SEED}= = =\n`],
    ['wrapped in base64', IN_BASE64],
    ['wrapped in base64 of several lines', 'R0VaREdOQlZHWTNUUU9KUUdF\nWkRHTkJWR1kzVFFPSlE=\n'],
    ['from a URI', `otpauth://totp/AWS:ci@example?secret=${SEED}&issuer=AWS`],
    ['from a URI in which everything is said', `otpauth://totp/x?secret=${SEED}&algorithm=SHA1&digits=6&period=30`],
    ['from a URI whose algorithm is in lower case', `otpauth://totp/x?algorithm=sha1&secret=${SEED}`],
    ['from a URI with an upper-case scheme and type', `OTPAUTH://TOTP/x?secret=${SEED}`],
    ['from a URI with the seed in lower case', `otpauth://totp/x?secret=${SEED.toLowerCase()}`],
    ['from a URI with a percent-encoded label', `otpauth://totp/Amazon%20Web%20Services:ci%40example?secret=${SEED}`],
    ['from a URI with a percent-encoded seed', `otpauth://totp/x?secret=%47%45ZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ`],
    ['from a URI with encoded spaces', 'otpauth://totp/x?secret=GEZDGNBV%20GY3TQOJQ+GEZDGNBV%20GY3TQOJQ'],
    ['from a URI with encoded padding', `otpauth://totp/x?secret=${SEED}%3D%3D`],
    ['from a URI without a label', `otpauth://totp?secret=${SEED}`],
    ['from a URI as a QR reader prints it', `QR-Code:otpauth://totp/AWS:ci?secret=${SEED}`],
    ['from a URI as a QR reader prints it, in its own case', `qr-code: otpauth://totp/AWS:ci?secret=${SEED}\n`],
    ['from a URI of Apple', `apple-otpauth://totp/AWS:ci?secret=${SEED}&issuer=AWS`],
    ['from a URI of Apple in a QR code', `QR-Code:apple-otpauth://totp/AWS:ci?secret=${SEED}`],
    ['from a URI with SECRET in capitals', `otpauth://totp/AWS:ci?SECRET=${SEED}`],
    ['from a URI with Secret and the others in mixed case', `otpauth://totp/x?Digits=6&Secret=${SEED}&PERIOD=30`],
    ['from a URI with a percent-encoded name', `otpauth://totp/x?%73ecret=${SEED}`],
    ['from a URI that was in a web page', `otpauth://totp/x?issuer=AWS&amp;secret=${SEED}&amp;digits=6`],
    ['from a URI that was in a web page in capitals', `otpauth://totp/x?issuer=AWS&AMP;secret=${SEED}`],
    ['from a URI with a # in its label', `otpauth://totp/AWS #1:ci?secret=${SEED}`],
    ['from a URI with a ? in its label', `otpauth://totp/Who?:ci?secret=${SEED}&issuer=AWS`],
    ['from a URI with both in its label, and = and &', `otpauth://totp/a=b&c?d#e?issuer=x#y&secret=${SEED}`],
    ['from a URI with a fragment', `otpauth://totp/x?secret=${SEED}#fragment`],
    ['from a URI with a stray percent sign in its label', `otpauth://totp/100%?secret=${SEED}`],
    ['from a URI with an empty algorithm', `otpauth://totp/x?algorithm=&secret=${SEED}`],
    ['from a URI with everything empty', `otpauth://totp/x?algorithm=&digits=&period=&issuer=&secret=${SEED}`],
    ['from a URI with the algorithm SHA-1', `otpauth://totp/x?algorithm=SHA-1&secret=${SEED}`],
    ['from a URI with the algorithm HmacSHA1', `otpauth://totp/x?algorithm=HmacSHA1&secret=${SEED}`],
    ['from a URI with the algorithm HMAC-SHA-1', `otpauth://totp/x?algorithm=HMAC-SHA-1&secret=${SEED}`],
    ['with its name', `secret=${SEED}`],
    ['with its name as a line of YAML', `Secret: ${SEED}`],
    ['wrapped in base64 with its line end', Buffer.from(`${SEED}\n`).toString('base64')],
    ['wrapped in base64 with the line end of Windows', Buffer.from(`${SEED}\r\n`).toString('base64')],
    ['in groups, wrapped in base64', Buffer.from('gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n').toString('base64')],
    ['from a URI wrapped in base64', Buffer.from(`otpauth://totp/x?secret=${SEED}\n`).toString('base64')],
  ])('%s', (_, text) => {
    expect(decoded(text)).toBe(ASCII);
  });

  test('with the padding that it needs', () => {
    expect(decoded('GEZDGNBVGY3TQOJQGEZDGNBVGY======')).toBe('1234567890123456');
  });

  test('with its padding, wrapped in base64', () => {
    expect(decoded('R0VaREdOQlZHWTNUUU9KUUdFWkRHTkJWR1k9PT09PT0=')).toBe('1234567890123456');
  });

  test('at AWS’s own length of 64 characters', () => {
    expect(decoded(LONG)).toBe(ASCII + ASCII);
  });

  test('at the smallest and at the greatest length', () => {
    expect(decoded('A'.repeat(26))).toBe('\0'.repeat(16));
    expect(decoded('A'.repeat(103))).toBe('\0'.repeat(64));
  });
});

describe('a seed is refused', () => {
  const ALGORITHM = { reason: 'unsupported', parameter: 'algorithm' };
  const PERIOD = { reason: 'unsupported', parameter: 'period' };

  test.each([
    ['a 1', 'GEZD1NBVGY3TQOJQGEZDGNBVGY3TQOJQ', 5],
    ['a 0', '0EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1],
    ['an 8 after spaces, which count', 'GEZD GNBV GY3T 8OJQ', 16],
    ['a letter of another alphabet', 'GEZDÄNBV', 5],
    ['a character outside the basic plane, which counts once', 'GE😀DGNBV', 3],
    ['only such a character', '😀', 1],
    ['padding in the middle', 'GEZDGNBV====GEZDGNBV', 9],
    ['the long s, which only looks like Base32', 'ſEZDGNBVGY3TQOJQ', 1],
    ['the Kelvin sign', '\u212aEZDGNBVGY3TQOJQ', 1],
    ['a NUL', 'GEZD\0NBV', 5],
    ['a quote around it', `"${SEED}"`, 1],
    ['the name of a variable', '$AWS_MFA_SEED', 1],
  ])('for %s, with the position of the character', (_, text, position) => {
    expect(problemOf(text)).toEqual({ reason: 'not-base32', position });
  });

  test.each([
    ['one character lost', SEED.slice(1, 26), 25],
    ['five of eight lost', SEED.slice(0, 27), 27],
    ['two of eight lost', SEED.slice(0, 30), 30],
    ['padding that doesn’t help', `${SEED.slice(0, 30)}==`, 30],
    ['a single character', 'A', 1],
  ])('for an impossible length: %s', (_, text, length) => {
    expect(problemOf(text)).toEqual({ reason: 'impossible-length', length });
  });

  test.each([
    ['26 of 32 characters', SEED.slice(0, 26)],
    ['61 of 64 characters', LONG.slice(0, 61)],
  ])('for bits left over after the last byte: %s', (_, text) => {
    expect(problemOf(`${text.slice(0, -1)}R`)).toEqual({ reason: 'impossible-end' });
  });

  test.each([
    ['nothing', '', 0],
    ['only whitespace', ' \n\t', 0],
    ['only padding', '====', 0],
    ['24 characters', SEED.slice(0, 24), 120],
    ['104 characters', 'A'.repeat(104), 520],
  ])('for a length that no seed has: %s', (_, text, bits) => {
    expect(problemOf(text)).toEqual({ reason: 'size', bits, min: 128, max: 512 });
  });

  test.each([
    ['hotp', `otpauth://hotp/x?secret=${SEED}&counter=1`, { reason: 'hotp' }],
    ['hotp in upper case', `OTPAUTH://HOTP/x?secret=${SEED}`, { reason: 'hotp' }],
    ['hotp of Apple', `apple-otpauth://hotp/x?secret=${SEED}`, { reason: 'hotp' }],
    ['steam as its type', `otpauth://steam/x?secret=${SEED}`, { reason: 'steam' }],
    ['steam as its scheme', `steam://${SEED}`, { reason: 'steam' }],
    ['steam as its encoder', `otpauth://totp/S?secret=${SEED}&encoder=steam`, { reason: 'steam' }],
    ['an export', 'otpauth-migration://offline?data=CiEKFDEyMzQ', { reason: 'migration' }],
    ['an export in a QR code', 'QR-Code:otpauth-migration://offline?data=CiE', { reason: 'migration' }],
    ['another type', `otpauth://totp2/x?secret=${SEED}`, { reason: 'not-totp-uri' }],
    ['no type', `otpauth:///x?secret=${SEED}`, { reason: 'not-totp-uri' }],
    ['no slashes', `otpauth:totp?secret=${SEED}`, { reason: 'not-totp-uri' }],
    ['a space in its type', `otpauth://to tp/x?secret=${SEED}`, { reason: 'not-totp-uri' }],
    ['SHA-256', `otpauth://totp/x?secret=${SEED}&algorithm=SHA256`, ALGORITHM],
    ['SHA-512', `otpauth://totp/x?algorithm=sha512&secret=${SEED}`, ALGORITHM],
    ['SHA-224', `otpauth://totp/x?secret=${SEED}&algorithm=SHA-224`, ALGORITHM],
    ['SHA-10', `otpauth://totp/x?secret=${SEED}&algorithm=SHA10`, ALGORITHM],
    ['eight digits', `otpauth://totp/x?secret=${SEED}&digits=8`, { reason: 'unsupported', parameter: 'digits' }],
    ['periods of a minute', `otpauth://totp/x?secret=${SEED}&period=60`, PERIOD],
    ['two periods', `otpauth://totp/x?secret=${SEED}&period=30&period=60`, PERIOD],
    ['no secret', 'otpauth://totp/x?issuer=AWS', { reason: 'no-secret' }],
    ['an empty secret', 'otpauth://totp/x?secret=', { reason: 'no-secret' }],
    ['two secrets', `otpauth://totp/x?secret=${SEED}&secret=${SEED}`, { reason: 'several-secrets' }],
    ['a secret that isn’t Base32', 'otpauth://totp/x?secret=GEZD1NBV', { reason: 'not-base32', position: 5 }],
    ['a secret too short', 'otpauth://totp/x?secret=GEZDGNBV', { reason: 'size', bits: 40, min: 128, max: 512 }],
  ])('for a URI with %s', (_, text, problem) => {
    expect(problemOf(text)).toEqual(problem);
  });
});

describe('no problem contains any of a seed', () => {
  const base32 = fc.array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), { minLength: 12, maxLength: 120 });
  /** A seed, and a text that holds it and is wrong in some way. */
  const damaged = fc
    .tuple(base32, fc.constantFrom('1', '0', '8', '!', '=A', '😀', '\u0000', ''), fc.nat(120))
    .map(([letters, damage, at]) => {
      const seed = letters.join('');
      const place = Math.min(at, seed.length);
      return { seed, text: seed.slice(0, place) + damage + seed.slice(place) };
    });
  const wrapped = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toLowerCase(),
    (text: string) => `otpauth://totp/x?secret=${encodeURIComponent(text)}`,
    (text: string) => `otpauth://totp/x?secret=${encodeURIComponent(text)}&digits=8`,
    (text: string) => `otpauth://totp/x?secret=${encodeURIComponent(text)}&secret=A`,
    (text: string) => `otpauth://hotp/x?secret=${encodeURIComponent(text)}`,
    (text: string) => Buffer.from(text).toString('base64'),
    (text: string) => `steam://${text}`,
    (text: string) => `otpauth-migration://offline?data=${encodeURIComponent(text)}`,
    (text: string) => `QR-Code:apple-otpauth://hotp/x?SECRET=${text}`,
    (text: string) => `secret=${text}`,
  );

  test('however it is damaged and wrapped', () => {
    fc.assert(
      fc.property(damaged, wrapped, ({ seed, text }, wrap) => {
        const problem = JSON.stringify(problemOf(wrap(text)) ?? '').toUpperCase();
        for (const piece of piecesOf(seed)) expect(problem).not.toContain(piece);
      }),
      propertyRuns(300),
    );
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'otpauth://TOTP?=&%secretABC234 \n-'), maxLength: 120 }),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => `otpauth:${text}`),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => `otpauth://totp/?${text}`),
    fc.string({ unit: fc.constantFrom(...'?&#=%;amp sectASECRET23') }).map((text) => `otpauth://totp/${text}`),
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(`otpauth://totp/?secret=${text}`).toString('base64')),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => `otpauth://totp/?secret=${text}`),
    fc.base64String({ maxLength: 120 }),
  );

  test('any text is a seed or not, and nothing throws', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const seed = parseSeed(text);
        if ('problem' in seed) {
          const { reason, ...facts } = seed.problem;
          expect(reason).toMatch(/^[a-z0-9-]+$/);
          // Besides the name of a parameter, only numbers.
          for (const fact of Object.values(facts)) expect(String(fact)).toMatch(/^(?:\d+|algorithm|digits|period)$/);
        } else {
          expect(seed.bytes.length).toBeGreaterThanOrEqual(16);
          expect(seed.bytes.length).toBeLessThanOrEqual(64);
        }
      }),
      propertyRuns(500),
    );
  });

  test('any seed is read back from every spelling', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 });
    fc.assert(
      fc.property(bytes, (key) => {
        const text = base32Of(key);
        const spellings = [
          text,
          text.toLowerCase(),
          text.replace(/(.{4})/g, '$1 '),
          text.replace(/(.{8})/g, '$1-'),
          `${text}${'='.repeat((8 - (text.length % 8)) % 8)}`,
          Buffer.from(text).toString('base64'),
          `otpauth://totp/AWS:ci?secret=${text}&issuer=AWS`,
        ];
        for (const spelling of spellings) expect(parseSeed(spelling)).toEqual({ bytes: key });
      }),
      propertyRuns(100),
    );
  });
});

/** RFC 4648, section 6, bit by bit. */
function base32Of(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups
    .map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(group.padEnd(5, '0'), 2)))
    .join('');
}

describe('100,000 characters are read quickly', () => {
  test.each([
    ['Base32', 'A'.repeat(100_000)],
    ['padding', '='.repeat(100_000)],
    ['padding with a letter after it', `${'='.repeat(100_000)}A`],
    ['padding with a letter before it', `A${'='.repeat(100_000)}`],
    ['whitespace', ' '.repeat(100_000)],
    ['whitespace with a letter after it', `${' \t'.repeat(50_000)}!`],
    ['base64', 'QUFB'.repeat(25_000)],
    ['base64 that is almost Base32', `${Buffer.from('A'.repeat(75_000)).toString('base64')}IQ==`],
    ['an otpauth URI', `otpauth://totp/${'x'.repeat(100_000)}?secret=${'A'.repeat(100_000)}`],
    ['an otpauth URI of many parameters', `otpauth://totp/x?${'secret=A&'.repeat(10_000)}`],
    ['an otpauth URI of ampersands', `otpauth://totp/x?${'&amp;'.repeat(20_000)}`],
    ['a URI of QR codes', `QR-Code:${' '.repeat(100_000)}otpauth`],
    ['groups that aren’t a seed', 'abcd '.repeat(20_000)],
    ['names of secrets', 'secret='.repeat(15_000)],
    ['an otpauth URI of percent signs', `otpauth://totp/x?secret=${'%'.repeat(100_000)}`],
  ])(
    'of %s',
    (_, text) => {
      expect(problemOf(text)).toBeDefined();
      expect(seedSpellings(text).length).toBeGreaterThan(0);
    },
    5000,
  );
});

describe('what the runner must mask', () => {
  test.each([
    ['in upper case', SEED],
    ['in lower case', SEED.toLowerCase()],
    ['in groups of four', 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'],
    ['with hyphens', 'gezdgnbv-gy3tqojq-gezdgnbv-gy3tqojq'],
    ['with padding', `${SEED}======`],
    ['wrapped in base64', IN_BASE64],
    ['in a URI', `otpauth://totp/x?secret=${SEED}`],
    ['in a URI in lower case', `otpauth://totp/x?secret=${SEED.toLowerCase()}`],
    ['in a URI with a percent-encoded seed', 'otpauth://totp/x?secret=GEZDGNBV%20GY3TQOJQ%20GEZDGNBV%20GY3TQOJQ'],
    ['in a URI of a QR code', `QR-Code:otpauth://totp/x?SECRET=${SEED}`],
    ['in a URI of Apple', `apple-otpauth://totp/My #1?secret=${SEED}`],
    ['in a URI of a web page', `otpauth://totp/x?issuer=AWS&amp;secret=${SEED.toLowerCase()}&amp;digits=6`],
    ['in a URI for something else', `otpauth://hotp/x?secret=${SEED}`],
    ['in a URI of Steam', `steam://${SEED}`],
    ['in a URI in base64', Buffer.from(`otpauth://totp/x?secret=${SEED}\n`).toString('base64')],
    ['in base64 with a line end', Buffer.from(`${SEED}\n`).toString('base64')],
    ['with its name', `secret = ${SEED}`],
    ['in quotes, which are refused', `"${SEED}"`],
    ['in the middle of a sentence, which is refused', `the seed is ${SEED}!`],
  ])('is the seed in every spelling, if it was given %s', (_, text) => {
    const spellings = seedSpellings(text);
    expect(spellings).toContain(text);
    expect(spellings).toContain(SEED);
    expect(spellings).toContain(SEED.toLowerCase());
    expect(spellings).toContain('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ');
  });

  test('is also a percent-encoded seed as it is written', () => {
    expect(seedSpellings('otpauth://totp/x?secret=%47EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toContain(
      '%47EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    );
  });

  test('is the data of an export, and not the issuer of a URI', () => {
    expect(seedSpellings('otpauth-migration://offline?data=CiEKFDEyMzQ%3D')).toEqual(
      expect.arrayContaining(['CiEKFDEyMzQ%3D', 'CiEKFDEyMzQ=']),
    );
    expect(seedSpellings(`otpauth://totp/AmazonWebServices?secret=${SEED}&issuer=AmazonWebServices`)).toEqual([
      `otpauth://totp/AmazonWebServices?secret=${SEED}&issuer=AmazonWebServices`,
      SEED,
      SEED.toLowerCase(),
      'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ',
    ]);
  });

  test('is both secrets of a URI that holds two, although it is refused', () => {
    const spellings = seedSpellings(`otpauth://totp/x?secret=${SEED}&secret=MZXW6YTBOI`);
    expect(spellings).toContain(SEED);
    expect(spellings).toContain('MZXW6YTBOI');
  });

  test('is the seed as it was given, even if it isn’t one', () => {
    expect(seedSpellings('no seed at all')).toContain('no seed at all');
  });

  test('has nothing twice', () => {
    const spellings = seedSpellings(SEED);
    expect(new Set(spellings).size).toBe(spellings.length);
  });

  test('is nothing so short that it would mask other words', () => {
    expect(seedSpellings('')).toEqual([]);
    expect(seedSpellings('GEZDGNBV')).toContain('GEZDGNBV');
    expect(seedSpellings('GEZDGN')).toEqual([]);
    expect(seedSpellings('otpauth://totp/x?secret=ABC')).toEqual(['otpauth://totp/x?secret=ABC']);
  });

  test('can be computed for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const spelling of seedSpellings(text)) expect(spelling.length).toBeGreaterThanOrEqual(8);
      }),
      propertyRuns(200),
    );
  });
});
