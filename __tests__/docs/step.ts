import { parse } from 'yaml';

/** The inputs of the first step of a workflow, with what is stored in the place of the expressions. */
export function inputsOf(workflow: string, stored: (name: string) => string): Readonly<Record<string, string>> {
  const { jobs }: { jobs: Record<string, { steps: { with?: Record<string, string | boolean> }[] }> } = parse(workflow);
  const [step] = Object.values(jobs).flatMap(({ steps }) => steps);
  return Object.fromEntries(
    Object.entries(step?.with ?? {}).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{ (?:secrets|vars)\.(\w+) \}\}/, (_expression, stores: string) => stored(stores)),
    ]),
  );
}
