import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from './measure.ts';
import { benchUser } from './users.ts';

// The steps whose time is taken, as the commands that a runner would give.

/** Where the built action is. */
export const dist = join(import.meta.dirname, '../..', 'dist');
/** Where the command files are. */
export const work = mkdtempSync(join(tmpdir(), 'bench-'));

/** The run of a workflow, to which a sealed session is bound. */
const RUN = { GITHUB_REPOSITORY: 'octo-org/octo-repo', GITHUB_RUN_ID: '1658821493' };

let nextUser = 0;

/** A plain run of the main step: one session token, for a user of its own. */
export function mainStep(endpoint: string, caFile: string | undefined): Command {
  const user = benchUser(nextUser);
  nextUser += 1;
  return {
    args: [join(dist, 'main.js')],
    exitCode: 0,
    env: {
      ...runner(),
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
      'INPUT_AWS-REGION': 'eu-central-1',
      'INPUT_AWS-ACCESS-KEY-ID': user.accessKeyId,
      'INPUT_AWS-SECRET-ACCESS-KEY': user.secretAccessKey,
      'INPUT_MFA-SERIAL': user.serial,
      'INPUT_MFA-SEED': user.seed,
      'INPUT_STS-ENDPOINT': endpoint,
    },
  };
}

/** A sealed session, as an earlier job would have handed it over. */
export function sealSession(endpoint: string): { readonly key: string; readonly text: string } {
  const key = randomBytes(32).toString('base64');
  const { args, env } = mainStep(endpoint, undefined);
  const sealing = { ...env, ...RUN, 'INPUT_SEAL-SESSION': 'true', 'INPUT_SEALING-KEY': key };
  const run = spawnSync(process.execPath, [...args], { env: sealing, encoding: 'utf8' });
  const text = /^sealed-session<<.*\r?\n(.*)$/m.exec(readFileSync(join(work, 'GITHUB_OUTPUT'), 'utf8'))?.[1];
  if (text === undefined) throw new Error(`no session was sealed: ${run.stdout}${run.stderr}`);
  return { key, text };
}

/** A main step that opens a sealed session, which takes no call. */
export function openingStep({ key, text }: { readonly key: string; readonly text: string }): Command {
  const inputs = { 'INPUT_AWS-REGION': 'eu-central-1', 'INPUT_SEALING-KEY': key, 'INPUT_SEALED-SESSION': text };
  return { args: [join(dist, 'main.js')], exitCode: 0, env: { ...runner(), ...RUN, ...inputs } };
}

/** The only other run of a main step that needs no network: one whose inputs are wrong. */
export function refusedStep(): Command {
  return {
    args: [join(dist, 'main.js')],
    exitCode: 1,
    env: { ...runner(), ...RUN, 'INPUT_AWS-REGION': 'eu-central-1' },
  };
}

/** A post step that takes back what the main step exported. */
export function postStep(): Command {
  const delimiter = 'ghadelimiter_6b2c8f9e-5a0e-4c63-9d0b-0f6b1c1b2a77';
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'];
  const exported = Object.fromEntries(names.map((name) => [name, `what was exported as ${name}`]));
  const variables = names.map((name) => ({ name, ours: exported[name] }));
  const env = { ...runner(), ...exported, STATE_undo: JSON.stringify({ delimiter, variables }) };
  return { args: [join(dist, 'post.js')], exitCode: 0, env };
}

/** What a runner gives every step. */
function runner(): Readonly<Record<string, string>> {
  const names = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
  const files = names.map((name): [string, string] => {
    writeFileSync(join(work, name), '');
    return [name, join(work, name)];
  });
  return { GITHUB_ACTIONS: 'true', ...Object.fromEntries(files) };
}
