import { lstatSync, statSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import { Failure, isFailure } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import { lookOfOwnFilesIn } from '../profiles/ownership.ts';
import { homeFolder } from '../profiles/paths.ts';
import { makeFolderOf } from '../profiles/system.ts';
import { unusable } from './private-file.ts';

const NAME = 'aws-mfa-credentials';
const OTHERS_MAY_WRITE = 0o022;

/** What decides where a user's files are. `home` is only called if it is needed. */
export interface UserSystem {
  readonly platform: NodeJS.Platform;
  readonly home: () => string;
}

/**
 * The folder in which all processes of this user share sessions and the codes they sent. It is made if it is missing, and only the
 * user can access it. Throws a Failure `cache-unusable` if it can't be made, if it or a link in its place belongs to another user,
 * or if others may write to it: they could plant or remove files.
 */
export function openUserFolder(
  env: Environment,
  system: UserSystem = { platform: process.platform, home: homeFolder },
): string {
  const folder = locateUserFolder(env, system);
  try {
    makeFolderOf(join(folder, NAME));
    requireOwnFolder(folder);
    return folder;
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Where that folder is. As the XDG specification says, a path that isn't absolute counts as not set. */
export function locateUserFolder(env: Environment, { platform, home }: UserSystem): string {
  const path = platform === 'win32' ? win32 : posix;
  const given = env[platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'];
  if (platform !== 'darwin' && given !== undefined && path.isAbsolute(given)) return path.join(given, NAME);
  const usual = platform === 'win32' ? 'AppData/Local' : platform === 'darwin' ? 'Library/Caches' : '.cache';
  try {
    return path.join(home(), usual, NAME);
  } catch (error) {
    if (!isFailure(error, 'profile-unwritable') || error.facts.reason !== 'no-home') throw error;
    throw new Failure('cache-unusable', { reason: 'no-home', error: error.facts.error }, { cause: error });
  }
}

function requireOwnFolder(path: string): void {
  const [itself, target] = [lstatSync(path), statSync(path)];
  if (!target.isDirectory()) throw new Failure('cache-unusable', { reason: 'not-a-folder', path });
  // Windows keeps other users out of LOCALAPPDATA, and has no such modes.
  if (process.getuid === undefined) return;
  const user = process.getuid();
  const isOwn = itself.uid === user && target.uid === user;
  // Bind mounts map owners, so it may be this user's all the same.
  if (!isOwn && ![itself.uid, target.uid].every((uid) => uid === lookOfOwnFilesIn(path).uid))
    throw new Failure('cache-unusable', { reason: 'owned-by-others', path });
  if ((target.mode & OTHERS_MAY_WRITE) !== 0)
    throw new Failure('cache-unusable', { reason: 'writable-by-others', path });
}
