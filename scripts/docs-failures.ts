import type { FailureCode } from '../src/core/failure.ts';
import { WORDING } from '../src/github/wording.ts';
import { explain, FAILURE_CODES, generalRemedy } from '../src/inputs/messages/catalogue.ts';
import type { Block } from './docs-blocks.ts';
import { failuresOf } from './samples/failures.ts';

const source = 'src/inputs/messages/';

/** For each failure an example of its message, and what to do about it, for docs/troubleshooting.md. */
export function failures(): readonly Block[] {
  return FAILURE_CODES.flatMap((code) => [
    { name: `message of ${code}`, source, content: `\`\`\`text\n${exampleOf(code)}\n\`\`\`` },
    { name: `remedy of ${code}`, source, content: `> ${asMarkdown(generalRemedy(code, WORDING))}` },
  ]);
}

function exampleOf(code: FailureCode): string {
  const [failure] = failuresOf(code);
  return explain(failure, WORDING).message;
}

/** Text of a log as Markdown. What is in backticks is code there too. */
export function asMarkdown(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*<>]/g, '\\$&')))
    .join('`');
}
