import { lstatSync, mkdtempSync, readdirSync, rmdirSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { ProfilePaths } from './paths.ts';
import { reporting } from './unwritable.ts';

/** How what this process makes in a folder looks. Bind mounts map owners, so the process's own number says nothing. */
interface Made {
  readonly uid: number;
  /** Whether permissions are kept: there are file systems on which everything is open to everybody. */
  readonly keepsModes: boolean;
}

const OTHERS_MAY_WRITE = 0o022;

/**
 * Throws a Failure `profile-unwritable` if the job's own folder, or anything in it, was put there by somebody else: whoever
 * planted it could read the credentials, or have tools run commands of theirs. A folder that is missing is fine.
 */
export function requireOwnFolder({ credentials }: ProfilePaths): void {
  reporting(credentials, () => {
    const folder = dirname(credentials);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return;
    const made = lookOfWhatIsMadeIn(dirname(folder));
    requireOwn(folder, found, made);
    if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const entry = lstatSync(path, { throwIfNoEntry: false });
      if (entry !== undefined) requireOwn(path, entry, made);
    }
  });
}

function lookOfWhatIsMadeIn(folder: string): Made {
  const sample = mkdtempSync(join(folder, 'aws-mfa-credentials-'));
  try {
    const { uid, mode } = lstatSync(sample);
    return { uid, keepsModes: process.platform !== 'win32' && (mode & OTHERS_MAY_WRITE) === 0 };
  } finally {
    rmdirSync(sample);
  }
}

function requireOwn(path: string, found: Stats, { uid, keepsModes }: Made): void {
  const problem = found.isSymbolicLink()
    ? 'is a symbolic link'
    : found.uid !== uid
      ? 'belongs to another user'
      : keepsModes && (found.mode & OTHERS_MAY_WRITE) !== 0
        ? 'can be changed by other users'
        : undefined;
  if (problem !== undefined)
    throw new Failure('profile-unwritable', `${path} ${problem}, so it is not this job's own.`);
}

/** How the user's own files can be changed, or are owned, by others; `made` is a file that was made next to them just now. */
export function warningsOf(path: string, made: Stats): readonly string[] {
  if (process.platform === 'win32') return [];
  const folder = dirname(path);
  const around = lstatSync(folder);
  const found = lstatSync(path, { throwIfNoEntry: false });
  const others = [
    ...(isForeign(around, made) ? [`${folder} belongs to another user`] : []),
    ...(isOpen(around) ? [`${folder} can be changed by other users`] : []),
    ...(found !== undefined && isForeign(found, made)
      ? [`${basename(path)} in ${folder} belongs to another user`]
      : []),
  ];
  return others.map(
    (what) =>
      `${what}, who can read or replace the credentials that are written there. Take it over, or set profiles-location: temp.`,
  );
}

/** What root owns is no less safe: root can do everything anyway. */
function isForeign({ uid }: Stats, made: Stats): boolean {
  return uid !== made.uid && uid !== 0;
}

/** Open to others, but for a group of one user alone, which has the user's own number, and for folders like /tmp. */
function isOpen({ mode, uid, gid }: Stats): boolean {
  if ((mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}
