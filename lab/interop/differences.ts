import type { Account } from './account.ts';
import { startFurnishedEmulator } from './furnish.ts';
import { ACCESS_QUESTIONS } from './questions/access.ts';
import type { Code, Question } from './questions/question.ts';
import { ROLE_QUESTIONS } from './questions/roles.ts';
import { SESSION_QUESTIONS } from './questions/sessions.ts';
import type { Run } from './run.ts';

/** What the servers of other people answered to a question. */
export interface Answered {
  readonly question: Question;
  /** By the name of the server. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * Asks every server the same questions. Where this repository's emulator does not answer as AWS does, that fails; where the
 * others do not, it is listed.
 * @param others the account in each of the others, by its name
 */
export async function askEverybody(run: Run, others: ReadonlyMap<string, Account>): Promise<readonly Answered[]> {
  const { report, boto3, belongings } = run;
  const code: Code = (seed) => boto3.code(seed);
  const all: Answered[] = [];
  for (const question of [...SESSION_QUESTIONS, ...ROLE_QUESTIONS, ...ACCESS_QUESTIONS]) {
    const answers = new Map<string, string>();
    await report.check(question.about, async () => {
      // One that has seen no code yet: a code works once.
      const { account, emulator } = await startFurnishedEmulator();
      const closed = belongings.add(() => emulator.close());
      const ours = await answerOf(question, account, code);
      await emulator.close();
      closed();
      for (const [name, other] of others) answers.set(name, await answerOf(question, other, code));
      return { [`emulator as AWS, ${question.aws}`]: [ours, question.aws] };
    });
    const different = [...answers].filter(([, answer]) => answer !== question.aws);
    if (different.length > 0) report.note(`LISTED           ${different.map((pair) => pair.join(': ')).join('; ')}`);
    all.push({ question, answers });
  }
  return all;
}

/** The answer, or the error code of the refusal. */
async function answerOf(question: Question, account: Account, code: Code): Promise<string> {
  try {
    return await question.ask(account, code);
  } catch (error) {
    // Without an HTTP status it is no answer of the server.
    if (!(error instanceof Error && '$metadata' in error)) throw error;
    return error.name;
  }
}
