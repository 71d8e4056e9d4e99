import { Failure, isFailure } from '../core/failure.ts';
import type { Clock, Environment, Session } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';
import type { ProfileNotice } from '../profiles/notice.ts';
import { requireOwnFolder } from '../profiles/ownership.ts';
import { homeFolder, type ProfilePaths, profilePaths } from '../profiles/paths.ts';
import {
  type PreparedProfiles,
  type ProfilePlace,
  type ProfileToWrite,
  prepareProfiles,
  rehearseProfiles,
} from '../profiles/profiles.ts';
import type { SectionDigest, WrittenProfiles } from '../profiles/written.ts';
import type { Entries } from './command-file.ts';
import { jobFiles } from './job-files.ts';
import { isRenewable, type Obtained } from './obtained.ts';
import { type Copy, copyFor, variablesToRenew } from './renewed-profiles.ts';

/** The requested profiles, ready to appear, and what goes with them. */
export interface RequestedProfiles extends PreparedProfiles {
  /** Where tools find the files, if they wouldn't look there anyway. */
  readonly variables: Entries;
  readonly outputs: Entries;
  /** What stands for "not set" in those variables: an empty one would hide the user's own files from botocore. */
  readonly unset: Readonly<Record<string, string | undefined>>;
  /** Variables that keep our values as long as AWS_PROFILE needs them: a profile that can't be found breaks boto3 in later post steps. */
  readonly placed: readonly string[];
}

/** The most that one variable holds: the state of the post step is one. Windows has the lowest limit. */
const MAX_STATE = process.platform === 'win32' ? 24_000 : 100_000;

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
  const session = profileOfSession(request);
  const names = [...(session === undefined ? [] : [session]), ...(roles ?? []).map(({ name }) => name)];
  const paths = pathsOf(request, env);
  requireRoomInState(request, paths, names);
  const copy = copyFor(request, paths, env);
  const place = placeOf(request, paths, copy);
  const notices = await inPlace(request, () => rehearseProfiles(paths, names, exports.overwrite, pause, place));
  return [...copy.notices, ...notices];
}

/** The profile of the session itself: one that was requested, or one that the roles' profiles name as their source. */
function profileOfSession({ exports, renewal }: Request): string | undefined {
  return renewal?.sessionProfile ?? exports.profile;
}

function requireRoomInState(
  { exports: { overwrite }, renewal }: Request,
  { config, credentials }: ProfilePaths,
  names: readonly string[],
): void {
  // The region and the header of a profile that is replaced are restored.
  const kept = overwrite === 'replace' ? { region: 'x'.repeat(20), header: `[profile ${'x'.repeat(20)}]` } : {};
  const renewed = renewal === undefined ? {} : { emptied: true as const, cached: '0'.repeat(40) };
  const sections = names.map((name): SectionDigest => ({ name, sha256: '0'.repeat(64), ...kept, ...renewed }));
  const written: WrittenProfiles = { config: { path: config, sections }, credentials: { path: credentials, sections } };
  if (JSON.stringify(written).length > MAX_STATE)
    throw new Failure('profile-unwritable', { reason: 'too-many', count: names.length });
}

/** Only this job may have made its own folder. What is odd about the user's is only worth a warning. */
function placeOf({ exports, renewal }: Request, paths: ProfilePaths, { copied }: Copy): ProfilePlace {
  if (exports.profilesLocation === 'home') return {};
  return {
    inspect: () => requireOwnFolder(paths),
    copied,
    afterwards: renewal === undefined ? undefined : 'emptied',
  };
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
  const { exports, region, renewal } = request;
  const paths = pathsOf(request, env);
  const name = profileOfSession(request);
  const own = name === undefined ? [] : [{ name, region: region.name, credentials: session.credentials }];
  const profiles = [...own, ...roles.map(profileToWrite)];
  const place = placeOf(request, paths, copyFor(request, paths, env));
  const prepared = await inPlace(request, () => prepareProfiles(paths, profiles, exports.overwrite, pause, place));
  const files = exports.profilesLocation === 'temp' ? variablesFor(paths) : {};
  return {
    ...prepared,
    variables: { ...files, ...(renewal && variablesToRenew(renewal, region.name, env)) },
    unset: exports.profilesLocation === 'temp' ? usualPlaces() : {},
    // Without renewal, a profile that this step exports by its name is removed.
    placed: exports.environment && name !== undefined ? [] : placedBy(files),
    outputs: roles.length === 0 ? {} : { profiles: JSON.stringify(roles.map((role) => describe(role, session))) },
  };
}

/** Never the credentials of the proof, if tools assume the role themselves. */
function profileToWrite(profile: ProfileSession): ProfileToWrite {
  const { name, region, credentials } = profile;
  return isRenewable(profile) ? { name, region, reference: profile.reference } : { name, region, credentials };
}

/** Throws a Failure if there is no folder for the job's own files. */
function pathsOf({ exports }: Request, env: Environment): ProfilePaths {
  return exports.profilesLocation === 'home' ? profilePaths(env, homeFolder) : jobFiles(env);
}

function placedBy(files: Entries): readonly string[] {
  const names = Object.keys(files);
  return names.length === 0 ? [] : ['AWS_DEFAULT_PROFILE', ...names];
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

/** A role that tools renew ends with the session. */
function describe(role: ProfileSession, session: Session): object {
  const { name, identity } = role;
  const renewable = isRenewable(role);
  const { expiration } = (renewable ? session : role).credentials;
  const described = { name, account: identity.account, arn: identity.arn, expiration: expiration?.toISOString() ?? '' };
  return renewable ? { ...described, renewable } : described;
}
