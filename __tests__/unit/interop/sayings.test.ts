import { describe, expect, test } from '@jest/globals';
import { matches } from '../../../lab/interop/serving/sayings.ts';

describe('what a client says', () => {
  test.each([
    ['failed, …refused', 'exit code 1: failed, exceeded 3 attempts,\nconnection refused.', true],
    ['failed, …refused', 'refused: failed, ', false],
    ['container-role: …503…', 'from container-role: response 503', true],
    ['all (of) it.', 'all of it', false],
    ['', 'anything', true],
  ])('%s in %j: %s', (saying, message, is) => {
    expect(matches(message, saying)).toBe(is);
  });
});
