import { EOL } from 'node:os';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { log, neutralise, reporterOn } from '../../../src/github/log.ts';
import { redact, startMasking } from '../../../src/github/masking.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

/** What was written to standard output, where the runner reads, with `\n` for the line ends of any system. */
let output = '';

beforeEach(() => {
  output = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text).replaceAll(EOL, '\n');
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a text from outside', () => {
  test.each([
    ['a plain one', 'Access denied: it is not allowed.', 'Access denied: it is not allowed.'],
    ['an ARN', 'arn:aws:iam::123456789012:user/ci', 'arn:aws:iam::123456789012:user/ci'],
    ['a command at its start', '::add-mask::a', ': :add-mask::a'],
    ['a command behind blanks', ' \t ::set-output name=x::y', ': :set-output name=x::y'],
    ['a command behind a space that is none', '\u00a0\ufeff::error::x', ': :error::x'],
    ['a command behind a NUL', '\0::error::x', ': :error::x'],
    ['colons in the middle', 'a ::add-mask::b', 'a ::add-mask::b'],
    ['more colons than two', ':::add-mask::b', ': ::add-mask::b'],
    ['an old command anywhere', 'AWS says ##[set-output name=x]y', 'AWS says # #[set-output name=x]y'],
    ['two old commands', '##[error]##[error]', '# #[error]# #[error]'],
    ['an old command with more hashes', '###[error]', '## #[error]'],
    ['an old command with a control character inside', '##\u0007[error]', '## [error]'],
    ['a line end', 'a\n::error::b', 'a ::error::b'],
    ['line ends of every kind', 'a\r\nb\rc\u0085d\u2028e\u2029f\vg\fh', 'a b c d e f g h'],
    ['a colour', '\u001b[31mred\u001b[0m', ' [31mred [0m'],
    ['nothing', '', ''],
  ])('is harmless where it is %s', (_, text, harmless) => {
    expect(neutralise(text)).toBe(harmless);
  });

  // Unicode's Bidi_Control.
  test.each([
    '\u061c',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
  ])('cannot turn the text around: %j', (control) => {
    expect(neutralise(`a${control}b`)).toBe('a b');
  });

  test('is harmless, whatever it is', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(
        '##[',
        '#',
        '[',
        '::',
        ':',
        ' ',
        '\n',
        '\r',
        '\u2028',
        '\0',
        'add-mask',
        '::error::',
        '\u202e',
        '\ufeff',
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = neutralise(parts.join(''));
        expect(text).not.toContain('##[');
        expect(text.trimStart().startsWith('::')).toBe(false);
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(neutralise(text)).toBe(text);
      }),
      propertyRuns(300),
    );
  });
});

describe('the log', () => {
  test('has each line on one line', () => {
    log.info('AWS says:\n::set-env name=PATH::evil');
    expect(output).toBe('AWS says: ::set-env name=PATH::evil\n');
  });

  test('has no command that came from outside', () => {
    log.info('::add-mask::a');
    log.warning('##[error]b');
    expect(output).toBe(': :add-mask::a\n::warning::# #[error]b\n');
  });

  test('has a notice as a line', async () => {
    await reporterOn(log).note({ kind: 'keys-found', source: 'the profile "ci"' });
    await reporterOn(log).note({ kind: 'clock-off', secondsBehind: -75 });
    expect(output).toMatch(
      /^Using the keys from the profile "ci"\.\n::warning::This runner's clock is 75 s ahead of AWS's\./,
    );
  });

  test('registers a mask as the runner’s own command', () => {
    startMasking().mask('s3cret');
    expect(output).toBe('::add-mask::s3cret\n');
  });

  test('registers no empty mask, which would mask everything', () => {
    startMasking().mask('');
    expect(output).toBe('');
  });

  test('registers a mask of several lines without giving away the second', () => {
    startMasking().mask('one\ntwo%');
    expect(output).toBe('::add-mask::one%0Atwo%25\n');
  });
});

describe('the masks of a step', () => {
  test('are none before the first', () => {
    expect([...startMasking().masks]).toEqual([]);
  });

  test('are remembered as they were given, each once, and seen by who asked for them before', () => {
    const { mask, masks } = startMasking();
    for (const secret of ['s3cret', 'one\ntwo%', 's3cret', ' ']) mask(secret);
    expect([...masks]).toEqual(['s3cret', 'one\ntwo%', ' ']);
  });

  test('hold no empty one, which occurs in every text', () => {
    const { mask, masks } = startMasking();
    mask('');
    expect(masks.size).toBe(0);
  });

  test('are those of no other step', () => {
    const one = startMasking();
    const other = startMasking();
    one.mask('s3cret');
    expect([...other.masks]).toEqual([]);
  });

  test('are taken out of text from outside, as they are and percent-encoded', () => {
    startMasking().mask('wJalr/XUtn+FEMI');
    expect(redact('wJalr/XUtn+FEMI, wJalr%2FXUtn%2BFEMI')).toBe('***, ***');
  });
});
