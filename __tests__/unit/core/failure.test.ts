import { describe, expect, test } from '@jest/globals';
import { Failure, messageOf } from '../../../src/core/failure.ts';

describe('a failure', () => {
  test('keeps its cause', () => {
    const cause = new Error('socket hang up');
    expect(new Failure('network', 'No answer came.', { cause }).cause).toBe(cause);
  });

  test('has no cause where there was none', () => {
    expect('cause' in new Failure('network', 'No answer came.')).toBe(false);
  });

  test('is an error by the name of Failure', () => {
    const failure = new Failure('network', 'No answer came.');
    expect(failure).toBeInstanceOf(Error);
    expect(failure.name).toBe('Failure');
    expect(failure.message).toBe('No answer came.');
  });
});

test.each([
  ['an error', new Error('broken'), 'broken'],
  ['a text', 'broken', 'broken'],
  ['nothing', undefined, 'undefined'],
])('the message of %s is what it says', (_, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
