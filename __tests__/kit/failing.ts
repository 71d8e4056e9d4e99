import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { DEMO } from '../../lab/aws/demo-world.ts';
import type { Call, Emulator } from '../../lab/aws/index.ts';
import { Job, type StepOptions, type StepResult } from '../../lab/runner/job.ts';
import { ACTION, closeAfterTest, SESSION } from './action.ts';
import { type Annotation, annotationOf, linkTo } from './annotation.ts';
import { executeInProcess } from './in-process.ts';
import { expectNoSecretIn, masksOf, secretsOf, sentSecrets, withoutMasks } from './secrets.ts';

// Runs of the built action that must fail. Whatever a test looks at in particular, each run is held to all that every
// failure promises: one annotation, nothing exported, no secret and no stack in any output, files untouched, a quiet post
// step.

/** What a run needs of an emulator. */
export type Target = Pick<Emulator, 'endpoint' | 'calls'>;

export interface Step {
  /** Over the inputs that would succeed; an empty string takes one out. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** `env:` of the job. */
  readonly env?: Readonly<Record<string, string>>;
  /** `env:` of the step; undefined takes a variable out. */
  readonly stepEnv?: StepOptions['env'];
  readonly started?: StepOptions['started'];
  /** Debug logging: stack traces belong in the log then. */
  readonly debug?: boolean;
  /** What must not show, in addition to what the inputs and the calls hold. */
  readonly secrets?: readonly string[];
  /** Prepares the machine before the step runs. */
  readonly prepare?: (job: Job) => void;
  /** Takes away what the test itself put on the machine while the step ran. */
  readonly after?: () => void;
}

/** A step that ran. */
export interface Ran {
  readonly warnings: readonly string[];
  /** The lines of the log that aren't commands. */
  readonly infos: readonly string[];
  /** What was sent while it ran. */
  readonly calls: readonly Call[];
  readonly result: StepResult;
  readonly job: Job;
}

export interface Failed extends Ran, Annotation {}

const EXPORTED = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
];

/** A job whose machine already has somebody else's profiles; it is cleaned up after the test. */
export function jobWithProfiles(env: Readonly<Record<string, string>> = {}, debug = false): Job {
  const job = new Job({ action: ACTION, env, debug, execute: executeInProcess });
  closeAfterTest(() => job.close());
  const folder = join(job.home, '.aws');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config'), '# of somebody\r\n[profile other]\nregion = eu-west-3\n', { mode: 0o640 });
  writeFileSync(
    join(folder, 'credentials'),
    '[other]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
    { mode: 0o600 },
  );
  return job;
}

/** Inputs with which the step succeeds against this emulator. */
export function soundInputs({ endpoint }: Pick<Emulator, 'endpoint'>): Readonly<Record<string, string>> {
  return { ...SESSION, 'sts-endpoint': endpoint, 's3-endpoint': endpoint, 'iam-endpoint': endpoint };
}

/** Runs a step that must fail, and its post step, and checks all that every failure promises. */
export async function fail(target: Target, step: Step = {}): Promise<Failed> {
  const job = jobWithProfiles(step.env, step.debug);
  step.prepare?.(job);
  const before = machineOf(job);
  const ran = await run(target, job, step);
  step.after?.();
  expectFailed(ran.result, step.debug === true);
  expectNothingLeaked(ran, step);
  expectSummary(ran.result, step);
  expect(machineOf(job)).toEqual(before);
  const [post] = await job.post();
  expect(post).toMatchObject({ exitCode: 0, stdout: '', stderr: '', exported: {}, outputs: {}, state: {} });
  expect(machineOf(job)).toEqual(before);
  return { ...ran, ...annotationOf(ran.result) };
}

