/**
 * Writes the tables of inputs and outputs in README.md from action.yml; with `--check` it only compares, and fails where they
 * differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

type Described = Readonly<Record<string, { readonly description: string }>>;

const root = join(import.meta.dirname, '..');

export function render(readme: string, action: { readonly inputs: Described; readonly outputs: Described }): string {
  return replaceBetween(replaceBetween(readme, 'inputs', table(action.inputs)), 'outputs', table(action.outputs));
}

function table(rows: Described): string {
  const lines = Object.entries(rows).map(
    ([name, { description }]) => `| \`${name}\` | ${description.replaceAll('|', '\\|')} |`,
  );
  return ['| name | meaning |', '|---|---|', ...lines].join('\n');
}

function replaceBetween(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: made from action.yml by npm run docs -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md lacks the marks of the ${name}`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

const path = join(root, 'README.md');
const readme = readFileSync(path, 'utf8');
const rendered = render(readme, parse(readFileSync(join(root, 'action.yml'), 'utf8')));
if (!process.argv.includes('--check')) writeFileSync(path, rendered);
else if (rendered !== readme) {
  console.error("README.md's tables are not what action.yml says: run `npm run docs`.");
  process.exitCode = 1;
}
