import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { closeAfterTest } from '../../kit/action.ts';

// The step of release.yml that publishes the package, run with an npm that only writes down what it was called with.

interface Step {
  readonly name: string;
  readonly run?: string;
}

const WORKFLOW = parse(readFileSync(join(__dirname, '../../../.github/workflows/release.yml'), 'utf8'));
const STEPS: readonly Step[] = WORKFLOW.jobs.npm.steps;
const SCRIPT = STEPS.find(({ name }) => name === 'Publish, unless the version is there')?.run ?? '';

const TARBALL = 'what was built and attested';
const INTEGRITY = `sha512-${createHash('sha512').update(TARBALL).digest('base64')}`;

/** What the registry has, by what is asked of it. `npm view` fails if there is no such package or version. */
type Registry = Readonly<Record<string, string>>;

/** Publishes a version; resolves to how npm was called to do it, if it was. */
function publish(version: string, registry: Registry) {
  const folder = mkdtempSync(join(tmpdir(), 'publish-'));
  closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
  const answers = Object.entries(registry).map(([asked, answer]) => `  'view ${asked}') echo '${answer}' ;;`);
  const npm = `#!/bin/sh\ncase "$*" in\n${answers.join('\n')}\n  view*) exit 1 ;;\n  *) echo "$*" >>published ;;\nesac\n`;
  writeFileSync(join(folder, 'npm'), npm);
  chmodSync(join(folder, 'npm'), 0o755);
  writeFileSync(join(folder, `aws-mfa-credentials-${version}.tgz`), TARBALL);
  const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', SCRIPT], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, VERSION: version },
  });
  const published = join(folder, 'published');
  return { status, stdout, published: existsSync(published) ? readFileSync(published, 'utf8').trim() : undefined };
}

const command = (version: string, tag: string) =>
  `publish ./aws-mfa-credentials-${version}.tgz --provenance --access public --tag ${tag}`;

// The workflow only runs on Linux.
(process.platform === 'linux' ? describe : describe.skip)('of a release:', () => {
  test('the first version becomes the latest', () => {
    expect(publish('1.2.0', {})).toMatchObject({ status: 0, published: command('1.2.0', 'latest') });
  });

  test('a newer version becomes the latest', () => {
    const registry = { 'aws-mfa-credentials version': '1.9.0' };
    expect(publish('1.10.0', registry)).toMatchObject({ status: 0, published: command('1.10.0', 'latest') });
  });

  test('a patch of an older version doesn’t become the latest', () => {
    const registry = { 'aws-mfa-credentials version': '1.10.0' };
    expect(publish('1.9.1', registry)).toMatchObject({ status: 0, published: command('1.9.1', 'older') });
  });

  test('a prerelease is the next version', () => {
    const registry = { 'aws-mfa-credentials version': '1.10.0' };
    expect(publish('2.0.0-rc.1', registry)).toMatchObject({ status: 0, published: command('2.0.0-rc.1', 'next') });
  });

  test('a second run publishes nothing', () => {
    const registry = { 'aws-mfa-credentials@1.2.0 dist.integrity': INTEGRITY };
    const { status, stdout, published } = publish('1.2.0', registry);
    expect({ status, published }).toEqual({ status: 0, published: undefined });
    expect(stdout).toBe('::notice::1.2.0 was published before, with the same files.\n');
  });

  test('a version with other files is an error', () => {
    const registry = { 'aws-mfa-credentials@1.2.0 dist.integrity': 'sha512-other' };
    const { status, stdout, published } = publish('1.2.0', registry);
    expect({ status, published }).toEqual({ status: 1, published: undefined });
    expect(stdout).toBe(`::error::1.2.0 was published with other files (sha512-other, not ${INTEGRITY}).\n`);
  });
});
