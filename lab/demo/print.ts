import { styleText } from 'node:util';

/** Scenes fit into a terminal of this width. */
export const COLUMNS = 100;
/** The width of the labels, which say where text is from. */
const LABEL_COLUMNS = 8;

/** The line above a scene. */
export function heading(text: string): string {
  return `\n── ${styled('bold', text)} ${'─'.repeat(Math.max(0, COLUMNS - text.length - 4))}`;
}

/** Emphasis in a terminal, plain text in a pipe or a log. */
export function styled(style: 'bold' | 'dim' | 'green' | 'red', text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Lines with a label in front of the first, wrapped. A line that is a URL stays in one piece, so that it can be clicked. */
export function labelled(label: string, lines: readonly string[]): string {
  return lines
    .flatMap((line) => (/^https:\/\/\S+$/.test(line) ? [line] : wrap(line, COLUMNS - LABEL_COLUMNS)))
    .map((line, index) => `${styled('dim', (index === 0 ? label : '').padEnd(LABEL_COLUMNS))}${line}`.trimEnd())
    .join('\n');
}

/** Wraps text at this width, between words, and within longer words. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const joined = last === '' ? word : `${last} ${word}`;
    if (joined.length <= columns) {
      lines[lines.length - 1] = joined;
      continue;
    }
    if (last === '') lines.pop();
    for (let at = 0; at < word.length; at += columns) lines.push(word.slice(at, at + columns));
  }
  return lines;
}
