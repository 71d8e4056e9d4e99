import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { build, type Emulator, type EmulatorClock } from '../../lab/aws/index.ts';
import { Job } from '../../lab/runner/job.ts';
import { emulate } from '../aws/wire.ts';
import { fencesOf, ROOT, read } from './markdown.ts';
import { Shell } from './shell.ts';

// The README's first workflow, followed by an administrator with an empty home: its commands with the real AWS CLI and
// oathtool on the emulator, and its step with the secrets that the commands have stored.

const ACCOUNT = '111122223333';
const ADMIN = { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' };
const FENCES = fencesOf(read('README.md')).filter(({ headings }) => headings.at(-1) === 'Your first workflow');

const missing = ['aws', 'bash', 'oathtool'].filter((name) => spawnSync(name, ['--version']).status !== 0);
const skipped = missing.length > 0 && process.env['REQUIRE_AWS_CLI'] !== '1';
if (skipped) {
  console.warn(
    `Not on PATH: ${missing.join(', ')}. The README is not followed. REQUIRE_AWS_CLI=1 makes that a failure.`,
  );
}

jest.setTimeout(180_000);

let shell: Shell;
afterEach(() => shell.close());

let aheadMs = 0;
const clock: EmulatorClock = { now: () => Date.now() + aheadMs };

function account(): Promise<Emulator> {
  const admin = build.user({
    name: 'admin',
    accessKeys: [ADMIN],
    attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  const buckets = [build.bucket({ name: 'example-artifacts' }), build.bucket({ name: 'example-logs' })];
  return emulate({
    clock,
    world: build.world({ accounts: [build.account({ id: ACCOUNT, users: [admin], buckets })] }),
  });
}

/** The inputs of the step, with what is stored in the place of the expressions. */
function inputsOf(workflow: string, stored: (name: string) => string): Readonly<Record<string, string>> {
  const { jobs }: { jobs: Record<string, { steps: { with?: Record<string, string> }[] }> } = parse(workflow);
  const [step] = Object.values(jobs).flatMap(({ steps }) => steps);
  return Object.fromEntries(
    Object.entries(step?.with ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ (?:secrets|vars)\.(\w+) \}\}/, (_expression, stores: string) => stored(stores)),
    ]),
  );
}

(skipped ? test.skip : test)(
  'the README leads an administrator to a session with MFA that lists the buckets',
  async () => {
    const [setUp = '', store = '', ...others] = FENCES.filter(({ language }) => language === 'sh').map(
      ({ text }) => text,
    );
    const [workflow = ''] = FENCES.filter(({ language }) => language === 'yaml').map(({ text }) => text);
    expect(others).toEqual([]);
    const emulator = await account();
    shell = new Shell({
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: ADMIN.id,
      AWS_SECRET_ACCESS_KEY: ADMIN.secret,
      AWS_DEFAULT_REGION: 'eu-central-1',
    });

    const printed = await shell.run(setUp);
    const { AccessKey: key } = JSON.parse(printed.slice(printed.lastIndexOf('{\n    "AccessKey"')));
    await shell.run(store, [key.AccessKeyId, key.SecretAccessKey]);

    // The key and the device are known some seconds later.
    aheadMs = 15_000;
    const stored = (name: string) => readFileSync(join(shell.folder, 'gh', name), 'utf8');
    const job = new Job({ action: ROOT, env: { AWS_ENDPOINT_URL: emulator.endpoint } });
    try {
      const { exitCode, lines, outputs } = await job.step({
        inputs: { ...inputsOf(workflow, stored), 'list-buckets': 'true' },
      });
      expect([exitCode, lines[0], outputs['buckets']]).toEqual([
        0,
        `Authenticated as arn:aws:iam::${ACCOUNT}:user/ci using GetSessionToken (MFA device arn:aws:iam::${ACCOUNT}:mfa/ci).`,
        '["example-artifacts","example-logs"]',
      ]);
    } finally {
      job.close();
    }
  },
);
