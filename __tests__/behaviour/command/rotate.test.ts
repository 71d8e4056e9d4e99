import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build, DEMO, type Emulator, type User, type World } from '../../../lab/aws/index.ts';
import { type Github, githubWorld, startGithub } from '../../../lab/github/index.ts';
import { policyFor } from '../../../src/setup/policy.ts';
import { closeAfterTest } from '../../kit/action.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { codesSent, type Ran, type Shell, startShell } from '../../kit/command.ts';
import { sentSecrets, shownPieces } from '../../kit/secrets.ts';
import { worldWith } from '../../kit/worlds.ts';

const DAY = 86_400_000;
const TOKEN = 'github_pat_11AAAAAAA0exampleOfAToken';
const ROTATE = ['rotate', '--github', 'acme/site'];
const USER_ARN = `arn:aws:iam::${DEMO.accountId}:user/${DEMO.userName}`;
const FOREIGN = 'AKIASOMEBODYELSE0001';
const place = { kind: 'actions', of: 'acme/site' } as const;

interface Rotating extends Shell {
  readonly hub: Github;
  readonly user: User;
  /** Moves the time of everything. */
  pass(days: number): void;
  /** One run, with the secrets as they are. */
  rotate(args?: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Ran>;
  /** A job gets a session with the secrets as they are. */
  job(): Promise<Ran>;
  secret(name: string): string;
  keys(): readonly string[];
}

/** A user whose key and device are so many days old, and whose secrets are on GitHub. */
async function startRotating(age: number, change: (user: User, world: World) => void = () => undefined) {
  const time = timeInBucket(0, 1000);
  const born = time.clock.now() - age * DAY;
  const world = worldWith((_account, ci, all) => {
    const needs = { roles: [], buckets: [], listsBuckets: false, rotates: true };
    ci.policies = [JSON.parse(policyFor({ userArn: USER_ARN }, needs))];
    ci.accessKeys = [{ id: DEMO.accessKeyId, secret: DEMO.secretAccessKey, createdAt: born }];
    ci.devices = [build.device({ serial: DEMO.serial, seed: DEMO.seed, enabledAt: born })];
    change(ci, all);
  });
  const user = world.accounts[0]?.users[0];
  if (user === undefined) throw new Error('the demo has a user');
  const shell = await startShell({ clock: time.clock, world });
  const hub = await startGithub({
    clock: time.clock,
    world: githubWorld({
      repositories: [{ id: 4711, fullName: 'acme/site', environments: [] }],
      tokens: [{ value: TOKEN, kind: 'personal', sees: ['acme/site'], permissions: { secrets: 'write' } }],
    }),
  });
  closeAfterTest(() => hub.close());
  const first = {
    AWS_ACCESS_KEY: `${DEMO.accessKeyId}:${DEMO.secretAccessKey}`,
    AWS_MFA_DEVICE: `${DEMO.serial} ${DEMO.seed}`,
  };
  await enrolled(hub, first, born);
  const secret = (name: string): string => hub.stores.vault(place).value(name) ?? '';
  const env = () => ({
    ...time.env,
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    MFA_SERIAL: undefined,
    MFA_SEED: undefined,
    AWS_ACCESS_KEY: secret('AWS_ACCESS_KEY'),
    MFA_DEVICES: secret('AWS_MFA_DEVICE'),
    GH_TOKEN: TOKEN,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: hub.apiUrl,
  });
  const rotating: Rotating = {
    ...shell,
    hub,
    user,
    pass(days) {
      const file = time.env['TEST_CLOCK'] ?? '';
      writeFileSync(file, String(Number(readFileSync(file, 'utf8')) + days * DAY));
    },
    run: (args, options = {}) => shell.run(args, { ...options, env: { ...env(), ...options.env } }),
    rotate: (args = [], onStart = () => undefined) => shell.run([...ROTATE, ...args], { env: env(), onStart }),
    job: () => shell.run(['whoami'], { env: env() }),
    secret,
    keys: () => user.accessKeys.map(({ id, inactive }) => (inactive ? `${id} inactive` : id)),
  };
  return rotating;
}

/** Writes secrets as an enrollment did, at that time. */
async function enrolled(hub: Github, secrets: Readonly<Record<string, string>>, at: number): Promise<void> {
  const { default: sodium } = await import('libsodium-wrappers');
  const vault = hub.stores.vault(place);
  const { key, key_id } = vault.publicKey();
  for (const [name, value] of Object.entries(secrets)) {
    const sealed = sodium.crypto_box_seal(value, Buffer.from(String(key), 'base64'));
    vault.put(name, { encrypted_value: Buffer.from(sealed).toString('base64'), key_id }, at);
  }
}

function writesOf({ calls }: Emulator, from = 0): readonly string[] {
  return calls
    .slice(from)
    .map(({ operation }) => operation)
    .filter((name) => !/^(?:Get|List)/.test(name));
}

describe('rotate', () => {
  test('replaces a key, deactivates the old one and deletes it, one step a run', async () => {
    const rotating = await startRotating(60);
    const { emulator, rotate, keys, secret } = rotating;
    const ran = await rotate();
    const [, id = ''] = keys();
    expect(ran).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '',
      stderr: `AWS_ACCESS_KEY now holds the access key ${id}. The old one still works.\n`,
    });
    expect(secret('AWS_ACCESS_KEY')).toBe(`${id}:${rotating.user.accessKeys[1]?.secret}`);
    expect(await rotating.job()).toMatchObject({ exitCode: 0 });
    for (const [days, done] of [
      [0.5, `The access key ${DEMO.accessKeyId} was replaced. It stays active until `],
      [1.5, `Deactivated the access key ${DEMO.accessKeyId}.`],
      [7, `Deleted the access key ${DEMO.accessKeyId}.`],
      [1, 'Nothing to do: the access key is replaced after '],
    ] as const) {
      rotating.pass(days);
      expect(await rotate()).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(done) });
    }
    expect(keys()).toEqual([id]);
    expect(writesOf(emulator)).toEqual(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey']);
    expect(await rotating.job()).toMatchObject({ exitCode: 0 });
  });

  test('replaces a device with --devices', async () => {
    const rotating = await startRotating(40);
    const { emulator, rotate, user } = rotating;
    const args = ['--devices', '--device-max-age-days', '40'];
    expect(await rotate(args)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`AWS_MFA_DEVICE now holds the device ${DEMO.serial}-2.`),
    });
    expect(rotating.secret('AWS_MFA_DEVICE')).toBe(`${DEMO.serial}-2 ${user.devices[1]?.seed}`);
    // Its first codes are spent.
    rotating.pass(0.01);
    expect(await rotating.job()).toMatchObject({ exitCode: 0 });
    rotating.pass(2);
    expect(await rotate(args)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`Deleted the device ${DEMO.serial}.`),
    });
    expect(user.devices.map(({ serial }) => serial)).toEqual([`${DEMO.serial}-2`]);
    expect(writesOf(emulator)).toEqual([
      'CreateVirtualMFADevice',
      'EnableMFADevice',
      'DeactivateMFADevice',
      'DeleteVirtualMFADevice',
    ]);
    expect(await rotating.job()).toMatchObject({ exitCode: 0 });
  });

  test('shows, sends and writes no secret', async () => {
    const { rotate, user, home, hub, emulator, pass } = await startRotating(60);
    const shown: string[] = [];
    for (let day = 0; day < 3; day += 1) {
      const args = ['--devices', '--device-max-age-days', '60'];
      for (const mode of [['--status'], []]) {
        const { stdout, stderr } = await rotate([...args, ...mode]);
        shown.push(stdout, stderr);
      }
      pass(2);
    }
    for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
      shown.push(entry.name);
      if (entry.isFile()) shown.push(readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    }
    const sent = hub.requests.map(({ url, body }) => `${url} ${body}`);
    const asked = emulator.calls.map(({ params, headers }) => JSON.stringify({ ...params, ...headers }));
    const keys = [DEMO.secretAccessKey, ...user.accessKeys.map(({ secret }) => secret)];
    const seeds = [DEMO.seed, ...user.devices.map(({ seed }) => seed)];
    expect([new Set(keys).size, new Set(seeds).size]).toEqual([2, 2]);
    for (const secret of [...keys, ...seeds])
      for (const text of [...shown, ...sent, ...asked]) expect(shownPieces(text, secret)).toEqual([]);
    const texts = shown.join('\n');
    for (const secret of [TOKEN, ...sentSecrets(emulator.calls).filter((each) => each.length > 6)])
      expect(shownPieces(texts, secret)).toEqual([]);
    expect(codesSent(emulator).length).toBeGreaterThan(6);
  });

  test('gets a session of 15 minutes, so that a run that was asleep can change nothing', async () => {
    const { rotate, emulator } = await startRotating(1);
    await rotate();
    expect(emulator.calls[0]?.params).toMatchObject({ DurationSeconds: '900' });
  });

  // Each is the number of a request, to AWS or GitHub, at which the run is killed.
  test.each([6, 7, 10, 12, 13])(
    'killed at request %d, breaks nothing that is stored, and the next runs go on',
    async (at) => {
      const rotating = await startRotating(60);
      const { emulator, hub, keys } = rotating;
      const killed = await rotating.rotate([], (child) => {
        const looking = setInterval(() => {
          if (emulator.calls.length + hub.requests.length < at) return;
          clearInterval(looking);
          child.kill('SIGKILL');
        }, 0);
        child.once('close', () => clearInterval(looking));
      });
      expect(killed.signal).toBe('SIGKILL');
      expect(await rotating.job()).toMatchObject({ exitCode: 0 });
      const stored = (): string | undefined => rotating.secret('AWS_ACCESS_KEY').split(':')[0];
      for (let day = 1; stored() === DEMO.accessKeyId; day += 1) {
        expect(day).toBeLessThanOrEqual(2);
        rotating.pass(1);
        expect(await rotating.rotate()).toMatchObject({ exitCode: 0 });
      }
      expect(keys()).toEqual([DEMO.accessKeyId, stored()]);
      expect(await rotating.job()).toMatchObject({ exitCode: 0 });
    },
  );
});

