/**
 * Writes into the documents what is made from action.yml and from the catalogue of messages, the version of the command in its examples,
 * and the golden file of all messages;
 * with `--check` it only compares, and fails if something differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Block, withBlocks } from './docs-blocks.ts';
import { commandTables } from './docs-cli.ts';
import { exampleBlocks, OTHER_CI, withVersion } from './docs-examples.ts';
import { failures } from './docs-failures.ts';
import { tables } from './docs-tables.ts';
import { flagDescriptions } from './flag-descriptions.ts';
import { golden } from './golden.ts';

const root = join(import.meta.dirname, '..');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

const rotation = parse(readFileSync(join(root, 'rotate/action.yml'), 'utf8'));

const DOCUMENTS: Readonly<Record<string, readonly Block[]>> = {
  'docs/cli.md': commandTables(action),
  'docs/inputs.md': tables(action),
  'docs/other-ci.md': exampleBlocks(version),
  'docs/rotation.md': tables(rotation, 'rotate/action.yml'),
  'docs/troubleshooting.md': failures(),
};

const GOLDEN = '__tests__/kit/messages.golden.txt';

for (const [name, blocks] of Object.entries(DOCUMENTS)) {
  const path = join(root, name);
  keep(name, withBlocks(readFileSync(path, 'utf8'), blocks));
}
for (const name of [...OTHER_CI, 'README.md', 'docs/cli.md', 'docs/enrolling.md', 'docs/other-ci.md']) {
  keep(name, withVersion(readFileSync(join(root, name), 'utf8'), version));
}
keep(GOLDEN, await golden());
keep('src/shell/descriptions.ts', flagDescriptions(action));

/** Writes a file, or complains with `--check` if it is not what it should be. */
function keep(name: string, made: string): void {
  const path = join(root, name);
  if (!process.argv.includes('--check')) writeFileSync(path, made);
  else if (made !== readFileSync(path, 'utf8')) {
    console.error(`${name} is out of date: run \`npm run docs\`.`);
    process.exitCode = 1;
  }
}
