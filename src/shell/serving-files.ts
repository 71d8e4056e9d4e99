import { messageOf } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import { contentsOf, givesCredentials } from '../profiles/contents.ts';
import { readProfileFile, withoutCredentials } from '../profiles/copy.ts';
import { homeFolder, type ProfilePaths, profilePaths, profilePathsIn } from '../profiles/paths.ts';
import { type ProfileFile, profilesIn, type Section, sectionsOf } from '../profiles/sections.ts';

/** Profile files that a child uses instead of the user's, and why. */
export interface ServingFiles {
  /** Where they must be written. */
  readonly paths: ProfilePaths;
  /** Their bytes as latin1. */
  readonly texts: Readonly<Record<ProfileFile, string>>;
  /** The user's files that they replace. */
  readonly replaced: readonly string[];
  /** Those of them that can't be read, so that their settings are missing. */
  readonly unreadable: readonly { readonly path: string; readonly error: string }[];
}

const FILES = ['config', 'credentials'] as const;

/**
 * The files that must be written to a folder, because SDKs would prefer `[default]` in the user's to the server; undefined if they
 * wouldn't.
 *
 * They hold the user's settings without credentials. Other profiles that give credentials are left out as a whole: an SDK that is told to
 * use one should say that it doesn't exist, and not use the server's credentials in its name.
 */
export function servingFiles(env: Environment, folder: string): ServingFiles | undefined {
  const users = profilePaths(env, () => homeOr(folder));
  const found = FILES.flatMap((file) => read(file, users[file]) ?? []);
  const giving = new Set(found.flatMap((each) => ('text' in each ? profilesThatGive(each) : [])));
  const unreadable = found.flatMap((each) => ('error' in each ? [{ path: each.path, error: each.error }] : []));
  if (!giving.has('default') && unreadable.length === 0) return undefined;
  const textOf = (file: ProfileFile): string => {
    const source = found.find((each) => each.file === file);
    return source !== undefined && 'text' in source ? withoutCredentials(withoutProfiles(source, giving)) : '';
  };
  return {
    paths: profilePathsIn(folder),
    texts: { config: textOf('config'), credentials: textOf('credentials') },
    replaced: found.map(({ path }) => path),
    unreadable,
  };
}

/** Without a home folder, there are no files in one: a folder of ours that has none does as well. */
function homeOr(folder: string): string {
  try {
    return homeFolder();
  } catch {
    return folder;
  }
}

interface Readable {
  readonly file: ProfileFile;
  readonly path: string;
  readonly text: string;
}

interface Unreadable {
  readonly file: ProfileFile;
  readonly path: string;
  readonly error: string;
}

/** A pipe, for example, can't be read twice, but gives credentials to the first SDK that reads it. */
function read(file: ProfileFile, path: string): Readable | Unreadable | undefined {
  try {
    const text = readProfileFile(path);
    return text === undefined ? undefined : { file, path, text };
  } catch (error) {
    return { file, path, error: messageOf(error) };
  }
}

function profilesThatGive({ file, text }: Readable): readonly string[] {
  const gives = (section: Section): boolean =>
    // SDKs disagree on where such a section ends.
    section.ambiguous || contentsOf(text, section).settings.some(givesCredentials);
  return [...profilesIn(text, file)].filter(([, sections]) => sections.some(gives)).map(([name]) => name);
}

/** A text without the sections of these profiles, except for `default`. */
function withoutProfiles({ file, text }: Readable, names: ReadonlySet<string>): string {
  const removed = new Set(
    [...profilesIn(text, file)]
      .filter(([name]) => name !== 'default' && names.has(name))
      .flatMap(([, sections]) => sections.map(({ start }) => start)),
  );
  const starts = sectionsOf(text).map(({ start }) => start);
  const [first = text.length] = starts;
  const kept = starts.map((start, index) => (removed.has(start) ? '' : text.slice(start, starts[index + 1])));
  return text.slice(0, first) + kept.join('');
}
