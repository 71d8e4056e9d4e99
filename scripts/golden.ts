import { WORDING } from '../src/github/wording.ts';
import { explain } from '../src/inputs/messages/catalogue.ts';
import { wordInputNotice, wordNotice } from '../src/inputs/messages/notices.ts';
import { explainProblem } from '../src/inputs/messages/problems.ts';
import { wordProfileNotice } from '../src/inputs/messages/profile-notices.ts';
import { withVariables } from '../src/inputs/messages/wording.ts';
import { FAILURES } from './samples/failures.ts';
import { INPUT_NOTICES } from './samples/input-notices.ts';
import { NOTICES } from './samples/notices.ts';
import { FROM_VARIABLES, PROBLEMS } from './samples/problems.ts';
import { PROFILE_NOTICES } from './samples/profiles.ts';

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
  const problems = PROBLEMS.map((problem) => `- ${problem.kind}: ${explainProblem(problem, WORDING)}\n`);
  const fromVariables = explainProblem(FROM_VARIABLES.problem, withVariables(WORDING, FROM_VARIABLES.variables));
  const inputs = `## problems with inputs\n${problems.join('')}- from variables: ${fromVariables}\n`;
  const inputNotices = INPUT_NOTICES.map((notice) => {
    const { level, text } = wordInputNotice(notice, WORDING);
    return `- ${level}: ${text}\n`;
  });
  const ofInputs = `## notices about inputs\n${inputNotices.join('')}`;
  const profileNotices = PROFILE_NOTICES.map((notice) => {
    const { level, text } = wordProfileNotice(notice, WORDING);
    return `- ${level}: ${text}\n`;
  });
  const ofProfiles = `## notices about profiles\n${profileNotices.join('')}`;
  return [...failures, ...(await Promise.all(notices)), inputs, ofInputs, ofProfiles].join('\n');
}
