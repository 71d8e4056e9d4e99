import type { OverwriteRule } from '../core/request.ts';
import { checkApart, checkExisting, checkLockable, checkNames, checkValues } from './checks.ts';
import { readSnapshot, type Snapshot, textOf } from './file.ts';
import { type Pause, sleep } from './lock.ts';
import type { ProfileNotice } from './notice.ts';
import { ownershipNotices } from './ownership.ts';
import type { ProfilePaths } from './paths.ts';
import { problemForPython } from './python.ts';
import { rehearse } from './rehearsal.ts';
import type { ProfileFile } from './sections.ts';
import { type ProfileSection, withProfiles } from './text.ts';
import { Transaction } from './transaction.ts';
import type { WrittenFile, WrittenProfiles } from './written.ts';

/** A profile with the credentials of one session. */
export interface ProfileToWrite {
  readonly name: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** Profiles that are ready to appear, under the locks of both files. Nothing of them is on the disk yet. */
export interface PreparedProfiles {
  /** For the job's state. Save it before `commit`: a step may be killed during that. */
  readonly written: WrittenProfiles;
  /** Makes the profiles visible in both files, or in neither and throws a Failure. */
  commit(): void;
  /** Restores the exact bytes and permissions from before `commit`; without one it does nothing. Throws a Failure. */
  rollback(): void;
  /** Removes what isn't committed, and releases the locks. Belongs in a `finally`; never throws. */
  release(): void;
}

/** The credentials file comes first: tools that find a name look for its keys. */
export const FILES = ['credentials', 'config'] as const satisfies readonly ProfileFile[];

/**
 * Whether profiles of these names can be written, before any call is made. Changes nothing. Throws a Failure `profile-exists` if one
 * exists and may not be replaced, and `profile-unwritable` if a name or a file can't be used.
 */
export function checkProfiles(paths: ProfilePaths, names: readonly string[], overwrite: OverwriteRule): void {
  checkNames(names);
  const snapshots = { config: readSnapshot(paths.config), credentials: readSnapshot(paths.credentials) };
  checkApart(snapshots.config, snapshots.credentials);
  for (const file of FILES) {
    checkLockable(snapshots[file]);
    checkExisting(snapshots[file], file, names, overwrite);
  }
}

/** The most that one profile takes in a file: today's session tokens have a few hundred characters. */
const BYTES_OF_PROFILE = 4096;

/**
 * Does everything that writing these profiles will do, except for showing them: takes the locks, writes files of that size next to
 * both, and removes them again. Throws what `prepareProfiles` throws, and what `inspect` throws, which looks at the folder before
 * anything is made in it.
 */
export async function rehearseProfiles(
  paths: ProfilePaths,
  names: readonly string[],
  overwrite: OverwriteRule,
  pause: Pause = sleep,
  inspect: () => void = () => undefined,
): Promise<readonly ProfileNotice[]> {
  inspect();
  checkProfiles(paths, names, overwrite);
  const transaction = await Transaction.begin([paths.config, paths.credentials], pause);
  try {
    inspect();
    const notices = FILES.flatMap((file): readonly ProfileNotice[] => {
      const path = paths[file];
      const snapshot = readExisting(path, file, names, overwrite);
      const text = textOf(snapshot);
      const made = rehearse(snapshot, text.length + names.length * BYTES_OF_PROFILE);
      const problem = problemForPython(text);
      return [
        ...ownershipNotices(path, made),
        ...(problem === undefined ? [] : [{ kind: 'unreadable-for-python', path, problem } as const]),
      ];
    });
    // Both files usually lie in the same folder.
    return [...new Map(notices.map((notice) => [JSON.stringify(notice), notice])).values()];
  } finally {
    transaction.release();
  }
}

function readExisting(path: string, file: ProfileFile, names: readonly string[], overwrite: OverwriteRule): Snapshot {
  const snapshot = readSnapshot(path);
  checkExisting(snapshot, file, names, overwrite);
  return snapshot;
}

/**
 * Takes the locks and works out both new texts. Nothing is written yet, so nothing stays if the step is killed here.
 *
 * What gave credentials to a profile that is replaced is removed, and the post step doesn't restore it: it is stored nowhere. Its
 * region is restored, and other settings stay. Throws what `checkProfiles` throws, and `profile-locked` after waiting for ten
 * seconds through `pause`. `inspect` looks at the folder again before anything is written there.
 */
export async function prepareProfiles(
  paths: ProfilePaths,
  profiles: readonly ProfileToWrite[],
  overwrite: OverwriteRule,
  pause: Pause = sleep,
  inspect: () => void = () => undefined,
): Promise<PreparedProfiles> {
  const names = profiles.map(({ name }) => name);
  inspect();
  checkProfiles(paths, names, overwrite);
  for (const file of FILES) profiles.map(sectionFor(file)).forEach(checkValues);
  const transaction = await Transaction.begin([paths.config, paths.credentials], pause);
  const stage = (file: ProfileFile): WrittenFile => {
    const snapshot = readExisting(paths[file], file, names, overwrite);
    const origin = snapshot.found === undefined ? 'new' : 'existing';
    const { text, digests } = withProfiles(textOf(snapshot), file, profiles.map(sectionFor(file)), origin);
    transaction.stage(snapshot, text);
    return { path: paths[file], sections: digests };
  };
  try {
    inspect();
    const written = { credentials: stage('credentials'), config: stage('config') };
    return {
      written,
      commit() {
        inspect();
        transaction.commit();
      },
      rollback: () => transaction.rollback(),
      release: () => transaction.release(),
    };
  } catch (error) {
    transaction.release();
    throw error;
  }
}

function sectionFor(file: ProfileFile): (profile: ProfileToWrite) => ProfileSection {
  return ({ name, region, credentials }) => ({
    name,
    settings:
      file === 'config'
        ? [['region', region]]
        : [
            ['aws_access_key_id', credentials.accessKeyId],
            ['aws_secret_access_key', credentials.secretAccessKey],
            ['aws_session_token', credentials.sessionToken],
          ],
  });
}
