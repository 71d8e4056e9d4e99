import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quote } from '../../../src/core/words.ts';
import { readBoolean, readInteger, readJsonObject, readLines, readList } from '../../../src/inputs/fields.ts';
import { piecesOf, problemList, rawInputs } from '../../kit/raw-inputs.ts';

describe('a boolean', () => {
  test.each(['true', 'True', 'TRUE'])('is true where it is written %s', (text) => {
    expect(readBoolean(rawInputs({ summary: text }), 'summary', problemList())).toBe(true);
  });

  test.each(['false', 'False', 'FALSE'])('is false where it is written %s', (text) => {
    expect(readBoolean(rawInputs({ summary: text }), 'summary', problemList())).toBe(false);
  });

  test('that is empty was not given', () => {
    const problems = problemList();
    expect(readBoolean(rawInputs(), 'summary', problems)).toBeUndefined();
    expect(problems.found).toEqual([]);
  });

  test.each(['yes', 'no', 'on', 'off', '1', '0', 'tRUE', 'true!', 'y', 'null', "'true'"])(
    'is nothing else: %s is refused',
    (text) => {
      const problems = problemList();
      expect(readBoolean(rawInputs({ summary: text }), 'summary', problems)).toBeUndefined();
      expect(problems.found).toEqual([{ input: 'summary', message: `is "${text}"; write true or false` }]);
    },
  );
});

describe('a number', () => {
  const range = { min: 900, max: 43_200, default: 3600, unit: 'seconds' };
  const read = (text: string, problems = problemList()) =>
    readInteger(rawInputs({ 'role-duration-seconds': text }), 'role-duration-seconds', range, problems);

  test.each([
    ['900', 900],
    ['43200', 43_200],
    ['0900', 900],
    ['', 3600],
  ])('written "%s" is %i', (text, value) => {
    expect(read(text)).toBe(value);
  });

  test.each(['899', '43201', '-900', '+900', '9e2', '900.0', '1h', '0x384', '٩٠٠', '99999999999', 'NaN', '9 00'])(
    'written "%s" is refused',
    (text) => {
      const problems = problemList();
      expect(read(text, problems)).toBeUndefined();
      expect(problems.text).toBe(
        `role-duration-seconds is "${text}"; write a whole number of seconds from 900 to 43200`,
      );
    },
  );
});

describe('a list', () => {
  test('of lines is trimmed, and blank lines are none', () => {
    expect(readLines(rawInputs({ 'expected-buckets': ' a \r\n\n\tb,c\n  ' }), 'expected-buckets')).toEqual([
      'a',
      'b,c',
    ]);
  });

  test('may be written in lines and with commas', () => {
    const raw = rawInputs({ 'allowed-account-ids': '111122223333, 444455556666\n\n777788889999,' });
    expect(readList(raw, 'allowed-account-ids')).toEqual(['111122223333', '444455556666', '777788889999']);
  });

  test('that is empty has nothing in it', () => {
    expect(readLines(rawInputs(), 'expected-buckets')).toEqual([]);
    expect(readList(rawInputs(), 'allowed-account-ids')).toEqual([]);
  });
});

describe('a JSON object', () => {
  test('is read', () => {
    expect(readJsonObject('{"a": 1}', 'custom-tags', problemList())).toEqual({ a: 1 });
  });

  test('may have a key that means something to JavaScript, and it means nothing here', () => {
    const object = readJsonObject('{"__proto__": {"a": 1}}', 'custom-tags', problemList());
    expect(Object.keys(object ?? {})).toEqual(['__proto__']);
    expect(object?.['a']).toBeUndefined();
  });

  test.each(['[]', '1', '"text"', 'null', 'true'])('is not %s', (text) => {
    const problems = problemList();
    expect(readJsonObject(text, 'custom-tags', problems)).toBeUndefined();
    expect(problems.text).toBe('custom-tags must be a JSON object: { … }');
  });

  test('that is broken is refused with the place where it breaks', () => {
    const problems = problemList();
    expect(readJsonObject('{"a": 1,\n "b" 2}', 'custom-tags', problems)).toBeUndefined();
    expect(problems.text).toBe('custom-tags is not valid JSON: it breaks at position 14 (line 2 column 6)');
  });

  test.each(['{', '', '{"a"', "{'a': 1}", '\u0000', '{"a": 1}}'])('that is broken is not quoted: %j', (text) => {
    const problems = problemList();
    expect(readJsonObject(text, 'custom-tags', problems)).toBeUndefined();
    expect(problems.text).toMatch(/^custom-tags is not valid JSON(?:: it breaks at position \d+.*)?$/);
  });

  test('whatever it is, a broken one is not quoted and does not throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const problems = problemList();
        readJsonObject(`{"key": ${text}`, 'custom-tags', problems);
        for (const piece of piecesOf(text)) expect(problems.text).not.toContain(piece);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a value in a message', () => {
  test('is quoted', () => {
    expect(quote('eu-west-1')).toBe('"eu-west-1"');
  });

  test('is told by its length where it is long: a piece of a secret would match no mask', () => {
    expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
    expect(quote('x'.repeat(81))).toBe('a text of 81 characters');
  });
});
