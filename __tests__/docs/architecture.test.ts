import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT, read } from './markdown.ts';

/** A file, what it imports, and whether the layer of the file may. */
const IMPORTS: readonly (readonly [file: string, imported: string, verdict: 'allowed' | 'refused'])[] = [
  ['core/session/a.ts', '../failure.ts', 'allowed'],
  ['core/codes/b.ts', 'node:crypto', 'allowed'],
  ['core/c.ts', 'jose', 'allowed'],
  ['core/d.ts', 'node:fs', 'refused'],
  ['core/e.ts', '../profiles/text.ts', 'refused'],
  ['core/codes/f.ts', '../../inputs/names.ts', 'refused'],
  ['core/g.ts', '../aws/sts.ts', 'refused'],
  ['core/session/h.ts', '../../github/log.ts', 'refused'],
  ['core/codes/l.ts', '../../shell/values.ts', 'refused'],
  ['core/m.ts', '../setup/ports.ts', 'refused'],
  ['core/i.ts', '@actions/core', 'refused'],
  ['core/j.ts', '@aws-sdk/client-sts', 'refused'],
  ['core/k.ts', '@smithy/types', 'refused'],
  ['core/m.ts', '../net/agent.ts', 'refused'],
  ['core/n.ts', '../setup/ports.ts', 'refused'],
  ['core/o.ts', '../stores/github.ts', 'refused'],
  ['net/a.ts', '../core/network.ts', 'allowed'],
  ['net/b.ts', 'node:https', 'allowed'],
  ['net/c.ts', '../aws/transport.ts', 'refused'],
  ['net/d.ts', '../stores/http.ts', 'refused'],
  ['net/e.ts', '@smithy/types', 'refused'],
  ['profiles/a.ts', '../core/failure.ts', 'allowed'],
  ['profiles/b.ts', 'node:fs', 'allowed'],
  ['profiles/c.ts', '../inputs/names.ts', 'refused'],
  ['profiles/d.ts', '../github/log.ts', 'refused'],
  ['profiles/g.ts', '../shell/values.ts', 'refused'],
  ['profiles/e.ts', '../aws/sts.ts', 'refused'],
  ['profiles/f.ts', '@actions/core', 'refused'],
  ['profiles/h.ts', '../setup/ports.ts', 'refused'],
  ['setup/a.ts', '../core/codes/totp.ts', 'allowed'],
  ['setup/b.ts', 'node:crypto', 'allowed'],
  ['setup/c.ts', './ports.ts', 'allowed'],
  ['setup/d.ts', 'node:fs', 'refused'],
  ['setup/e.ts', '../profiles/text.ts', 'refused'],
  ['setup/f.ts', '../inputs/names.ts', 'refused'],
  ['setup/g.ts', '../aws/iam-admin.ts', 'refused'],
  ['setup/h.ts', '../github/log.ts', 'refused'],
  ['setup/i.ts', '../shell/values.ts', 'refused'],
  ['setup/j.ts', '@actions/github', 'refused'],
  ['setup/k.ts', '@aws-sdk/client-iam', 'refused'],
  ['setup/l.ts', '@smithy/types', 'refused'],
  ['profiles/h.ts', '../net/agent.ts', 'refused'],
  ['inputs/a.ts', '../profiles/text.ts', 'allowed'],
  ['inputs/b.ts', '../core/request.ts', 'allowed'],
  ['inputs/messages/c.ts', './aws.ts', 'allowed'],
  ['inputs/d.ts', '../github/inputs.ts', 'refused'],
  ['inputs/messages/e.ts', '../../aws/diagnose.ts', 'refused'],
  ['inputs/messages/h.ts', '../../shell/wording.ts', 'refused'],
  ['inputs/f.ts', 'node:fs', 'refused'],
  ['inputs/g.ts', '@smithy/types', 'refused'],
  ['inputs/messages/i.ts', '../../setup/rotation.ts', 'allowed'],
  ['inputs/i.ts', '../stores/github.ts', 'refused'],
  ['aws/a.ts', '../core/ports.ts', 'allowed'],
  ['aws/b.ts', '@aws-sdk/client-sts', 'allowed'],
  ['aws/f.ts', '../setup/ports.ts', 'allowed'],
  ['aws/c.ts', '../github/masks.ts', 'refused'],
  ['aws/d.ts', '@actions/core', 'refused'],
  ['aws/e.ts', '../shell/secrets.ts', 'refused'],
  ['aws/f.ts', '../net/agent.ts', 'allowed'],
  ['aws/g.ts', '../setup/ports.ts', 'allowed'],
  ['aws/h.ts', '../stores/github.ts', 'refused'],
  ['stores/a.ts', '../core/ports.ts', 'allowed'],
  ['stores/b.ts', '../setup/ports.ts', 'allowed'],
  ['stores/c.ts', '../net/agent.ts', 'allowed'],
  ['stores/d.ts', '@actions/github/lib/utils', 'allowed'],
  ['stores/e.ts', 'node:https', 'allowed'],
  ['stores/f.ts', '../aws/transport.ts', 'refused'],
  ['stores/g.ts', '../inputs/names.ts', 'refused'],
  ['stores/h.ts', '../github/log.ts', 'refused'],
  ['stores/i.ts', '../shell/new-file.ts', 'refused'],
  ['stores/j.ts', '@actions/core', 'refused'],
  ['stores/k.ts', '@aws-sdk/client-iam', 'refused'],
  ['github/a.ts', '../profiles/profiles.ts', 'allowed'],
  ['github/b.ts', '../inputs/names.ts', 'allowed'],
  ['github/c.ts', '../aws/sts.ts', 'refused'],
  ['github/d.ts', '@aws-sdk/client-sts', 'refused'],
  ['github/e.ts', '../shell/ci.ts', 'refused'],
  ['github/f.ts', '../setup/ports.ts', 'refused'],
  ['shell/a.ts', '../profiles/lock.ts', 'allowed'],
  ['shell/b.ts', '../inputs/names.ts', 'allowed'],
  ['shell/c.ts', '../core/request.ts', 'allowed'],
  ['shell/d.ts', 'node:http', 'allowed'],
  ['shell/e.ts', 'commander', 'allowed'],
  ['shell/k.ts', '../setup/ports.ts', 'allowed'],
  ['shell/f.ts', '../aws/services.ts', 'refused'],
  ['shell/g.ts', '../github/log.ts', 'refused'],
  ['shell/h.ts', '@actions/core', 'refused'],
  ['shell/i.ts', '@aws-sdk/client-sts', 'refused'],
  ['shell/j.ts', '@smithy/types', 'refused'],
  ['shell/l.ts', '../stores/github.ts', 'refused'],
  ['main.ts', './github/log.ts', 'allowed'],
  ['cli.ts', './aws/services.ts', 'allowed'],
  ['cli.ts', './shell/dispatch.ts', 'allowed'],
];

