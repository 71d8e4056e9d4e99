import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/core/codes/situation.ts';
import type { Recollection } from '../../../src/core/ports.ts';
import { openMemory } from '../../../src/github/memory.ts';
import { testNeeding } from '../../kit/platform.ts';

const NOTHING: Recollection = { clockOffset: 0, attempts: [] };
const ATTEMPT: Attempt = {
  serial: 'arn:aws:iam::123456789012:mfa/ci',
  step: 60_000_000,
  at: 1_800_000_000_000,
  verdict: 'accepted',
};
/** A minute after that code was sent. */
const NOW = ATTEMPT.at + 60_000;
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
    openMemory({ RUNNER_TEMP: folder }, () => NOW).keep(REMEMBERED);
    expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall()).toEqual(REMEMBERED);
  });

  test('is empty at first', () => {
    expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall()).toEqual(NOTHING);
  });

  test('replaces what was there', () => {
    const memory = openMemory({ RUNNER_TEMP: folder }, () => NOW);
    memory.keep(REMEMBERED);
    memory.keep({ clockOffset: 5, attempts: [{ ...ATTEMPT, step: 60_000_001 }] });
    expect(memory.recall()).toEqual({ clockOffset: 5, attempts: [{ ...ATTEMPT, step: 60_000_001 }] });
  });

  test('keeps a clock without any code', () => {
    const memory = openMemory({ RUNNER_TEMP: folder }, () => NOW);
    memory.keep({ clockOffset: 5, attempts: [] });
    expect(memory.recall()).toEqual({ clockOffset: 5, attempts: [] });
  });

  test('forgets codes that are ten minutes old by both clocks, and keeps those that are not by one of them', () => {
    const at = (time: number, clockOffset: number): readonly Attempt[] => {
      const memory = openMemory({ RUNNER_TEMP: folder }, () => NOW);
      memory.keep({ clockOffset, attempts: [{ ...ATTEMPT, step: Math.floor(time / 30_000), at: time }] });
      return memory.recall().attempts;
    };
    expect(at(NOW - 600_000, 0)).toEqual([]);
    expect(at(NOW - 599_999, 0)).toHaveLength(1);
    // Ten minutes old by AWS's clock, or by the local one, whichever is wrong.
    expect(at(NOW - 30_000, 3_600_000)).toHaveLength(1);
    expect(at(NOW + 3_570_000, 3_600_000)).toHaveLength(1);
    expect(at(NOW - 3_600_000, 3_600_000)).toEqual([]);
  });

  test('skips each code from the future: it neither replaces our own codes nor uses up the device', () => {
    const future = Array.from({ length: 2_000 }, (_, index) => ({ ...ATTEMPT, at: NOW + 120_000 + index }));
    writeFileSync(file(), JSON.stringify({ clockOffset: 0, attempts: [ATTEMPT, ...future] }), { mode: 0o600 });
    const memory = openMemory({ RUNNER_TEMP: folder }, () => NOW);
    expect(memory.recall().attempts).toEqual([ATTEMPT]);
    memory.keep({ clockOffset: 0, attempts: [...future, ATTEMPT, { ...ATTEMPT, step: 60_000_001 }] });
    expect(memory.recall().attempts).toEqual([ATTEMPT, { ...ATTEMPT, step: 60_000_001 }]);
  });

  test('skips what is not a code, but not the codes next to it', () => {
    writeFileSync(file(), JSON.stringify({ clockOffset: 0, attempts: [null, { ...ATTEMPT, step: 'x' }, ATTEMPT] }), {
      mode: 0o600,
    });
    expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall().attempts).toEqual([ATTEMPT]);
  });

  testNeeding('symbolic links')('does not wait for a FIFO in its place', () => {
    execFileSync('mkfifo', [file()]);
    expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall()).toEqual(NOTHING);
  });

  testNeeding('file modes')(
    'does not believe a file that others could write, or one that is larger than a megabyte',
    () => {
      writeFileSync(file(), JSON.stringify(REMEMBERED));
      chmodSync(file(), 0o666);
      expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall()).toEqual(NOTHING);
      writeFileSync(file(), JSON.stringify(REMEMBERED).padEnd(1024 * 1024 + 1));
      chmodSync(file(), 0o600);
      expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall()).toEqual(NOTHING);
    },
  );

  test('is one file', () => {
    openMemory({ RUNNER_TEMP: folder }, () => NOW).keep(REMEMBERED);
    expect(readdirSync(folder)).toEqual(['aws-mfa-credentials.json']);
  });

  testNeeding('file modes')('is a file that nobody else can read', () => {
    openMemory({ RUNNER_TEMP: folder }, () => NOW).keep(REMEMBERED);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  testNeeding('symbolic links')('follows no link in its place, and writes through none', () => {
    const target = join(folder, 'target');
    writeFileSync(target, JSON.stringify(REMEMBERED));
    symlinkSync(target, file());
    const memory = openMemory({ RUNNER_TEMP: folder }, () => NOW);
    expect(memory.recall()).toEqual(NOTHING);
    memory.keep({ clockOffset: 5, attempts: [] });
    expect(readFileSync(target, 'utf8')).toBe(JSON.stringify(REMEMBERED));
    expect(memory.recall()).toEqual({ clockOffset: 5, attempts: [] });
  });

  test.each([{}, { RUNNER_TEMP: '' }, { RUNNER_TEMP: join(tmpdir(), 'no', 'such', 'folder') }])(
    'is empty if there is no place for it, and nothing fails: %o',
    (env) => {
      const memory = openMemory(env);
      expect(() => memory.keep(REMEMBERED)).not.toThrow();
      expect(memory.recall()).toEqual(NOTHING);
    },
  );

  test.each(['', 'junk', '{}', '[]'])('is empty if its file contains something else: %j', (text) => {
    writeFileSync(file(), text);
    expect(openMemory({ RUNNER_TEMP: folder }, () => NOW).recall()).toEqual(NOTHING);
  });
});
