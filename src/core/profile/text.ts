import { createHash } from 'node:crypto';
import { headerOf, isOfProfile, type ProfileFile, type Section, sectionsOf } from './sections.ts';

/** One section to write: the profile's name and its settings in their order. */
export interface ProfileSection {
  readonly name: string;
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/** A section as it was written, without its contents: what it takes to find it again, unchanged. */
export interface SectionDigest {
  readonly name: string;
  /** SHA-256 of the section, header and line ends included, in lower-case hexadecimal. */
  readonly sha256: string;
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

/** Those of `names` that the text has a section for, in any spelling that one of AWS's parsers accepts. */
export function existingProfiles(
  text: string,
  file: ProfileFile,
  names: readonly string[],
): readonly ExistingProfile[] {
  const sections = sectionsOf(text);
  return names.flatMap((name) => {
    const own = sections.filter((section) => isOfProfile(section, file, name));
    return own.length === 0 ? [] : [{ name, ambiguous: own.some((section) => section.ambiguous) }];
  });
}

/**
 * The comment above each section of ours. It tells a person who wrote it, and the action where its own bytes begin. In a file
 * that the action made, each comment says so, because the step that leaves last need not be the one that came first.
 */
function noteFor(madeFolders: number | undefined): string {
  const note = '# Written by aws-mfa-credentials; removed when the job ends';
  if (madeFolders === undefined) return `${note}.`;
  if (madeFolders === 0) return `${note}, with this file.`;
  return `${note}, with this file and ${madeFolders} ${madeFolders === 1 ? 'folder' : 'folders'}.`;
}

const NOTES =
  /^# Written by aws-mfa-credentials; removed when the job ends(?<file>, with this file(?: and (?<folders>\d{1,3}) folders?)?)?\.(?=\r?$)/gm;

/** The folders made together with the file, as a note tells; undefined where the file was not made by the action. */
function madeFoldersIn(note: RegExpMatchArray): number | undefined {
  return note.groups?.['file'] === undefined ? undefined : Number(note.groups['folders'] ?? 0);
}

function largest(...counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The line end next to which a section will be appended; a text without any gets line feeds. */
function lineEndOf(text: string): string {
  return /\r\n[^\n]*$/.test(text) ? '\r\n' : '\n';
}

/**
 * Takes a section out, with the note and the line end before it where it is one of ours. A line end stays where the text
 * before would otherwise run into the text behind.
 */
function cut(text: string, section: Section): { readonly text: string; readonly madeFolders: number | undefined } {
  let start = section.start;
  let madeFolders: number | undefined;
  let lineEnd = '';
  const note = [...text.slice(0, section.start).matchAll(NOTES)].at(-1);
  if (note !== undefined && /^\r?\n$/.test(text.slice(note.index + note[0].length, section.start))) {
    lineEnd = text.slice(note.index + note[0].length, section.start);
    start = text.slice(0, note.index).endsWith(lineEnd) ? note.index - lineEnd.length : note.index;
    madeFolders = madeFoldersIn(note);
  }
  const before = text.slice(0, start);
  const behind = text.slice(section.contentEnd);
  const wouldJoin = /[^\r\n]$/.test(before) && /^[^\r\n]/.test(behind);
  return { text: before + (wouldJoin ? lineEnd : '') + behind, madeFolders };
}

/**
 * The text with the profiles written at its end, and the digests by which `withoutProfiles` finds them again. `text` and the
 * result hold the file's bytes as latin1.
 *
 * Sections of the same names are replaced as a whole: settings of the user's own in them (`output`, but also `role_arn` or
 * `credential_process`, which tools prefer to keys) go, so that the profile is what the step says and nothing else; comments
 * behind their last setting stay. Each block begins with a line end of its own, so it can follow a last line that has none,
 * and blocks can be taken out in any order.
 *
 * `made` tells what the action itself made: the file, and how many of the folders it lies in.
 */
export function withProfiles(
  text: string,
  file: ProfileFile,
  profiles: readonly ProfileSection[],
  made: { readonly file: boolean; readonly folders: number },
): { readonly text: string; readonly digests: readonly SectionDigest[] } {
  const lineEnd = lineEndOf(text);
  const inherited = largest(...[...text.matchAll(NOTES)].map(madeFoldersIn));
  const madeFolders = made.file || inherited !== undefined ? largest(made.folders, inherited) : undefined;
  const note = noteFor(madeFolders);

  let result = text;
  for (const { name } of profiles) {
    for (;;) {
      const old = sectionsOf(result).find((section) => isOfProfile(section, file, name));
      if (old === undefined) break;
      result = cut(result, old).text;
    }
  }
  // Another step may have made the file in the folder that this one made: the last of them to leave has to know both.
  if (madeFolders !== inherited) result = result.replace(NOTES, note);

  const digests = profiles.map(({ name, settings }): SectionDigest => {
    const lines = [`[${headerOf(file, name)}]`, ...settings.map(([key, value]) => `${key} = ${value}`)];
    const section = lines.map((line) => line + lineEnd).join('');
    result += lineEnd + note + lineEnd + section;
    return { name, sha256: sha256(section) };
  });
  return { text: result, digests };
}

/** What is left of a text without the sections that the action wrote. */
export interface TextWithoutProfiles {
  readonly text: string;
  /** Profiles that are there but are no longer what was written: they were left alone. */
  readonly changed: readonly string[];
  /** Profiles that were taken out. */
  readonly found: readonly string[];
  /** Set where the action made the file and nothing is left in it: how many folders it made for it. */
  readonly madeFolders: number | undefined;
}

/** Takes out the sections that are still exactly what was written. A section that is not there any more is no news. */
export function withoutProfiles(
  text: string,
  file: ProfileFile,
  digests: readonly SectionDigest[],
): TextWithoutProfiles {
  let result = text;
  let madeFolders: number | undefined;
  const changed: string[] = [];
  const found: string[] = [];
  for (const { name, sha256: expected } of digests) {
    const own = sectionsOf(result).filter((section) => isOfProfile(section, file, name));
    const same = own.find(
      ({ start, contentEnd, ambiguous }) => !ambiguous && sha256(result.slice(start, contentEnd)) === expected,
    );
    if (same === undefined) {
      if (own.length > 0) changed.push(name);
      continue;
    }
    found.push(name);
    const rest = cut(result, same);
    result = rest.text;
    madeFolders = largest(madeFolders, rest.madeFolders);
  }
  return { text: result, changed, found, madeFolders: result === '' ? madeFolders : undefined };
}

function sha256(latin1: string): string {
  return createHash('sha256').update(latin1, 'latin1').digest('hex');
}
