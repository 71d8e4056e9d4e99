import { describe, expect, test } from '@jest/globals';
import { readBucketCheck } from '../../../src/inputs/checks.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { listed, rawInputs } from '../../kit/raw-inputs.ts';

function read(given: Partial<RawInputs>) {
  const problems = new ProblemList();
  return { check: readBucketCheck(rawInputs(given), problems), problems: listed(problems.found) };
}

describe('a bucket check', () => {
  test.each([{}, { 'list-buckets': 'false' }])('is off by default: %j', (given) => {
    expect(read(given).check).toBeUndefined();
  });

  test('lists', () => {
    expect(read({ 'list-buckets': 'true' }).check).toEqual({ list: true, expected: [] });
  });

  test('expects buckets and prefixes, one per line', () => {
    const text = 'logs\n\n  my.bucket-1/some/prefix/ \ns3://data/in\ns3://whole\nslash/';
    expect(read({ 'expected-buckets': text }).check).toEqual({
      list: false,
      expected: [
        { bucket: 'logs', prefix: undefined },
        { bucket: 'my.bucket-1', prefix: 'some/prefix/' },
        { bucket: 'data', prefix: 'in' },
        { bucket: 'whole', prefix: undefined },
        { bucket: 'slash', prefix: undefined },
      ],
    });
  });

  test.each([
    ['the longest key', `logs/${'x'.repeat(1024)}`],
    ['a name of before 2018', 'Old_Bucket.Name'],
    ['a name of 255 characters', 'x'.repeat(255)],
    ['a prefix of any characters', 'logs/ä b?c*'],
  ])('may expect %s', (_, text) => {
    expect(read({ 'expected-buckets': text }).problems).toEqual([]);
  });

  test.each([
    ['two characters', 'ab'],
    ['a comma between names', 'logs,data'],
    ['a space', 'my bucket'],
    ['an ARN', 'arn:aws:s3:::logs'],
    ['no name', '/prefix'],
    ['an empty name', 's3://'],
    ['a URL', 'https://logs.s3.amazonaws.com'],
    ['256 characters', 'x'.repeat(256)],
  ])('may not expect %s', (_, value) => {
    expect(read({ 'expected-buckets': value })).toEqual({
      check: undefined,
      problems: [['expected-buckets', 'bucket', { value }]],
    });
  });

  test('may not expect a prefix that no key has', () => {
    expect(read({ 'expected-buckets': `logs/${'x'.repeat(1025)}` }).problems).toEqual([
      ['expected-buckets', 'prefix-too-long', { bucket: 'logs', length: 1025, max: 1024 }],
    ]);
  });

  test('reports every line that is wrong', () => {
    expect(read({ 'expected-buckets': 'a\nlogs\nb' }).problems).toEqual([
      ['expected-buckets', 'bucket', { value: 'a' }],
      ['expected-buckets', 'bucket', { value: 'b' }],
    ]);
  });
});