/** Runs a step that must succeed and export a session. */
export async function succeed(
  target: Target,
  step: Step = {},
  job: Job = jobWithProfiles(step.env, step.debug),
): Promise<Ran> {
  step.prepare?.(job);
  const ran = await run(target, job, step);
  const { exitCode, stdout, stderr, exported } = ran.result;
  expect({ exitCode, errors: messagesOf(ran.result, 'error'), stderr }).toEqual({
    exitCode: 0,
    errors: [],
    stderr: '',
  });
  expect({ stdout, keys: Object.keys(exported) }).toEqual({
    stdout,
    keys: step.inputs?.['aws-profile'] === undefined ? EXPORTED : [...EXPORTED, 'AWS_PROFILE'],
  });
  expectNothingLeaked(ran, step);
  return ran;
}

async function run(target: Target, job: Job, { inputs = {}, stepEnv = {}, started }: Step): Promise<Ran> {
  const from = target.calls.length;
  const options: StepOptions = { inputs: { ...soundInputs(target), summary: 'true', ...inputs }, env: stepEnv };
  const result = await job.step({ ...options, ...(started && { started }) });
  return {
    warnings: messagesOf(result, 'warning'),
    infos: result.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('::')),
    calls: target.calls.slice(from),
    result,
    job,
  };
}

/** The summary says the same as the annotation, unless the test turned it off. */
function expectSummary({ summary, stdout }: StepResult, { inputs = {} }: Step): void {
  if ((inputs['summary'] ?? 'true') !== 'true') {
    expect(summary).toBe('');
    return;
  }
  const [, code = ''] = /^::error title=([a-z-]+)::/m.exec(stdout) ?? [];
  expect(summary).toMatch(/^### AWS credentials with MFA: failed\n\n\| \*\*What happened\*\* \| \S/);
  expect(summary.split('\n')).toContain(`| **More** | [${code}](${linkTo(code)}) |`);
}

function messagesOf({ commands }: StepResult, wanted: string): readonly string[] {
  return commands.filter(({ name }) => name === wanted).map(({ message }) => message);
}

function expectFailed(result: StepResult, debug: boolean): void {
  const printed = withoutMasks(result.stdout);
  // All in one, so that what it printed shows if one of these is wrong.
  const { exitCode, stderr } = result;
  const errors = messagesOf(result, 'error').length;
  expect({ exitCode, errors, stderr, printed }).toEqual({ exitCode: 1, errors: 1, stderr: '', printed });
  const allowed = debug ? ['add-mask', 'error', 'warning', 'debug'] : ['add-mask', 'error', 'warning'];
  expect(result.commands.filter(({ name }) => !allowed.includes(name))).toEqual([]);
  // Of a stack: "at PLACE:LINE:COLUMN". A time, which looks like that, ends with a Z.
  const stack = /(?:^|%0A|\s)at (?:async )?\S.{0,300}:\d+:\d+(?![\dZ])|node:internal|\.js:\d/m;
  if (!debug) expect(printed).not.toMatch(stack);
}

function expectNothingLeaked({ result, calls, job }: Ran, { inputs = {}, secrets = [] }: Step): void {
  const hidden = [
    DEMO.secretAccessKey,
    DEMO.seed,
    ...secrets,
    ...secretsOf(inputs),
    ...sentSecrets(calls),
    ...masksOf(result),
  ];
  expectNoSecretIn(`${withoutMasks(result.stdout)}\n${result.stderr}`, hidden, 'the output');
  expectNoSecretIn(result.summary, hidden, 'the summary');
  expectNoSecretIn(textsUnder(job.temp), hidden, 'RUNNER_TEMP');
}

/** All on the machine that a failed step must leave as it was: command files and profiles, byte for byte. */
function machineOf(job: Job): Readonly<Record<string, string>> {
  const root = dirname(job.temp);
  const written = readdirSync(root)
    .filter((name) => /^GITHUB_(?:ENV|OUTPUT|STATE)-/.test(name))
    .map((name) => readFileSync(join(root, name), 'utf8'));
  const found: Record<string, string> = {
    'in the command files': written.join(''),
    'at home': readdirSync(job.home).join(),
  };
  const folder = join(job.home, '.aws');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const mode = (statSync(path).mode & 0o777).toString(8);
    found[entry.name] = entry.isFile() ? `${mode} ${readFileSync(path, 'latin1')}` : 'no file';
  }
  return found;
}

function textsUnder(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
