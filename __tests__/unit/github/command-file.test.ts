import { mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { EOL, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appendEntries, commandFile, newDelimiter, requireRunner } from '../../../src/github/command-file.ts';
import { testNeeding } from '../../kit/platform.ts';

const DELIMITER = 'ghadelimiter_0f8fad5b-d9cb-469f-a165-70867728950e';
const BEFORE = `BEFORE=1${EOL}`;
let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-file-'));
  path = join(folder, 'env');
  writeFileSync(path, BEFORE);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The names and values that the runner reads from a file in its multi-line form. */
function readEntries(text: string): Readonly<Record<string, string>> {
  const entries: Record<string, string> = {};
  const lines = text.split(EOL);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, delimiter] = /^(\w+)<<(.+)$/.exec(line) ?? [];
    if (name === undefined || delimiter === undefined) continue;
    entries[name] = lines.splice(0, lines.indexOf(delimiter)).join(EOL);
    lines.shift();
  }
  return entries;
}

describe('entries', () => {
  test('are appended in the runner’s multi-line form', () => {
    appendEntries(path, { AWS_REGION: 'eu-central-1', AWS_SESSION_TOKEN: '' }, DELIMITER);
    expect(readFileSync(path, 'utf8')).toBe(
      `${BEFORE}AWS_REGION<<${DELIMITER}${EOL}eu-central-1${EOL}${DELIMITER}${EOL}AWS_SESSION_TOKEN<<${DELIMITER}${EOL}${EOL}${DELIMITER}${EOL}`,
    );
  });

  test.each([
    ['an equals sign', 'a=b'],
    ['an entry in itself', 'x\nPATH=evil\nPATH<<EOF\nevil\nEOF'],
    ['JSON', '{"a":["b"]}'],
    ['white space around it', '  a  '],
  ])('may have any value: %s', (_, value) => {
    appendEntries(path, { A: value, B: 'next' }, DELIMITER);
    expect(readEntries(readFileSync(path, 'utf8'))).toEqual({ A: value, B: 'next' });
  });

  test('can be undone, to the byte', () => {
    const undo = appendEntries(path, { AWS_REGION: 'eu-central-1' }, DELIMITER);
    undo();
    expect(readFileSync(path, 'utf8')).toBe(BEFORE);
  });

  test('can be undone twice', () => {
    const undo = appendEntries(path, { AWS_REGION: 'eu-central-1' }, DELIMITER);
    undo();
    undo();
    expect(readFileSync(path, 'utf8')).toBe(BEFORE);
  });

  test('can be undone in a file that has gone', () => {
    const undo = appendEntries(path, { AWS_REGION: 'eu-central-1' }, DELIMITER);
    unlinkSync(path);
    expect(undo).not.toThrow();
  });

  test('change nothing if there are none, and neither does undoing them', () => {
    appendEntries(path, {}, DELIMITER)();
    expect(readFileSync(path, 'utf8')).toBe(BEFORE);
  });

  test("that can't be written are a failure with its cause", () => {
    const error = "it isn't a regular file";
    const cause = new Error(error);
    const facts = { reason: 'command-file', error };
    expect(() => appendEntries(folder, { AWS_REGION: 'eu-central-1' }, DELIMITER)).toThrow(
      expect.objectContaining({ code: 'export-failed', facts, cause }),
    );
  });

  test.each([
    ['alone in a line', `x\n${DELIMITER}\nPATH<<E\nevil\nE`],
    ['in a line of a carriage return', `x\r${DELIMITER}\r`],
    ['in any other place', `x${DELIMITER}`],
  ])('with their own delimiter in them, %s, are refused, and nothing is written', (_, value) => {
    expect(() => appendEntries(path, { AWS_REGION: 'eu-central-1', AWS_PROFILE: value }, DELIMITER)).toThrow(
      expect.objectContaining({
        code: 'export-failed',
        facts: { reason: 'delimiter', name: 'AWS_PROFILE' },
      }),
    );
    expect(readFileSync(path, 'utf8')).toBe(BEFORE);
  });
});

describe('a command file', () => {
  test('has the path that the runner says', () => {
    expect(commandFile({ GITHUB_ENV: path }, 'GITHUB_ENV')).toBe(path);
  });

  test.each([
    ['unset', {}],
    ['unset', { GITHUB_ENV: '' }],
    ['missing', { GITHUB_ENV: join(tmpdir(), 'no', 'such', 'file') }],
  ])('that is %s is a failure, since the values would be printed instead', (problem, env) => {
    expect(() => commandFile(env, 'GITHUB_ENV')).toThrow(
      expect.objectContaining({
        code: 'command-file-missing',
        facts: { file: 'GITHUB_ENV', problem },
      }),
    );
  });

  test('that is a folder is a failure before anything is sent, not only when it is written to', () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STATE: path, GITHUB_OUTPUT: path, GITHUB_ENV: folder };
    expect(() => requireRunner(env)).toThrow(
      expect.objectContaining({
        code: 'command-file-missing',
        facts: { file: 'GITHUB_ENV', problem: 'folder' },
      }),
    );
  });

  testNeeding('symbolic links')("that can't be accessed is a failure that says why", () => {
    symlinkSync('loop', join(folder, 'loop'));
    expect(() => commandFile({ GITHUB_ENV: join(folder, 'loop', 'x') }, 'GITHUB_ENV')).toThrow(
      expect.objectContaining({
        code: 'command-file-missing',
        facts: { file: 'GITHUB_ENV', problem: { error: expect.stringContaining('ELOOP: ') } },
      }),
    );
  });

  test.each(['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'])(
    'named by %s is needed before anything is sent',
    (name) => {
      const env = { GITHUB_ACTIONS: 'true', GITHUB_STATE: path, GITHUB_OUTPUT: path, GITHUB_ENV: path };
      expect(() => requireRunner(env)).not.toThrow();
      expect(() => requireRunner({ ...env, [name]: undefined })).toThrow(
        expect.objectContaining({ code: 'command-file-missing', facts: { file: name, problem: 'unset' } }),
      );
    },
  );
});

test.each([{}, { GITHUB_ACTIONS: '' }, { GITHUB_ACTIONS: '1' }])(
  'outside of a workflow nothing is masked, so it fails: %o',
  (env) => {
    expect(() => requireRunner(env)).toThrow(expect.objectContaining({ code: 'host-unknown', facts: {} }));
  },
);

test('a delimiter is different each time', () => {
  expect(newDelimiter()).toMatch(/^ghadelimiter_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(newDelimiter()).not.toBe(newDelimiter());
});
