import { createHash } from 'node:crypto';
import {
  type Contents,
  concernsCredentials,
  contentsOf,
  givesCredentials,
  isOurs,
  noteAbove,
  noteFor,
  type Origin,
  originOf,
  type Setting,
} from './contents.ts';
import { headerOf, type ProfileFile, profilesIn, type Section } from './sections.ts';
import { isHeader, isRegion } from './writable.ts';
import type { SectionDigest } from './written.ts';

/** One section to write: the profile's name and its settings in their order. */
export interface ProfileSection {
  readonly name: string;
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/**
 * The text with the profiles written into it, and the digests by which `withoutProfiles` finds them again. `text` and the result
 * hold the file's bytes as latin1.
 *
 * A new profile is appended: each block begins with its own line end, so it can follow a last line that has none, and blocks can
 * be taken out in any order. From an existing one, what gives credentials is removed, so that the profile is what the step says
 * and nothing else, and so is its region; other settings stay, and ours are put above them. `origin`: whether the action makes the file.
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
  const digests = profiles.flatMap(({ name, settings }): readonly SectionDigest[] => {
    const linesWith = (end: string) => settings.map(([key, value]) => `${key} = ${value}${end}`).join('');
    // A role's profile has nothing in the credentials file, and no terms of another role in either.
    const isOfRole = settings.length === 0 || settings.some(([key]) => key === 'role_arn');
    const isReplaced = isOfRole ? concernsCredentials : givesCredentials;
    const replacement = replace(text, file, name, known.get(name) ?? [], isReplaced);
    edits.push(...replacement.edits);
    const { into, restored } = replacement;
    if (settings.length === 0) return [];
    if (into === undefined) {
      const section = `[${headerOf(file, name)}]${lineEnd}${linesWith(lineEnd)}`;
      appended.push(lineEnd + note + lineEnd + section);
      return [{ name, sha256: sha256(section) }];
    }
    const end = text.slice(into - 2, into) === '\r\n' ? '\r\n' : '\n';
    const lines = linesWith(end);
    edits.push({ start: into, end: into, insert: note + end + lines });
    return [{ name, sha256: sha256(lines), ...restored }];
  });
  return { text: edited(text, edits) + appended.join(''), digests };
}

/** The line end next to which a section will be appended; a text without any gets line feeds. */
function lineEndOf(text: string): string {
  return /\r\n[^\n]*$/.test(text) ? '\r\n' : '\n';
}

interface Replacement {
  readonly edits: readonly Edit[];
  /** Where the new settings go; undefined if nothing is left to put them into. */
  readonly into: number | undefined;
  readonly restored: Omit<SectionDigest, 'name' | 'sha256'>;
}

/** Removes what is replaced from a profile's sections, and the region from the last one, which tools read last. */
function replace(
  text: string,
  file: ProfileFile,
  name: string,
  sections: readonly Section[],
  isReplaced: (setting: Setting) => boolean,
): Replacement {
  const edits: Edit[] = [];
  let into: number | undefined;
  let restored: Replacement['restored'] = {};
  for (const section of sections.toReversed()) {
    const contents = contentsOf(text, section);
    const keeps = contents.settings.some(
      (setting) => !isReplaced(setting) && (setting.key !== 'region' || !isOurs(text, section)),
    );
    if (!keeps) {
      edits.push(cut(text, section));
      continue;
    }
    const isLast = into === undefined;
    for (const setting of contents.settings) {
      if (isReplaced(setting) || (isLast && setting.key === 'region')) edits.push({ ...setting, insert: '' });
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
 * Turns a header into the one that every tool reads; undefined if it already is, or couldn't be kept for the post step. A bare
 * `[name]` in the config file must become `[profile name]` in any case: some tools read no profile from a file with both.
 */
function headerToReplace(text: string, { start, body }: Section, plain: string): Edit | undefined {
  const [header = ''] = /^[^\r\n]*/.exec(text.slice(start, body)) ?? [];
  if (header === plain || (header.startsWith(plain) && /^\s+[;#]/.test(header.slice(plain.length)))) return undefined;
  return isHeader(header) ? { start, end: start + header.length, insert: plain } : undefined;
}

function restoredOf({ settings, notes }: Contents): Replacement['restored'] {
  const region = settings.findLast(({ key }) => key === 'region');
  if (region === undefined || !isRegion(region.value)) return {};
  const noted = notes.some(({ end }) => end === region.start);
  return { region: region.value, ...(noted && { noted }) };
}

/** What identifies a section or lines of it, without keeping their contents. */
export function sha256(latin1: string): string {
  return createHash('sha256').update(latin1, 'latin1').digest('hex');
}

/** A piece of a text to leave out, and what to put there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
  /** Inserted as well if the text before would otherwise run into the text after. */
  readonly between?: string;
}

/** Makes all edits at once. One may lie within another that leaves out more; otherwise they must not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((one, other) => one.start - other.start || one.end - other.end);
  const pieces: string[] = [];
  let position = 0;
  let last = '';
  const add = (piece: string): void => {
    pieces.push(piece);
    last = piece.at(-1) ?? last;
  };
  for (const [index, { start, end, insert, between }] of sorted.entries()) {
    add(text.slice(position, start));
    add(insert);
    position = Math.max(position, end);
    if (between === undefined || last === '' || isLineEnd(last)) continue;
    // What comes right after may be left out, too.
    let after = end;
    for (const next of sorted.slice(index + 1)) {
      if (next.start !== after || next.insert !== '') break;
      after = next.end;
    }
    if (after < text.length && !isLineEnd(text.charAt(after))) add(between);
  }
  add(text.slice(position));
  return pieces.join('');
}

function isLineEnd(character: string): boolean {
  return character === '\r' || character === '\n';
}

/**
 * Takes a section out; if it's one of ours, also the note and the line end before it. A line end stays if the text before would
 * otherwise run into the text after.
 */
export function cut(text: string, { start, contentEnd: end }: Section): Edit {
  const note = noteAbove(text, start);
  if (note === undefined) return { start, end, insert: '' };
  const { lineEnd } = note;
  const before = text.slice(note.start - lineEnd.length, note.start) === lineEnd ? lineEnd.length : 0;
  return { start: note.start - before, end, insert: '', between: lineEnd };
}
