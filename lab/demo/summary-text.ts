import { COLUMNS, wrap } from './print.ts';

// The job summary is Markdown with some HTML. GitHub renders it; this shows the same in a terminal.

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };

/** The summary as text, with lines around the cells of tables. */
export function summaryText(markdown: string, columns: number = COLUMNS): readonly string[] {
  const lines: string[] = [];
  let table: string[][] = [];
  for (const line of [...markdown.split('\n'), '']) {
    if (line.startsWith('|')) {
      const cells = line.split('|').slice(1, -1);
      if (!cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell))) table.push(cells.map(plain));
      continue;
    }
    lines.push(...tableText(table, columns));
    table = [];
    if (line.trim() !== '') lines.push(plain(line.replace(/^#+ /, '')));
  }
  return lines;
}

/** A piece of Markdown, rendered as text. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/<br>/g, ' ')
    .replaceAll(/<\/?code>|\*\*/g, '')
    .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, '$1: $2')
    .replaceAll(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_entity, number?: string, name = '') =>
      number === undefined ? (ENTITIES[name] ?? '') : String.fromCodePoint(Number(number)),
    )
    .trim();
}

function tableText(rows: readonly (readonly string[])[], columns: number): readonly string[] {
  const filled = rows.filter((row) => row.some((cell) => cell !== ''));
  if (filled.length === 0) return [];
  const widths = fittedWidths(
    filled.map((row) => row.map((cell) => cell.length)),
    columns,
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  return [rule('┌', '┬', '┐'), ...filled.flatMap((row) => rowText(row, widths)), rule('└', '┴', '┘')];
}

/** The widths of the columns. If there isn't enough room, the widest ones shrink. */
function fittedWidths(lengths: readonly (readonly number[])[], columns: number): readonly number[] {
  const widths = [...(lengths[0]?.keys() ?? [])].map((column) => Math.max(...lengths.map((row) => row[column] ?? 0)));
  const room = columns - 3 * widths.length - 1;
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function rowText(row: readonly string[], widths: readonly number[]): readonly string[] {
  const cells = widths.map((width, column) => wrap(row[column] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = cells.map((lines, column) => (lines[line] ?? '').padEnd(widths[column] ?? 0));
    return `│ ${parts.join(' │ ')} │`;
  });
}
