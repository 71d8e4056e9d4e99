import { WORDING } from '../src/github/wording.ts';
import { explain } from '../src/inputs/messages/catalogue.ts';
import { FAILURES } from './samples/failures.ts';

/** Everything that the action can say about a failure, in one text: the only place that tests words. `npm run docs` writes it. */
export function golden(): string {
  const failures = FAILURES.map((failure) => {
    const { message, remedy } = explain(failure, WORDING);
    return `## ${failure.code}\n${message}\n→ ${remedy}\n`;
  });
  return failures.join('\n');
}
