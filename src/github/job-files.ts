import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import { contentsOf, isOurs } from '../profiles/contents.ts';
import { type ProfilePaths, profilePathsIn } from '../profiles/paths.ts';
import { profilesIn, type Section } from '../profiles/sections.ts';

/** In RUNNER_TEMP. The steps of a job share it, and the runner removes it. */
const JOB_FOLDER = 'aws-mfa-credentials';

/** Profile files that belong to this job alone. Throws a Failure if there is no folder for them. */
export function jobFiles(env: Environment): ProfilePaths {
  const temp = env['RUNNER_TEMP'];
  if (!temp) throw new Failure('profile-unwritable', { reason: 'no-job-folder', variable: 'RUNNER_TEMP' });
  return profilePathsIn(join(temp, JOB_FOLDER));
}

/**
 * Lets this process find the user's own files, which those of the job hide since an earlier step: the job's hold sessions, and no
 * long-term keys. A profile in AWS_PROFILE stays if the action hasn't written it: the job's may be copies of the user's.
 */
export function forgetJobFiles(env: Environment): void {
  if (!env['RUNNER_TEMP'] || env['AWS_CONFIG_FILE'] !== jobFiles(env).config) return;
  const own = writtenTo(env['AWS_CONFIG_FILE']);
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'])
    if (own.includes(env[name] ?? '')) delete process.env[name];
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) delete process.env[name];
}

function writtenTo(path: string): readonly string[] {
  try {
    const text = readFileSync(path, 'latin1');
    const written = (section: Section): boolean => isOurs(text, section) || contentsOf(text, section).notes.length > 0;
    return [...profilesIn(text, 'config')].filter(([, sections]) => sections.some(written)).map(([name]) => name);
  } catch {
    // Another step has removed it.
    return [];
  }
}
