import { messageOf } from '../../core/failure.ts';
import type { ProfileFile } from '../../core/profile/sections.ts';
import { type ProfileSection, withoutProfiles, withProfiles } from '../../core/profile/text.ts';
import type { OverwriteRule } from '../../core/request/exports.ts';
import { checkApart, checkExisting, checkLockable, checkNames, checkValues, naming } from './checks.ts';
import { readSnapshot, textOf } from './file.ts';
import { foldersOf, hasFolder, removeEmptyFolders } from './folder.ts';
import { type Pause, sleep } from './lock.ts';
import type { ProfilePaths } from './paths.ts';
import type { WrittenFile, WrittenProfiles } from './state.ts';
import { Transaction } from './transaction.ts';

export { naming } from './checks.ts';
export { homeFolder, type ProfilePaths, profilePaths, temporaryProfilePaths } from './paths.ts';
export { parseWrittenProfiles, type WrittenProfiles } from './state.ts';

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

/** Profiles that are ready to appear, under the locks of both files. */
export interface PreparedProfiles {
  /** For the job's state. Save it before `commit`: a step may be killed right behind that. */
  readonly written: WrittenProfiles;
  /** Makes the profiles visible in both files, or in neither and throws a Failure. */
  commit(): void;
  /** Puts back the exact bytes and permissions from before `commit`; without one it does nothing. Throws a Failure. */
  rollback(): void;
  /** Removes what was prepared and is not committed, and releases the locks. Belongs in a `finally`; never throws. */
  release(): Promise<void>;
}

/** Tools that find a name look for its keys: these come first. */
const FILES = ['credentials', 'config'] as const satisfies readonly ProfileFile[];

/**
 * Whether profiles of these names can be written, before any call is made. Changes nothing. Throws a Failure `profile-exists`
 * where one is there already and may not be replaced, `profile-unwritable` where a name or a file will not do.
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

/**
 * Takes the locks, works out both new texts and writes them to temporary files beside. Nothing visible has changed yet.
 *
 * A profile that is replaced is replaced as a whole, in both files: settings of the user's own in it go, and the post step
 * does not bring them back, since what others wrote is stored nowhere. Throws what `checkProfiles` throws, and
 * `profile-locked` after ten seconds of waiting, which are spent through `pause`.
 */
export async function prepareProfiles(
  paths: ProfilePaths,
  profiles: readonly ProfileToWrite[],
  overwrite: OverwriteRule,
  pause: Pause = sleep,
): Promise<PreparedProfiles> {
  const names = profiles.map(({ name }) => name);
  checkProfiles(paths, names, overwrite);
  for (const file of FILES) profiles.map(sectionFor(file)).forEach(checkValues);
  const transaction = await Transaction.begin([paths.config, paths.credentials], pause);
  const stage = (file: ProfileFile): WrittenFile => {
    const snapshot = transaction.read(paths[file]);
    checkExisting(snapshot, file, names, overwrite);
    const made = { file: snapshot.found === undefined, folders: transaction.foldersMadeFor(paths[file]) };
    const { text, digests } = withProfiles(textOf(snapshot), file, profiles.map(sectionFor(file)), made);
    transaction.stage(snapshot, text);
    return { path: paths[file], sections: digests };
  };
  try {
    const written = { credentials: stage('credentials'), config: stage('config') };
    return {
      written,
      commit: () => transaction.commit(),
      rollback: () => transaction.rollback(),
      release: () => transaction.release(),
    };
  } catch (error) {
    await transaction.release();
    throw error;
  }
}

/**
 * Takes out of both files the sections that are still exactly what was written, and removes the files and folders that were
 * made for them and are empty then. Never throws; returns warnings, each a sentence or two that say what to do. Waits for
 * the locks through `pause`, ten seconds at most for each file.
 */
export async function removeProfiles(written: WrittenProfiles, pause: Pause = sleep): Promise<readonly string[]> {
  const warnings: string[] = [];
  const folders: string[] = [];
  for (const file of FILES) {
    const { path, sections } = written[file];
    const what = naming(sections.map(({ name }) => name));
    try {
      const { changed, emptied } = await removeFrom(file, written[file], pause);
      folders.push(...emptied);
      if (changed.length === 0) continue;
      warnings.push(
        `${path}: what this step wrote as ${naming(changed)} has changed since, so it was left there. Remove it by hand when nobody needs it.`,
      );
    } catch (error) {
      warnings.push(`The ${what} could not be removed from ${path}. ${messageOf(error)} Remove it by hand.`);
    }
  }
  removeEmptyFolders(folders);
  return warnings;
}

async function removeFrom(
  file: ProfileFile,
  { path, sections }: WrittenFile,
  pause: Pause,
): Promise<{ readonly changed: readonly string[]; readonly emptied: readonly string[] }> {
  if (!hasFolder(path)) return { changed: [], emptied: [] };
  // Refuses a link before anything, the lock included, is put where it leads.
  readSnapshot(path);
  const transaction = await Transaction.begin([path], pause);
  try {
    const snapshot = transaction.read(path);
    const before = textOf(snapshot);
    const { text, changed, madeFolders } = withoutProfiles(before, file, sections);
    if (text !== before) transaction.stage(snapshot, madeFolders === undefined ? text : undefined);
    transaction.commit();
    return { changed, emptied: foldersOf(path, madeFolders ?? 0) };
  } finally {
    await transaction.release();
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