/** The forms of an import. */
const FORMS = {
  static: (from: string) => `import { x } from '${from}';\nexport const y = x;\n`,
  type: (from: string) => `import type { X } from '${from}';\nexport type Y = X;\n`,
  lazy: (from: string) => `export const y = () => import('${from}');\n`,
  again: (from: string) => `export { x } from '${from}';\n`,
};

test('the linter refuses an import, in any form, from a layer that is not below', () => {
  const cases = IMPORTS.flatMap(([file, imported, verdict]) =>
    Object.entries(FORMS).map(([form, write]) => ({
      file: file.replace('.ts', `-${form}.ts`),
      text: write(imported),
      verdict,
    })),
  );
  const refused = lint(cases, 'style/noRestrictedImports');
  expect(cases.filter(({ file }) => refused.has(file)).map(({ file }) => file)).toEqual(
    cases.filter(({ verdict }) => verdict === 'refused').map(({ file }) => file),
  );
});

test('the linter refuses a cycle of imports', () => {
  const files = [
    { file: 'core/a.ts', text: "import { b } from './b.ts';\nexport const a = b;\n" },
    { file: 'core/b.ts', text: "import { a } from './a.ts';\nexport const b = a;\n" },
  ];
  expect([...lint(files, 'suspicious/noImportCycles')].toSorted()).toEqual(['core/a.ts', 'core/b.ts']);
});

/** The files that break a rule of this repository, as if they were in src/. */
function lint(
  files: readonly { readonly file: string; readonly text: string }[],
  rule: string,
): ReadonlySet<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    const config = { ...JSON.parse(read('biome.json')), vcs: { enabled: false }, $schema: undefined };
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
    for (const { file, text } of files) {
      mkdirSync(dirname(join(folder, 'src', file)), { recursive: true });
      writeFileSync(join(folder, 'src', file), text);
    }
    const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const args = ['lint', `--only=${rule}`, '--reporter=github', '--max-diagnostics=none', '.'];
    const { stdout } = spawnSync(process.execPath, [biome, ...args], { cwd: folder, encoding: 'utf8' });
    return new Set([...stdout.matchAll(/[/\\]src[/\\]([^,]+),line/g)].map(([, file]) => file?.replaceAll('\\', '/')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
