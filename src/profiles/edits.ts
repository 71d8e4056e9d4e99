/** A piece of a text to leave out, and what to put there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
  /** Put in as well if the text before would otherwise run into the text behind. */
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
    // What comes right behind may be left out, too.
    let behind = end;
    for (const next of sorted.slice(index + 1)) {
      if (next.start !== behind || next.insert !== '') break;
      behind = next.end;
    }
    if (behind < text.length && !isLineEnd(text.charAt(behind))) add(between);
  }
  add(text.slice(position));
  return pieces.join('');
}

function isLineEnd(character: string): boolean {
  return character === '\r' || character === '\n';
}
