/** Runs one workflow in an AWS of its own and judges it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../aws/index.ts';
import { runAct } from './act.ts';
import { type WorkflowCase, workflowName } from './case.ts';
import { WITNESS } from './for-act.ts';
import { judgeByLog, judgeFromOutside, type Verdict } from './judge.ts';
import { planOf } from './plan.ts';
import { readRemains } from './remains.ts';
import type { Secret } from './search.ts';
import { makeWorkspace } from './workspace.ts';
import { type TestWorld, testWorld } from './world.ts';

/** What is the same for all workflows. */
export interface CaseOptions {
  /** Each workflow gets a folder of its own in it. */
  readonly folder: string;
  /** The unpacked action. */
  readonly action: string;
  readonly toolFolders: readonly string[];
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface CaseResult {
  readonly workflow: string;
  readonly jobs: number;
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
  /** All that must be found nowhere. */
  readonly secrets: readonly Secret[];
  /** The file with act's log. */
  readonly log: string;
}

const ACTION = 'aws-mfa-credentials/aws-mfa-credentials@v1';

/**
 * Runs a workflow and judges it.
 * @throws Error where act cannot be started or is interrupted
 */
export async function runCase(one: WorkflowCase, options: CaseOptions): Promise<CaseResult> {
  const workflow = workflowName(one);
  const folder = join(options.folder, workflow);
  const workspace = join(folder, 'workspace');
  const witnessed = join(folder, 'remains');
  for (const made of [workspace, witnessed]) mkdirSync(made, { recursive: true });
  makeWorkspace(workspace, one.leavesOut ?? []);
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
      actions: { [ACTION]: options.action, [WITNESS]: join(import.meta.dirname, 'witness') },
      secrets: aws.secrets,
      vars: { ...aws.vars, AWS_ENDPOINT: endpoint },
      env: {
        WITNESS_FOLDER: witnessed,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(one.endpointAsInput ? {} : { AWS_ENDPOINT_URL: endpoint }),
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const run = { calls, remains: readRemains(witnessed), home: join(folder, 'home') };
    const verdicts = [...judgeByLog(plan, exitCode, readFileSync(log, 'utf8')), ...judgeFromOutside(one.checks, run)];
    return { workflow, jobs: plan.jobs, verdicts, seconds, secrets: secretsOf(workflow, aws, emulator), log };
  } finally {
    await emulator.close();
  }
}

/** What was passed in, and what was given out in return. */
function secretsOf(workflow: string, { secrets }: TestWorld, { sessions }: Emulator): readonly Secret[] {
  // A key's ID is a name, not a secret: it stands in AWS's own logs.
  const given = Object.entries(secrets).filter(([name]) => !name.endsWith('_ACCESS_KEY_ID'));
  return [
    ...given.map(([name, value]) => ({ name: `${workflow}: ${name}`, value })),
    ...sessions.flatMap(({ secretAccessKey, sessionToken }, index) => [
      { name: `${workflow}: secret access key of session ${index + 1}`, value: secretAccessKey },
      { name: `${workflow}: token of session ${index + 1}`, value: sessionToken },
    ]),
  ];
}
