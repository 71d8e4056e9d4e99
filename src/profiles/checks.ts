import { lstatSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import type { OverwriteRule } from '../core/request.ts';
import { isSameFile, type Snapshot, textOf } from './file.ts';
import { isWritableName } from './name.ts';
import type { ProfileFile } from './sections.ts';
import { existingProfiles, isWritableValue, type ProfileSection } from './text.ts';
import { USE_TEMP } from './unwritable.ts';

/** `profile a`, or `profiles a, b`. */
export function naming(names: readonly string[]): string {
  return `${names.length === 1 ? 'profile' : 'profiles'} ${names.join(', ')}`;
}

/** Throws a Failure `profile-unwritable` for a name that would break a file, or that comes twice. */
export function checkNames(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (!isWritableName(name)) {
      const message = `${JSON.stringify(name)} is no profile name that every AWS tool can read.`;
      const remedy =
        'Choose a name of letters, digits and the signs _ . : + @ % and -, other than DEFAULT and __proto__.';
      throw new Failure('profile-unwritable', message, { remedy });
    }
    if (names.indexOf(name) !== index) {
      const remedy = 'Give each profile a name of its own.';
      throw new Failure('profile-unwritable', `The profile name ${name} is given more than once.`, { remedy });
    }
  }
}

/** Throws a Failure `profile-unwritable`, without the value in it, where one would not read back as itself. */
export function checkValues({ name, settings }: ProfileSection): void {
  for (const [key, value] of settings) {
    if (isWritableValue(value)) continue;
    const message = `The ${key} for the profile ${name} is empty or has a character that a profile file cannot hold.`;
    const remedy = 'Leave aws-profile out: the environment can hold any value.';
    throw new Failure('profile-unwritable', message, { remedy });
  }
}

/** Throws a Failure `profile-locked` where a file stands in the place of the lock: nobody would ever take it away. */
export function checkLockable({ path }: Snapshot): void {
  const lock = lstatSync(`${path}.lock`, { throwIfNoEntry: false });
  if (lock === undefined || lock.isDirectory()) return;
  throw new Failure('profile-locked', `${path}.lock is in the place of the lock on ${path}, and is no lock.`, {
    remedy: `Remove it, or ${USE_TEMP}.`,
  });
}

/** Throws a Failure `profile-unwritable` where both files are one: its `[default]` would be there twice. */
export function checkApart(config: Snapshot, credentials: Snapshot): void {
  if (!isSameFile(config, credentials)) return;
  const remedy = `Let AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name two files, or ${USE_TEMP}.`;
  const message = `${config.path} would be both the config file and the credentials file.`;
  throw new Failure('profile-unwritable', message, { remedy });
}

/**
 * Throws a Failure `profile-exists` where one of the profiles is there and may not be replaced, `profile-unwritable` where
 * it may but tools disagree on which lines belong to it.
 */
export function checkExisting(
  snapshot: Snapshot,
  file: ProfileFile,
  names: readonly string[],
  overwrite: OverwriteRule,
): void {
  const existing = existingProfiles(textOf(snapshot), file, names);
  if (overwrite === 'refuse' && existing.length > 0) {
    const found = naming(existing.map(({ name }) => name));
    throw new Failure('profile-exists', `${snapshot.path} already has the ${found}.`);
  }
  const ambiguous = existing.find((profile) => profile.ambiguous);
  if (ambiguous === undefined) return;
  const message = `In ${snapshot.path} the profile ${ambiguous.name} begins or ends at an indented header, so tools disagree on what belongs to it.`;
  const remedy = `Move the header to the beginning of its line, or ${USE_TEMP}.`;
  throw new Failure('profile-unwritable', message, { remedy });
}
