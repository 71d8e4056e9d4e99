import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { DEMO, type Emulator, type EmulatorOptions, startEmulator } from '../../lab/aws/index.ts';
import { Job, type StepResult } from '../../lab/runner/job.ts';
import { executeInProcess } from './in-process.ts';

// The built action, run as a process against an emulator of its own. Both are closed after the test.

/** The folder with action.yml and dist/. */
export const ACTION = join(__dirname, '../..');

/** The keys of the demo world's user. */
export const KEYS = {
  'aws-access-key-id': DEMO.accessKeyId,
  'aws-secret-access-key': DEMO.secretAccessKey,
} as const;

/** The inputs of a plain step: a session token for the demo world's user. */
export const SESSION = {
  'aws-region': DEMO.region,
  ...KEYS,
  'mfa-serial': DEMO.serial,
  'mfa-seed': DEMO.seed,
} as const;

export interface Setting extends EmulatorOptions {
  /** Default: this repository. */
  readonly action?: string;
  /** Default: `main`. */
  readonly entry?: 'main' | 'rotate';
  /** `env:` of the job; it wins over `AWS_ENDPOINT_URL`, which is the emulator's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly debug?: boolean;
}

const open: (() => Promise<void> | void)[] = [];

/** Has something closed after the test. */
export function closeAfterTest(close: () => Promise<void> | void): void {
  open.push(close);
}

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** An emulator and a job that talks to it. */
export async function startJob(setting: Setting = {}): Promise<{ readonly emulator: Emulator; readonly job: Job }> {
  const { action = ACTION, entry = 'main', env, debug = false, ...options } = setting;
  const emulator = await startEmulator(options);
  closeAfterTest(() => emulator.close());
  return { emulator, job: jobFor(emulator, { action, entry, debug, ...(env && { env }) }) };
}

/** One more job that talks to the same emulator. */
export function jobFor(
  emulator: Emulator,
  { action = ACTION, entry = 'main', env = {}, debug = false }: Setting = {},
): Job {
  const job = new Job({
    action,
    entry,
    debug,
    execute: executeInProcess,
    env: { AWS_ENDPOINT_URL: emulator.endpoint, ...env },
  });
  closeAfterTest(() => job.close());
  return job;
}

/** The result of a step that must have succeeded. */
export async function succeeded(running: Promise<StepResult>): Promise<StepResult> {
  const result = await running;
  if (result.exitCode !== 0) throw new Error(`the step failed:\n${result.stdout}${result.stderr}`);
  return result;
}

/** The operations that the emulator was asked for, in order of arrival. */
export function operations(emulator: Emulator): readonly string[] {
  return emulator.calls.map(({ operation }) => operation);
}

/** Lines of a log with the times in them replaced, so that they can be compared. */
export function withoutTimes(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME'));
}

/** All that a step hands to later ones by way of the runner. */
export function handedOver({ exported, outputs, state, summary }: StepResult) {
  return { exported, outputs, state, summary };
}

/** That of a step that handed over nothing. */
export const NOTHING = { exported: {}, outputs: {}, state: {}, summary: '' };
