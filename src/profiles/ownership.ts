import { lstatSync, mkdtempSync, readdirSync, rmdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { ProfileNotice } from './notice.ts';
import type { ProfilePaths } from './paths.ts';
import { reporting } from './system.ts';

/** What this process's own files look like in a folder. Bind mounts map owners, so the process's user ID doesn't say. */
interface Look {
  readonly uid: number;
  /** Whether permissions are kept: on some file systems everyone can access everything. */
  readonly keepsModes: boolean;
}

const OTHERS_MAY_WRITE = 0o022;

/**
 * Throws a Failure `profile-unwritable` if the folder of the files, or anything in it, wasn't made by this user: whoever planted it
 * could read the credentials, or make tools run commands. A missing folder is fine.
 */
export function requireOwnFolder({ credentials }: ProfilePaths): void {
  reporting(credentials, () => {
    const folder = dirname(credentials);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return;
    const own = lookOfOwnFilesIn(dirname(folder));
    requireOwn(folder, found, own);
    if (!found.isDirectory())
      throw new Failure('profile-unwritable', { reason: 'not-a-folder', path: credentials, folder });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const entry = lstatSync(path, { throwIfNoEntry: false });
      if (entry !== undefined) requireOwn(path, entry, own);
    }
  });
}

/** Makes a file in the folder to see what it looks like, and removes it. */
export function lookOfOwnFilesIn(folder: string): Look {
  const sample = mkdtempSync(join(folder, 'aws-mfa-credentials-'));
  try {
    const { uid, mode } = lstatSync(sample);
    return { uid, keepsModes: process.platform !== 'win32' && (mode & OTHERS_MAY_WRITE) === 0 };
  } finally {
    rmdirSync(sample);
  }
}

function requireOwn(path: string, found: Stats, { uid, keepsModes }: Look): void {
  const because = found.isSymbolicLink()
    ? 'link'
    : found.uid !== uid
      ? 'owned-by-others'
      : keepsModes && (found.mode & OTHERS_MAY_WRITE) !== 0
        ? 'writable-by-others'
        : undefined;
  if (because !== undefined) throw new Failure('profile-unwritable', { reason: 'not-own', path, because });
}

/** Whether others own the user's own files or can change them; `made` is a file that was just made next to them. */
export function ownershipNotices(path: string, made: Stats): readonly ProfileNotice[] {
  if (process.platform === 'win32') return [];
  const folder = dirname(path);
  const around = lstatSync(folder);
  const found = lstatSync(path, { throwIfNoEntry: false });
  return [
    ...(isForeign(around, made) ? [{ kind: 'owned-by-others', path: folder } as const] : []),
    ...(isOpen(around) ? [{ kind: 'writable-by-others', path: folder } as const] : []),
    ...(found !== undefined && isForeign(found, made) ? [{ kind: 'owned-by-others', path } as const] : []),
  ];
}

/** What root owns is just as safe: root can do everything anyway. */
function isForeign({ uid }: Stats, made: Stats): boolean {
  return uid !== made.uid && uid !== 0;
}

/** Writable by others. A group with the user's own number has only this user; folders like /tmp let nobody replace others' files. */
function isOpen({ mode, uid, gid }: Stats): boolean {
  if ((mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}
