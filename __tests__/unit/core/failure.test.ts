import { describe, expect, test } from '@jest/globals';
import { Failure, isLasting, mayHaveWorked, messageOf } from '../../../src/core/failure.ts';

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

const REFUSED = { call: 'AssumeRole', aws: 'as AWS says' } as const;

test.each([
  new Failure('session-expired', REFUSED),
  new Failure('access-key-unknown', REFUSED),
  new Failure('mfa-seed-wrong', { refused: 9 }),
  new Failure('mfa-code-spent', {}),
  new Failure('cancelled', { signal: 'SIGINT' }),
])('waiting does not help after $code', (failure) => {
  expect(isLasting(failure)).toBe(true);
});

test.each([
  new Failure('network', FACTS),
  // Somebody may change the policy.
  new Failure('assume-role-denied', REFUSED),
  // A laptop may leave the network whose proxy or portal is in the way.
  new Failure(
    'proxy-refused',
    { call: 'AssumeRole', target: 'sts.amazonaws.com:443', status: 403 },
    { outlook: 'final' },
  ),
  // AWS has just created it.
  new Failure('access-key-unknown', REFUSED, { outlook: 'soon' }),
])('an attempt much later may succeed after $code', (failure) => {
  expect(isLasting(failure)).toBe(false);
});

const NO_ANSWER = { call: 'CreateUser', reason: 'not-aws', status: 200, contentType: undefined } as const;
const WRITE = { store: 'GitHub', call: 'PUT /repos/acme/app/actions/secrets/AWS_ACCESS_KEY' } as const;
const DENIED = { ...WRITE, status: 403, said: '', accepts: undefined, token: 'other' } as const;
const UNTRUE = { call: 'CreateUser', serverTime: new Date(0) };

test.each([
  new Failure('network', FACTS),
  new Failure('service-unavailable', { call: 'CreateUser', status: 500, aws: undefined }),
  new Failure('incomplete-answer', NO_ANSWER),
  // Its answer was not believed, whatever it said.
  new Failure('clock-off', UNTRUE, { outlook: 'final' }),
  new Failure('cancelled', { signal: 'SIGINT' }),
  new Failure('timed-out', { seconds: 60 }),
  // A store.
  new Failure('store-unreachable', { ...WRITE, reason: 'silent', target: 'api.github.com:443', error: 'ECONNRESET' }),
  new Failure('store-unavailable', { ...WRITE, status: 502, said: '', reason: 'error' }),
  new Failure('store-not-masked', { name: 'AWS_ACCESS_KEY', place: 'the project 1', value: 'left' }),
  new Failure('store-denied', DENIED, { context: { kind: 'after-lost' } }),
])('AWS or a store may have done what a call asks after $code', (failure) => {
  expect(mayHaveWorked(failure)).toBe(true);
});

test.each([
  new Failure('clock-off', REFUSED),
  new Failure('throttled', REFUSED),
  new Failure('iam-busy', REFUSED),
  new Failure('iam-already-exists', REFUSED),
  new Failure('access-denied', REFUSED),
  new Failure('access-key-unknown', REFUSED, { outlook: 'soon' }),
  new Failure('unreachable', { call: 'CreateUser', reason: 'connection', target: undefined, error: 'ECONNREFUSED' }),
  // A store.
  new Failure('store-unreachable', { ...WRITE, reason: 'tls', target: 'api.github.com:443', error: 'ECONNRESET' }),
  new Failure('store-unavailable', { ...WRITE, call: 'GET /public-key', status: 502, said: '', reason: 'error' }),
  new Failure('store-not-masked', { name: 'AWS_ACCESS_KEY', place: 'the project 1', value: 'removed' }),
  new Failure('store-denied', DENIED),
])('neither AWS nor a store can have done what a call asks after $code', (failure) => {
  expect(mayHaveWorked(failure)).toBe(false);
});
