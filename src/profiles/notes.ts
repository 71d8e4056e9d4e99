/**
 * The comment above what the action wrote. It tells a person who wrote it, and the action where its own bytes begin. In a file
 * that the action made, each comment says so, because the step that leaves last need not be the one that came first.
 */
export function noteFor(madeFolders: number | undefined): string {
  const note = '# Written by aws-mfa-credentials; removed when the job ends';
  if (madeFolders === undefined) return `${note}.`;
  if (madeFolders === 0) return `${note}, with this file.`;
  return `${note}, with this file and ${madeFolders} ${madeFolders === 1 ? 'folder' : 'folders'}.`;
}

const NOTE =
  '# Written by aws-mfa-credentials; removed when the job ends(?<file>, with this file(?: and (?<folders>\\d{1,3}) folders?)?)?\\.';
const NOTES = new RegExp(`^${NOTE}(?=\\r?$)`, 'gm');
const NOTE_LINE = new RegExp(`^${NOTE}$`);

/** Whether a line is such a comment. */
export function isNote(line: string): boolean {
  return NOTE_LINE.test(line);
}

/** The comment right above an offset, as a line of the text; undefined if something else is there. */
export function noteAbove(
  text: string,
  offset: number,
): { readonly start: number; readonly lineEnd: string; readonly madeFolders: number | undefined } | undefined {
  const lineEnd = /\r?\n$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0];
  if (lineEnd === undefined) return undefined;
  const end = offset - lineEnd.length;
  const start = Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)) + 1;
  const note = NOTE_LINE.exec(text.slice(start, end));
  return note === null ? undefined : { start, lineEnd, madeFolders: madeFoldersIn(note) };
}

/** The most folders that were made together with the file, as its comments say; undefined if the action did not make it. */
export function madeFoldersOf(text: string): number | undefined {
  return largest(...[...text.matchAll(NOTES)].map(madeFoldersIn));
}

/** The text with all such comments made anew. */
export function withNotes(text: string, madeFolders: number | undefined): string {
  return text.replace(NOTES, noteFor(madeFolders));
}

function madeFoldersIn(note: RegExpMatchArray): number | undefined {
  return note.groups?.['file'] === undefined ? undefined : Number(note.groups['folders'] ?? 0);
}

/** The largest of the numbers that are known. */
export function largest(...counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
