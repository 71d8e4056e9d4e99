import { WORDING } from '../src/github/wording.ts';
import { explain } from '../src/inputs/messages/catalogue.ts';
import { wordNotice } from '../src/inputs/messages/notices.ts';
import { FAILURES } from './samples/failures.ts';
import { NOTICES } from './samples/notices.ts';

/** Everything that the action can say about failures and notices: the only place that tests words. `npm run docs` writes it. */
export async function golden(): Promise<string> {
  const failures = FAILURES.map((failure) => {
    const { message, remedy } = explain(failure, WORDING);
    return `## ${failure.code}\n${message}\n→ ${remedy}\n`;
  });
  const notices = NOTICES.map(async (notice) => {
    const { level, text } = await wordNotice(notice, WORDING);
    return `## notice: ${notice.kind} (${level})\n${text}\n`;
  });
  return [...failures, ...(await Promise.all(notices))].join('\n');
}
