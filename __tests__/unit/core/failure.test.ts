import { describe, expect, test } from '@jest/globals';
import { Failure, messageOf } from '../../../src/core/failure.ts';

const FACTS = { call: 'GetSessionToken', reason: 'closed', error: 'ECONNRESET' } as const;

describe('a failure', () => {
  test('keeps its cause', () => {
    const cause = new Error('socket hang up');
    expect(new Failure('network', FACTS, { cause }).cause).toBe(cause);
  });

  test('has no cause if there was none', () => {
    expect('cause' in new Failure('network', FACTS)).toBe(false);
  });

  test('is an error that is named Failure and says its code', () => {
    const failure = new Failure('network', FACTS);
    expect(failure).toBeInstanceOf(Error);
    expect(failure.name).toBe('Failure');
    expect(failure.message).toBe('network');
  });
});

test.each([
  ['an error', new Error('broken'), 'broken'],
  ['a string', 'broken', 'broken'],
  ['nothing', undefined, 'undefined'],
])('the message of %s is what it says', (_, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
