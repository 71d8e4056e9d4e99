import type { Environment } from '../core/ports.ts';
import type { ProfilePaths } from '../profiles/paths.ts';
import { CREDENTIAL_VARIABLES } from './child-environment.ts';
import type { CredentialServer } from './credential-server.ts';

/** What must not be sent to a proxy, least of all the token: the SDK for Rust would, and so would Node with NODE_USE_ENV_PROXY. */
const WITHOUT_PROXY = ['127.0.0.1', 'localhost'];

/** The environment of a child whose SDKs get their credentials from the server. `files` are used instead of the user's. */
export function servingEnvironment(
  env: Environment,
  { url, token }: Pick<CredentialServer, 'url' | 'token'>,
  files: ProfilePaths | undefined,
  system: NodeJS.Platform = process.platform,
): Readonly<Record<string, string>> {
  // Windows doesn't distinguish aws_profile from AWS_PROFILE.
  const named = (name: string): string => (system === 'win32' ? name.toUpperCase() : name);
  const set: Readonly<Record<string, string>> = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    // Not a file: older SDKs know only this.
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    // If the server is gone, the SDK for Java would become the machine's own role without a word.
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(files && { AWS_CONFIG_FILE: files.config, AWS_SHARED_CREDENTIALS_FILE: files.credentials }),
    ...exceptions(env, system),
  };
  const replaced = new Set([...CREDENTIAL_VARIABLES, ...Object.keys(set)]);
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || replaced.has(named(name)) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ...set };
}

/**
 * The hosts that need no proxy, in both spellings: each program reads one of them first. A spelling that wasn't set begins with the other,
 * which it would hide.
 */
function exceptions(env: Environment, system: NodeJS.Platform): Readonly<Record<string, string>> {
  if (system === 'win32') {
    const [, value] = Object.entries(env).find(([name]) => name.toUpperCase() === 'NO_PROXY') ?? [];
    return { NO_PROXY: withLoopback(value) };
  }
  const { NO_PROXY, no_proxy } = env;
  return { NO_PROXY: withLoopback(NO_PROXY ?? no_proxy), no_proxy: withLoopback(no_proxy ?? NO_PROXY) };
}

function withLoopback(value = ''): string {
  const hosts = value.split(/[\s,]+/);
  // Every host. Most programs understand it only if nothing else is there.
  if (hosts.includes('*')) return value;
  const missing = WITHOUT_PROXY.filter((host) => !hosts.includes(host));
  return [...(value.trim() === '' ? [] : [value]), ...missing].join(',');
}
