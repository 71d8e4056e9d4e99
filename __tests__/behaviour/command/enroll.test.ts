import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build, codeOfStep, DEMO, type Emulator, stepAt, type World } from '../../../lab/aws/index.ts';
import { call } from '../../aws/wire.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { codesSent, type Ran, type Shell, startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { shownPieces } from '../../kit/secrets.ts';
import { policy, worldWith } from '../../kit/worlds.ts';

const ADMIN = {
  AWS_ACCESS_KEY_ID: 'AKIAADMINADMINADMIN1',
  AWS_SECRET_ACCESS_KEY: 'TheSecretAccessKeyOfAnAdministrator00001',
};
const NO_DEVICE = { MFA_SERIAL: undefined, MFA_SEED: undefined };
const ENROLL = ['enroll', '--user', 'pipeline', '--role', DEMO.roleArn, '--output', 'secrets.json'];

/** The demo's world with an administrator, and an IAM that knows at once what is new. */
function withAdmin(change: Parameters<typeof worldWith>[0] = () => undefined): World {
  return worldWith((account, user, world) => {
    const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
    const accessKeys = [{ id: ADMIN.AWS_ACCESS_KEY_ID, secret: ADMIN.AWS_SECRET_ACCESS_KEY }];
    account.users.push(build.user({ name: 'admin', accessKeys, policies: [everything] }));
    world.delays = { accessKey: { ms: 0 }, device: { ms: 0 } };
    change(account, user, world);
  });
}

interface Enrolling extends Shell {
  readonly world: World;
}

/** The shell of that administrator. Long waits take no time. */
async function startAdmin(world: World = withAdmin()): Promise<Enrolling> {
  const time = timeInBucket(0, 1000);
  const shell = await startShell({ clock: time.clock, world });
  const env = { ...time.env, ...ADMIN, ...NO_DEVICE };
  return {
    ...shell,
    world,
    run: (args, options = {}) => shell.run(args, { ...options, env: { ...env, ...options.env } }),
  };
}

function userOf({ world }: Enrolling, name: string) {
  return world.accounts[0]?.users.find((user) => user.name === name);
}

function secretsIn(home: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'));
}

/** The calls that change something. */
function writes({ calls }: Emulator): readonly string[] {
  return calls.map(({ operation }) => operation).filter((name) => !/^(?:Get|List|Simulate|AssumeRole)/.test(name));
}

function expectNoSecret(
  { stdout, stderr }: Ran,
  values: Readonly<Record<string, string>>,
  codes: readonly string[],
): void {
  const { 'aws-secret-access-key': key = '', 'mfa-seed': seed = '' } = values;
  for (const secret of [key, seed]) expect(shownPieces(stdout + stderr, secret)).toEqual([]);
  for (const code of codes) expect(stderr).not.toContain(code);
}

