import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseKnownFiles } from '@smithy/core/config';
import { readPlainFile, Unreadable } from './plain-file.ts';
import type { Profiles } from './profile-keys.ts';

/** The profiles of ~/.aws, or of the files that the environment names. `places` is where they were looked for. */
export interface SharedFiles {
  readonly profiles: Profiles;
  readonly places: readonly string[];
}

/** Reads the two files, after checking that reading them can't block. `missing` collects why one of them can't be used. */
export async function readSharedFiles(env: NodeJS.ProcessEnv, missing: string[]): Promise<SharedFiles> {
  const home = homeOf(env);
  const look = (variable: string, name: string): { readonly path: string; readonly place: string } => {
    const named = env[variable];
    const path = named ? named.replace(/^~(?=\/)/, home) : join(home, '.aws', name);
    const place = named ? path : `~/.aws/${name}`;
    if (!named && home === '') return { path: '', place };
    try {
      readPlainFile(path, named ? `the file in ${variable}` : `the file ${place}`);
    } catch (error) {
      // The home folder may belong to another user.
      if (named || !(error instanceof Unreadable)) throw error;
      missing.push(error.message);
    }
    return { path, place };
  };
  const config = look('AWS_CONFIG_FILE', 'config');
  const credentials = look('AWS_SHARED_CREDENTIALS_FILE', 'credentials');
  const places = [config.place, credentials.place];
  try {
    const files = { configFilepath: config.path, filepath: credentials.path, ignoreCache: true };
    return { profiles: await parseKnownFiles(files), places };
  } catch {
    // The SDK needs a home folder even if it has nothing to look for there.
    missing.push('this user has no home folder');
    return { profiles: {}, places };
  }
}

function homeOf({ HOME, USERPROFILE }: NodeJS.ProcessEnv): string {
  try {
    return HOME || USERPROFILE || homedir();
  } catch {
    return '';
  }
}
