/**
 * Writes what `enroll` prints in typical and in odd cases into a folder, for the linters: `github/*.yml`, and `gitlab/*.yml`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from '../src/shell/program.ts';
import { readEnrollOptions } from '../src/shell/setup/options.ts';
import { snippetFor } from '../src/shell/setup/snippets.ts';

const GITHUB = { user: 'ci', github: 'acme/app' };
const GITLAB = { user: 'ci', gitlab: 'acme/app' };
const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';
const ROLES = [DEPLOY, 'arn:aws:iam::444455556666:role/deploy', 'arn:aws:iam::444455556666:role/team/re+ad,=.@only'];
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: odd names
const ODD = "pro\"d: #1 \\ 'é' ${{ x }}";
const BUCKETS = ['example-artifacts', 'example-logs/20$26/#${{x'];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: odd names

const CASES: Readonly<Record<string, Options>> = {
  'github/plain': GITHUB,
  'github/role': { ...GITHUB, role: [DEPLOY] },
  'github/roles': { ...GITHUB, role: ROLES },
  'github/separate': { ...GITHUB, separate: true },
  'github/environment': { ...GITHUB, environment: ODD },
  'github/buckets': { ...GITHUB, listBuckets: true, bucket: BUCKETS },
  'github/of-dependabot': { ...GITHUB, dependabot: true },
  'github/organization': { user: 'ci', org: 'acme' },
  'gitlab/plain': GITLAB,
  'gitlab/role': { ...GITLAB, role: [DEPLOY], unprotected: true },
  'gitlab/roles': { ...GITLAB, role: ROLES },
  'gitlab/environment': { ...GITLAB, environment: 'review/*' },
  'gitlab/buckets': { ...GITLAB, listBuckets: true, bucket: BUCKETS },
};

const [, , folder = ''] = process.argv;
for (const name of ['github', 'gitlab']) mkdirSync(join(folder, name), { recursive: true });
for (const [name, options] of Object.entries(CASES)) {
  const snippet = snippetFor(readEnrollOptions(options, {}), 'eu-central-1');
  if (snippet === undefined) throw new Error(`${name} prints nothing`);
  writeFileSync(join(folder, `${name}.yml`), snippet);
}
