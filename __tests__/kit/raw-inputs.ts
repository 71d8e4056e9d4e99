import { WORDING } from '../../src/github/wording.ts';
import { explainProblem } from '../../src/inputs/messages/problems.ts';
import { INPUT_NAMES, type InputName, type RawInputs } from '../../src/inputs/names.ts';
import type { Problem } from '../../src/inputs/problem.ts';

/** The inputs of a step that gives only these. */
export function rawInputs(given: Partial<RawInputs> = {}): RawInputs {
  const none = Object.fromEntries(INPUT_NAMES.map((name) => [name, ''])) as Record<InputName, string>;
  return { ...none, variables: {}, ...given };
}

/** Problems as tests write them: input, kind and facts, and the place if there is one. */
export function listed(problems: readonly Problem[]): readonly (readonly unknown[])[] {
  return problems.map(({ input, kind, facts, place }) => [input, kind, facts, ...(place === undefined ? [] : [place])]);
}

/** Everything that problems can give away: their facts, except for reasons, and their words. */
export function saidBy(problems: readonly Problem[]): string {
  return problems
    .flatMap((problem) => {
      const { reason: _, ...facts }: Readonly<Record<string, unknown>> = { ...problem.facts };
      return [...Object.values(facts), explainProblem(problem, WORDING)];
    })
    .filter((said) => said !== undefined)
    .map(String)
    .join('\n');
}

/** Every run of six characters of a secret: a message that holds none of them gives nothing of it away. */
export function piecesOf(secret: string): readonly string[] {
  return Array.from({ length: Math.max(0, secret.length - 5) }, (_, index) => secret.slice(index, index + 6));
}
