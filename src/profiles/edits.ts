import { noteAbove } from './contents.ts';
import type { Section } from './sections.ts';

/** A piece of a text to leave out, and what to put there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
  /** Inserted as well if the text before would otherwise run into the text after. */
  readonly between?: string;
}

/** Makes all edits at once; they must not overlap. */
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
    position = end;
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
