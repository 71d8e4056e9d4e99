import { join, resolve, sep } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { ProfileFile } from '../../core/profile/sections.ts';

/** The two files, as absolute paths. */
export type ProfilePaths = Readonly<Record<ProfileFile, string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the profile files are: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, with variables and a leading `~` expanded
 * as the AWS CLI does it, else `config` and `credentials` in `.aws` of the home folder. An empty variable is one that is not
 * set. Throws a Failure `profile-unwritable` for another user's home folder.
 */
export function profilePaths(env: Environment, home: string): ProfilePaths {
  const locate = (variable: string, file: ProfileFile): string => {
    const given = env[variable];
    if (given === undefined || given === '') return resolve(home, '.aws', file);
    return resolve(expandHome(expandVariables(given, env), variable, home));
  };
  return {
    config: locate('AWS_CONFIG_FILE', 'config'),
    credentials: locate('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}

/** As Python's `os.path.expandvars`, which botocore applies first: what is not set stays as it is. */
function expandVariables(path: string, env: Environment): string {
  return path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => env[plain ?? braced] ?? whole);
}

function expandHome(path: string, variable: string, home: string): string {
  if (!path.startsWith('~')) return path;
  if (path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`)) return join(home, path.slice(1));
  throw new Failure('profile-unwritable', `${variable} names the home folder of another user: ${path}.`, {
    remedy: `Write the path in ${variable} in full.`,
  });
}