describe('rotate --status', () => {
  test('says how old everything is and what the next run would do, and changes nothing', async () => {
    const { rotate, emulator, hub, pass } = await startRotating(60);
    expect(await rotate(['--status', '--devices'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `The access key ${DEMO.accessKeyId} is 60 days old (the one in the secret).
Next: The access key is due: create a new one, try it, and write it to AWS_ACCESS_KEY.
The device ${DEMO.serial} is 60 days old (the one in the secret).
Next: Nothing to do: the device is replaced after 2027-07-03T12:00:00Z.
`,
    });
    expect(writesOf(emulator)).toEqual([]);
    expect(hub.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    await rotate();
    pass(1);
    expect((await rotate(['--status'])).stderr).toMatch(
      /old, last used on .+\.\nThe access key \w+ is 1 day old, last used on .+ \(the one in the secret\)\.\nNext: The access key AKIAIOSFODNN7EXAMPLE was replaced/,
    );
  });
});

describe('rotate fails loudly', () => {
  const LIMIT = 'aws-mfa-credentials: The access key AKIAIOSFODNN7EXAMPLE reaches the age of 90 days on 2026-09-11';

  test.each([
    ['if the key isn’t replaced before it is too old', 80, ['--max-age-days', '100'], LIMIT],
    ['if the limit is nearer', 20, ['--max-age-days', '60', '--limit-days', '30'], 'reaches the age of 30 days'],
  ])('%s', async (_, age, args, message) => {
    const { rotate } = await startRotating(age);
    for (const mode of [[], ['--status']]) {
      expect(await rotate([...args, ...mode])).toMatchObject({
        exitCode: 125,
        stderr: expect.stringContaining(message),
      });
    }
  });

  test('but not if the key will be replaced in time', async () => {
    const { rotate } = await startRotating(80);
    expect(await rotate(['--max-age-days', '85'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^Nothing to do: .+\n$/),
    });
  });

  test('if somebody else’s key takes the place of a new one', async () => {
    const { rotate, emulator } = await startRotating(61, (user) => {
      user.accessKeys.unshift({ id: FOREIGN, secret: 's', createdAt: user.accessKeys[0]?.createdAt ?? 0 });
    });
    expect(await rotate()).toMatchObject({
      exitCode: 125,
      stderr: expect.stringMatching(
        /created the access key AKIASOMEBODYELSE0001 \(never used\).+\naws-mfa-credentials: The access key isn't rotated any more.\n$/,
      ),
    });
    expect(writesOf(emulator)).toEqual([]);
  });

  test('if the token may not write secrets: the new key is deleted again', async () => {
    const { rotate, hub, keys } = await startRotating(61);
    hub.world.tokens = [{ value: TOKEN, kind: 'personal', sees: ['acme/site'], permissions: { secrets: 'read' } }];
    expect(await rotate()).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('secrets=write') });
    expect(keys()).toEqual([DEMO.accessKeyId]);
  });

  test('if the secret doesn’t exist', async () => {
    const { rotate, emulator } = await startRotating(61);
    expect(await rotate(['--key-secret', 'ANOTHER'])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('There is no secret ANOTHER'),
    });
    expect(writesOf(emulator)).toEqual([]);
  });
});

