import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { build, codeOfStep, type Emulator, type EmulatorClock, stepAt, type User } from '../../lab/aws/index.ts';
import { Job } from '../../lab/runner/job.ts';
import { call, emulate } from '../aws/wire.ts';
import { fencesOf, prose, ROOT, read } from './markdown.ts';
import { Shell } from './shell.ts';
import { inputsOf } from './step.ts';

// Every command of docs/iam.md, with the real AWS CLI and oathtool, on the emulator: as an administrator, and as a guest.

const TEXT = read('docs/iam.md');
const FENCES = fencesOf(TEXT);
const ACCOUNT = '111122223333';
const ADMIN = { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' };
const GUEST = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const PHONE = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const programs = ['aws', 'bash', 'oathtool'].filter((name) => spawnSync(name, ['--version']).status !== 0);
const skipped = programs.length > 0 && process.env['REQUIRE_AWS_CLI'] !== '1';
if (skipped) {
  console.warn(
    `Not on PATH: ${programs.join(', ')}. The commands of docs/iam.md are not run. REQUIRE_AWS_CLI=1 makes that a failure.`,
  );
}

/** The blocks of a language under a heading, in order. */
const blocks = (language: string, heading: string): string[] =>
  FENCES.filter((fence) => fence.language === language && fence.headings.at(-1) === heading).map(({ text }) => text);

/** The only block of a language under a heading. */
function block(language: string, heading: string): string {
  const [only, ...others] = blocks(language, heading);
  if (only === undefined || others.length > 0) throw new Error(`not one ${language} under ${heading}`);
  return only;
}

/** The commands in the running text. */
const INLINE = [...prose(TEXT).matchAll(/`(aws [a-z][^`]+)`/g)].map(([, command = '']) => command);
const inline = (beginning: string): string => INLINE.find((command) => command.startsWith(beginning)) ?? '';

let run: readonly string[] = [];
let emulator: Emulator;
let shell: Shell;
/** How far the emulator is ahead of the machine, on which oathtool and the AWS CLI rely. */
let aheadMs: number;
const clock: EmulatorClock = { now: () => Date.now() + aheadMs };

/** Runs commands of the document and remembers that they were. */
function follow(commands: string, typed: readonly string[] = []): Promise<string> {
  run = [...run, commands];
  return shell.run(commands, typed);
}

async function start(users: User[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  aheadMs = 0;
  const buckets = [build.bucket({ name: 'example-artifacts' }), build.bucket({ name: 'example-logs' })];
  emulator = await emulate({
    clock,
    world: build.world({ accounts: [build.account({ id: ACCOUNT, users, buckets })] }),
  });
  shell = new Shell({ AWS_ENDPOINT_URL: emulator.endpoint, ...env });
}

/** The adjustment of a centred device; -1 if a step ends between oathtool and the AWS CLI. */
const CENTRED = [0, -1];

const named = (name: string): User | undefined => emulator.world.accounts[0]?.users.find((user) => user.name === name);

/** What `gh` has stored under a name. */
const stored = (name: string): string => readFileSync(join(shell.folder, 'gh', name), 'utf8');

/** What a workflow gets with a key and a seed, some seconds after they were created. */
async function session(key: { id: string; secret: string } | undefined, serial: string, seed: string) {
  aheadMs += 15_000;
  const keys = { accessKeyId: key?.id ?? '', secretAccessKey: key?.secret ?? '' };
  const params = { SerialNumber: serial, TokenCode: codeOfStep(seed, stepAt(clock.now())) };
  const { status, code } = await call(emulator, keys, 'GetSessionToken', params);
  return [status, code];
}

/** The AWS CLI takes a second or more to start, and there are twenty of them. */
jest.setTimeout(180_000);

(skipped ? describe.skip : describe)('the commands of docs/iam.md', () => {
  describe('for an administrator', () => {
    afterEach(() => shell.close());
    beforeEach(() =>
      start(
        [
          build.user({
            name: 'admin',
            accessKeys: [ADMIN],
            attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          }),
        ],
        { AWS_ACCESS_KEY_ID: ADMIN.id, AWS_SECRET_ACCESS_KEY: ADMIN.secret, AWS_DEFAULT_REGION: 'eu-central-1' },
      ),
    );

    test('make a user with a centred device and a key, and store what lists the buckets in a workflow', async () => {
      const [setUp = '', store = '', ...others] = blocks('sh', 'With the AWS CLI');
      expect(others).toEqual([]);
      // What an earlier attempt has left.
      await shell.run(
        'aws iam create-virtual-mfa-device --virtual-mfa-device-name ci --bootstrap-method QRCodePNG --outfile ci.png',
      );
      await follow(inline('aws iam delete-virtual-mfa-device'));

      const printed = await follow(setUp);
      const { AccessKey: key } = JSON.parse(printed.slice(printed.lastIndexOf('{\n    "AccessKey"')));
      const user = named('ci');
      expect(user?.namedPolicies['ci']).toEqual(
        JSON.parse(readFileSync(join(shell.folder, 'work', 'policy.json'), 'utf8')),
      );
      expect(CENTRED).toContain(user?.devices[0]?.adjustmentSteps);
      const seed = readFileSync(join(shell.folder, 'work', 'seed.txt'), 'utf8');
      expect(seed).toBe(user?.devices[0]?.seed);
      expect(statSync(join(shell.folder, 'work', 'seed.txt')).mode & 0o777).toBe(0o600);

      await follow(store, [key.AccessKeyId, key.SecretAccessKey]);
      // The key and the device are known some seconds later.
      aheadMs = 15_000;
      const job = new Job({ action: ROOT, env: { AWS_ENDPOINT_URL: emulator.endpoint } });
      try {
        const inputs = { ...inputsOf(read('examples/plain.yml'), stored), 'list-buckets': 'true' };
        const { exitCode, lines, outputs } = await job.step({ inputs });
        expect([exitCode, lines[0], outputs['buckets']]).toEqual([
          0,
          `Authenticated as arn:aws:iam::${ACCOUNT}:user/ci using GetSessionToken (MFA device arn:aws:iam::${ACCOUNT}:mfa/ci).`,
          '["example-artifacts","example-logs"]',
        ]);
      } finally {
        job.close();
      }

      // And centre a window that is not.
      const [device] = user?.devices ?? [];
      Object.assign(device ?? {}, { adjustmentSteps: 40 });
      aheadMs = 0;
      for (const commands of blocks('sh', 'Center its window')) await follow(commands);
      expect(CENTRED).toContain(device?.adjustmentSteps);
    });

    test('make a role that the user may assume with a code, for longer than an hour', async () => {
      await shell.run('aws iam create-user --user-name ci');
      shell.write('trust.json', block('json', "A role's trust policy"));
      shell.write('permissions.json', block('json', 'What the bucket check needs'));
      await follow(block('sh', "A role's trust policy"));
      await follow(inline('aws iam update-role'));
      expect(emulator.world.accounts[0]?.roles).toMatchObject([
        {
          name: 'deploy',
          maxSessionDuration: 7200,
          trustPolicy: JSON.parse(block('json', "A role's trust policy")),
          namedPolicies: { deploy: JSON.parse(block('json', 'What the bucket check needs')) },
        },
      ]);
    });
  });

  describe('for a guest in somebody else’s account', () => {
    const [who = '', mfa = '', device = '', key = '', secrets = '', tidy = '', undo = ''] = blocks(
      'sh',
      'If someone else owns the account',
    );
    const serial = `arn:aws:iam::${ACCOUNT}:mfa/alex-ci`;
    const phoneCode = (offset: number) => codeOfStep(PHONE, stepAt(clock.now()) + offset);

    afterEach(() => shell.close());
    beforeEach(() =>
      start([
        build.user({
          name: 'alex',
          accessKeys: [GUEST],
          devices: [build.device({ serial: `arn:aws:iam::${ACCOUNT}:mfa/alex`, seed: PHONE })],
          policies: [JSON.parse(block('json', 'What the owner has to allow'))],
        }),
      ]),
    );

    test('add a second device by the phone’s code, store it, and take it back', async () => {
      await follow('aws configure', [GUEST.id, GUEST.secret, 'eu-central-1', 'json']);
      expect(await follow(who)).toBe(`user alex, phone arn:aws:iam::${ACCOUNT}:mfa/alex\n`);
      expect(await follow(mfa, [phoneCode(0)])).toBe('Code on the phone: ');
      expect(await follow(device)).toBe('');
      expect(named('alex')?.devices.map((one) => one.serial)).toEqual([`arn:aws:iam::${ACCOUNT}:mfa/alex`, serial]);
      expect(CENTRED).toContain(named('alex')?.devices[1]?.adjustmentSteps);
      const { AccessKey: created } = JSON.parse(await follow(key));
      await follow(secrets, [created.AccessKeyId, created.SecretAccessKey]);

      expect(stored('order').split('\n')).toEqual([
        'OWNER/REPOSITORY secret AWS_MFA_SEED',
        'OWNER/REPOSITORY secret AWS_ACCESS_KEY_ID',
        'OWNER/REPOSITORY secret AWS_SECRET_ACCESS_KEY',
        'OWNER/REPOSITORY variable AWS_MFA_SERIAL',
        '',
      ]);
      const storedKey = { id: stored('AWS_ACCESS_KEY_ID'), secret: stored('AWS_SECRET_ACCESS_KEY') };
      expect(stored('AWS_MFA_SERIAL')).toBe(serial);
      expect(await session(storedKey, serial, stored('AWS_MFA_SEED'))).toEqual([200, undefined]);

      await follow(tidy);
      expect(existsSync(join(shell.folder, 'work', 'seed.txt'))).toBe(false);
      expect(await shell.run(who)).toContain('mfa/alex\n');
      await shell.run(mfa, [phoneCode(1)]);
      await follow(undo);
      expect(named('alex')?.devices.map((one) => one.serial)).toEqual([`arn:aws:iam::${ACCOUNT}:mfa/alex`]);
      expect(emulator.world.accounts[0]?.unassignedDevices).toEqual([]);
    });
  });

  test('were all run', () => {
    const shown = FENCES.filter(({ language }) => language === 'sh').map(({ text }) => text);
    expect(new Set(run)).toEqual(new Set([...shown, ...INLINE]));
  });
});
