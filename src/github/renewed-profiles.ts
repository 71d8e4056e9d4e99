import { existsSync } from 'node:fs';
import { messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import type { Renewal, Request } from '../core/request.ts';
import { type CopiedSettings, copySettings } from '../profiles/copy.ts';
import type { ProfileNotice } from '../profiles/notice.ts';
import { homeFolder, type ProfilePaths, profilePaths } from '../profiles/paths.ts';
import type { Entries } from './command-file.ts';
import { emptiedKeys } from './environment.ts';

// What goes with profiles whose roles tools renew.

/** The settings that the job's own files begin with, and what there is to say about them. */
export interface Copy {
  readonly copied: CopiedSettings | undefined;
  readonly notices: readonly ProfileNotice[];
}

/** The user's settings, which the job's own config file hides for as long as the job lasts. */
export function copyFor({ exports, renewal }: Request, { config }: ProfilePaths, env: Environment): Copy {
  if (renewal === undefined || exports.profilesLocation === 'home' || existsSync(config)) return NO_COPY;
  let path: string;
  try {
    path = profilePaths(env, homeFolder).config;
  } catch {
    // Then the tools have no settings either.
    return NO_COPY;
  }
  try {
    const copied = path === config ? undefined : copySettings(path);
    return copied?.text.trim() ? { copied, notices: [{ kind: 'settings-copied', path }] } : NO_COPY;
  } catch (error) {
    return { copied: undefined, notices: [{ kind: 'settings-not-copied', path, error: messageOf(error) }] };
  }
}

const NO_COPY: Copy = { copied: undefined, notices: [] };

/** What tools need to find the profiles, and to prefer the only one. */
export function variablesToRenew({ selected }: Renewal, region: string, env: Environment): Entries {
  // The SDKs for Go and JavaScript before the current ones read the config file only with this.
  const load = { AWS_SDK_LOAD_CONFIG: '1' };
  if (selected === undefined) return load;
  return {
    ...load,
    // Keys in the environment would win over the profile.
    ...emptiedKeys(env),
    AWS_PROFILE: selected,
    // botocore prefers this name if it is set.
    ...(env['AWS_DEFAULT_PROFILE'] && { AWS_DEFAULT_PROFILE: selected }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}
