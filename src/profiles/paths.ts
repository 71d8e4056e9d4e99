import { homedir, userInfo } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { Failure, messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import type { ProfileFile } from './sections.ts';
import { USE_TEMP } from './unwritable.ts';

/** The two files, as absolute paths. */
export type ProfilePaths = Readonly<Record<ProfileFile, string>>;

/** In RUNNER_TEMP; the steps of a job share it. */
const FOLDER = 'aws-mfa-credentials';

/**
 * Where the profile files are: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, with variables and a leading `~` expanded
 * as the AWS CLI does it, else `config` and `credentials` in `.aws` of the home folder. An empty variable is one that is not
 * set. `home` is asked only for what lies there. Throws a Failure `profile-unwritable` for another user's home folder.
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

/** The files of the job's own, which the runner removes with its temporary folder. Throws a Failure where there is none. */
export function temporaryProfilePaths(env: Environment): ProfilePaths {
  const temp = env['RUNNER_TEMP'];
  if (temp) return { config: resolve(temp, FOLDER, 'config'), credentials: resolve(temp, FOLDER, 'credentials') };
  throw new Failure('profile-unwritable', 'profiles-location is temp, and RUNNER_TEMP is not set.', {
    remedy: 'Run this as a step of a workflow, or leave profiles-location out.',
  });
}

const VARIABLE = /\$(?:(\w+)|\{([^}]*)\})/g;
const VARIABLE_ON_WINDOWS = /\$(?:(\w+)|\{([^}]*)\})|%([^%]+)%/g;

/**
 * The user's home folder; an empty HOME is one that is not set. Throws a Failure where the system knows none: a user ID without
 * a name, and no HOME.
 */
export function homeFolder(): string {
  try {
    return homedir() || userInfo().homedir;
  } catch (error) {
    throw new Failure('profile-unwritable', `This user has no home folder (${messageOf(error)}).`, {
      cause: error,
      remedy: `Set HOME, or ${USE_TEMP}.`,
    });
  }
}

/** As Python's `os.path.expandvars`, which botocore applies first: what is not set stays as it is. */
function expandVariables(path: string, env: Environment): string {
  return path.replace(
    sep === '\\' ? VARIABLE_ON_WINDOWS : VARIABLE,
    (whole, plain, braced, percent) => env[plain ?? braced ?? percent] ?? whole,
  );
}

function expandHome(path: string, variable: string, home: () => string): string {
  if (!path.startsWith('~')) return path;
  if (path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`)) return join(home(), path.slice(1));
  throw new Failure('profile-unwritable', `${variable} names the home folder of another user: ${path}.`, {
    remedy: `Write the path in ${variable} in full, or ${USE_TEMP}.`,
  });
}
