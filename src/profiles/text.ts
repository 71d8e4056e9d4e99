import { createHash } from 'node:crypto';
import { type Edit, edited } from './edits.ts';
import { noteAbove, noteFor, type Origin, originOf } from './notes.ts';
import { headerOf, type ProfileFile, profilesIn, type Section } from './sections.ts';
import { type Contents, contentsOf, givesCredentials } from './settings.ts';

/** One section to write: the profile's name and its settings in their order. */
export interface ProfileSection {
  readonly name: string;
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/** A section as it was written, without its contents: what it takes to find it again, unchanged. */
export interface SectionDigest {
  readonly name: string;
  /**
   * SHA-256, in lower-case hexadecimal, of what was written: of the whole section, header and line ends included, or of the lines
   * that were put into a section of the user's.
   */
  readonly sha256: string;
  /** The region that was there before, and comes back. */
  readonly region?: string;
  /** That region was written by an earlier step, which has to find it as its own again. */
  readonly noted?: true;
  /** The line of the section's header before, if some tools would not have read it, or not so. It comes back as well. */
  readonly header?: string;
}

/** A profile that a text already has. */
export interface ExistingProfile {
  readonly name: string;
  /** One of its sections begins or ends at an indented header, so tools disagree on what belongs to it. */
  readonly ambiguous: boolean;
}

/** Whether a value reads back as itself: visible ASCII, no spaces (a comment could begin behind one), no comment sign first. */
export function isWritableValue(value: string): boolean {
  return /^[!-~]+$/.test(value) && !/^[#;]/.test(value);
}

/** Longer ones are no region, and the state of the post step has little room. */
const MAX_REGION = 40;

/** Whether a region is kept for the post step. */
export function isRegion(value: string): boolean {
  return isWritableValue(value) && value.length <= MAX_REGION;
}

/** Those of `names` that the text has a section for, in any spelling that one of AWS's parsers accepts. */
export function existingProfiles(
  text: string,
  file: ProfileFile,
  names: readonly string[],
): readonly ExistingProfile[] {
  const profiles = profilesIn(text, file);
  return names.flatMap((name) => {
    const own = profiles.get(name) ?? [];
    return own.length === 0 ? [] : [{ name, ambiguous: own.some((section) => section.ambiguous) }];
  });
}

/** The line end next to which a section will be appended; a text without any gets line feeds. */
function lineEndOf(text: string): string {
  return /\r\n[^\n]*$/.test(text) ? '\r\n' : '\n';
}

/**
 * The text with the profiles written into it, and the digests by which `withoutProfiles` finds them again. `text` and the result
 * hold the file's bytes as latin1.
 *
 * A profile that is not there is appended: each block begins with a line end of its own, so it can follow a last line that has
 * none, and blocks can be taken out in any order. Of one that is there, what gives credentials goes, so that the profile is what
 * the step says and nothing else, and so does its region; other settings stay, and ours are put above them.
 *
 * `origin` says whether the action makes the file.
 */
export function withProfiles(
  text: string,
  file: ProfileFile,
  profiles: readonly ProfileSection[],
  origin: Origin,
): { readonly text: string; readonly digests: readonly SectionDigest[] } {
  const lineEnd = lineEndOf(text);
  // An earlier step may have made the file: the last of them to leave removes it.
  const note = noteFor(origin === 'new' ? origin : originOf(text));
  const known = profilesIn(text, file);

  const edits: Edit[] = [];
  const appended: string[] = [];
  const digests = profiles.map(({ name, settings }): SectionDigest => {
    const linesWith = (end: string) => settings.map(([key, value]) => `${key} = ${value}${end}`).join('');
    const replacement = replace(text, file, name, known.get(name) ?? []);
    edits.push(...replacement.edits);
    const { into, restored } = replacement;
    if (into === undefined) {
      const section = `[${headerOf(file, name)}]${lineEnd}${linesWith(lineEnd)}`;
      appended.push(lineEnd + note + lineEnd + section);
      return { name, sha256: sha256(section) };
    }
    const end = text.slice(into - 2, into) === '\r\n' ? '\r\n' : '\n';
    const lines = linesWith(end);
    edits.push({ start: into, end: into, insert: note + end + lines });
    return { name, sha256: sha256(lines), ...restored };
  });
  return { text: edited(text, edits) + appended.join(''), digests };
}

interface Replacement {
  readonly edits: readonly Edit[];
  /** Where the new settings go; undefined if nothing is left to put them into. */
  readonly into: number | undefined;
  readonly restored: Omit<SectionDigest, 'name' | 'sha256'>;
}

/** Takes what gives credentials out of a profile's sections, and the region out of the last one, which tools read last. */
function replace(text: string, file: ProfileFile, name: string, sections: readonly Section[]): Replacement {
  const edits: Edit[] = [];
  let into: number | undefined;
  let restored: Replacement['restored'] = {};
  for (const section of sections.toReversed()) {
    const contents = contentsOf(text, section);
    const keeps = contents.settings.some(
      (setting) => !givesCredentials(setting) && (setting.key !== 'region' || !isWrittenByUs(text, section)),
    );
    if (!keeps) {
      edits.push(cut(text, section));
      continue;
    }
    const isLast = into === undefined;
    for (const setting of contents.settings) {
      if (givesCredentials(setting) || (isLast && setting.key === 'region')) edits.push({ ...setting, insert: '' });
    }
    for (const written of contents.notes) edits.push({ ...written, insert: '' });
    if (!isLast) continue;
    into = section.body;
    const header = headerToReplace(text, section, `[${headerOf(file, name)}]`);
    if (header !== undefined) edits.push(header);
    restored = { ...restoredOf(contents), ...(header && { header: text.slice(header.start, header.end) }) };
  }
  return { edits, into, restored };
}

/**
 * What makes of a header the one that every tool reads; nothing if it is that, or could not be kept for the post step. A bare
 * `[name]` in the config file has to go next to `[profile name]` in any case: some tools read no profile from a file with both.
 */
function headerToReplace(text: string, { start, body }: Section, plain: string): Edit | undefined {
  const [header = ''] = /^[^\r\n]*/.exec(text.slice(start, body)) ?? [];
  if (header === plain || (header.startsWith(plain) && /^\s+[;#]/.test(header.slice(plain.length)))) return undefined;
  return isHeader(header) ? { start, end: start + header.length, insert: plain } : undefined;
}

/** Whether the line of a header is kept for the post step. */
export function isHeader(line: string): boolean {
  return /^\[[ -~]{1,100}$/.test(line);
}

function restoredOf({ settings, notes }: Contents): Replacement['restored'] {
  const region = settings.findLast(({ key }) => key === 'region');
  if (region === undefined || !isRegion(region.value)) return {};
  const noted = notes.some(({ end }) => end === region.start);
  return { region: region.value, ...(noted && { noted }) };
}

/** Whether the section as a whole was written by the action. */
function isWrittenByUs(text: string, { start }: Section): boolean {
  return noteAbove(text, start) !== undefined;
}

/**
 * Takes a section out, with the note and the line end before it where it is one of ours. A line end stays where the text
 * before would otherwise run into the text behind.
 */
function cut(text: string, { start, contentEnd: end }: Section): Edit {
  const note = noteAbove(text, start);
  if (note === undefined) return { start, end, insert: '' };
  const { lineEnd } = note;
  const before = text.slice(note.start - lineEnd.length, note.start) === lineEnd ? lineEnd.length : 0;
  return { start: note.start - before, end, insert: '', between: lineEnd };
}

/** What is left of a text without what the action wrote. */
export interface TextWithoutProfiles {
  readonly text: string;
  /** Profiles that are there but are no longer what was written: they were left alone. */
  readonly changed: readonly string[];
  /** Profiles that were taken out. */
  readonly found: readonly string[];
  /** What becomes of the file: it goes if the action made it and nothing is left in it. */
  readonly file: 'keep' | 'remove';
}

/**
 * Takes out what is still exactly as it was written, and puts back the regions that it replaced. A profile that is not there any
 * more is no news.
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
  let isOurs = false;
  for (const digest of digests) {
    const own = known.get(digest.name) ?? [];
    const section = own.find((candidate) => isSame(text, candidate, digest));
    if (section !== undefined) {
      edits.push(cut(text, section));
      isOurs ||= noteAbove(text, section.start)?.origin === 'new';
      found.push(digest.name);
      continue;
    }
    const undoing = own.map((candidate) => takeOut(text, file, candidate, digest)).find((taken) => taken !== undefined);
    if (undoing !== undefined) {
      edits.push(...undoing);
      found.push(digest.name);
    } else if (own.some((candidate) => isWrittenByUs(text, candidate) || mayHoldCredentials(text, candidate))) {
      changed.push(digest.name);
    }
  }
  const result = edited(text, edits);
  return { text: result, changed, found, file: result === '' && isOurs ? 'remove' : 'keep' };
}

function isSame(text: string, { start, contentEnd, ambiguous }: Section, { sha256: expected }: SectionDigest): boolean {
  return !ambiguous && sha256(text.slice(start, contentEnd)) === expected;
}

/** A profile without any is not what was written, but nothing of it is left either. */
function mayHoldCredentials(text: string, section: Section): boolean {
  const { settings, notes } = contentsOf(text, section);
  return notes.length > 0 || settings.some(givesCredentials);
}

/** Takes our lines out of a section of the user's; undefined if they are not there, unchanged. */
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

function sha256(latin1: string): string {
  return createHash('sha256').update(latin1, 'latin1').digest('hex');
}
