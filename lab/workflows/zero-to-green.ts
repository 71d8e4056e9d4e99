/**
 * From an AWS account to a green run, as a newcomer does it: `enroll` prints a workflow, which act then runs exactly as it is, with the
 * secrets that the command stored on a small GitHub. The repository is empty, and the account has only the person and a role.
 */
import { deepEqual } from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOfStep, type Emulator, startEmulator, stepAt } from '../aws/index.ts';
import { type Github, type GithubWorld, githubWorld, startGithub } from '../github/index.ts';
import { type ActResult, runAct } from './act.ts';
import type { Check } from './case.ts';
import { provideCommand, VERSION } from './command.ts';
import { type Newcomer, newcomer } from './newcomer.ts';
import { planOf } from './plan.ts';
import { MARK } from './processes.ts';
import type { CaseOptions, CaseResult } from './run-case.ts';
import type { Secret } from './search.ts';
import { verdictsFromChecks, verdictsFromLog } from './verdict.ts';

/** Their names in the table and on the command line. */
export const ZERO_TO_GREEN = ['zero-to-green', 'zero-to-green-self'] as const;

type ZeroToGreen = (typeof ZERO_TO_GREEN)[number];

const WORKFLOW = '.github/workflows/aws.yml';
const REPOSITORY = 'acme/app';
const LIMIT_MS = 120_000;

/** The two commands that a newcomer types. */
const ENROLL = `npx --yes aws-mfa-credentials@${VERSION} enroll`;
const COMMANDS = {
  'zero-to-green': ({ roleArn }: Newcomer) =>
    `${ENROLL} --user ci --role ${roleArn} --github ${REPOSITORY} --yes > ${WORKFLOW}`,
  // The repository is the git remote's.
  'zero-to-green-self': () => `${ENROLL} --self --github --yes > ${WORKFLOW}`,
} as const;

interface Started {
  readonly person: Newcomer;
  readonly emulator: Emulator;
  readonly github: Github;
  /** For GitHub. */
  readonly token: string;
  readonly folder: string;
  readonly workspace: string;
}

/**
 * Enrolls, runs the workflow, and returns the verdicts.
 * @throws Error if a program can't be started, the run is interrupted, or nothing was enrolled
 */
export async function runZeroToGreen(name: ZeroToGreen, options: CaseOptions): Promise<CaseResult> {
  const folder = join(options.folder, name);
  const workspace = join(folder, 'workspace');
  emptyRepository(workspace);
  const person = newcomer(name === 'zero-to-green' ? 'administrator' : 'user');
  const emulator = await startEmulator({ world: person.world });
  const token = `ghp_${randomBytes(20).toString('hex')}`;
  const github = await startGithub({ world: emptyGithub(token), tls: true });
  const started: Started = { person, emulator, github, token, folder, workspace };
  try {
    const enrolled = await timed(() => enroll(COMMANDS[name](person), started, options.signal));
    const run = await timed(() => runPrinted(started, options));
    const log = readFileSync(run.value.log, 'utf8');
    const [job] = verdictsFromLog(planOf(workspace, WORKFLOW), run.value.exitCode, log);
    return {
      workflow: name,
      jobs: 1,
      verdicts: [
        {
          what: `enroll makes, proves and stores everything in ${enrolled.seconds.toFixed(0)} s`,
          problem: enrolled.value === 0 ? undefined : `its exit code was ${enrolled.value}`,
        },
        {
          what: `the printed workflow is green as it is, ${run.seconds.toFixed(0)} s later`,
          problem: job?.problem,
        },
        ...verdictsFromChecks([secretsAreThose(started)], {
          calls: emulator.calls,
          leftovers: [],
          stored: {},
          home: '',
        }),
      ],
      seconds: enrolled.seconds + run.seconds,
      secrets: secretsOf(name, started),
      log: run.value.log,
    };
  } finally {
    await Promise.all([emulator.close(), github.close()]);
  }
}

