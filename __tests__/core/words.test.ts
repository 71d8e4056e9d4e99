import { expect, test } from '@jest/globals';
import { count, durationInWords } from '../../src/core/words.ts';

test.each([
  [-1, 'less than a minute'],
  [0, 'less than a minute'],
  [59_999, 'less than a minute'],
  [60_000, '1 minute'],
  [119_999, '1 minute'],
  [120_000, '2 minutes'],
  [3_599_999, '59 minutes'],
  [3_600_000, '1 hour'],
  [3_660_000, '1 hour 1 minute'],
  [41_400_000, '11 hours 30 minutes'],
  [129_600_000, '36 hours'],
])('%i ms are "%s"', (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

test.each([
  [0, '0 buckets'],
  [1, '1 bucket'],
  [2, '2 buckets'],
])('%i of a thing are "%s"', (number, words) => {
  expect(count(number, 'bucket')).toBe(words);
});
