import { describe, expect, test } from '@jest/globals';
import { WORDING } from '../../../../src/github/wording.ts';
import { FAILURE_CODES, generalRemedy } from '../../../../src/inputs/messages/catalogue.ts';

describe('the remedy', () => {
  test.each(FAILURE_CODES)('for %s is a sentence', (code) => {
    expect(generalRemedy(code, WORDING)).toMatch(/^[A-Z].{19,}\.$/s);
  });

  test('for an empty secret names every way in which GitHub hands one over empty', () => {
    const remedy = generalRemedy('keys-not-found', WORDING);
    for (const cause of ['forks', 'Dependabot', 'environment', 'reusable workflow', 'composite', 'misspelt']) {
      expect(remedy).toContain(cause);
    }
  });
});

test('a failure code is a name in lower case with hyphens, so that it can be searched for', () => {
  expect(FAILURE_CODES.filter((code) => !/^[a-z]+(?:-[a-z]+)*$/.test(code))).toEqual([]);
});
