import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(__dirname, '../../..');

/** Bundles an entry as the build does, and prints the packages in it, its size and its list of licences. */
const SCRIPT = `
  import { rollup } from 'rollup';
  import { licenseList } from './scripts/licenses.ts';
  import { isReplaced } from './scripts/replacements.ts';
  import { optionsFor } from './scripts/rollup-options.ts';
  const bundled = await rollup({ ...optionsFor('cli'), input: process.argv[1] });
  const { output } = await bundled.generate({ format: 'es' });
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
  const packages = modules.filter((id) => !isReplaced(id)).map((id) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(id.replaceAll('\\\\', '/'))?.[1]);
  const bytes = output.reduce((sum, file) => sum + (file.type === 'chunk' ? file.code.length : 0), 0);
  const result = { bytes, packages: [...new Set(packages)].filter(Boolean), licences: licenseList(process.cwd(), modules) };
  process.stdout.write(JSON.stringify(result));
`;

interface Bundle {
  readonly bytes: number;
  readonly packages: readonly string[];
  readonly licences: string;
}

function bundle(entry: string): Bundle {
  const args = ['--input-type=module', '--no-warnings', '-e', SCRIPT, join(ROOT, entry)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 24 }));
}

test('Octokit comes without an HTTP client and without methods for all of the API, and every package with its licence', () => {
  const { bytes, packages, licences } = bundle('src/stores/github.ts');
  expect(packages.toSorted()).toEqual([
    '@actions/github',
    '@noble/ciphers',
    '@noble/hashes',
    '@octokit/auth-token',
    '@octokit/core',
    '@octokit/endpoint',
    '@octokit/graphql',
    '@octokit/request',
    '@octokit/request-error',
    'before-after-hook',
    'content-type',
    'json-with-bigint',
    'universal-user-agent',
  ]);
  expect(bytes).toBeLessThan(200_000);
  for (const name of packages)
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\S+ \\((?:MIT|ISC|Apache-2\\.0)`, 'm'));
});

test('the action contains nothing of the stores', () => {
  const { packages } = bundle('src/main.ts');
  expect(packages).toContain('@aws-sdk/client-sts');
  expect(packages.filter((name) => /octokit|actions\/github|noble\/ciphers/.test(name))).toEqual([]);
});
