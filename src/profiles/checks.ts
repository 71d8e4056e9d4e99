import { lstatSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import type { OverwriteRule } from '../core/request.ts';
import { isSameFile, type Snapshot } from './file.ts';
import { existingProfiles, type ProfileFile } from './sections.ts';
import type { ProfileSection } from './text.ts';
import { isWritableName, isWritableValue } from './writable.ts';

// What must hold before profiles are written. Each check throws a Failure.

/** `profile-unwritable` for a name that would break a file, or that is used twice. */
export function checkNames(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (!isWritableName(name)) throw new Failure('profile-unwritable', { reason: 'bad-name', name });
    if (names.indexOf(name) !== index) throw new Failure('profile-unwritable', { reason: 'repeated-name', name });
  }
}

/** `profile-unwritable`, without the value, for one that wouldn't read back as itself. */
export function checkValues({ name, settings }: ProfileSection): void {
  const bad = settings.find(([, value]) => !isWritableValue(value));
  if (bad !== undefined) throw new Failure('profile-unwritable', { reason: 'bad-value', name, key: bad[0] });
}

/** `profile-locked` if a file is in the place of the lock: nobody would ever remove it. */
export function checkLockable({ path }: Snapshot): void {
  const lock = lstatSync(`${path}.lock`, { throwIfNoEntry: false });
  if (lock === undefined || lock.isDirectory()) return;
  throw new Failure('profile-locked', { reason: 'not-a-lock', path });
}

/** `profile-unwritable` if both files are the same: its `[default]` would be there twice. */
export function checkApart(config: Snapshot, credentials: Snapshot): void {
  if (isSameFile(config, credentials))
    throw new Failure('profile-unwritable', { reason: 'both-files', path: config.path });
}

/**
 * `profile-exists` if one of the profiles exists and may not be replaced; `profile-unwritable` if it may, but tools disagree on
 * which lines belong to it.
 */
export function checkExisting(
  path: string,
  text: string,
  file: ProfileFile,
  names: readonly string[],
  overwrite: OverwriteRule,
): void {
  const existing = existingProfiles(text, file, names);
  if (overwrite === 'refuse' && existing.length > 0)
    throw new Failure('profile-exists', { path, names: existing.map(({ name }) => name) });
  const ambiguous = existing.find((profile) => profile.ambiguous);
  if (ambiguous !== undefined)
    throw new Failure('profile-unwritable', { reason: 'ambiguous', path, name: ambiguous.name });
}
