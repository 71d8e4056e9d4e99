import { join } from 'node:path';
import { Job, type StepResult } from '../runner/job.ts';
import { type Account, type Credentials, REGION } from './account.ts';
import type { Belongings } from './belongings.ts';

// The built action, run as a step of a job whose AWS is a server of the run.

const ACTION = join(import.meta.dirname, '../..');

export type Inputs = Readonly<Record<string, string>>;

/** A job of the local runner that goes when the run does. */
export function newJob({ endpoint }: Account, belongings: Belongings): Job {
  belongings.signal.throwIfAborted();
  const job = new Job({ action: ACTION, env: { AWS_ENDPOINT_URL: endpoint } });
  belongings.add(() => job.close());
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

/** Runs a step, whatever becomes of it. */
export async function takeStep(job: Job, inputs: Inputs, belongings: Belongings): Promise<StepResult> {
  belongings.signal.throwIfAborted();
  let ended = (): void => undefined;
  const started = (child: { kill(signal: NodeJS.Signals): boolean }): void => {
    ended = belongings.add(() => void child.kill('SIGKILL'));
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
export async function succeed(job: Job, inputs: Inputs, belongings: Belongings): Promise<StepResult> {
  const result = await takeStep(job, inputs, belongings);
  if (result.exitCode !== 0) throw new Error(`the step failed:\n${result.lines.join('\n')}\n${result.stderr}`);
  return result;
}

/** The credentials that a step has exported for the next ones. */
export function exportedBy({ exported }: StepResult): Credentials {
  return {
    accessKeyId: exported['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: exported['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: exported['AWS_SESSION_TOKEN'] ?? '',
  };
}

/** For how many minutes, rounded, the credentials of a step are still valid. */
export function minutesLeft({ outputs }: StepResult): number {
  return Math.round((Date.parse(outputs['aws-expiration'] ?? '') - Date.now()) / 60_000);
}
