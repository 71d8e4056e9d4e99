import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { log, neutralise } from '../../../src/github/log.ts';
import { reporterOn } from '../../../src/github/notices.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { catchStdout } from '../../kit/stdout.ts';

const stdout = catchStdout();

describe('a string from outside', () => {
  test.each([
    ['a plain one', 'Access denied: it is not allowed.', 'Access denied: it is not allowed.'],
    ['an ARN', 'arn:aws:iam::123456789012:user/ci', 'arn:aws:iam::123456789012:user/ci'],
    ['a command at its start', '::add-mask::a', ': :add-mask::a'],
    ['a command after blanks', ' \t ::set-output name=x::y', ': :set-output name=x::y'],
    ['a command after what only looks like a space', '\u00a0\ufeff::error::x', ': :error::x'],
    ['a command after a NUL', '\0::error::x', ': :error::x'],
    ['colons in the middle', 'a ::add-mask::b', 'a ::add-mask::b'],
    ['more than two colons', ':::add-mask::b', ': ::add-mask::b'],
    ['an old command anywhere', 'AWS says ##[set-output name=x]y', 'AWS says # #[set-output name=x]y'],
    ['two old commands', '##[error]##[error]', '# #[error]# #[error]'],
    ['an old command with more hashes', '###[error]', '## #[error]'],
    ['an old command with a control character inside', '##\u0007[error]', '## [error]'],
    ['a line end', 'a\n::error::b', 'a ::error::b'],
    ['line ends of every kind', 'a\r\nb\rc\u0085d\u2028e\u2029f\vg\fh', 'a b c d e f g h'],
    ['a colour', '\u001b[31mred\u001b[0m', ' [31mred [0m'],
    ['nothing', '', ''],
  ])('is harmless if it is %s', (_, text, harmless) => {
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
  ])("can't reverse the text: %j", (control) => {
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
  test('shows a line as one line', () => {
    log.info('AWS says:\n::set-env name=PATH::evil');
    expect(stdout.text).toBe('AWS says: ::set-env name=PATH::evil\n');
  });

  test('contains no command from outside', () => {
    log.info('::add-mask::a');
    log.warning('##[error]b');
    expect(stdout.text).toBe(': :add-mask::a\n::warning::# #[error]b\n');
  });

  test('shows a notice as a line', async () => {
    await reporterOn(log).note({ kind: 'keys-found', source: 'the profile "ci"' });
    await reporterOn(log).note({ kind: 'clock-off', secondsBehind: -75 });
    expect(stdout.text).toMatch(
      /^Using the keys from the profile "ci"\.\n::warning::This runner's clock is 75 s ahead of AWS's\./,
    );
  });
});
