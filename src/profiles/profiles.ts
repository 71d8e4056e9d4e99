import type { Keys } from '../core/credentials.ts';
import type { OverwriteRule } from '../core/request.ts';
import type { RoleReferenceSettings } from '../core/session/renew.ts';
import { checkApart, checkExisting, checkLockable, checkNames, checkValues } from './checks.ts';
import { cacheNameOf } from './cli-cache.ts';
import type { CopiedSettings } from './copy.ts';
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
import type { SectionDigest, WrittenFile, WrittenProfiles } from './written.ts';

/** A profile with the credentials of one session, or one whose role tools assume themselves. */
export type ProfileToWrite = { readonly name: string; readonly region: string } & (
  | { readonly credentials: Keys & { readonly sessionToken: string } }
  | { readonly reference: RoleReferenceSettings }
);

/** What is special about the files that profiles are written to. */
export interface ProfilePlace {
  /** Looks at their folder before anything is written there. Throws a Failure if it can't be trusted. */
  readonly inspect?: () => void;
  /** What a new config file begins with. */
  readonly copied?: CopiedSettings | undefined;
  /** What the post step makes of the profiles: by default it removes them. */
  readonly afterwards?: 'emptied' | undefined;
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
export function checkProfiles(
  paths: ProfilePaths,
  names: readonly string[],
  overwrite: OverwriteRule,
  copied?: CopiedSettings,
): void {
  checkNames(names);
  const snapshots = { config: readSnapshot(paths.config), credentials: readSnapshot(paths.credentials) };
  checkApart(snapshots.config, snapshots.credentials);
  for (const file of FILES) {
    checkLockable(snapshots[file]);
    checkExisting(snapshots[file].path, textOf(snapshots[file]), file, names, overwrite);
  }
  // These have no credentials, so they may be replaced; but not if tools disagree on where they end.
  if (copied !== undefined) checkExisting(copied.path, copied.text, 'config', names, 'replace');
}

/** A file's text, or what a new one begins with. */
function textToChange(snapshot: Snapshot, file: ProfileFile, copied: CopiedSettings | undefined): string {
  const isNewConfig = file === 'config' && snapshot.found === undefined;
  return isNewConfig && copied !== undefined ? copied.text : textOf(snapshot);
}

/** The most that one profile takes in a file: today's session tokens have a few hundred characters. */
const BYTES_OF_PROFILE = 4096;

/**
 * Does everything that writing these profiles will do, except for showing them: takes the locks, writes files of that size next to
 * both, and removes them again. Throws what `prepareProfiles` throws.
 */
export async function rehearseProfiles(
  paths: ProfilePaths,
  names: readonly string[],
  overwrite: OverwriteRule,
  pause: Pause = sleep,
  { inspect = () => undefined, copied }: ProfilePlace = {},
): Promise<readonly ProfileNotice[]> {
  inspect();
  checkProfiles(paths, names, overwrite, copied);
  const transaction = await Transaction.begin([paths.config, paths.credentials], pause);
  try {
    inspect();
    const notices = FILES.flatMap((file): readonly ProfileNotice[] => {
      const path = paths[file];
      const snapshot = readExisting(path, file, names, overwrite);
      const text = textToChange(snapshot, file, copied);
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
  checkExisting(path, textOf(snapshot), file, names, overwrite);
  return snapshot;
}

/**
 * Takes the locks and works out both new texts. Nothing is written yet, so nothing stays if the step is killed here.
 *
 * What gave credentials to a profile that is replaced is removed, and the post step doesn't restore it: it is stored nowhere. Its
 * region is restored, and other settings stay. Throws what `checkProfiles` throws, and `profile-locked` after waiting for ten
 * seconds through `pause`.
 */
export async function prepareProfiles(
  paths: ProfilePaths,
  profiles: readonly ProfileToWrite[],
  overwrite: OverwriteRule,
  pause: Pause = sleep,
  { inspect = () => undefined, copied, afterwards }: ProfilePlace = {},
): Promise<PreparedProfiles> {
  const names = profiles.map(({ name }) => name);
  inspect();
  checkProfiles(paths, names, overwrite, copied);
  for (const file of FILES) profiles.map(sectionFor(file)).forEach(checkValues);
  const caches = new Map(profiles.map((profile) => [profile.name, cacheOf(profile)]));
  const transaction = await Transaction.begin([paths.config, paths.credentials], pause);
  const stage = (file: ProfileFile): WrittenFile => {
    const snapshot = readExisting(paths[file], file, names, overwrite);
    const before = textToChange(snapshot, file, copied);
    const origin = snapshot.found === undefined && before === '' ? 'new' : 'existing';
    const { text, digests } = withProfiles(before, file, profiles.map(sectionFor(file)), origin);
    transaction.stage(snapshot, text);
    const emptied = { ...(afterwards === 'emptied' && { emptied: true as const }) };
    const sections = digests.map((digest): SectionDigest => ({ ...digest, ...emptied, ...caches.get(digest.name) }));
    return { path: paths[file], sections };
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

/** Where the AWS CLI will keep a session of the profile's role. */
function cacheOf(profile: ProfileToWrite): Pick<SectionDigest, 'cached'> {
  return 'reference' in profile ? { cached: cacheNameOf(profile.reference) } : {};
}

function sectionFor(file: ProfileFile): (profile: ProfileToWrite) => ProfileSection {
  return (profile) => ({
    name: profile.name,
    settings: file === 'config' ? configOf(profile) : 'reference' in profile ? [] : keysOf(profile.credentials),
  });
}

function configOf(profile: ProfileToWrite): ProfileSection['settings'] {
  const region = ['region', profile.region] as const;
  if (!('reference' in profile)) return [region];
  const { roleArn, sourceProfile, sessionName, externalId, durationSeconds } = profile.reference;
  return [
    region,
    ['role_arn', roleArn],
    ['source_profile', sourceProfile],
    ['role_session_name', sessionName],
    // Some SDKs would take 15 minutes otherwise.
    ['duration_seconds', String(durationSeconds)],
    ...(externalId === undefined ? [] : [['external_id', externalId] as const]),
  ];
}

function keysOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: Keys & { readonly sessionToken: string }): ProfileSection['settings'] {
  return [
    ['aws_access_key_id', accessKeyId],
    ['aws_secret_access_key', secretAccessKey],
    ['aws_session_token', sessionToken],
  ];
}
