import { neutralise } from './log.ts';

// Text from outside in the job summary, which GitHub renders as Markdown.

/** The first column of a table, and the second. */
export type Row = readonly [name: string, value: string];

/**
 * A table whose first row is its header: Markdown has no table without one, and an empty one shows as an empty row.
 */
export function table([first, ...rest]: readonly (readonly string[])[]): string {
  if (first === undefined) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `${line(first)}${line(first.map(() => ':--'))}${rest.map(line).join('')}`;
}

/** A table of names and values. */
export function namedRows(rows: readonly Row[]): string {
  return table(rows.map(([name, value]) => [`**${name}**`, value]));
}

/** A string as it is, whatever Markdown, HTML or GitHub would make of it. A single underscore within a word is plain. */
export function plain(text: string): string {
  return neutralise(text).replace(/[&<>"'|`\\[\]*~$@#]|_+(?![A-Za-z0-9])|(?<![A-Za-z0-9])_+/g, (characters) =>
    Array.from(characters, (character) => `&#${character.charCodeAt(0)};`).join(''),
  );
}

/** Inline code in a table cell: HTML's own element, because a backtick or a bar in the text would end Markdown's. */
export function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}
