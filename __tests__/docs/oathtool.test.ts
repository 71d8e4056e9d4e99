import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeOfStep, stepAt } from '../../lab/aws/index.ts';
import { DOCUMENTS, fencesOf, prose, read } from './markdown.ts';

// Every oathtool command of the documents is run, and prints the codes that it is said to print.

const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** What each command prints, as steps counted from the current one. */
const PRINTS: Readonly<Record<string, readonly number[]>> = {
  'oathtool --totp -b @seed.txt': [0],
  "oathtool --totp -b --now '30 seconds ago' @seed.txt": [-1],
  "oathtool --totp -b -w 1 --now '30 seconds ago' @seed.txt": [-1, 0],
};

/** The commands of a document, each once. Those that migrating.md quotes from other people's scripts are none of ours. */
function commandsOf(path: string): readonly string[] {
  const text = read(path);
  const shells = fencesOf(text).filter(({ language }) => language === 'sh');
  const own = [prose(text), ...shells.map((fence) => fence.text)].join('\n');
  return [...new Set(own.match(/oathtool --[^`)#\n]*/g)?.map((command) => command.trim()))];
}

const commands = DOCUMENTS.flatMap((path) => commandsOf(path).map((command) => [path, command] as const));

test('the documents use these commands, and each of them', () => {
  expect(new Set(commands.map(([, command]) => command))).toEqual(new Set(Object.keys(PRINTS)));
});

const found = spawnSync('oathtool', ['--version']).status === 0;
const skipped = !found && process.env['REQUIRE_AWS_CLI'] !== '1';
if (skipped) console.warn('oathtool is not on PATH: its commands are not run. REQUIRE_AWS_CLI=1 makes that a failure.');

(skipped ? describe.skip : describe)('prints the right codes:', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'documentation-'));
    writeFileSync(join(folder, 'seed.txt'), SEED, { mode: 0o600 });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.entries(PRINTS))('%s', (command, offsets) => {
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const before = stepAt(Date.now());
    const { stdout } = spawnSync(args[0] ?? '', args.slice(1), { cwd: folder, encoding: 'utf8' });
    // A step may end while it runs.
    const right = [before, stepAt(Date.now())].map((step) => offsets.map((offset) => codeOfStep(SEED, step + offset)));
    expect(right).toContainEqual(stdout.trim().split('\n'));
  });
});
