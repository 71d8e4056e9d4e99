import { concernsCredentials, contentsOf, givesCredentials, isOurs, noteAbove } from './contents.ts';
import { headerOf, type ProfileFile, profilesIn, type Section } from './sections.ts';
import { cut, type Edit, edited, sha256 } from './text.ts';
import type { SectionDigest } from './written.ts';

/** What is left of a text without what the action wrote. */
export interface TextWithoutProfiles {
  readonly text: string;
  /** Profiles that no longer are what was written. They were left alone. */
  readonly changed: readonly string[];
  /** Profiles that were taken out. */
  readonly found: readonly string[];
  /** What becomes of the file: it is removed if the action made it and nothing is left in it. */
  readonly file: 'keep' | 'remove';
}

/**
 * Takes out what is still exactly as it was written, and restores the regions that it replaced. A profile that no longer exists
 * isn't mentioned.
 */
export function withoutProfiles(
  text: string,
  file: ProfileFile,
  digests: readonly SectionDigest[],
): TextWithoutProfiles {
  const known = profilesIn(text, file);
  const edits: Edit[] = [];
  const found: string[] = [];
  const changed: string[] = [];
  let isOurFile = false;
  for (const digest of digests) {
    const own = known.get(digest.name) ?? [];
    if (digest.emptied === true) {
      const emptying = own.flatMap((section) => withoutContents(text, section));
      edits.push(...emptying);
      if (emptying.length > 0) found.push(digest.name);
      continue;
    }
    const section = own.find((candidate) => isSame(text, candidate, digest));
    if (section !== undefined) {
      edits.push(cut(text, section));
      isOurFile ||= noteAbove(text, section.start)?.origin === 'new';
      found.push(digest.name);
      continue;
    }
    const undoing = own.map((candidate) => takeOut(text, file, candidate, digest)).find((taken) => taken !== undefined);
    if (undoing !== undefined) {
      edits.push(...undoing);
      found.push(digest.name);
    } else if (own.some((candidate) => isOurs(text, candidate) || mayHoldCredentials(text, candidate))) {
      changed.push(digest.name);
    }
  }
  const result = edited(text, edits);
  return { text: result, changed, found, file: isOurFile && result === '' ? 'remove' : 'keep' };
}

/** Takes out what gives credentials, whoever wrote it, and our comments. */
function withoutContents(text: string, section: Section): readonly Edit[] {
  const { settings, notes } = contentsOf(text, section);
  const note = noteAbove(text, section.start);
  return [
    ...settings.filter(concernsCredentials),
    ...notes,
    ...(note ? [{ start: note.start, end: section.start }] : []),
  ].map(({ start, end }): Edit => ({ start, end, insert: '' }));
}

function isSame(text: string, { start, contentEnd, ambiguous }: Section, { sha256: expected }: SectionDigest): boolean {
  return !ambiguous && sha256(text.slice(start, contentEnd)) === expected;
}

/** A profile that can't hold any isn't what was written, but nothing of that is left either. */
function mayHoldCredentials(text: string, section: Section): boolean {
  const { settings, notes } = contentsOf(text, section);
  return notes.length > 0 || settings.some(givesCredentials);
}

/** Takes our lines out of a section of the user's; undefined if they aren't there, unchanged. */
function takeOut(
  text: string,
  file: ProfileFile,
  section: Section,
  { name, sha256: expected, region, noted, header }: SectionDigest,
): readonly Edit[] | undefined {
  const { settings, notes } = contentsOf(text, section);
  for (const note of notes) {
    let end = note.end;
    for (const setting of settings) {
      if (setting.start !== end) continue;
      end = setting.end;
      if (section.ambiguous || sha256(text.slice(note.end, end)) !== expected) continue;
      const lineEnd = /\r?\n$/.exec(text.slice(note.start, note.end))?.[0] ?? '\n';
      const restored = region === undefined ? '' : `region = ${region}${lineEnd}`;
      const edits: Edit[] = [{ start: noted === true ? note.end : note.start, end, insert: restored }];
      const plain = `[${headerOf(file, name)}]`;
      if (header !== undefined && text.startsWith(plain, section.start))
        edits.push({ start: section.start, end: section.start + plain.length, insert: header });
      return edits;
    }
  }
  return undefined;
}
