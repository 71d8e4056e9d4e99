/** Runs one workflow with a fresh AWS and checks the result. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../aws/index.ts';
import { type Github, githubWorld, startGithub } from '../github/index.ts';
import { runAct } from './act.ts';
import { COLLECTOR } from './adapt.ts';
import { type WorkflowCase, workflowName } from './case.ts';
import { provideCommand, VERSION } from './command.ts';
import { readLeftovers } from './leftovers.ts';
import { planOf } from './plan.ts';
import type { Secret } from './search.ts';
import { type Verdict, verdictsFromChecks, verdictsFromLog } from './verdict.ts';
import { makeWorkspace } from './workspace.ts';
import { KEY_AGE_MS, type TestWorld, testWorld } from './world.ts';

/** What is the same for all workflows. */
export interface CaseOptions {
  /** Each workflow gets its own folder in it. */
  readonly folder: string;
  /** The unpacked action. */
  readonly action: string;
  readonly toolFolders: readonly string[];
  readonly signal: AbortSignal;
}

/** The result of a workflow. */
export interface CaseResult {
  readonly workflow: string;
  readonly jobs: number;
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
  /** What the search must not find. */
  readonly secrets: readonly Secret[];
  /** The file with act's log. */
  readonly log: string;
}

const ACTION = 'aws-mfa-credentials/aws-mfa-credentials@v1';
/** On other forges, the address is part of the name. */
const ACTION_ELSEWHERE = `https://github.com/aws-mfa-credentials/aws-mfa-credentials@v${VERSION}`;

const APP_TOKEN = 'actions/create-github-app-token@1b10c78c7865c340bc4f6099eb2f838309f1e8c3';
/** The remote of the workspace. */
const REPOSITORY = 'octo-org/octo-repo';

/**
 * Runs a workflow and checks the result.
 * @throws Error if act can't be started or is interrupted
 */
export async function runCase(one: WorkflowCase, options: CaseOptions): Promise<CaseResult> {
  const workflow = workflowName(one);
  const folder = join(options.folder, workflow);
  const workspace = join(folder, 'workspace');
  const collected = join(folder, 'leftovers');
  for (const made of [workspace, collected]) mkdirSync(made, { recursive: true });
  makeWorkspace(workspace, one.leavesOut ?? []);
  provideCommand(join(folder, 'bin'));
  const plan = planOf(workspace, one.path);
  const aws = testWorld();
  const emulator = await startEmulator({ world: aws.world });
  const github = one.writesSecrets === true ? await startRepository(aws) : undefined;
  const started = performance.now();
  try {
    const { endpoint, calls } = emulator;
    const run = {
      ...options,
      runner: one.runner ?? 'act',
      workspace,
      workflow: one.path,
      event: one.event ?? 'push',
      actions: {
        [ACTION]: options.action,
        [ACTION_ELSEWHERE]: options.action,
        [COLLECTOR]: join(import.meta.dirname, 'collector'),
        [APP_TOKEN]: join(import.meta.dirname, 'app-token'),
      },
      vars: { ...aws.vars, AWS_ENDPOINT: endpoint },
      env: {
        COLLECTOR_FOLDER: collected,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(one.endpointAsInput ? {} : { AWS_ENDPOINT_URL: endpoint }),
        ...(github && { GITHUB_API_URL: github.apiUrl }),
        ...one.env,
      },
    };
    // Other forges' users store the seed by the command's own name.
    const given = { ...aws.secrets, MFA_SEED: aws.secrets['AWS_MFA_SEED'] ?? '' };
    const { exitCode, log } = await runAct({ ...run, folder, secrets: given });
    const verdicts = [...verdictsFromLog(plan, exitCode, readFileSync(log, 'utf8'))];
    const stored = github === undefined ? {} : secretsIn(github);
    if (github !== undefined) {
      const again = await runAct({ ...run, folder: join(folder, 'again'), secrets: { ...given, ...stored } });
      verdicts.push(...verdictsFromLog(plan, again.exitCode, readFileSync(again.log, 'utf8')));
    }
    const seconds = (performance.now() - started) / 1000;
    const found = { calls, leftovers: readLeftovers(collected), stored, home: join(folder, 'home') };
    verdicts.push(...verdictsFromChecks(one.checks, found));
    const secrets = secretsOf(workflow, aws, emulator);
    const [, written] = (stored['AWS_ACCESS_KEY'] ?? '').split(':');
    const all = written === undefined ? secrets : [...secrets, { name: `${workflow}: the new key`, value: written }];
    return { workflow, jobs: plan.jobs, verdicts, seconds, secrets: all, log };
  } finally {
    await emulator.close();
    await github?.close();
  }
}

/** act's repository, with its secrets, and an app that may write them. */
async function startRepository({ secrets }: TestWorld): Promise<Github> {
  const token = { kind: 'installation', sees: [REPOSITORY], permissions: { secrets: 'write' } } as const;
  const github = await startGithub({
    world: githubWorld({
      repositories: [{ id: 4711, fullName: REPOSITORY, environments: ['rotation'] }],
      tokens: [{ ...token, value: secrets['ROTATION_APP_PRIVATE_KEY'] ?? '' }],
    }),
  });
  const vault = github.stores.vault({ kind: 'actions', of: REPOSITORY });
  for (const name of ['AWS_ACCESS_KEY', 'AWS_MFA_DEVICE'])
    vault.store(name, secrets[name] ?? '', Date.now() - KEY_AGE_MS);
  return github;
}

function secretsIn({ stores }: Github): Readonly<Record<string, string>> {
  const { secrets } = stores.vault({ kind: 'actions', of: REPOSITORY });
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}

/** The secrets that went in, and the sessions that AWS returned. */
function secretsOf(workflow: string, { secrets }: TestWorld, { sessions }: Emulator): readonly Secret[] {
  // A key's ID is a name, not a secret: AWS's own logs contain it. The halves of pairs are secrets of their own.
  const given = Object.entries(secrets).filter(([name]) => !/(?<!SECRET)_ACCESS_KEY(?:_ID)?$|_MFA_DEVICE$/.test(name));
  return [
    ...given.map(([name, value]) => ({ name: `${workflow}: ${name}`, value })),
    ...sessions.flatMap(({ secretAccessKey, sessionToken }, index) => [
      { name: `${workflow}: secret access key of session ${index + 1}`, value: secretAccessKey },
      { name: `${workflow}: token of session ${index + 1}`, value: sessionToken },
    ]),
  ];
}
