import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import { contentsOf, isOurs } from '../profiles/contents.ts';
import { readProfileFile } from '../profiles/copy.ts';
import { homeFolder, type ProfilePaths, profilePaths, profilePathsIn } from '../profiles/paths.ts';
import { profilesIn, type Section } from '../profiles/sections.ts';

/** In RUNNER_TEMP. The steps of a job share it, and the runner removes it. */
const JOB_FOLDER = 'aws-mfa-credentials';

/** Profile files that belong to this job alone. Throws a Failure if RUNNER_TEMP isn't set. */
export function jobFiles(env: Environment): ProfilePaths {
  const temp = env['RUNNER_TEMP'];
  if (!temp) throw new Failure('profile-unwritable', { reason: 'no-job-folder', variable: 'RUNNER_TEMP' });
  return profilePathsIn(join(temp, JOB_FOLDER));
}

/**
 * Lets this process find the user's own long-term keys: not by a profile that an earlier step wrote, which has a session or a role,
 * and not in the job's files, which hide the user's. The user's own profiles may be in them too, as copies.
 */
export function forgetWrittenProfiles(env: Environment): void {
  const written = profilesWritten(env);
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'])
    if (written.includes(env[name] ?? '')) delete process.env[name];
  if (!env['RUNNER_TEMP'] || env['AWS_CONFIG_FILE'] !== jobFiles(env).config) return;
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) delete process.env[name];
}

function profilesWritten(env: Environment): readonly string[] {
  try {
    const text = readProfileFile(profilePaths(env, homeFolder).config) ?? '';
    const written = (section: Section): boolean => isOurs(text, section) || contentsOf(text, section).notes.length > 0;
    return [...profilesIn(text, 'config')].filter(([, sections]) => sections.some(written)).map(([name]) => name);
  } catch {
    // If the file can't be read, the search for keys says so.
    return [];
  }
}
