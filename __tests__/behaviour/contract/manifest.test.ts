import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../../..');
const MANIFESTS = globSync(['action.yml', '.github/actions/*/action.yml', 'examples/*/action.yml'], { cwd: ROOT });

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
