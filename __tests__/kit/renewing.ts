import { join } from 'node:path';
import type { Emulator } from '../../lab/aws/index.ts';
import type { Job } from '../../lab/runner/job.ts';
import { SESSION, startJob } from './action.ts';
import { HOME, manyAccounts } from './many-accounts.ts';
import { FILES, read } from './profile-files.ts';

// Steps whose roles tools renew by themselves.

/** A role of the user's account that is renewed. */
export const RENEW = { ...SESSION, 'role-to-assume': 'deploy', renew: 'true' };
export const DEPLOY = `arn:aws:iam::${HOME}:role/deploy`;
export const AS_DEPLOY = `arn:aws:sts::${HOME}:assumed-role/deploy/GitHubActions`;
/** What such a step exports for its role. */
export const EXPORTED = (job: Job) => ({
  ...jobFiles(job),
  AWS_SDK_LOAD_CONFIG: '1',
  AWS_PROFILE: 'deploy',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
});

/** A job in five accounts whose roles can be renewed. */
export const startRenewing = (env: Readonly<Record<string, string>> = {}) => startJob({ world: manyAccounts(), env });

/** Where the job's own files are. */
export const jobFiles = ({ temp }: Job) => ({
  AWS_CONFIG_FILE: join(temp, 'aws-mfa-credentials', 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(temp, 'aws-mfa-credentials', 'credentials'),
});

/** The lines of the job's config file, without comments and empty ones. */
export const configOf = (job: Job) => linesIn(jobFiles(job).AWS_CONFIG_FILE);
/** Those of its credentials file, without the values. */
export const namesInCredentials = (job: Job) =>
  linesIn(jobFiles(job).AWS_SHARED_CREDENTIALS_FILE).map((line) => line.replace(/ =.*/, ''));

/** The lines of a profile file, without comments and empty ones. */
export function linesIn(path: string): readonly string[] {
  return read(path).match(/^[^#\r\n].*$/gm) ?? [];
}

/** Everything in the files of the job and of the home. */
export function profileTexts(job: Pick<Job, 'temp' | 'home'>): string {
  const folders = [join(job.temp, 'aws-mfa-credentials'), join(job.home, '.aws')];
  return folders
    .flatMap((folder) => FILES.map((file) => join(folder, file)))
    .map(textOf)
    .join('\n');
}

function textOf(path: string): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}

/** What the emulator was asked since then. */
export const since = (emulator: Emulator, count: number) =>
  emulator.calls.slice(count).map(({ operation, params }) => [operation, params['RoleArn']].filter(Boolean).join(' '));
