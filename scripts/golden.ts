import { WORDING } from '../src/github/wording.ts';
import { explain } from '../src/inputs/messages/catalogue.ts';
import { wordNotice } from '../src/inputs/messages/notices.ts';
import { explainProblem } from '../src/inputs/messages/problems.ts';
import { FAILURES } from './samples/failures.ts';
import { NOTICES } from './samples/notices.ts';
import { FROM_VARIABLES, PROBLEMS } from './samples/problems.ts';

/**
 * Everything that the action can say about failures, notices and problems with its inputs: the only place that tests words.
 * `npm run docs` writes it.
 */
export async function golden(): Promise<string> {
  const failures = FAILURES.map((failure) => {
    const { message, remedy } = explain(failure, WORDING);
    return `## ${failure.code}\n${message}\n→ ${remedy}\n`;
  });
  const notices = NOTICES.map(async (notice) => {
    const { level, text } = await wordNotice(notice, WORDING);
    return `## notice: ${notice.kind} (${level})\n${text}\n`;
  });
  const problems = PROBLEMS.map((problem) => `- ${problem.kind}: ${explainProblem(problem, {}, WORDING)}\n`);
  const fromVariables = explainProblem(FROM_VARIABLES.problem, FROM_VARIABLES.variables, WORDING);
  const inputs = `## problems with inputs\n${problems.join('')}- from variables: ${fromVariables}\n`;
  return [...failures, ...(await Promise.all(notices)), inputs].join('\n');
}
