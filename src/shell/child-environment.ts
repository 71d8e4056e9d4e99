import type { SessionCredentials } from '../core/credentials.ts';
import type { Environment } from '../core/ports.ts';
import { variablesFor } from '../inputs/fallbacks.ts';
import { INPUT_NAMES } from '../inputs/names.ts';
import { isInFile } from './flags.ts';
import { variablesOf } from './formats.ts';

/** Set for the command that `exec` runs, so that another `exec` within it notices. */
export const NESTED = 'AWS_MFA_CREDENTIALS_EXEC';

/** What gives credentials, or is used together with them: with other credentials, none of it may be there. */
export const CREDENTIAL_VARIABLES: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  // Older names of the same.
  'AWS_SECURITY_TOKEN',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CREDENTIAL_FILE',
  // Where other credentials are. The keys win over them, but only until a program takes the keys out of its environment.
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  // Some SDKs prefer the file to the token, others the token to the file.
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  // ECS and CodeBuild set it. It wins over the address that --serve sets, and if it is only emptied, some SDKs fail.
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_ACCOUNT_ID',
];

/** The proxy's URL may hold a password, but the command needs the proxy. */
const KEPT = 'http-proxy';

/** The variables that hold the seed, a code, a key for sealing or a sealed session. */
const SECRETS: readonly string[] = INPUT_NAMES.filter((name) => isInFile(name) && name !== KEPT).flatMap(variablesFor);

/** The environment for a command, without any credentials and without the secrets that this program was given. */
export function cleanEnvironment(env: Environment): Record<string, string> {
  const removed = new Set([...CREDENTIAL_VARIABLES, ...SECRETS]);
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !removed.has(entry[0]),
  );
  return { ...Object.fromEntries(kept), [NESTED]: '1' };
}

/** The environment for a command that gets the credentials in variables. */
export function environmentWith(
  env: Environment,
  credentials: SessionCredentials,
  region: string,
): Readonly<Record<string, string>> {
  return { ...cleanEnvironment(env), ...variablesOf({ credentials, region }) };
}
