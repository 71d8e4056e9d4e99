import { WORDING } from '../src/github/wording.ts';
import { FAILURE_CODES, generalRemedy } from '../src/inputs/messages/catalogue.ts';
import type { Block } from './docs-blocks.ts';

/** What to do about each failure, for docs/troubleshooting.md. */
export function remedies(): readonly Block[] {
  return FAILURE_CODES.map((code) => ({
    name: `remedy of ${code}`,
    source: 'src/inputs/messages/',
    content: `> ${asMarkdown(generalRemedy(code, WORDING))}`,
  }));
}

/** The text of a log as Markdown. What stands between backticks is code there too. */
export function asMarkdown(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*<>]/g, '\\$&')))
    .join('`');
}
