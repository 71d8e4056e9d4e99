import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { anchorsOf, DOCUMENTS, fencesOf, linksOf, ROOT, read } from './markdown.ts';

const ACTION = 'aws-mfa-credentials/aws-mfa-credentials@';
const INPUTS = Object.keys(parse(read('action.yml')).inputs);

/** What may stand at the top of a piece of a workflow that is no whole one, beside the inputs of this action. */
const WORKFLOW_KEYS = ['name', 'on', 'permissions', 'concurrency', 'jobs', 'if', 'steps', 'uses', 'env', 'with'];

const relative = DOCUMENTS.flatMap((path) =>
  linksOf(read(path))
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => [path, target] as const),
);

describe('a link leads somewhere:', () => {
  test.each(relative)('%s → %s', (path, target) => {
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : posix.join(posix.dirname(path), file);
    expect({ to, exists: existsSync(join(ROOT, to)) }).toEqual({ to, exists: true });
    if (anchor !== undefined) expect([...anchorsOf(read(to))]).toContain(anchor);
  });
});

describe('a test that a page names exists:', () => {
  const named = ['docs/security.md', 'docs/testing.md'].flatMap((path) =>
    [...read(path).matchAll(/`(?:__tests__\/)?((?:aws|behaviour|docs|unit)\/[\w/-]+)(?:\.test\.ts)?`/g)].map(
      ([, test = '']) => [path, test] as const,
    ),
  );

  test.each(named)('%s: %s', (_path, test) => {
    const found = [`${test}.test.ts`, test].filter((path) => existsSync(join(ROOT, '__tests__', path)));
    expect({ test, exists: found.length > 0 }).toEqual({ test, exists: true });
  });
});

test('README.md leads to every document', () => {
  const reached = linksOf(read('README.md')).map((target) => target.split('#')[0]);
  const others = DOCUMENTS.filter((path) => /^[^/]+$|^docs\/|^examples\/README/.test(path) && path !== 'README.md');
  expect(others.filter((path) => !reached.includes(path))).toEqual([]);
});

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Its YAML is for other CIs, and other-ci.test.ts reads it. */
const OTHER_CI = 'docs/other-ci.md';

const yaml = DOCUMENTS.filter((path) => path !== OTHER_CI).flatMap((path) =>
  fencesOf(read(path))
    .filter(({ language }) => language === 'yaml')
    .map(({ text, headings }, index) => [path, `${headings.at(-1)}, ${index + 1}`, text] as const),
);

describe('YAML is what GitHub can read, with inputs that exist:', () => {
  test.each(yaml)('%s: %s', (_path, _place, text) => {
    const parsed: unknown = parse(text);
    const unknown = stepsIn(parsed)
      .filter(({ uses, with: given }) => given !== undefined && (uses === undefined || uses.startsWith(ACTION)))
      .flatMap(({ with: given = {} }) => Object.keys(given));
    const loose = Array.isArray(parsed)
      ? []
      : Object.keys(Object(parsed)).filter((key) => !WORKFLOW_KEYS.includes(key));
    expect([...unknown, ...loose].filter((name) => !INPUTS.includes(name))).toEqual([]);
  });

  test('among them steps of this action', () => {
    expect(yaml.filter(([, , text]) => text.includes(`uses: ${ACTION}`)).length).toBeGreaterThan(3);
  });
});

/** Everything in a tree that has a `with:`. */
function stepsIn(tree: unknown): readonly Step[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const own: readonly Step[] = 'with' in tree ? [tree as Step] : [];
  return [...own, ...Object.values(tree).flatMap(stepsIn)];
}

test('what migrating.md compares are the inputs of the official action, each once, and it says rightly which are here', () => {
  const [table = ''] = read('docs/migrating.md').split('What else differs');
  const rows = [...table.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \| (.*) \|$/gm)];
  const compared = rows.flatMap(([, names = '', here = '']) =>
    names.split(', ').map((name) => [name.replaceAll('`', ''), !here.startsWith('none')] as const),
  );
  expect(compared.map(([name]) => name).toSorted()).toEqual(OFFICIAL_INPUTS);
  expect(compared.filter(([name, here]) => INPUTS.includes(name) !== here)).toEqual([]);
});

/** Those of configure-aws-credentials 6.2.3. */
const OFFICIAL_INPUTS: readonly string[] = [
  'action-timeout-s',
  'allowed-account-ids',
  'audience',
  'aws-access-key-id',
  'aws-profile',
  'aws-region',
  'aws-secret-access-key',
  'aws-session-token',
  'custom-tags',
  'disable-retry',
  'force-skip-oidc',
  'http-proxy',
  'inline-session-policy',
  'managed-session-policies',
  'mask-aws-account-id',
  'no-proxy',
  'output-credentials',
  'output-env-credentials',
  'overwrite-aws-profile',
  'retry-max-attempts',
  'role-chaining',
  'role-duration-seconds',
  'role-external-id',
  'role-session-name',
  'role-skip-session-tagging',
  'role-to-assume',
  'special-characters-workaround',
  'sts-endpoint',
  'transitive-tag-keys',
  'unset-current-credentials',
  'use-existing-credentials',
  'web-identity-token-file',
];
