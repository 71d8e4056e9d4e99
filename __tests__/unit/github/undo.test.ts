import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  digest,
  type ExportedVariable,
  formatUndo,
  parseUndo,
  type Undo,
  variablesToUndo,
  withoutForged,
} from '../../../src/github/undo.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

const DELIMITER = 'ghadelimiter_0f8fad5b-d9cb-469f-a165-70867728950e';

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
  test('gets the previous one', () => {
    expect(variablesToUndo([variable({ was: 'before', putBack: 'before' })], { AWS_REGION: 'ours' })).toEqual({
      AWS_REGION: 'before',
    });
  });

  test('becomes empty if the previous one may not be restored, like long-term keys', () => {
    const key = variable({ name: 'AWS_SECRET_ACCESS_KEY', was: 'long-term' });
    expect(variablesToUndo([key], { AWS_SECRET_ACCESS_KEY: 'ours' })).toEqual({ AWS_SECRET_ACCESS_KEY: '' });
  });

  test('becomes empty if there was none', () => {
    expect(variablesToUndo([variable()], { AWS_REGION: 'ours' })).toEqual({ AWS_REGION: '' });
  });

  test('stays if the previous one was the same', () => {
    expect(variablesToUndo([variable({ was: 'ours', putBack: 'ours' })], { AWS_REGION: 'ours' })).toEqual({});
  });
});

describe('a variable that has the previous value again', () => {
  test("got it from a step's own env:, so the job gets an empty one, not the step's", () => {
    const token = variable({ name: 'AWS_SESSION_TOKEN', was: 'before', putBack: 'before' });
    expect(variablesToUndo([token], { AWS_SESSION_TOKEN: 'before' })).toEqual({ AWS_SESSION_TOKEN: '' });
  });

  test('becomes empty if that was a long-term key', () => {
    const key = variable({ name: 'AWS_ACCESS_KEY_ID', was: 'AKIABEFORE' });
    expect(variablesToUndo([key], { AWS_ACCESS_KEY_ID: 'AKIABEFORE' })).toEqual({ AWS_ACCESS_KEY_ID: '' });
  });
});

describe('a variable that has another value', () => {
  test.each([
    ['another one', 'theirs'],
    ['one that only starts like ours', 'ours2'],
    ['ours in another case', 'OURS'],
    ['an empty one', ''],
    ['none at all', undefined],
  ])('belongs to someone else by now: %s', (_, value) => {
    expect(variablesToUndo([variable({ was: 'before', putBack: 'before' })], { AWS_REGION: value })).toEqual({});
  });
});

describe('a variable that we emptied', () => {
  const legacy = variable({ name: 'AWS_SECURITY_TOKEN', ours: '', was: 'stale', putBack: 'stale' });

  test.each([{ AWS_SECURITY_TOKEN: '' }, {}])('gets the previous one: %o', (env) => {
    expect(variablesToUndo([legacy], env)).toEqual({ AWS_SECURITY_TOKEN: 'stale' });
  });

  test('stays empty if the previous one may not be restored', () => {
    expect(variablesToUndo([{ ...legacy, putBack: undefined }], { AWS_SECURITY_TOKEN: '' })).toEqual({});
  });
});

describe.each(['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'])('%s', (name) => {
  const profile = variable({ name, ours: 'ci' });

  test('is never emptied, since botocore rejects an empty one', () => {
    expect(variablesToUndo([profile], { [name]: 'ci' })).toEqual({});
    expect(variablesToUndo([{ ...profile, before: digest('dev') }], { [name]: 'dev' })).toEqual({});
  });

  test('gets the previous one', () => {
    const before = { ...profile, before: digest('dev'), putBack: 'dev' };
    expect(variablesToUndo([before], { [name]: 'ci' })).toEqual({ [name]: 'dev' });
  });
});

describe('what says where profiles are', () => {
  const HOME = { AWS_CONFIG_FILE: '/home' };
  const set = (given: Partial<ExportedVariable>) => variable({ name: 'AWS_PROFILE', ours: 'ci', ...given });
  test.each<[string, readonly ExportedVariable[], string, string, object]>([
    ['stays if AWS_PROFILE keeps our value', [set({})], '', 'ci', {}],
    ["stays if AWS_PROFILE has that of the step's own env:", [set({ before: digest('dev') })], 'dev', 'dev', {}],
    ['stays if AWS_PROFILE has that of a later step', [], '', 'theirs', {}],
    [
      'goes if AWS_PROFILE gets the previous one',
      [set({ putBack: 'dev' })],
      'dev',
      'ci',
      { AWS_PROFILE: 'dev', ...HOME },
    ],
    ['goes if AWS_PROFILE was never changed', [], 'dev', 'dev', HOME],
    ['goes if there is no AWS_PROFILE', [], '', '', HOME],
  ])('%s', (_, others, ifProfile, found, entries) => {
    const file = variable({ name: 'AWS_CONFIG_FILE', ours: '/temp', unset: '/home', ifProfile });
    const env = { AWS_PROFILE: found, AWS_CONFIG_FILE: '/temp' };
    expect(variablesToUndo([...others, file], env)).toEqual(entries);
    const undo: Undo = { delimiter: DELIMITER, variables: [...others, file], profiles: undefined };
    expect(variablesToUndo(parseUndo(formatUndo(undo))?.variables ?? [], env)).toEqual(entries);
  });
});