describe('enroll', () => {
  test('makes a user with a policy, a device and a key, proves them, and writes them to a file', async () => {
    const shell = await startAdmin();
    const { run, home, emulator } = shell;
    const ran = await run([...ENROLL, '--yes']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('Done. The session worked') });
    expect(writes(emulator)).toEqual([
      'CreateUser',
      'PutUserPolicy',
      'CreateVirtualMFADevice',
      'EnableMFADevice',
      'CreateAccessKey',
      'TagUser',
    ]);
    const values = secretsIn(home);
    const user = userOf(shell, 'pipeline');
    expect(values).toEqual({
      'aws-access-key-id': user?.accessKeys[0]?.id,
      'aws-secret-access-key': user?.accessKeys[0]?.secret,
      'mfa-serial': 'arn:aws:iam::111122223333:mfa/pipeline',
      'mfa-seed': user?.devices[0]?.seed,
    });
    // The window of the device is centered.
    expect(user?.devices[0]?.adjustmentSteps).toBe(0);
    expect(user?.tags).toEqual({
      'aws-mfa-credentials': 'created',
      'aws-mfa-credentials-enrolling': 'no',
      'aws-mfa-credentials-key': values['aws-access-key-id'],
      'aws-mfa-credentials-device': values['mfa-serial'],
    });
    expectNoSecret(ran, values, codesSent(emulator));
  });

  testNeeding('file modes')('writes a file that nobody else can read', async () => {
    const { run, home } = await startAdmin();
    await run([...ENROLL, '--yes']);
    expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['no-folder/secrets.json', 'no such file or directory'],
    ['.', 'it is a folder'],
  ])('looks whether it can write %s before it changes anything', async (path, why) => {
    const { run, emulator } = await startAdmin();
    const ran = await run(['enroll', '--user', 'pipeline', '--output', path, '--yes']);
    expect(ran).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining(`--output ${path} can't be written: `),
    });
    expect(ran.stderr).toContain(why);
    expect(ran.stderr).not.toContain('This is a bug');
    expect(writes(emulator)).toEqual([]);
  });

  test('takes back what it made if the file can no longer be written, and says why', async () => {
    const shell = await startAdmin();
    const folder = join(shell.home, 'for-secrets');
    mkdirSync(folder);
    const ran = await shell.run(['enroll', '--user', 'pipeline', '--output', 'for-secrets/x', '--yes'], {
      onStart: (child) => {
        const looking = setInterval(() => {
          if (!shell.emulator.calls.some(({ operation }) => operation === 'CreateUser')) return;
          clearInterval(looking);
          rmdirSync(folder);
        }, 1);
        child.once('close', () => clearInterval(looking));
      },
    });
    expect(ran).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("for-secrets/x can't be written") });
    expect(ran.stderr).toContain('Nothing was stored, and nothing is left.');
    expect(userOf(shell, 'pipeline')).toBeUndefined();
  });

  test('waits until AWS knows the key and the device', async () => {
    const { run } = await startAdmin(
      withAdmin((_account, _user, world) => {
        world.delays = {};
      }),
    );
    expect(await run([...ENROLL, '--yes'])).toMatchObject({ exitCode: 0 });
  });

  test('shows its plan and changes nothing in a dry run, or if nobody agrees', async () => {
    const { run, home, emulator } = await startAdmin();
    const dry = await run([...ENROLL, '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0, stdout: '' });
    expect(dry.stderr).toBe(`As arn:aws:iam::111122223333:user/admin, in us-east-1:
  1. Create the user pipeline.
  2. Add the policy aws-mfa-credentials to pipeline: without MFA only what a session needs; with MFA, assume 1 role.
  3. Create the virtual MFA device arn:aws:iam::111122223333:mfa/pipeline, and enable it for pipeline.
  4. Create an access key for pipeline.
  5. Get a session with both, as the pipeline will. AWS takes about half a minute to know what is new.
  6. Store the secrets in secrets.json.
  7. Tag the user pipeline with the key and the device.
aws-mfa-credentials: This was a dry run. Nothing was changed.
`);
    expect(await run(ENROLL)).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('Add --yes') });
    expect(writes(emulator)).toEqual([]);
    expect(existsSync(join(home, 'secrets.json'))).toBe(false);
  });

  test('lets the pipeline list buckets, without listing them itself', async () => {
    const shell = await startAdmin();
    const ran = await shell.run([...ENROLL, '--list-buckets', '--bucket', 'example-logs/2026', '--yes']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('list all buckets, list 1 bucket.') });
    expect(shell.emulator.calls.map(({ operation }) => operation)).not.toContain('ListBuckets');
  });

  test('takes back what it made if the proof fails', async () => {
    const shell = await startAdmin();
    shell.emulator.faults.add({ kind: 'throttle', operation: 'GetSessionToken' });
    const ran = await shell.run([...ENROLL, '--yes'], { env: { DISABLE_RETRY: 'true' } });
    expect(ran).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('Taken back: ') });
    expect(userOf(shell, 'pipeline')).toBeUndefined();
    expect(existsSync(join(shell.home, 'secrets.json'))).toBe(false);
  });

  test('completes what a killed run began', async () => {
    const shell = await startAdmin();
    const { run, emulator, home } = shell;
    await run([...ENROLL, '--yes'], {
      onStart: (child) => {
        const looking = setInterval(() => {
          if (!emulator.calls.some(({ operation }) => operation === 'CreateAccessKey')) return;
          clearInterval(looking);
          child.kill('SIGKILL');
        }, 1);
      },
    });
    expect(userOf(shell, 'pipeline')).toMatchObject({ accessKeys: [expect.anything()] });
    expect(await run([...ENROLL, '--yes'])).toMatchObject({ exitCode: 0 });
    const user = userOf(shell, 'pipeline');
    expect([user?.accessKeys.length, user?.devices.length]).toEqual([1, 1]);
    expect(secretsIn(home)['aws-access-key-id']).toBe(user?.accessKeys[0]?.id);
  });

  test('names what an earlier run left, if it fails too', async () => {
    const shell = await startAdmin();
    const { emulator } = shell;
    const args = ['enroll', '--user', 'pipeline', '--output', 'secrets.json', '--yes'];
    await shell.run(args, {
      onStart: (child) => {
        const looking = setInterval(() => {
          if (!emulator.calls.some(({ operation }) => operation === 'CreateAccessKey')) return;
          clearInterval(looking);
          child.kill('SIGKILL');
        }, 1);
      },
    });
    emulator.faults.add({
      kind: 'refuse-with',
      status: 403,
      code: 'AccessDenied',
      message: 'x',
      operation: 'DeleteAccessKey',
    });
    const ran = await shell.run(args);
    const id = userOf(shell, 'pipeline')?.accessKeys[0]?.id;
    expect(ran).toMatchObject({ exitCode: 125 });
    expect(ran.stderr).toContain(
      `Still there, from an earlier run that wasn't completed: the user pipeline, the policy aws-mfa-credentials, the device arn:aws:iam::111122223333:mfa/pipeline, the access key ${id}. Run the same command again to complete it, or remove it with unenroll.`,
    );
    expect(ran.stderr).not.toContain('nothing is left');
    expect(await shell.run(['unenroll', '--user', 'pipeline', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(userOf(shell, 'pipeline')).toBeUndefined();
  });

  test.each(['CreateAccessKey', 'CreateVirtualMFADevice', 'EnableMFADevice'])(
    'takes away what a replacement left that was killed at %s, and keeps what works',
    async (last) => {
      const shell = await startAdmin();
      const { run, emulator } = shell;
      await run([...ENROLL, '--yes']);
      const [key] = userOf(shell, 'pipeline')?.accessKeys ?? [];
      const again = [...ENROLL, '--replace', '--yes'];
      const before = emulator.calls.length;
      await run(again, {
        onStart: (child) => {
          const looking = setInterval(() => {
            if (!emulator.calls.slice(before).some(({ operation }) => operation === last)) return;
            clearInterval(looking);
            child.kill('SIGKILL');
          }, 1);
        },
      });
      expect(await run(again)).toMatchObject({ exitCode: 0 });
      const user = userOf(shell, 'pipeline');
      expect(user?.accessKeys.map(({ id }) => id)).toEqual([key?.id, secretsIn(shell.home)['aws-access-key-id']]);
      expect(user?.devices.map(({ serial }) => serial.split('/')[1])).toEqual(['pipeline', 'pipeline-2']);
      expect(shell.world.accounts[0]?.unassignedDevices).toEqual([]);
    },
  );

  test.each([
    ['no user', ['--output', 'x'], 'Say which user'],
    ['no place', ['--user', 'ci'], 'Say where to store the secrets'],
    ['a strange user', ['--user', 'a b', '--output', 'x'], "--user isn't the name of an IAM user."],
    ['a role by name', ['--user', 'x', '--role', 'deploy', '--output', 'x'], "--role isn't a role's ARN"],
    [
      'a device in use',
      ['--user', 'ci', '--output', 'x'],
      'ci already has the device arn:aws:iam::111122223333:mfa/ci',
    ],
  ])('refuses %s before it changes anything', async (_, args, message) => {
    const { run, emulator } = await startAdmin();
    const ran = await run(['enroll', ...args, '--yes']);
    expect(ran).toMatchObject({ exitCode: 125, stderr: expect.stringContaining(message) });
    expect(writes(emulator)).toEqual([]);
  });
});

describe('enroll --self', () => {
  const OWN = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };
  /** What docs/iam.md asks the owner of the account to allow. */
  const actions = [
    ...['Enable', 'Deactivate', 'CreateVirtual', 'DeleteVirtual'].map((verb) => `iam:${verb}MFADevice`),
    ...['List', 'Create', 'Delete'].map((verb) => `iam:${verb}AccessKey${verb === 'List' ? 's' : ''}`),
  ];
  const world = () =>
    withAdmin((_account, user) => {
      user.policies.push(policy({ Effect: 'Allow', Action: actions, Resource: '*' }));
    });
  const codeNow = ({ clock }: Emulator): string => codeOfStep(DEMO.seed, stepAt(clock.now()));

  test('adds a device to the user with a code of its own, and keeps its key', async () => {
    const shell = await startAdmin(world());
    const env = { ...OWN, MFA_CODE: codeNow(shell.emulator) };
    const ran = await shell.run(['enroll', '--self', '--output', 'secrets.json', '--yes'], { env });
    expect(ran).toMatchObject({ exitCode: 0 });
    const user = userOf(shell, 'ci');
    expect(user?.devices.map(({ serial }) => serial)).toEqual([DEMO.serial, `${DEMO.serial}-ci`]);
    expect(secretsIn(shell.home)).toEqual({
      'aws-access-key-id': DEMO.accessKeyId,
      'aws-secret-access-key': DEMO.secretAccessKey,
      'mfa-serial': `${DEMO.serial}-ci`,
      'mfa-seed': user?.devices[1]?.seed,
    });
  });

  test('creates a key only if that is requested, and unenroll --self removes both again', async () => {
    const shell = await startAdmin(world());
    const self = ['--self', '--yes'];
    const enrolled = await shell.run(['enroll', ...self, '--new-key', '--output', 'secrets.json'], {
      env: { ...OWN, MFA_CODE: codeNow(shell.emulator) },
    });
    expect(enrolled).toMatchObject({ exitCode: 0 });
    const id = secretsIn(shell.home)['aws-access-key-id'] ?? '';
    expect(userOf(shell, 'ci')?.accessKeys.map((key) => key.id)).toEqual([DEMO.accessKeyId, id]);
    const removed = await shell.run(['unenroll', ...self, '--access-key-id', id], {
      env: { ...OWN, MFA_SERIAL: DEMO.serial, MFA_CODE: codeNow(shell.emulator) },
    });
    expect(removed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Done.') });
    const user = userOf(shell, 'ci');
    expect([user?.accessKeys.length, user?.devices.length]).toEqual([1, 1]);
  });

  test('needs a code, and somebody who can be asked for it', async () => {
    const { run } = await startAdmin(world());
    const ran = await run(['enroll', '--self', '--output', 'x', '--yes'], { env: OWN });
    expect(ran).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('Set MFA_CODE') });
  });
});

