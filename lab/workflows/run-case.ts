/** Runs one workflow with a fresh AWS and checks the result. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../aws/index.ts';
import { runAct } from './act.ts';
import { COLLECTOR } from './adapt.ts';
import { type WorkflowCase, workflowName } from './case.ts';
import { provideCommand, VERSION } from './command.ts';
import { readLeftovers } from './leftovers.ts';
import { planOf } from './plan.ts';
import type { Secret } from './search.ts';
import { type Verdict, verdictsFromChecks, verdictsFromLog } from './verdict.ts';
import { makeWorkspace } from './workspace.ts';
import { type TestWorld, testWorld } from './world.ts';

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
  const started = performance.now();
  try {
    const { endpoint, calls } = emulator;
    const { exitCode, log } = await runAct({
      ...options,
      runner: one.runner ?? 'act',
      folder,
      workspace,
      workflow: one.path,
      event: one.event ?? 'push',
      actions: {
        [ACTION]: options.action,
        [ACTION_ELSEWHERE]: options.action,
        [COLLECTOR]: join(import.meta.dirname, 'collector'),
      },
      // Other forges' users store the seed by the command's own name.
      secrets: { ...aws.secrets, MFA_SEED: aws.secrets['AWS_MFA_SEED'] ?? '' },
      vars: { ...aws.vars, AWS_ENDPOINT: endpoint },
      env: {
        COLLECTOR_FOLDER: collected,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(one.endpointAsInput ? {} : { AWS_ENDPOINT_URL: endpoint }),
        ...one.env,
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const run = { calls, leftovers: readLeftovers(collected), home: join(folder, 'home') };
    const verdicts = [
      ...verdictsFromLog(plan, exitCode, readFileSync(log, 'utf8')),
      ...verdictsFromChecks(one.checks, run),
    ];
    return { workflow, jobs: plan.jobs, verdicts, seconds, secrets: secretsOf(workflow, aws, emulator), log };
  } finally {
    await emulator.close();
  }
}

/** The secrets that went in, and the sessions that AWS returned. */
function secretsOf(workflow: string, { secrets }: TestWorld, { sessions }: Emulator): readonly Secret[] {
  // A key's ID is a name, not a secret: AWS's own logs contain it.
  const given = Object.entries(secrets).filter(([name]) => !name.endsWith('_ACCESS_KEY_ID'));
  return [
    ...given.map(([name, value]) => ({ name: `${workflow}: ${name}`, value })),
    ...sessions.flatMap(({ secretAccessKey, sessionToken }, index) => [
      { name: `${workflow}: secret access key of session ${index + 1}`, value: secretAccessKey },
      { name: `${workflow}: token of session ${index + 1}`, value: sessionToken },
    ]),
  ];
}
