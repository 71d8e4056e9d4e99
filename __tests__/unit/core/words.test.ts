import { expect, test } from '@jest/globals';
import { count, durationInWords, momentInWords } from '../../../src/core/words.ts';

test.each([
  [-1, 'less than a minute'],
  [0, 'less than a minute'],
  [59_999, 'less than a minute'],
  [60_000, '1 minute'],
  [89_999, '1 minute'],
  [90_000, '2 minutes'],
  [3_569_999, '59 minutes'],
  [3_570_000, '1 hour'],
  [3_598_000, '1 hour'],
  [3_600_000, '1 hour'],
  [3_629_999, '1 hour'],
  [43_198_500, '12 hours'],
  [3_660_000, '1 hour 1 minute'],
  [41_400_000, '11 hours 30 minutes'],
  [129_600_000, '36 hours'],
])('%i ms are "%s"', (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

test.each([
  ['2027-01-15T09:00:00.000Z', '2027-01-15T09:00:00Z'],
  ['2027-01-15T09:00:59.999Z', '2027-01-15T09:00:59Z'],
])('%s is "%s": never later than it is', (moment, words) => {
  expect(momentInWords(new Date(moment))).toBe(words);
});

test.each([
  [0, '0 buckets'],
  [1, '1 bucket'],
  [2, '2 buckets'],
])('%i of a thing are "%s"', (number, words) => {
  expect(count(number, 'bucket')).toBe(words);
});
