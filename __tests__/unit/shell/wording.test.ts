import { describe, expect, test } from '@jest/globals';
import { FAILURES } from '../../../scripts/samples/failures.ts';
import { NOTICES } from '../../../scripts/samples/notices.ts';
import { PROBLEMS } from '../../../scripts/samples/problems.ts';
import { explain, generalRemedy } from '../../../src/inputs/messages/catalogue.ts';
import { wordNotice } from '../../../src/inputs/messages/notices.ts';
import { explainProblem } from '../../../src/inputs/messages/problems.ts';
import { PROFILES } from '../../../src/inputs/messages/profiles.ts';
import { RUNNER } from '../../../src/inputs/messages/runner.ts';
import { FLAGS, isInFile } from '../../../src/shell/flags.ts';
import { WORDING } from '../../../src/shell/wording.ts';

/** Options of single commands, which are no inputs. */
const OPTIONS = ['--scope', '--self', '--new-key', '--device', '--replace', '--policy-name'];
const KNOWN = new Set([...FLAGS.map((name) => (isInFile(name) ? `--${name}-file` : `--${name}`)), ...OPTIONS]);
/** Failures of the runner, of files that later steps use, and of roles that tools renew. The command has none of that. */
const OF_THE_ACTION: readonly string[] = [...Object.keys(PROFILES), ...Object.keys(RUNNER)]
  .filter((code) => !['cancelled', 'timed-out', 'unexpected'].includes(code))
  .concat('session-not-renewing', 'sealed-session-masked', 'session-expiry-unknown');
const NOTICES_OF_THE_ACTION: readonly string[] = ['session-shorter-than-role'];

/** Of inputs that the command has. It implies `seal-session`, and writes no profiles. */
const problems = PROBLEMS.filter(
  ({ input, kind, facts }) =>
    WORDING.has(input) &&
    !['sealing-unclear', 'not-in-profile'].includes(kind) &&
    !('with' in facts && !WORDING.has(facts.with)),
);

const failures = FAILURES.filter(
  ({ code, context }) => !OF_THE_ACTION.includes(code) && context?.kind !== 'many-roles',
);

async function sentences(): Promise<readonly string[]> {
  const notices = NOTICES.filter(({ kind }) => !NOTICES_OF_THE_ACTION.includes(kind));
  return [
    ...problems.map((problem) => explainProblem(problem, WORDING)),
    ...failures.flatMap((failure) => Object.values(explain(failure, WORDING))),
    ...failures.map(({ code }) => generalRemedy(code, WORDING)),
    ...(await Promise.all(notices.map(async (notice) => (await wordNotice(notice, WORDING)).text))),
  ];
}

describe('what the command says', () => {
  test('speaks of no step, no runner and no workflow', async () => {
    const words = /\b(?:steps?|runners?|workflows?|matrix|[Tt]his action|[Tt]his job)\b/;
    // GitHub's token is called so.
    const others = (await sentences()).map((text) => text.replace('The GITHUB_TOKEN of a workflow', ''));
    expect(others.filter((text) => words.test(text))).toEqual([]);
  });

  test('names only flags that it has', async () => {
    const unknown = (text: string) =>
      (text.match(/(?<![\w-])--[a-z][a-z0-9-]+/g) ?? []).filter((flag) => !KNOWN.has(flag));
    expect((await sentences()).filter((text) => unknown(text).length > 0)).toEqual([]);
  });
});
