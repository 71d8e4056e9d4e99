import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { INPUT_NAMES, INPUTS } from '../../../src/inputs/names.ts';

const ROOT = join(__dirname, '../../..');
const action: { readonly inputs: Readonly<Record<string, { readonly description: string }>> } = parse(
  readFileSync(join(ROOT, 'action.yml'), 'utf8'),
);

function descriptionOf(name: string): string {
  return action.inputs[name]?.description ?? '';
}

describe('the table of inputs', () => {
  test('has those of action.yml, in its order, and so has docs/inputs.md', () => {
    expect(INPUT_NAMES).toEqual(Object.keys(action.inputs));
    const documented = readFileSync(join(ROOT, 'docs/inputs.md'), 'utf8').split('\n## Outputs')[0] ?? '';
    expect([...documented.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name)).toEqual(INPUT_NAMES);
  });

  test.each(INPUT_NAMES.filter((name) => INPUTS[name].kind === 'boolean'))(
    '%s is a boolean, and its description says which by default',
    (name) => {
      expect(descriptionOf(name)).toMatch(
        name === 'output-env-credentials' ? / Default: true, or false / : / Default: false\b/,
      );
    },
  );

  test.each(INPUT_NAMES.flatMap((name) => (INPUTS[name].kind === 'integer' ? [[name, INPUTS[name]] as const] : [])))(
    '%s is a number, and its description has its default and range',
    (name, { default: value, min, max }) => {
      const description = descriptionOf(name);
      // The retry rules have the default of the attempts.
      expect(description).toContain(` Default: ${value ?? 12}`);
      if (min > 1) for (const limit of [min, max]) expect(description).toContain(String(limit));
    },
  );

  test.each(
    INPUT_NAMES.flatMap((name) => (INPUTS[name].kind === 'choice' ? [[name, INPUTS[name].choices] as const] : [])),
  )('%s is one of several words, and its description has them and the default', (name, choices) => {
    for (const choice of choices) expect(descriptionOf(name)).toContain(`\`${choice}\``);
    expect(descriptionOf(name)).toMatch(new RegExp(` Default: ${choices[0]}(?:\\.|, or )`));
  });

  test.each(INPUT_NAMES.filter((name) => INPUTS[name].kind === 'lines'))('%s has one item per line', (name) => {
    expect(descriptionOf(name)).toContain('one per line');
  });

  test('knows which inputs may hold a secret, which a shell must not take as an argument', () => {
    expect(INPUT_NAMES.filter((name) => INPUTS[name].kind === 'secret')).toEqual([
      'aws-secret-access-key',
      'aws-access-key',
      'mfa-seed',
      'mfa-code',
      'mfa-devices',
      'sealing-key',
      'http-proxy',
    ]);
  });
});
