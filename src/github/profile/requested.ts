import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ProfileSession } from '../../core/many-roles.ts';
import type { Clock } from '../../core/ports.ts';
import type { Request } from '../../core/request/request.ts';
import type { Entries } from '../command-file.ts';
import type { Handover } from '../export.ts';
import type { Environment } from '../inputs.ts';
import {
  checkProfiles,
  type PreparedProfiles,
  type ProfilePaths,
  prepareProfiles,
  profilePaths,
  temporaryProfilePaths,
} from './profile.ts';

/** The profiles that a request asks for, ready to appear, and what goes with them. */
export interface RequestedProfiles extends PreparedProfiles {
  /** Where tools find the files, where that is not where they look anyway. */
  readonly variables: Entries;
  readonly outputs: Entries;
  /** What stands for "not set" in those variables: an empty one would hide the user's own files from botocore. */
  readonly unset: Readonly<Record<string, string | undefined>>;
}

/** Fails where the profiles cannot be written, before a code is spent on them. Throws what `checkProfiles` throws. */
export function checkRequested(request: Request, env: Environment): void {
  const { exports, roles } = request;
  const own = exports.profile === undefined ? [] : [exports.profile];
  checkProfiles(pathsOf(request, env), [...own, ...(roles ?? []).map(({ name }) => name)], exports.overwrite);
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
  const prepared = await prepareProfiles(paths, [...own, ...roles], exports.overwrite, pause);
  return {
    ...prepared,
    variables: exports.profilesLocation === 'temp' ? variablesFor(paths) : {},
    outputs: roles.length === 0 ? {} : { profiles: JSON.stringify(roles.map(describe)) },
    unset: variablesFor({
      config: join(homedir(), '.aws', 'config'),
      credentials: join(homedir(), '.aws', 'credentials'),
    }),
  };
}

function pathsOf({ exports }: Request, env: Environment): ProfilePaths {
  return exports.profilesLocation === 'temp' ? temporaryProfilePaths(env) : profilePaths(env, homedir());
}

function variablesFor({ config, credentials }: ProfilePaths): Entries {
  return { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
}

function describe({ name, identity, credentials }: ProfileSession): Readonly<Record<string, string>> {
  const expiration = credentials.expiration?.toISOString() ?? '';
  return { name, account: identity.account, arn: identity.arn, expiration };
}
