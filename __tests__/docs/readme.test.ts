import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { build } from '../../lab/aws/index.ts';
import { builtCommand } from '../../lab/command/built.ts';
import { githubWorld, startGithub } from '../../lab/github/index.ts';
import { emulate } from '../aws/wire.ts';
import { closeAfterTest, jobFor } from '../kit/action.ts';
import { timeInBucket } from '../kit/clocks.ts';
import { fencesOf, ROOT, read } from './markdown.ts';
import { inputsOf } from './step.ts';

// The README's first workflow, followed by an administrator: its command on the emulator and a small GitHub, and its step with the
// secrets that the command has stored.

const TEXT = read('README.md');
const FENCES = fencesOf(TEXT).filter(({ headings }) => headings.at(-1) === 'Your first workflow');
const blocks = (language: string): readonly string[] =>
  FENCES.filter((fence) => fence.language === language).map(({ text }) => text);

const ACCOUNT = '111122223333';
const ADMIN = { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' };
const TOKEN = 'ghp_0123456789abcdef0123456789abcdef0123';
const { version } = JSON.parse(read('package.json'));

const missing = ['bash', 'git'].filter((name) => spawnSync(name, ['--version']).status !== 0);
if (missing.length > 0) console.warn(`Not on PATH: ${missing.join(', ')}. The README is not followed.`);

/** A clone of acme/app, and an `npx` that runs this package in this version. */
async function clone(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const npx = `#!/bin/sh
if [ "$1 $2" != "--yes aws-mfa-credentials@${version}" ]; then echo "unexpected: npx $*" >&2; exit 1; fi
shift 2
exec '${process.execPath}' '${await builtCommand()}' "$@"
`;
  writeFileSync(join(bin, 'npx'), npx);
  chmodSync(join(bin, 'npx'), 0o755);
  for (const args of [
    ['init', '--quiet'],
    ['remote', 'add', 'origin', 'git@github.com:acme/app.git'],
  ])
    spawnSync('git', args, { cwd: folder });
  return { folder, path: [bin, process.env['PATH']].join(delimiter) };
}

(missing.length > 0 ? test.skip : test)(
  'the README leads an administrator to a session with MFA that lists the buckets',
  async () => {
    const [enroll = '', push = '', ...others] = blocks('sh');
    const [shown = ''] = blocks('yaml');
    expect(others).toEqual([]);
    const attachedPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    const admin = build.user({ name: 'admin', accessKeys: [ADMIN], attachedPolicies });
    const buckets = [build.bucket({ name: 'example-artifacts' }), build.bucket({ name: 'example-logs' })];
    const time = timeInBucket(0, 1000);
    const emulator = await emulate({
      clock: time.clock,
      world: build.world({ accounts: [build.account({ id: ACCOUNT, users: [admin], buckets })] }),
    });
    const github = await startGithub({
      clock: time.clock,
      world: githubWorld({
        tokens: [{ value: TOKEN, kind: 'personal', sees: ['acme/app'], permissions: { secrets: 'write' } }],
        repositories: [{ id: 1, fullName: 'acme/app', environments: [] }],
      }),
    });
    closeAfterTest(() => github.close());
    const { folder, path } = await clone();

    // Nobody can be asked for consent.
    await promisify(execFile)('bash', ['-e', '-c', enroll.replace('--github', '--github --yes')], {
      cwd: folder,
      env: {
        ...time.env,
        PATH: path,
        HOME: folder,
        AWS_ACCESS_KEY_ID: ADMIN.id,
        AWS_SECRET_ACCESS_KEY: ADMIN.secret,
        AWS_ENDPOINT_URL: emulator.endpoint,
        GH_TOKEN: TOKEN,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_API_URL: github.apiUrl,
      },
    });
    const workflow = readFileSync(join(folder, '.github/workflows/aws.yml'), 'utf8');
    expect(workflow).toBe(`${shown}\n`);
    expect(push).toContain('git add .github &&');

    const vault = github.stores.vault({ kind: 'actions', of: 'acme/app' });
    const job = jobFor(emulator, { action: ROOT, env: { AWS_ENDPOINT_URL: emulator.endpoint, ...time.env } });
    const { exitCode, lines, outputs } = await job.step({
      inputs: inputsOf(workflow, (name) => vault.value(name) ?? ''),
    });
    expect([exitCode, outputs['buckets']]).toEqual([0, '["example-artifacts","example-logs"]']);
    // What it says, the README shows, at another time.
    const [log = ''] = blocks('');
    const anyTime = (text: string): string => text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/, 'TIME');
    expect(lines.map(anyTime)).toEqual(log.split('\n').map(anyTime));
  },
);

test('README.md is short enough to be read', () => {
  expect(TEXT.split(/\s+/).length).toBeLessThan(1800);
});
