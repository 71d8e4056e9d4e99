/** Whether the action made a file, or found it. */
export type Origin = 'new' | 'existing';

/**
 * The comment above what the action wrote. It shows a person who wrote it, and the action where its own bytes begin. In a file
 * that the action made, each comment says so, because the step that leaves last need not be the one that came first.
 */
export function noteFor(origin: Origin): string {
  const note = '# Written by aws-mfa-credentials; removed when the job ends';
  return origin === 'new' ? `${note}, with this file.` : `${note}.`;
}

const NOTE = '# Written by aws-mfa-credentials; removed when the job ends(?<file>, with this file)?\\.';
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
): { readonly start: number; readonly lineEnd: string; readonly origin: Origin } | undefined {
  const lineEnd = /\r?\n$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0];
  if (lineEnd === undefined) return undefined;
  const end = offset - lineEnd.length;
  const start = Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)) + 1;
  const note = NOTE_LINE.exec(text.slice(start, end));
  return note === null ? undefined : { start, lineEnd, origin: originIn(note) };
}

/** Whether the action made the file, as its comments say. */
export function originOf(text: string): Origin {
  return [...text.matchAll(NOTES)].some((note) => originIn(note) === 'new') ? 'new' : 'existing';
}

function originIn(note: RegExpMatchArray): Origin {
  return note.groups?.['file'] === undefined ? 'existing' : 'new';
}
