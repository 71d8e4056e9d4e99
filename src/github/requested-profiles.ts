import { Failure } from '../core/failure.ts';
import type { Clock, Environment } from '../core/ports.ts';
import type { OverwriteRule, Request } from '../core/request.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';
import { requireOwnFolder } from '../profiles/ownership.ts';
import {
  homeFolder,
  type PreparedProfiles,
  type ProfilePaths,
  prepareProfiles,
  profilePaths,
  rehearseProfiles,
  temporaryProfilePaths,
  type WrittenProfiles,
} from '../profiles/profile.ts';
import type { Entries } from './command-file.ts';
import type { Handover } from './handover.ts';

/** The profiles that a request asks for, ready to appear, and what goes with them. */
export interface RequestedProfiles extends PreparedProfiles {
  /** Where tools find the files, where that is not where they look anyway. */
  readonly variables: Entries;
  readonly outputs: Entries;
  /** What stands for "not set" in those variables: an empty one would hide the user's own files from botocore. */
  readonly unset: Readonly<Record<string, string | undefined>>;
}

/** What one variable bears: the state of the post step is one, and Windows is the narrowest. */
const MAX_STATE = process.platform === 'win32' ? 24_000 : 100_000;

/**
 * Fails where the profiles cannot be written, or not be taken out again, before a code is spent on them. Returns warnings.
 * Throws what `rehearseProfiles` throws.
 */
export async function checkRequested(
  request: Request,
  env: Environment,
  pause: Clock['sleep'],
): Promise<readonly string[]> {
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
  // Of a profile that is replaced, the region and the header come back.
  const kept = overwrite === 'replace' ? { region: 'x'.repeat(20), header: `[profile ${'x'.repeat(20)}]` } : {};
  const sections = names.map((name) => ({ name, sha256: '0'.repeat(64), ...kept }));
  const written: WrittenProfiles = {
    config: { path: config, sections },
    credentials: { path: credentials, sections },
  };
  if (JSON.stringify(written).length <= MAX_STATE) return;
  const message = `${names.length} profiles are more than the post step could take out again.`;
  const remedy = 'Give them shorter names, or spread them over two steps.';
  throw new Failure('profile-unwritable', message, { remedy });
}

/** The job's own folder has to be the job's own; what is odd about the user's is warned of. */
function inspectionOf({ exports }: Request, paths: ProfilePaths): () => void {
  return exports.profilesLocation === 'temp' ? () => requireOwnFolder(paths) : () => undefined;
}

/** What is said of the files of the user is of no use if they are the job's own already. */
async function inPlace<Result>({ exports }: Request, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (exports.profilesLocation === 'home' || !(error instanceof Failure)) throw error;
    const { code, message } = error;
    if (code === 'profile-exists') {
      const remedy = 'Choose another name in aws-profile or roles, or set overwrite-aws-profile: true.';
      throw new Failure('profile-exists', message, { cause: error, remedy });
    }
    if (code === 'profile-locked') {
      const remedy = 'Run the steps of this job one after the other.';
      throw new Failure('profile-locked', message, { cause: error, remedy });
    }
    if (code !== 'profile-unwritable') throw error;
    const remedy = 'Remove what is in its place in RUNNER_TEMP, or leave profiles-location out.';
    throw new Failure('profile-unwritable', `The job's own profile files will not do. ${message}`, {
      cause: error,
      remedy,
    });
  }
}

/** Prepares the profile of the session, where it has one, and those of its roles. Throws what `prepareProfiles` throws. */
export async function prepareRequested(
  request: Request,
  { session, roles }: Handover,
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

function pathsOf({ exports }: Request, env: Environment): ProfilePaths {
  return exports.profilesLocation === 'temp' ? temporaryProfilePaths(env) : profilePaths(env, homeFolder);
}

/** Where tools look without the variables; nothing where this user has no home. */
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
