import type { Block } from './docs-blocks.ts';

/** What to do about each failure, for docs/troubleshooting.md. */
export function remedies(catalogue: Readonly<Record<string, string>>): readonly Block[] {
  return Object.entries(catalogue).map(([code, remedy]) => ({
    name: `remedy of ${code}`,
    source: 'src/inputs/remedies.ts',
    content: `> ${asMarkdown(remedy)}`,
  }));
}

/** The text of a log as Markdown. What stands between backticks is code there too. */
function asMarkdown(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*<>]/g, '\\$&')))
    .join('`');
}