describe.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])('%s', (name) => {
  const file = { ...variable({ name, ours: '/temp/aws' }), unset: '/home/runner/.aws/file' };

  const usual = { [name]: '/home/runner/.aws/file' };

  test('is never emptied, since botocore then finds no file', () => {
    expect(variablesToUndo([file], { [name]: '/temp/aws' })).toEqual(usual);
    expect(variablesToUndo([{ ...file, before: digest('/of/a/step') }], { [name]: '/of/a/step' })).toEqual(usual);
  });

  test('gets the previous one', () => {
    const before = { ...file, before: digest('/mine'), putBack: '/mine' };
    expect(variablesToUndo([before], { [name]: '/temp/aws' })).toEqual({ [name]: '/mine' });
  });

  test('stays if it belongs to someone else by now', () => {
    const before = { ...file, before: digest('/mine'), putBack: '/mine' };
    expect(variablesToUndo([before], { [name]: '/theirs' })).toEqual({});
  });
});

test('each variable is handled separately', () => {
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

test('nothing is undone if nothing was exported', () => {
  expect(variablesToUndo([], { AWS_REGION: 'eu-central-1' })).toEqual({});
});

describe('a value that contains the delimiter', () => {
  const forged = `x\n${DELIMITER}\nPATH<<E\nevil\nE`;

  test('is not restored, and others are', () => {
    const [first, second] = withoutForged(
      [variable({ putBack: forged, unset: forged }), variable({ name: 'AWS_DEFAULT_REGION', putBack: 'eu-west-1' })],
      DELIMITER,
    );
    expect(first).toMatchObject({ name: 'AWS_REGION', putBack: undefined, unset: undefined });
    expect(second).toMatchObject({ name: 'AWS_DEFAULT_REGION', putBack: 'eu-west-1' });
  });
});

const UNDO: Undo = {
  delimiter: DELIMITER,
  variables: [
    { name: 'AWS_ACCESS_KEY_ID', ours: 'ASIAOURS', before: digest('AKIABEFORE'), putBack: undefined },
    { name: 'AWS_REGION', ours: 'eu-central-1', before: digest('us-east-1'), putBack: 'us-east-1' },
    { name: 'AWS_SESSION_TOKEN', ours: 'token', before: undefined, putBack: undefined },
  ],
  profiles: '{"config":{}}',
};

/** The state with one thing in it changed. */
function changed(change: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...UNDO, ...change });
}

/** The state with one thing in its first variable changed. */
function withVariable(change: Readonly<Record<string, unknown>>): string {
  return changed({ variables: [{ ...UNDO.variables[0], ...change }] });
}

test('the post step reads what the main step leaves', () => {
  expect(parseUndo(formatUndo(UNDO))).toEqual(UNDO);
  expect(parseUndo(formatUndo({ ...UNDO, variables: [], profiles: undefined }))).toEqual({
    delimiter: DELIMITER,
    variables: [],
    profiles: undefined,
  });
});

test("a state is one line, as the runner's files require", () => {
  const undo = { ...UNDO, profiles: 'two\nlines' };
  expect(formatUndo(undo)).not.toContain('\n');
  expect(parseUndo(formatUndo(undo))?.profiles).toBe('two\nlines');
});

describe('a state is not read from', () => {
  test.each([
    ['nothing', ''],
    ['broken JSON', '{'],
    ['null', 'null'],
    ['a number', '1'],
    ['a string', '"undo"'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['variables that are not a list', changed({ variables: {} })],
    ['a variable that is null', changed({ variables: [null] })],
    ['a variable that is a string', changed({ variables: ['AWS_REGION'] })],
    ['a variable without a name', withVariable({ name: undefined })],
    ["a variable that isn't AWS's", withVariable({ name: 'PATH' })],
    ['a variable that only starts like one', withVariable({ name: 'AWS_REGION\nPATH' })],
    ['a variable in lower case', withVariable({ name: 'AWS_region' })],
    ['a name that is not a string', withVariable({ name: ['AWS_REGION'] })],
    ['a variable without our value', withVariable({ ours: undefined })],
    ['a value that is not a string', withVariable({ ours: 1 })],
    ['no delimiter', changed({ delimiter: undefined })],
    ['a delimiter of another form', changed({ delimiter: 'EOF' })],
    ['a delimiter of two lines', changed({ delimiter: `${DELIMITER}\nPATH=evil` })],
  ])('%s', (_, text) => {
    expect(parseUndo(text)).toBeUndefined();
  });

  test('any other string, without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(parseUndo(text)).toBeUndefined();
      }),
      propertyRuns(100),
    );
  });
});

test.each([
  ['a digest that is not a string', { before: 1 }, { before: undefined }],
  ['a value to restore that is not a string', { putBack: ['x'] }, { putBack: undefined }],
  ['more than it should', { more: 1 }, {}],
])('a state with %s loses that', (_, change, lost) => {
  expect(parseUndo(withVariable(change))?.variables).toEqual([{ ...UNDO.variables[0], ...lost }]);
});

test('profiles that are not a string are ignored', () => {
  expect(parseUndo(changed({ profiles: {} }))).toMatchObject({ profiles: undefined });
});

test('a digest is SHA-256 in hex', () => {
  expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