describe('rotate refuses', () => {
  const SEPARATE = {
    AWS_ACCESS_KEY: undefined,
    AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
  };
  const PAIR = { MFA_DEVICES: undefined, MFA_SERIAL: DEMO.serial, MFA_SEED: DEMO.seed };

  test.each<[string, readonly string[], Readonly<Record<string, string | undefined>>, string]>([
    ['a key in two secrets', ROTATE, SEPARATE, 'in one secret: AWS_ACCESS_KEY, as ID:SECRET'],
    ['a device in two secrets', [...ROTATE, '--devices'], PAIR, 'in one secret, as "SERIAL SEED"'],
    ['several devices', [...ROTATE, '--devices'], { MFA_DEVICES: 'a b\nc d' }, 'of one device in one secret'],
    ['no place', ['rotate'], {}, 'Say where the secret is: --github [OWNER/REPO] or --gitlab PROJECT.'],
    ['a strange number', [...ROTATE, '--max-age-days', '0'], {}, "--max-age-days isn't a number from 1 to 9999."],
  ])('%s', async (_, args, env, message) => {
    const { run, emulator, hub } = await startRotating(61);
    expect(await run(args, { env })).toMatchObject({ exitCode: 125, stderr: expect.stringContaining(message) });
    expect(writesOf(emulator)).toEqual([]);
    expect(hub.requests).toEqual([]);
  });
});
