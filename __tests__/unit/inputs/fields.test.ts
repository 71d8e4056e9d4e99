import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quote } from '../../../src/core/words.ts';
import {
  isTrue,
  readBoolean,
  readChoice,
  readInteger,
  readJsonObject,
  readLines,
  readList,
} from '../../../src/inputs/fields.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { listed, piecesOf, rawInputs, saidBy } from '../../kit/raw-inputs.ts';

describe('a boolean', () => {
  test.each<[string, boolean | undefined]>([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
    ['', undefined],
  ])('written "%s" is %s', (summary, value) => {
    const problems = new ProblemList();
    const raw = rawInputs({ summary });
    expect(readBoolean(raw, 'summary', problems)).toBe(value);
    expect(isTrue(raw, 'summary', problems)).toBe(value === true);
    expect(problems.found).toEqual([]);
  });

  test.each(['yes', 'no', 'on', 'off', '1', '0', 'tRUE', 'true!', 'y', 'null', "'true'"])(
    'is not %s, which is reported by one reader and counts as false for others',
    (value) => {
      const problems = new ProblemList();
      const raw = rawInputs({ summary: value });
      expect(isTrue(raw, 'summary')).toBe(false);
      expect(isTrue(raw, 'summary', problems)).toBe(false);
      expect(listed(problems.found)).toEqual([['summary', 'not-boolean', { value }]]);
    },
  );
});

describe('a number', () => {
  const read = (text: string, problems = new ProblemList()) =>
    readInteger(rawInputs({ 'role-duration-seconds': text }), 'role-duration-seconds', problems);

  test.each([
    ['900', 900],
    ['43200', 43_200],
    ['0900', 900],
    ['', 3600],
  ])('written "%s" is %i', (text, value) => {
    expect(read(text)).toBe(value);
  });

  test.each(['899', '43201', '-900', '+900', '9e2', '900.0', '1h', '0x384', '٩٠٠', '99999999999', 'NaN', '9 00'])(
    'is not %s',
    (value) => {
      const problems = new ProblemList();
      expect(read(value, problems)).toBeUndefined();
      expect(listed(problems.found)).toEqual([
        ['role-duration-seconds', 'not-integer', { value, unit: 'seconds', min: 900, max: 43_200 }],
      ]);
    },
  );
});

describe('a choice', () => {
  const read = (text: string, problems = new ProblemList()) =>
    readChoice(rawInputs({ 'profiles-location': text }), 'profiles-location', problems);

  test.each([
    ['home', 'home'],
    ['temp', 'temp'],
    ['', 'home'],
  ])('written "%s" is %s', (text, choice) => {
    expect(read(text)).toBe(choice);
  });

  test.each(['Home', 'TEMP', '/tmp', 'true'])('is not %s', (value) => {
    const problems = new ProblemList();
    expect(read(value, problems)).toBeUndefined();
    expect(listed(problems.found)).toEqual([['profiles-location', 'not-choice', { value, choices: ['home', 'temp'] }]]);
  });
});

describe('a list', () => {
  test('of lines is trimmed, and blank lines are ignored', () => {
    expect(readLines(rawInputs({ 'expected-buckets': ' a \r\n\n\tb,c\n  ' }), 'expected-buckets')).toEqual([
      'a',
      'b,c',
    ]);
  });

  test('may use lines and commas', () => {
    const raw = rawInputs({ 'allowed-account-ids': '111122223333, 444455556666\n\n777788889999,' });
    expect(readList(raw, 'allowed-account-ids')).toEqual(['111122223333', '444455556666', '777788889999']);
  });

  test('that is empty has nothing in it', () => {
    expect(readLines(rawInputs(), 'expected-buckets')).toEqual([]);
    expect(readList(rawInputs(), 'allowed-account-ids')).toEqual([]);
  });
});

describe('a JSON object', () => {
  const read = (text: string, problems = new ProblemList()) =>
    readJsonObject(rawInputs({ 'custom-tags': text }), 'custom-tags', problems);

  test('is read', () => {
    expect(read('{"a": 1}')).toEqual({ a: 1 });
  });

  test('may have a key with a meaning in JavaScript, which has none here', () => {
    const object = read('{"__proto__": {"a": 1}}');
    expect(Object.keys(object ?? {})).toEqual(['__proto__']);
    expect(object?.['a']).toBeUndefined();
  });

  test.each(['[]', '1', '"text"', 'null', 'true'])('is not %s', (text) => {
    const problems = new ProblemList();
    expect(read(text, problems)).toBeUndefined();
    expect(listed(problems.found)).toEqual([['custom-tags', 'not-object', {}]]);
  });

  test.each([
    ['{"a": 1,\n "b" 2}', 'at position 14 (line 2 column 6)'],
    ['{', expect.stringMatching(/^at position 1/)],
    ['', undefined],
    ["{'a': 1}", expect.stringMatching(/^at position 1/)],
  ])('that is broken is refused with the position, if it is known: %j', (text, position) => {
    const problems = new ProblemList();
    expect(read(text, problems)).toBeUndefined();
    expect(listed(problems.found)).toEqual([['custom-tags', 'not-json', { position }]]);
  });

  test('that is broken is never quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const problems = new ProblemList();
        read(`{"key": ${text}`, problems);
        for (const piece of piecesOf(text)) expect(saidBy(problems.found)).not.toContain(piece);
      }),
      propertyRuns(100),
    );
  });
});

describe('a value in a message', () => {
  test('is quoted', () => {
    expect(quote('eu-west-1')).toBe('"eu-west-1"');
  });

  test('is shown as its length if it is long: a piece of a secret would match no mask', () => {
    expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
    expect(quote('x'.repeat(81))).toBe('a string of 81 characters');
  });
});
