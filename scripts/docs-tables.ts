import type { Block } from './docs-blocks.ts';

type Described = Readonly<Record<string, { readonly description: string }>>;

/** The tables of inputs and outputs of docs/inputs.md, or of a sub-action's page. `source`: its manifest. */
export function tables(
  action: { readonly inputs: Described; readonly outputs: Described },
  source = 'action.yml',
): readonly Block[] {
  return [
    { name: 'inputs', source, content: table(action.inputs) },
    { name: 'outputs', source, content: table(action.outputs) },
  ];
}

function table(rows: Described): string {
  const lines = Object.entries(rows).map(
    ([name, { description }]) => `| \`${name}\` | ${description.replaceAll('|', '\\|')} |`,
  );
  return ['| name | meaning |', '|---|---|', ...lines].join('\n');
}
