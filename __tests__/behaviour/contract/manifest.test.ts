import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { build, demoWorld } from '../../../lab/aws/index.ts';
import { INPUT_NAMES } from '../../../src/inputs/names.ts';
import { ROTATION_INPUT_NAMES, ROTATION_INPUTS, SHARED_INPUTS } from '../../../src/inputs/rotation.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';

const ROOT = join(__dirname, '../../..');
const MANIFESTS = globSync(
  ['action.yml', 'rotate/action.yml', '.github/actions/*/action.yml', 'examples/*/action.yml'],
  { cwd: ROOT },
);

interface Manifest {
  readonly inputs?: Readonly<Record<string, object>>;
  readonly outputs?: Readonly<Record<string, object>>;
  readonly runs: { readonly using: string };
}

/** The manifest without the places where the runner allows expressions (its action_yaml.json). */
function withoutExpressions({ inputs = {}, outputs = {}, runs, ...rest }: Manifest): object {
  const without = (key: string, entries: Readonly<Record<string, object>>) =>
    Object.values(entries).map((entry) => ({ ...entry, [key]: undefined }));
  return {
    ...rest,
    inputs: without('default', inputs),
    outputs: without('value', outputs),
    runs: runs.using === 'composite' ? undefined : runs,
  };
}

describe('the manifest', () => {
  test.each(MANIFESTS)('%s can be loaded: the runner refuses an expression even in a description', (path) => {
    const manifest: Manifest = parse(readFileSync(join(ROOT, path), 'utf8'));
    expect(JSON.stringify(withoutExpressions(manifest), null, 2)).not.toContain(`\${{`);
  });
});

describe('action.yml names exactly', () => {
  const { inputs = {}, outputs = {} }: Manifest = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

  test('the inputs that the action reads, in the same order', () => {
    expect(Object.keys(inputs)).toEqual([...INPUT_NAMES]);
  });

  test('in rotate/action.yml, the inputs that the sub-action reads, in the same order', () => {
    const rotate: Manifest = parse(readFileSync(join(ROOT, 'rotate/action.yml'), 'utf8'));
    expect(Object.keys(rotate.inputs ?? {})).toEqual([...SHARED_INPUTS, ...ROTATION_INPUT_NAMES]);
  });

  test('in rotate/action.yml, what examples/rotate.yml and the documentation pass to it', () => {
    const rotate: Manifest = parse(readFileSync(join(ROOT, 'rotate/action.yml'), 'utf8'));
    const given = ['examples/rotate.yml', 'docs/rotation.md'].flatMap((path) => {
      const [, inputs = ''] = readFileSync(join(ROOT, path), 'utf8').split(/rotate@v1.*\n *with:\n/);
      const [block = ''] = /^(?: +\S.*\n)+/.exec(inputs) ?? [];
      return Object.keys(parse(block));
    });
    expect(given).toHaveLength(8);
    expect(given.filter((name) => rotate.inputs?.[name] === undefined)).toEqual([]);
  });

  test('in rotate/action.yml, the defaults that the sub-action has', () => {
    const rotate: Manifest = parse(readFileSync(join(ROOT, 'rotate/action.yml'), 'utf8'));
    for (const [name, input] of Object.entries(ROTATION_INPUTS))
      if ('otherwise' in input && input.otherwise !== '')
        expect(JSON.stringify(rotate.inputs?.[name])).toContain(`Default: ${input.otherwise}.`);
  });

  test('no input that nothing is made of', () => {
    const sources = globSync('src/**/*.ts', { cwd: ROOT })
      .filter((path) => !path.replaceAll('\\', '/').endsWith('request/inputs.ts'))
      .map((path) => readFileSync(join(ROOT, path), 'utf8'))
      .join('\n');
    expect(INPUT_NAMES.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
  });

  test('the outputs that the action sets', async () => {
    const world = demoWorld();
    // Too many names for one output.
    for (let number = 0; number < 1500; number += 1)
      world.accounts[0]?.buckets.push(build.bucket({ name: `${'x'.repeat(50)}${number}` }));
    const everything = {
      ...SESSION,
      'output-credentials': 'true',
      'list-buckets': 'true',
      'seal-session': 'true',
      'sealing-key': 'iYJ8jYk5qV0v4o0N9C4vL2mJt6dQe1wXr7uZs3bKpHg=',
    };
    const set = new Set<string>();
    for (const given of [everything, { ...SESSION, roles: 'deploy = deploy' }]) {
      const { job } = await startJob({ world });
      for (const name of Object.keys((await succeeded(job.step({ inputs: given }))).outputs)) set.add(name);
    }
    expect([...set].toSorted()).toEqual(Object.keys(outputs).toSorted());
  });
});
