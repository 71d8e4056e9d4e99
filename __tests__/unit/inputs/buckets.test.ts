import { describe, expect, test } from '@jest/globals';
import { readBucketCheck } from '../../../src/inputs/buckets.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { problemList, rawInputs } from '../../kit/raw-inputs.ts';

function read(given: Partial<RawInputs>) {
  const problems = problemList();
  return { check: readBucketCheck(rawInputs(given), problems), problems };
}

describe('a bucket check', () => {
  test.each([{}, { 'list-buckets': 'false' }])('is none where none is asked for', (given) => {
    expect(read(given).check).toBeUndefined();
  });

  test('lists', () => {
    expect(read({ 'list-buckets': 'true' }).check).toEqual({ list: true, expected: [] });
  });

  test('asks for buckets and prefixes, one a line', () => {
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

  test('may ask for one alone', () => {
    expect(read({ 'expected-buckets': 'logs' }).check).toEqual({
      list: false,
      expected: [{ bucket: 'logs', prefix: undefined }],
    });
  });

  test.each([
    ['the longest key', `logs/${'x'.repeat(1024)}`],
    ['a name of before 2018', 'Old_Bucket.Name'],
    ['a name of 255 characters', 'x'.repeat(255)],
    ['a prefix of any characters', 'logs/ä b?c*'],
  ])('may ask for %s', (_, text) => {
    expect(read({ 'expected-buckets': text }).problems.found).toEqual([]);
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
  ])('may not ask for %s', (_, text) => {
    const { check, problems } = read({ 'expected-buckets': text });
    expect(check).toBeUndefined();
    expect(problems.inputs).toEqual(['expected-buckets']);
    expect(problems.text).toContain('write bucket or bucket/prefix, one a line');
  });

  test('may not ask for a prefix that no key has', () => {
    expect(read({ 'expected-buckets': `logs/${'x'.repeat(1025)}` }).problems.text).toBe(
      'expected-buckets has a prefix of 1025 characters in "logs"; a key has 1024 at most',
    );
  });

  test('tells of every line that is wrong', () => {
    expect(read({ 'expected-buckets': 'a\nlogs\nb' }).problems.found).toHaveLength(2);
  });
});
