import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, read } from './markdown.ts';

// What GitHub shows to people who open an issue or a pull request.

const FORMS = globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: ROOT }).filter((path) => !path.endsWith('config.yml'));
const TEXTS = [...globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: ROOT }), '.github/pull_request_template.md'];

test.each(FORMS)('%s is a form that GitHub can show', (path) => {
  const form = parse(read(path));
  expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
  const ids = form.body.flatMap(({ id }: { readonly id?: string }) => id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { type, attributes } of form.body) {
    expect(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
    expect(attributes).toEqual(
      expect.objectContaining({ [type === 'markdown' ? 'value' : 'label']: expect.any(String) }),
    );
  }
});

test.each(TEXTS)('the links of %s lead to files of this repository', (path) => {
  const targets = [...read(path).matchAll(/\/blob\/(?:v1|main)\/([\w./-]+)/g)].map(([, target = '']) => target);
  expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
});