describe('unenroll', () => {
  test('removes everything that enroll made, and the user last', async () => {
    const shell = await startAdmin();
    await shell.run([...ENROLL, '--yes']);
    const before = shell.emulator.calls.length;
    const ran = await shell.run(['unenroll', '--user', 'pipeline', '--yes']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Delete the user pipeline.') });
    expect(
      shell.emulator.calls
        .slice(before)
        .map(({ operation }) => operation)
        .filter((name) => !/^(?:Get|List)/.test(name)),
    ).toEqual([
      'UpdateAccessKey',
      'DeleteAccessKey',
      'DeactivateMFADevice',
      'DeleteVirtualMFADevice',
      'DeleteUserPolicy',
      'DeleteUser',
    ]);
    expect(userOf(shell, 'pipeline')).toBeUndefined();
  });

  test('removes what revoke has left, too', async () => {
    const shell = await startAdmin();
    await shell.run([...ENROLL, '--yes']);
    await shell.run(['revoke', '--user', 'pipeline', '--yes']);
    expect(await shell.run(['unenroll', '--user', 'pipeline', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(userOf(shell, 'pipeline')).toBeUndefined();
    expect(shell.world.accounts[0]?.unassignedDevices).toEqual([]);
  });

  test('keeps a user that it did not make, and what belongs to others', async () => {
    const shell = await startAdmin();
    const ran = await shell.run(['unenroll', '--user', 'ci', '--device', 'other', '--yes']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('There is nothing to remove of ci.') });
    expect(userOf(shell, 'ci')?.accessKeys).toHaveLength(1);
  });

  test('refuses if the user has been given something else since', async () => {
    const shell = await startAdmin();
    await shell.run([...ENROLL, '--yes']);
    const user = userOf(shell, 'pipeline');
    user?.attachedPolicies.push('arn:aws:iam::aws:policy/ReadOnlyAccess');
    const ran = await shell.run(['unenroll', '--user', 'pipeline', '--yes']);
    expect(ran).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('has more than its enrollment gave it'),
    });
    expect(userOf(shell, 'pipeline')?.accessKeys).toHaveLength(1);
  });
});

describe('revoke', () => {
  test('leaves no key, no device and no session of the user and the role that works', async () => {
    const shell = await startAdmin();
    await shell.run([...ENROLL, '--yes']);
    const {
      'aws-access-key-id': id = '',
      'aws-secret-access-key': key = '',
      'mfa-seed': seed = '',
      'mfa-serial': serial = '',
    } = secretsIn(shell.home);
    const leaked = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, MFA_SEED: seed, MFA_SERIAL: serial };
    for (const role of [[], ['--role-to-assume', 'deploy']]) await shell.run(['whoami', ...role], { env: leaked });
    const sessions = shell.emulator.sessions.slice(-2);
    const ran = await shell.run(['revoke', '--user', 'pipeline', '--role-name', 'deploy', '--yes']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('End all sessions of the role deploy') });
    expect(await shell.run(['whoami'], { env: { ...leaked, MFA_MAX_WAIT_SECONDS: '0' } })).toMatchObject({
      exitCode: 125,
    });
    for (const session of sessions) {
      const used = await call(shell.emulator, session, 'AssumeRole', { RoleArn: DEMO.roleArn, RoleSessionName: 'x1' });
      expect(used).toMatchObject({ status: 403, body: expect.stringContaining('explicit deny') });
    }
  });
});
