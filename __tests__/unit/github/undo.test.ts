import { describe, expect, test } from '@jest/globals';
import { digest, type ExportedVariable } from '../../../src/github/state.ts';
import { variablesToUndo, withoutForged } from '../../../src/github/undo.ts';

function variable(given: Partial<ExportedVariable> & { readonly was?: string } = {}): ExportedVariable {
  const { was, ...rest } = given;
  return {
    name: 'AWS_REGION',
    ours: 'ours',
    before: was === undefined ? undefined : digest(was),
    putBack: undefined,
    ...rest,
  };
}

describe('a variable that still has our value', () => {
  test('gets the one before back', () => {
    expect(variablesToUndo([variable({ was: 'before', putBack: 'before' })], { AWS_REGION: 'ours' })).toEqual({
      AWS_REGION: 'before',
    });
  });

  test('becomes empty where the one before may not come back, as long-term keys may not', () => {
    const key = variable({ name: 'AWS_SECRET_ACCESS_KEY', was: 'long-term' });
    expect(variablesToUndo([key], { AWS_SECRET_ACCESS_KEY: 'ours' })).toEqual({ AWS_SECRET_ACCESS_KEY: '' });
  });

  test('becomes empty where there was none before', () => {
    expect(variablesToUndo([variable()], { AWS_REGION: 'ours' })).toEqual({ AWS_REGION: '' });
  });

  test('stays where the one before was the same', () => {
    expect(variablesToUndo([variable({ was: 'ours', putBack: 'ours' })], { AWS_REGION: 'ours' })).toEqual({});
  });
});

describe('a variable that has the value of before again', () => {
  test('had it from a step’s own env:, so the job gets an empty one, not the step’s', () => {
    const token = variable({ name: 'AWS_SESSION_TOKEN', was: 'before', putBack: 'before' });
    expect(variablesToUndo([token], { AWS_SESSION_TOKEN: 'before' })).toEqual({ AWS_SESSION_TOKEN: '' });
  });

  test('becomes empty where that was a long-term key', () => {
    const key = variable({ name: 'AWS_ACCESS_KEY_ID', was: 'AKIABEFORE' });
    expect(variablesToUndo([key], { AWS_ACCESS_KEY_ID: 'AKIABEFORE' })).toEqual({ AWS_ACCESS_KEY_ID: '' });
  });
});

describe('a variable that has another value', () => {
  test.each([
    ['another one', 'theirs'],
    ['one that only begins like ours', 'ours2'],
    ['ours in another case', 'OURS'],
    ['an empty one', ''],
    ['none at all', undefined],
  ])('is somebody else’s by now: %s', (_, value) => {
    expect(variablesToUndo([variable({ was: 'before', putBack: 'before' })], { AWS_REGION: value })).toEqual({});
  });
});

describe('a variable that we emptied', () => {
  const legacy = variable({ name: 'AWS_SECURITY_TOKEN', ours: '', was: 'stale', putBack: 'stale' });

  test.each([{ AWS_SECURITY_TOKEN: '' }, {}])('gets the one before back: %o', (env) => {
    expect(variablesToUndo([legacy], env)).toEqual({ AWS_SECURITY_TOKEN: 'stale' });
  });

  test('stays empty where the one before may not come back', () => {
    expect(variablesToUndo([{ ...legacy, putBack: undefined }], { AWS_SECURITY_TOKEN: '' })).toEqual({});
  });
});

describe('AWS_PROFILE', () => {
  const profile = variable({ name: 'AWS_PROFILE', ours: 'ci' });

  test('is never emptied, since botocore refuses an empty one', () => {
    expect(variablesToUndo([profile], { AWS_PROFILE: 'ci' })).toEqual({});
    expect(variablesToUndo([{ ...profile, before: digest('dev') }], { AWS_PROFILE: 'dev' })).toEqual({});
  });

  test('gets the one before back', () => {
    const before = { ...profile, before: digest('dev'), putBack: 'dev' };
    expect(variablesToUndo([before], { AWS_PROFILE: 'ci' })).toEqual({ AWS_PROFILE: 'dev' });
  });
});

describe.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])('%s', (name) => {
  const file = { ...variable({ name, ours: '/temp/aws' }), unset: '/home/runner/.aws/file' };

  const usual = { [name]: '/home/runner/.aws/file' };

  test('is never emptied, since botocore finds no file behind an empty one', () => {
    expect(variablesToUndo([file], { [name]: '/temp/aws' })).toEqual(usual);
    expect(variablesToUndo([{ ...file, before: digest('/of/a/step') }], { [name]: '/of/a/step' })).toEqual(usual);
  });

  test('gets the one before back', () => {
    const before = { ...file, before: digest('/mine'), putBack: '/mine' };
    expect(variablesToUndo([before], { [name]: '/temp/aws' })).toEqual({ [name]: '/mine' });
  });

  test('stays where it is somebody else’s by now', () => {
    const before = { ...file, before: digest('/mine'), putBack: '/mine' };
    expect(variablesToUndo([before], { [name]: '/theirs' })).toEqual({});
  });
});

test('each variable is judged by itself', () => {
  const variables = [
    variable({ name: 'AWS_ACCESS_KEY_ID', ours: 'ASIAOURS', was: 'AKIABEFORE' }),
    variable({ name: 'AWS_REGION', ours: 'eu-central-1', was: 'us-east-1', putBack: 'us-east-1' }),
    variable({ name: 'AWS_DEFAULT_REGION', ours: 'eu-central-1' }),
    variable({ name: 'AWS_SESSION_TOKEN', ours: 'token' }),
  ];
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIABEFORE',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_SESSION_TOKEN: 'another step’s',
  };
  expect(variablesToUndo(variables, env)).toEqual({
    AWS_ACCESS_KEY_ID: '',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: '',
  });
});

test('nothing was exported, so there is nothing to undo', () => {
  expect(variablesToUndo([], { AWS_REGION: 'eu-central-1' })).toEqual({});
});

describe('a value that holds the delimiter', () => {
  const DELIMITER = 'ghadelimiter_0f8fad5b-d9cb-469f-a165-70867728950e';
  const forged = `x\n${DELIMITER}\nPATH<<E\nevil\nE`;

  test('is not put back, and others are', () => {
    const [first, second] = withoutForged(
      [variable({ putBack: forged, unset: forged }), variable({ name: 'AWS_DEFAULT_REGION', putBack: 'eu-west-1' })],
      DELIMITER,
    );
    expect(first).toMatchObject({ name: 'AWS_REGION', putBack: undefined, unset: undefined });
    expect(second).toMatchObject({ name: 'AWS_DEFAULT_REGION', putBack: 'eu-west-1' });
  });
});
