import { join } from 'node:path';
import { Failure, isFailure } from '../core/failure.ts';
import type { Clock, Environment } from '../core/ports.ts';
import type { OverwriteRule, Request } from '../core/request.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';
import type { ProfileNotice } from '../profiles/notice.ts';
import { requireOwnFolder } from '../profiles/ownership.ts';
import { homeFolder, type ProfilePaths, profilePaths, profilePathsIn } from '../profiles/paths.ts';
import { type PreparedProfiles, prepareProfiles, rehearseProfiles } from '../profiles/profiles.ts';
import type { WrittenProfiles } from '../profiles/written.ts';
import type { Entries } from './command-file.ts';
import type { Obtained } from './result.ts';

/** The requested profiles, ready to appear, and what goes with them. */
export interface RequestedProfiles extends PreparedProfiles {
  /** Where tools find the files, if they wouldn't look there anyway. */
  readonly variables: Entries;
  readonly outputs: Entries;
  /** What stands for "not set" in those variables: an empty one would hide the user's own files from botocore. */
  readonly unset: Readonly<Record<string, string | undefined>>;
}

/** The most that one variable holds: the state of the post step is one. Windows has the lowest limit. */
const MAX_STATE = process.platform === 'win32' ? 24_000 : 100_000;

/** In RUNNER_TEMP. The steps of a job share it, and the runner removes it. */
const JOB_FOLDER = 'aws-mfa-credentials';

/**
 * Fails before a code is spent if the profiles can't be written, or couldn't be removed again. Returns what a person should know of
 * the files. Throws what `rehearseProfiles` throws.
 */
export async function checkRequested(
  request: Request,
  env: Environment,
  pause: Clock['sleep'],
): Promise<readonly ProfileNotice[]> {
  const { exports, roles } = request;
  const names = [...(exports.profile === undefined ? [] : [exports.profile]), ...(roles ?? []).map(({ name }) => name)];
  const paths = pathsOf(request, env);
  requireRoomInState(paths, names, exports.overwrite);
  return inPlace(request, () => rehearseProfiles(paths, names, exports.overwrite, pause, inspectionOf(request, paths)));
}

function requireRoomInState(
  { config, credentials }: ProfilePaths,
  names: readonly string[],
  overwrite: OverwriteRule,
): void {
  // The region and the header of a profile that is replaced are restored.
  const kept = overwrite === 'replace' ? { region: 'x'.repeat(20), header: `[profile ${'x'.repeat(20)}]` } : {};
  const sections = names.map((name) => ({ name, sha256: '0'.repeat(64), ...kept }));
  const written: WrittenProfiles = { config: { path: config, sections }, credentials: { path: credentials, sections } };
  if (JSON.stringify(written).length > MAX_STATE)
    throw new Failure('profile-unwritable', { reason: 'too-many', count: names.length });
}

/** Only this job may have made its own folder. What is odd about the user's is only worth a warning. */
function inspectionOf({ exports }: Request, paths: ProfilePaths): () => void {
  return exports.profilesLocation === 'temp' ? () => requireOwnFolder(paths) : () => undefined;
}

/** Marks failures of files that already are the job's own: what helps with the user's files is of no use there. */
async function inPlace<Result>({ exports }: Request, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (exports.profilesLocation === 'temp')
      for (const code of ['profile-exists', 'profile-unwritable', 'profile-locked'] as const)
        if (isFailure(error, code))
          throw new Failure(code, error.facts, {
            cause: error,
            context: { kind: 'job-files', code, variable: 'RUNNER_TEMP' },
          });
    throw error;
  }
}

/** Prepares the profile of the session, if it has one, and those of its roles. Throws what `prepareProfiles` throws. */
export async function prepareRequested(
  request: Request,
  { session, roles }: Obtained,
  env: Environment,
  pause: Clock['sleep'],
): Promise<RequestedProfiles> {
  const { exports, region } = request;
  const paths = pathsOf(request, env);
  const own = exports.profile === undefined ? [] : [{ name: exports.profile, region: region.name, ...session }];
  const inspect = inspectionOf(request, paths);
  const prepared = await inPlace(request, () =>
    prepareProfiles(paths, [...own, ...roles], exports.overwrite, pause, inspect),
  );
  return {
    ...prepared,
    ...(exports.profilesLocation === 'temp'
      ? { variables: variablesFor(paths), unset: usualPlaces() }
      : { variables: {}, unset: {} }),
    outputs: roles.length === 0 ? {} : { profiles: JSON.stringify(roles.map(describe)) },
  };
}

/** Throws a Failure if there is no folder for the job's own files. */
function pathsOf({ exports }: Request, env: Environment): ProfilePaths {
  if (exports.profilesLocation === 'home') return profilePaths(env, homeFolder);
  const temp = env['RUNNER_TEMP'];
  if (!temp) throw new Failure('profile-unwritable', { reason: 'no-job-folder', variable: 'RUNNER_TEMP' });
  return profilePathsIn(join(temp, JOB_FOLDER));
}

/** Where tools look without the variables; nothing if this user has no home folder. */
function usualPlaces(): Entries {
  try {
    return variablesFor(profilePaths({}, homeFolder));
  } catch {
    return {};
  }
}

function variablesFor({ config, credentials }: ProfilePaths): Entries {
  return { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
}

function describe({ name, identity, credentials }: ProfileSession): Readonly<Record<string, string>> {
  const expiration = credentials.expiration?.toISOString() ?? '';
  return { name, account: identity.account, arn: identity.arn, expiration };
}
