import { homedir, userInfo } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { Failure, messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import type { ProfileFile } from './sections.ts';

/** The two files, as absolute paths. */
export type ProfilePaths = Readonly<Record<ProfileFile, string>>;

/**
 * The paths of the profile files: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, with variables and a leading `~` expanded as
 * the AWS CLI does it; otherwise `config` and `credentials` in `.aws` of the home folder. An empty variable counts as not set.
 * `home` is only called if it is needed. Throws a Failure `profile-unwritable` for another user's home folder.
 */
export function profilePaths(env: Environment, home: () => string): ProfilePaths {
  const locate = (variable: string, file: ProfileFile): string => {
    const given = env[variable];
    if (given === undefined || given === '') return resolve(home(), '.aws', file);
    return resolve(expandHome(expandVariables(given, env), variable, home));
  };
  return {
    config: locate('AWS_CONFIG_FILE', 'config'),
    credentials: locate('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}

/** The profile files in a folder. */
export function profilePathsIn(folder: string): ProfilePaths {
  return { config: resolve(folder, 'config'), credentials: resolve(folder, 'credentials') };
}

/**
 * The user's home folder. An empty HOME counts as not set. Throws a Failure if the system knows none: a user ID without a name, and
 * no HOME.
 */
export function homeFolder(): string {
  try {
    return homedir() || userInfo().homedir;
  } catch (error) {
    throw new Failure('profile-unwritable', { reason: 'no-home', error: messageOf(error) }, { cause: error });
  }
}

const VARIABLE = /\$(?:(\w+)|\{([^}]*)\})/g;
const VARIABLE_ON_WINDOWS = /\$(?:(\w+)|\{([^}]*)\})|%([^%]+)%/g;

/** As Python's `os.path.expandvars`, which botocore applies first: a variable that isn't set stays as it is. */
function expandVariables(path: string, env: Environment): string {
  return path.replace(
    sep === '\\' ? VARIABLE_ON_WINDOWS : VARIABLE,
    (whole, plain, braced, percent) => env[plain ?? braced ?? percent] ?? whole,
  );
}

function expandHome(path: string, variable: string, home: () => string): string {
  if (!path.startsWith('~')) return path;
  if (path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`)) return join(home(), path.slice(1));
  throw new Failure('profile-unwritable', { reason: 'other-home', variable, path });
}
