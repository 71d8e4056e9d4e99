import { messageOf } from '../core/failure.ts';
import type { OverwriteRule } from '../core/request.ts';
import { checkApart, checkExisting, checkLockable, checkNames, checkValues, naming } from './checks.ts';
import { readSnapshot, type Snapshot, textOf } from './file.ts';
import { isFolderGone } from './folder.ts';
import { type Pause, sleep } from './lock.ts';
import { warningsOf } from './ownership.ts';
import type { ProfilePaths } from './paths.ts';
import { problemForPython } from './python.ts';
import { rehearse } from './rehearsal.ts';
import type { ProfileFile } from './sections.ts';
import type { WrittenFile, WrittenProfiles } from './state.ts';
import { type ProfileSection, type TextWithoutProfiles, withoutProfiles, withProfiles } from './text.ts';
import { Transaction } from './transaction.ts';
import { reporting } from './unwritable.ts';

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

/** Profiles that are ready to appear, under the locks of both files. Nothing of them is on the disk yet. */
export interface PreparedProfiles {
  /** For the job's state. Save it before `commit`: a step may be killed within that. */
  readonly written: WrittenProfiles;
  /** Makes the profiles visible in both files, or in neither and throws a Failure. */
  commit(): void;
  /** Puts back the exact bytes and permissions from before `commit`; without one it does nothing. Throws a Failure. */
  rollback(): void;
  /** Removes what is not committed, and releases the locks. Belongs in a `finally`; never throws. */
  release(): void;
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

/** What one profile takes in a file at most: the session tokens of today have a few hundred characters. */
const BYTES_OF_PROFILE = 4096;

/**
 * Does all that writing these profiles will do, but for showing them: takes the locks, writes files of the size next to both,
 * and removes them again. Returns warnings of others who may change the files. Throws what `prepareProfiles` throws, and what
 * `inspect` throws, which looks at the folder before anything is made in it.
 */
export async function rehearseProfiles(
  paths: ProfilePaths,
  names: readonly string[],
  overwrite: OverwriteRule,
  pause: Pause = sleep,
  inspect: () => void = () => undefined,
): Promise<readonly string[]> {
  inspect();
  checkProfiles(paths, names, overwrite);
  const transaction = await Transaction.begin([paths.config, paths.credentials], pause);
  try {
    inspect();
    const warnings = FILES.flatMap((file) => {
      const snapshot = readExisting(transaction, paths, file, names, overwrite);
      const made = rehearse(snapshot, textOf(snapshot).length + names.length * BYTES_OF_PROFILE);
      const problem = problemForPython(textOf(snapshot));
      return [
        ...warningsOf(paths[file], made),
        ...(problem === undefined
          ? []
          : [
              `The AWS CLI and boto3 cannot read ${paths[file]}: ${problem}. They will not find the profiles that are written there: correct it, or set profiles-location: temp.`,
            ]),
      ];
    });
    return [...new Set(warnings)];
  } finally {
    transaction.release();
  }
}

function readExisting(
  transaction: Transaction,
  paths: ProfilePaths,
  file: ProfileFile,
  names: readonly string[],
  overwrite: OverwriteRule,
): Snapshot {
  const snapshot = transaction.read(paths[file]);
  checkExisting(snapshot, file, names, overwrite);
  return snapshot;
}

/**
 * Takes the locks and works out both new texts. Nothing is written yet, so that nothing stays if the step is killed here.
 *
 * Of a profile that is replaced, what gives credentials goes, and the post step does not bring that back: it is stored nowhere.
 * Its region comes back, and other settings stay. Throws what `checkProfiles` throws, and
 * `profile-locked` after ten seconds of waiting, which are spent through `pause`. `inspect` looks at the folder once more
 * before anything is written there.
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
    const snapshot = readExisting(transaction, paths, file, names, overwrite);
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

/** What became of the profiles in the post step. */
export interface Removal {
  /** The names of those that were taken out. */
  readonly removed: readonly string[];
  /** Each a sentence or two that say what to do. */
  readonly warnings: readonly string[];
}

/**
 * Takes out of both files the sections that are still exactly what was written, and removes the files that were made for them and
 * are empty then. Never throws. Waits for the locks through `pause`, ten seconds at most for each file.
 */
export async function removeProfiles(written: WrittenProfiles, pause: Pause = sleep): Promise<Removal> {
  const warnings: string[] = [];
  const removed = new Set<string>();
  for (const file of FILES) {
    const { path, sections } = written[file];
    const what = naming(sections.map(({ name }) => name));
    try {
      const { changed, found, stuck } = await removeFrom(file, written[file], pause);
      for (const name of found) removed.add(name);
      for (const leftover of stuck)
        warnings.push(`${leftover} may hold credentials and could not be removed. Remove it by hand.`);
      if (changed.length === 0) continue;
      warnings.push(
        `${path}: what this step wrote as ${naming(changed)} has changed since, so it was left there. Remove it by hand when nobody needs it.`,
      );
    } catch (error) {
      warnings.push(`The ${what} could not be removed from ${path}. ${messageOf(error)} Remove it by hand.`);
    }
  }
  return { removed: [...removed], warnings };
}

interface RemovalFromFile extends Pick<TextWithoutProfiles, 'changed' | 'found'> {
  /** Temporary files that could not be removed. */
  readonly stuck: readonly string[];
}

async function removeFrom(file: ProfileFile, { path, sections }: WrittenFile, pause: Pause): Promise<RemovalFromFile> {
  if (reporting(path, () => isFolderGone(path))) return { changed: [], found: [], stuck: [] };
  // Refuses a link before anything, the lock included, is put where it leads.
  readSnapshot(path);
  const transaction = await Transaction.begin([path], pause);
  try {
    const snapshot = transaction.read(path);
    const before = textOf(snapshot);
    const { text, changed, found, file: left } = withoutProfiles(before, file, sections);
    if (text !== before) transaction.stage(snapshot, left === 'remove' ? undefined : text);
    transaction.commit();
    return { changed, found, stuck: transaction.stuck };
  } finally {
    transaction.release();
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
