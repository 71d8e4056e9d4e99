import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from './measure.ts';
import { ACCOUNT, benchUser, ROLE } from './users.ts';

// The steps that are timed, as the commands that a runner would run.

/** Where the built action is. */
export const dist = join(import.meta.dirname, '../..', 'dist');
/** Where the command files are. */
export const work = mkdtempSync(join(tmpdir(), 'bench-'));

/** The run of a workflow, to which a sealed session is bound; the peer refuses to start without all of these. */
const RUN = {
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'octo-org/octo-repo',
  GITHUB_RUN_ID: '1658821493',
  GITHUB_WORKFLOW: 'deploy',
  GITHUB_ACTION: 'credentials',
  GITHUB_ACTOR: 'octocat',
  GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_WORKSPACE: work,
};

let nextUser = 0;

/** Where the emulator is reached, and the file with its certificate. */
export interface Endpoint {
  readonly url: string;
  readonly caFile: string | undefined;
}

/** A plain run of the main step: a session token, for a separate user. */
export function mainStep(endpoint: Endpoint): Command {
  return actionStep(join(dist, 'main.js'), endpoint, 'MFA');
}

/** The same for a role, which is assumed with the code. */
export function roleStep(endpoint: Endpoint): Command {
  return actionStep(join(dist, 'main.js'), endpoint, 'MFA', ASSUMED);
}

/** The same role, assumed by another action with inputs of these names. It has no MFA, so it only sends the keys. */
export function peerStep(main: string, endpoint: Endpoint): Command {
  return actionStep(main, endpoint, 'no MFA', ASSUMED);
}

const ASSUMED = {
  'INPUT_ROLE-TO-ASSUME': `arn:aws:iam::${ACCOUNT}:role/${ROLE}`,
  'INPUT_ROLE-SKIP-SESSION-TAGGING': 'true',
};

function actionStep(
  main: string,
  { url, caFile }: Endpoint,
  proof: 'MFA' | 'no MFA',
  inputs: Readonly<Record<string, string>> = {},
): Command {
  const user = benchUser(nextUser);
  nextUser += 1;
  return {
    args: [main],
    exitCode: 0,
    env: {
      ...runner(),
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
      'INPUT_AWS-REGION': 'eu-central-1',
      'INPUT_AWS-ACCESS-KEY-ID': user.accessKeyId,
      'INPUT_AWS-SECRET-ACCESS-KEY': user.secretAccessKey,
      'INPUT_STS-ENDPOINT': url,
      ...(proof === 'MFA' && { 'INPUT_MFA-SERIAL': user.serial, 'INPUT_MFA-SEED': user.seed }),
      ...inputs,
    },
  };
}

/** What the main step does, by the command: a session token, for a separate user. */
export function commandRun(command: string, { url, caFile }: Endpoint): Command {
  const user = benchUser(nextUser);
  nextUser += 1;
  return {
    args: [command, 'whoami'],
    exitCode: 0,
    env: {
      HOME: work,
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
      AWS_ENDPOINT_URL: url,
      MFA_SERIAL: user.serial,
      MFA_SEED: user.seed,
    },
  };
}

/** A sealed session, as an earlier job would have passed it on. */
export function sealSession(endpoint: string): { readonly key: string; readonly text: string } {
  const key = randomBytes(32).toString('base64');
  const { args, env } = mainStep({ url: endpoint, caFile: undefined });
  const sealing = { ...env, 'INPUT_SEAL-SESSION': 'true', 'INPUT_SEALING-KEY': key };
  const run = spawnSync(process.execPath, [...args], { env: sealing, encoding: 'utf8' });
  const text = /^sealed-session<<.*\r?\n(.*)$/m.exec(readFileSync(join(work, 'GITHUB_OUTPUT'), 'utf8'))?.[1];
  if (text === undefined) throw new Error(`no session was sealed: ${run.stdout}${run.stderr}`);
  return { key, text };
}

/** A main step that opens a sealed session, which needs no call. */
export function openingStep({ key, text }: { readonly key: string; readonly text: string }): Command {
  const inputs = { 'INPUT_AWS-REGION': 'eu-central-1', 'INPUT_SEALING-KEY': key, 'INPUT_SEALED-SESSION': text };
  return { args: [join(dist, 'main.js')], exitCode: 0, env: { ...runner(), ...inputs } };
}

/** The only other run of a main step that needs no network: one with invalid inputs. */
export function refusedStep(): Command {
  return {
    args: [join(dist, 'main.js')],
    exitCode: 1,
    env: { ...runner(), 'INPUT_AWS-REGION': 'eu-central-1' },
  };
}

/** A post step that undoes what the main step exported. */
export function postStep(): Command {
  const delimiter = 'ghadelimiter_6b2c8f9e-5a0e-4c63-9d0b-0f6b1c1b2a77';
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'];
  const exported = Object.fromEntries(names.map((name) => [name, `what was exported as ${name}`]));
  const variables = names.map((name) => ({ name, ours: exported[name] }));
  const env = { ...runner(), ...exported, STATE_undo: JSON.stringify({ delimiter, variables }) };
  return { args: [join(dist, 'post.js')], exitCode: 0, env };
}

/** What a runner gives to every step. */
function runner(): Readonly<Record<string, string>> {
  const names = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
  const files = names.map((name): [string, string] => {
    writeFileSync(join(work, name), '');
    return [name, join(work, name)];
  });
  return { ...RUN, ...Object.fromEntries(files) };
}