/** A GitHub with an empty repository, and a token with no more than enroll needs. */
function emptyGithub(token: string): GithubWorld {
  return githubWorld({
    tokens: [{ value: token, kind: 'personal', sees: [REPOSITORY], permissions: { secrets: 'write' } }],
    repositories: [{ id: 1, fullName: REPOSITORY, environments: [] }],
  });
}

function emptyRepository(workspace: string): void {
  mkdirSync(join(workspace, dirname(WORKFLOW)), { recursive: true });
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  for (const args of [
    ['init', '--quiet', '--initial-branch=main', '--template='],
    ['remote', 'add', 'origin', `https://github.com/${REPOSITORY}.git`],
    ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com', 'commit', '--allow-empty', '-qm', 'Empty'],
  ])
    execFileSync('git', args, { cwd: workspace, env });
}

interface Timed<T> {
  readonly value: T;
  readonly seconds: number;
}

async function timed<T>(act: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await act();
  return { value, seconds: (performance.now() - start) / 1000 };
}

/** Resolves to the exit code. What the command says is in `enroll.log`. */
async function enroll(
  command: string,
  { person, emulator, github, token, folder, workspace }: Started,
  interrupted: AbortSignal,
): Promise<number | null> {
  const home = join(folder, 'enroll-home');
  const bin = join(folder, 'enroll-bin');
  const certificate = join(folder, 'github.pem');
  mkdirSync(home);
  provideCommand(bin);
  writeFileSync(certificate, github.caPem ?? '');
  const child = spawn('bash', ['-c', command], {
    cwd: workspace,
    env: {
      ...MARK,
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(':'),
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: person.key.id,
      AWS_SECRET_ACCESS_KEY: person.key.secret,
      AWS_ENDPOINT_URL: emulator.endpoint,
      ...(person.phone !== undefined && { MFA_CODE: codeOfStep(person.phone, stepAt(Date.now())) }),
      GH_TOKEN: token,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: github.apiUrl,
      NODE_EXTRA_CA_CERTS: certificate,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([interrupted, AbortSignal.timeout(LIMIT_MS)]),
  });
  child.stderr.pipe(createWriteStream(join(folder, 'enroll.log')));
  const [exitCode] = await once(child, 'close');
  return exitCode;
}

/** Runs the printed workflow with what GitHub opened. */
function runPrinted(
  { emulator, github, folder, workspace }: Started,
  { action, toolFolders, signal }: CaseOptions,
): Promise<ActResult> {
  return runAct({
    runner: 'act',
    folder,
    workspace,
    workflow: WORKFLOW,
    event: 'workflow_dispatch',
    actions: { 'aws-mfa-credentials/aws-mfa-credentials@v1': action },
    secrets: storedOn(github),
    vars: {},
    env: { AWS_ENDPOINT_URL: emulator.endpoint, AWS_EC2_METADATA_DISABLED: 'true' },
    toolFolders,
    signal,
  });
}

function storedOn({ stores }: Github): Readonly<Record<string, string>> {
  const { secrets } = stores.vault({ kind: 'actions', of: REPOSITORY });
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}

function secretsAreThose({ person, github }: Started): Check {
  return {
    what: 'the secrets of the repository are what IAM made, and there are no others',
    holds: () => {
      const { key, device } = person.enrolled();
      deepEqual(storedOn(github), {
        AWS_ACCESS_KEY: `${key.id}:${key.secret}`,
        AWS_MFA_DEVICE: `${device.serial} ${device.seed}`,
      });
    },
  };
}

function secretsOf(name: ZeroToGreen, { person, emulator, token }: Started): readonly Secret[] {
  const { key, device } = person.enrolled();
  const given = {
    "the person's secret access key": person.key.secret,
    // With --self, it is the same.
    ...(key.secret !== person.key.secret && { "the pipeline's secret access key": key.secret }),
    'the new seed': device.seed,
    'the token for GitHub': token,
    ...(person.phone !== undefined && { "the phone's seed": person.phone }),
  };
  return [
    ...Object.entries(given).map(([what, value]) => ({ name: `${name}: ${what}`, value })),
    ...emulator.sessions.map(({ sessionToken }, index) => ({
      name: `${name}: token of session ${index + 1}`,
      value: sessionToken,
    })),
  ];
}
