import { join } from 'node:path';
import { Job, type StepResult } from '../runner/job.ts';
import { type Account, type Credentials, REGION } from './account.ts';
import type { Cleanup } from './cleanup.ts';

// The built action, run as a step of a job that uses one of the run's servers as AWS.

/** The folder with action.yml and dist/. */
export const ACTION = join(import.meta.dirname, '../..');

export type Inputs = Readonly<Record<string, string>>;

/** A job of the local runner. It's removed when the run ends. */
export function newJob({ endpoint }: Account, cleanup: Cleanup): Job {
  cleanup.signal.throwIfAborted();
  const job = new Job({ action: ACTION, env: { AWS_ENDPOINT_URL: endpoint } });
  cleanup.add(() => job.close());
  return job;
}

/** The inputs that name the user `ci`, its device and its keys. */
export function inputsOf({ ci }: Account): Inputs {
  return {
    'aws-region': REGION,
    'aws-access-key-id': ci.credentials.accessKeyId,
    'aws-secret-access-key': ci.credentials.secretAccessKey,
    'mfa-serial': ci.serial,
    'mfa-seed': ci.seed,
  };
}

/** Runs a step, which may fail. */
export async function runStep(job: Job, inputs: Inputs, cleanup: Cleanup): Promise<StepResult> {
  cleanup.signal.throwIfAborted();
  let ended = (): void => undefined;
  const started = (child: { kill(signal: NodeJS.Signals): boolean }): void => {
    ended = cleanup.add(() => void child.kill('SIGKILL'));
  };
  try {
    return await job.step({ inputs, started });
  } finally {
    ended();
  }
}

/**
 * Runs a step that must succeed.
 * @throws Error with its log, as the runner shows it
 */
export async function runSuccessfully(job: Job, inputs: Inputs, cleanup: Cleanup): Promise<StepResult> {
  const result = await runStep(job, inputs, cleanup);
  if (result.exitCode !== 0) throw new Error(`the step failed:\n${result.lines.join('\n')}\n${result.stderr}`);
  return result;
}

/** The credentials that a step exported to later steps. */
export function exportedBy({ exported }: StepResult): Credentials {
  return {
    accessKeyId: exported['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: exported['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: exported['AWS_SESSION_TOKEN'] ?? '',
  };
}
