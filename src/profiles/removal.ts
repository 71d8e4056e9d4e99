import { isFailure } from '../core/failure.ts';
import { cacheFile } from './cli-cache.ts';
import { isFolderGone, readSnapshot, textOf } from './file.ts';
import { type Pause, sleep } from './lock.ts';
import type { ProfileNotice } from './notice.ts';
import { homeFolder } from './paths.ts';
import { FILES } from './profiles.ts';
import { withoutProfiles } from './restore.ts';
import type { ProfileFile } from './sections.ts';
import { removeFile, reporting, unwritable } from './system.ts';
import { Transaction } from './transaction.ts';
import type { WrittenFile, WrittenProfiles } from './written.ts';

/**
 * Takes out of both files the sections that are still exactly what was written, and removes the files that were made for them and
 * are empty then. Never throws. Waits for the locks through `pause`, ten seconds at most for each file. What went wrong is in the
 * notices; if nothing did, they say what was removed.
 */
export async function removeProfiles(
  written: WrittenProfiles,
  pause: Pause = sleep,
): Promise<readonly ProfileNotice[]> {
  const problems: ProfileNotice[] = [];
  const removed = new Set<string>();
  for (const file of FILES) {
    const { path, sections } = written[file];
    try {
      const { changed, found, stuck } = await removeFrom(file, { path, sections: sectionsIn(file, written) }, pause);
      for (const name of found) removed.add(name);
      for (const leftover of stuck) problems.push({ kind: 'temporary-not-removed', path: leftover });
      if (changed.length > 0) problems.push({ kind: 'changed', path, names: changed });
    } catch (error) {
      const failure = isFailure(error, 'profile-locked') ? error : unwritable(path, error);
      problems.push({ kind: 'not-removed', path, names: sections.map(({ name }) => name), failure });
    }
  }
  problems.push(...removeCached(written));
  if (problems.length > 0 || removed.size === 0) return problems;
  return [{ kind: 'removed', names: [...removed] }];
}

/** A tool may have put credentials into the credentials file for a profile that we wrote only into the config file. */
function sectionsIn(file: ProfileFile, written: WrittenProfiles): WrittenFile['sections'] {
  const own = written[file].sections;
  const emptied = written.config.sections.filter((section) => section.emptied === true);
  return [...own, ...emptied.filter(({ name }) => !own.some((section) => section.name === name))];
}

/** Removes the sessions that the AWS CLI has cached for these profiles: they would be valid for up to an hour. */
function removeCached({ config }: WrittenProfiles): readonly ProfileNotice[] {
  return config.sections.flatMap(({ cached }): readonly ProfileNotice[] => {
    if (cached === undefined) return [];
    let path = cached;
    try {
      path = cacheFile(homeFolder(), cached);
      removeFile(path);
      return [];
    } catch {
      return [{ kind: 'temporary-not-removed', path }];
    }
  });
}

interface RemovalFromFile {
  readonly changed: readonly string[];
  readonly found: readonly string[];
  /** Temporary files that could not be removed. */
  readonly stuck: readonly string[];
}

async function removeFrom(file: ProfileFile, { path, sections }: WrittenFile, pause: Pause): Promise<RemovalFromFile> {
  if (reporting(path, () => isFolderGone(path))) return { changed: [], found: [], stuck: [] };
  // Refuses a link before anything, including the lock, is put where it leads.
  readSnapshot(path);
  const transaction = await Transaction.begin([path], pause);
  try {
    const snapshot = readSnapshot(path);
    const before = textOf(snapshot);
    const { text, changed, found, file: left } = withoutProfiles(before, file, sections);
    if (text !== before) transaction.stage(snapshot, left === 'remove' ? undefined : text);
    transaction.commit();
    return { changed, found, stuck: transaction.stuck };
  } finally {
    transaction.release();
  }
}
