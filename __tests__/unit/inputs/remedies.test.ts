import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import { REMEDIES, remedyOf } from '../../../src/inputs/remedies.ts';

const CODES = Object.keys(REMEDIES) as readonly FailureCode[];

describe('the remedy', () => {
  test.each(CODES)('for %s is a sentence', (code) => {
    expect(remedyOf(new Failure(code, 'It failed.'))).toMatch(/^[A-Z].{19,}\.$/s);
  });

  test('is the one of the place that failed where that knows better', () => {
    expect(remedyOf(new Failure('network', 'It failed.', { remedy: 'Turn it on.' }))).toBe('Turn it on.');
  });

  test('for an empty secret names every way in which GitHub hands one over empty', () => {
    const remedy = remedyOf(new Failure('keys-not-found', 'There are none.'));
    for (const cause of ['forks', 'Dependabot', 'environment', 'reusable workflow', 'composite', 'misspelt']) {
      expect(remedy).toContain(cause);
    }
  });
});

test('a failure code is a name in lower case with hyphens, so that it can be searched for', () => {
  expect(CODES.filter((code) => !/^[a-z]+(?:-[a-z]+)*$/.test(code))).toEqual([]);
});
