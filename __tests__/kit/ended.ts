import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { DEMO } from '../../lab/aws/demo-world.ts';
import type { Call, Emulator } from '../../lab/aws/index.ts';
import type { Job, StepResult } from '../../lab/runner/job.ts';
import { soundInputs } from './failing.ts';
import { SEALING_KEY } from './sealed-text.ts';

// Steps that end at a random moment, or of which a random call of the system fails, and what must hold of their job then.

/** What such a step does: all the ways that credentials can go. */
export const VARIANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  variables: { 'output-credentials': 'true' },
  'a profile': { 'aws-profile': 'mine', 'output-credentials': 'true', 'output-env-credentials': 'true' },
  'a profile of the job': { 'aws-profile': 'mine', 'profiles-location': 'temp', summary: 'true' },
  'many roles': {
    'aws-profile': 'mine',
    'output-credentials': 'true',
    roles: 'one = deploy\ntwo = deploy',
    'seal-session': 'true',
    'sealing-key': SEALING_KEY,
  },
  'a renewed role': {
    'aws-profile': 'mine',
    'profiles-location': 'temp',
    renew: 'true',
    'role-to-assume': 'deploy',
    summary: 'true',
  },
  'a role': { 'role-to-assume': 'deploy', 'list-buckets': 'false', 'output-credentials': 'true' },
};

/** Random numbers that are the same for the same seed (mulberry32): from 0 up to, but not including, 1. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of a list. */
export function pick<Item>(items: readonly [Item, ...Item[]], random: () => number): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

const FILES = ['config', 'credentials'] as const;

/** The files of the user, byte for byte, and nothing else. */
export function homeOf({ home }: Job): Readonly<Record<string, string>> {
  const folder = join(home, '.aws');
  const entries = readdirSync(folder).filter((name) => !name.endsWith('.lock'));
  return Object.fromEntries(entries.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

/** A lock is stale after five seconds, which no test waits for. */
export function ageLocks({ home, temp }: Job): void {
  for (const folder of [join(home, '.aws'), join(temp, 'aws-mfa-credentials')]) {
    for (const file of FILES) {
      const lock = join(folder, `${file}.lock`);
      const then = new Date(Date.now() - 60_000);
      if (existsSync(lock)) utimesSync(lock, then, then);
    }
  }
}

/** The command files of a step, as the runner reads them after it: each whole or empty. */
const exportedBy = ({ exported, outputs }: StepResult): number =>
  Object.keys(exported).length + Object.keys(outputs).length;

/** Files of the home and of RUNNER_TEMP with keys in them that the step got, and temporary files with anybody's. */
function keysLeft({ home, temp }: Job): readonly string[] {
  const left: string[] = [];
  for (const folder of [home, temp]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const text = entry.isFile() ? readFileSync(path, 'latin1') : '';
      // A rehearsal writes line ends only.
      if (/ASIA|IQoJ/.test(text) || (path.endsWith('.tmp') && text.trim() !== '')) left.push(path);
    }
  }
  return left;
}

const codesIn = (calls: readonly Call[]): readonly string[] =>
  calls.flatMap(({ params }) => params['TokenCode'] ?? []).toSorted();

/**
 * After a step that ended anyhow: what it exported its post step can take back; a later step of the job gets its session with a
 * code that was not sent before; and when all post steps have run, nothing is left of either.
 */
export async function expectSoundJob(
  job: Job,
  emulator: Emulator,
  ended: StepResult,
  before: Readonly<Record<string, string>>,
): Promise<void> {
  const visible = exportedBy(ended) > 0 || keysLeft(job).length > 0;
  if (visible) expect(Object.keys(ended.state)).toEqual(['undo']);
  ageLocks(job);
  const codes = codesIn(emulator.calls);
  const second = await job.step({ inputs: { ...soundInputs(emulator), 'aws-profile': 'second' } });
  expect({ exitCode: second.exitCode, lines: second.exitCode === 0 ? [] : second.lines }).toEqual({
    exitCode: 0,
    lines: [],
  });
  expect(codes.filter((code) => codesIn(emulator.calls.slice()).filter((sent) => sent === code).length > 1)).toEqual(
    [],
  );
  ageLocks(job);
  for (const { exitCode, stderr } of await job.post())
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(keysLeft(job)).toEqual([]);
  expect(homeOf(job)).toEqual(before);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    expect(job.env[name] ?? '').toBe('');
}

/** A place for notes of the test, outside of what the step sees. */
export function noteFile(job: Job): string {
  const folder = join(dirname(job.temp), 'notes');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'faults');
  writeFileSync(path, '');
  return path;
}

/** What the step was to export, if it succeeded. */
export function expectAllExported({ exported, outputs }: StepResult, inputs: Readonly<Record<string, string>>): void {
  const environment = inputs['output-env-credentials'] === 'true' || (!inputs['aws-profile'] && !inputs['roles']);
  const expected = environment ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] : [];
  if (inputs['profiles-location'] === 'temp') expected.push('AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE');
  expect(Object.keys(exported)).toEqual(expect.arrayContaining(expected));
  const keys = inputs['output-credentials'] === 'true' ? ['aws-session-token'] : [];
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['aws-account-id', 'mfa-serial', ...keys]));
  expect(outputs['mfa-serial']).toBe(DEMO.serial);
}
