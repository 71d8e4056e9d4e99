import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Recollection } from '../../src/core/ports.ts';
import type { Attempt } from '../../src/core/schedule/situation.ts';
import { openMemory, parseRecollection } from '../../src/github/memory.ts';
import { testNeeding } from '../support/platform.ts';

const NOTHING: Recollection = { clockOffset: 0, attempts: [] };
const ATTEMPT: Attempt = {
  serial: 'arn:aws:iam::123456789012:mfa/ci',
  step: 60_000_000,
  at: 1_800_000_000_000,
  verdict: 'accepted',
};
const REMEMBERED: Recollection = { clockOffset: -75_000, attempts: [ATTEMPT] };

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memory-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(): string {
  return join(folder, 'aws-mfa-credentials.json');
}

describe('the memory of a job', () => {
  test('gives a later step what an earlier one kept', () => {
    openMemory({ RUNNER_TEMP: folder }).keep(REMEMBERED);
    expect(openMemory({ RUNNER_TEMP: folder }).recall()).toEqual(REMEMBERED);
  });

  test('is empty at first', () => {
    expect(openMemory({ RUNNER_TEMP: folder }).recall()).toEqual(NOTHING);
  });

  test('replaces what was there', () => {
    const memory = openMemory({ RUNNER_TEMP: folder });
    memory.keep(REMEMBERED);
    memory.keep({ clockOffset: 5, attempts: [{ ...ATTEMPT, step: 60_000_001 }] });
    expect(memory.recall()).toEqual({ clockOffset: 5, attempts: [{ ...ATTEMPT, step: 60_000_001 }] });
  });

  test('keeps a clock without any code', () => {
    const memory = openMemory({ RUNNER_TEMP: folder });
    memory.keep({ clockOffset: 5, attempts: [] });
    expect(memory.recall()).toEqual({ clockOffset: 5, attempts: [] });
  });

  test('forgets codes that are ten minutes older than the newest', () => {
    const old = { ...ATTEMPT, at: ATTEMPT.at - 600_000 };
    const recent = { ...ATTEMPT, at: ATTEMPT.at - 599_999 };
    const memory = openMemory({ RUNNER_TEMP: folder });
    memory.keep({ clockOffset: 0, attempts: [old, recent, ATTEMPT] });
    expect(memory.recall().attempts).toEqual([recent, ATTEMPT]);
  });

  test('is one file', () => {
    openMemory({ RUNNER_TEMP: folder }).keep(REMEMBERED);
    expect(readdirSync(folder)).toEqual(['aws-mfa-credentials.json']);
  });

  testNeeding('file modes')('is a file that nobody else can read', () => {
    openMemory({ RUNNER_TEMP: folder }).keep(REMEMBERED);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  testNeeding('symbolic links')('follows no link that somebody put in its place, and writes through none', () => {
    const target = join(folder, 'target');
    writeFileSync(target, JSON.stringify(REMEMBERED));
    symlinkSync(target, file());
    const memory = openMemory({ RUNNER_TEMP: folder });
    expect(memory.recall()).toEqual(NOTHING);
    memory.keep({ clockOffset: 5, attempts: [] });
    expect(readFileSync(target, 'utf8')).toBe(JSON.stringify(REMEMBERED));
    expect(memory.recall()).toEqual({ clockOffset: 5, attempts: [] });
  });

  test.each([{}, { RUNNER_TEMP: '' }, { RUNNER_TEMP: join(tmpdir(), 'no', 'such', 'folder') }])(
    'is empty where there is no place for it, and nothing fails: %o',
    (env) => {
      const memory = openMemory(env);
      expect(() => memory.keep(REMEMBERED)).not.toThrow();
      expect(memory.recall()).toEqual(NOTHING);
    },
  );

  test.each(['', 'junk', '{}', '[]'])('is empty where its file holds something else: %j', (text) => {
    writeFileSync(file(), text);
    expect(openMemory({ RUNNER_TEMP: folder }).recall()).toEqual(NOTHING);
  });
});

describe('a recollection is not taken from', () => {
  const attempt = (change: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ clockOffset: 0, attempts: [{ ...ATTEMPT, ...change }] });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no clock', '{"attempts":[]}'],
    ['a clock that is no number', '{"clockOffset":"1","attempts":[]}'],
    ['a clock that is a century off', '{"clockOffset":3155760000000,"attempts":[]}'],
    ['a clock beyond all numbers', '{"clockOffset":1e999,"attempts":[]}'],
    ['no codes', '{"clockOffset":0}'],
    ['codes that are no list', '{"clockOffset":0,"attempts":{}}'],
    ['a code that is null', '{"clockOffset":0,"attempts":[null]}'],
    ['a serial that is no text', attempt({ serial: 1 })],
    ['a step that is no whole number', attempt({ step: 1.5 })],
    ['a step that is a text', attempt({ step: '60000000' })],
    ['a time that is no number', attempt({ at: null })],
    ['a verdict that is none', attempt({ verdict: 'maybe' })],
    ['a verdict that every object has', attempt({ verdict: 'constructor' })],
    ['more codes than anybody sends', JSON.stringify({ clockOffset: 0, attempts: Array(1001).fill(ATTEMPT) })],
  ])('%s', (_, text) => {
    expect(parseRecollection(text)).toBeUndefined();
  });

  test('any text, without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(parseRecollection(text)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

test.each(['accepted', 'refused', 'not-validated', 'lost'] as const)(
  'a recollection knows the verdict %s',
  (verdict) => {
    const recollection = { clockOffset: 0.5, attempts: [{ ...ATTEMPT, verdict }] };
    expect(parseRecollection(JSON.stringify(recollection))).toEqual(recollection);
  },
);
