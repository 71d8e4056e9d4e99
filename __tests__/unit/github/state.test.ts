import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digest, formatUndo, parseUndo, type Undo } from '../../../src/github/state.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

const DELIMITER = 'ghadelimiter_0f8fad5b-d9cb-469f-a165-70867728950e';
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

test('what the main step leaves is what the post step reads', () => {
  expect(parseUndo(formatUndo(UNDO))).toEqual(UNDO);
  expect(parseUndo(formatUndo({ ...UNDO, variables: [], profiles: undefined }))).toEqual({
    delimiter: DELIMITER,
    variables: [],
    profiles: undefined,
  });
});

test('a state is one line, as the runner’s files want it', () => {
  const undo = { ...UNDO, profiles: 'two\nlines' };
  expect(formatUndo(undo)).not.toContain('\n');
  expect(parseUndo(formatUndo(undo))?.profiles).toBe('two\nlines');
});

describe('a state is not taken from', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"undo"'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['variables that are no list', changed({ variables: {} })],
    ['a variable that is null', changed({ variables: [null] })],
    ['a variable that is a text', changed({ variables: ['AWS_REGION'] })],
    ['a variable without a name', withVariable({ name: undefined })],
    ['a variable that is not AWS’s', withVariable({ name: 'PATH' })],
    ['a variable that only begins so', withVariable({ name: 'AWS_REGION\nPATH' })],
    ['a variable in lower case', withVariable({ name: 'AWS_region' })],
    ['a name that is no text', withVariable({ name: ['AWS_REGION'] })],
    ['a variable without our value', withVariable({ ours: undefined })],
    ['a value that is no text', withVariable({ ours: 1 })],
    ['no delimiter', changed({ delimiter: undefined })],
    ['a delimiter of another form', changed({ delimiter: 'EOF' })],
    ['a delimiter of two lines', changed({ delimiter: `${DELIMITER}\nPATH=evil` })],
  ])('%s', (_, text) => {
    expect(parseUndo(text)).toBeUndefined();
  });

  test('any text, without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(parseUndo(text)).toBeUndefined();
      }),
      propertyRuns(100),
    );
  });
});

test.each([
  ['a digest that is no text', { before: 1 }, { before: undefined }],
  ['a value to put back that is no text', { putBack: ['x'] }, { putBack: undefined }],
  ['more than it should', { more: 1 }, {}],
])('a state with %s loses that', (_, change, lost) => {
  expect(parseUndo(withVariable(change))?.variables).toEqual([{ ...UNDO.variables[0], ...lost }]);
});

test('profiles that are no text are none', () => {
  expect(parseUndo(changed({ profiles: {} }))).toMatchObject({ profiles: undefined });
});

test('a digest is SHA-256 in hex', () => {
  expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
