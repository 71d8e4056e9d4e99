import { expect, test } from '@jest/globals';
import { summaryText } from '../../lab/demo/summary-text.ts';

test('a table of names and values looks like the rendered summary', () => {
  const markdown = `### AWS credentials with MFA

| | |
|---|---|
| **Identity** | <code>arn:aws:iam::111122223333:user/ci</code> |
| **Valid until** | <code>2026-11-25T01:20:08Z</code> (for 1 hour) |
`;
  expect(summaryText(markdown, 60)).toEqual([
    'AWS credentials with MFA',
    '┌─────────────┬───────────────────────────────────┐',
    '│ Identity    │ arn:aws:iam::111122223333:user/ci │',
    '│ Valid until │ 2026-11-25T01:20:08Z (for 1 hour) │',
    '└─────────────┴───────────────────────────────────┘',
  ]);
});

test('escapes, line breaks and links are rendered, and a long cell is wrapped', () => {
  const markdown = `| **What happened** | A &#124; B &lt;c&gt; &amp;#38;<br>and more |
| :-- | :-- |
| **More** | [clock-off](https://example.com/clock) |
`;
  expect(summaryText(markdown, 40)).toEqual([
    '┌───────────────┬──────────────────────┐',
    '│ What happened │ A | B <c> &#38; and  │',
    '│               │ more                 │',
    '│ More          │ clock-off:           │',
    '│               │ https://example.com/ │',
    '│               │ clock                │',
    '└───────────────┴──────────────────────┘',
  ]);
});

test('a table keeps all of its columns', () => {
  expect(summaryText('| Profile | Account |\n|---|---|\n| <code>prod</code> | 111122223333 |\n', 40)).toEqual([
    '┌─────────┬──────────────┐',
    '│ Profile │ Account      │',
    '│ prod    │ 111122223333 │',
    '└─────────┴──────────────┘',
  ]);
});
