/**
 * Writes into docs/inputs.md and docs/troubleshooting.md what is made from action.yml and from the catalogue of remedies; with
 * `--check` it only compares, and fails where they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Block, withBlocks } from './docs-blocks.ts';
import { remedies } from './docs-remedies.ts';
import { tables } from './docs-tables.ts';

const root = join(import.meta.dirname, '..');

const DOCUMENTS: Readonly<Record<string, readonly Block[]>> = {
  'docs/inputs.md': tables(parse(readFileSync(join(root, 'action.yml'), 'utf8'))),
  'docs/troubleshooting.md': remedies(),
};

for (const [name, blocks] of Object.entries(DOCUMENTS)) {
  const path = join(root, name);
  const written = readFileSync(path, 'utf8');
  const made = withBlocks(written, blocks);
  if (!process.argv.includes('--check')) writeFileSync(path, made);
  else if (made !== written) {
    console.error(`${name} is not what action.yml and src/inputs/messages/ say: run \`npm run docs\`.`);
    process.exitCode = 1;
  }
}
