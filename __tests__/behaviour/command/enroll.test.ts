import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build, DEMO, type World } from '../../../lab/aws/index.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { type Shell, startShell } from '../../kit/command.ts';
import { policy, worldWith } from '../../kit/worlds.ts';

const ADMIN = {
  AWS_ACCESS_KEY_ID: 'AKIAADMINADMINADMIN1',
  AWS_SECRET_ACCESS_KEY: 'TheSecretAccessKeyOfAnAdministrator00001',
};
const NO_DEVICE = { MFA_SERIAL: undefined, MFA_SEED: undefined };

/** The demo's world, with an administrator in it. */
function withAdmin(change: Parameters<typeof worldWith>[0] = () => undefined): World {
  return worldWith((account, user, world) => {
    const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
    const accessKeys = [{ id: ADMIN.AWS_ACCESS_KEY_ID, secret: ADMIN.AWS_SECRET_ACCESS_KEY }];
    account.users.push(build.user({ name: 'admin', accessKeys, policies: [everything] }));
    change(account, user, world);
  });
}

/** A shell of that administrator. Long waits take no time. */
async function startAdmin(world: World = withAdmin()): Promise<Shell> {
  const time = timeInBucket(0, 1000);
  const shell = await startShell({ clock: time.clock, world });
  const env = { ...time.env, ...ADMIN, ...NO_DEVICE };
  return { ...shell, run: (args, options = {}) => shell.run(args, { ...options, env: { ...env, ...options.env } }) };
}

describe('enroll', () => {
  test('makes a user with a policy, a device and a key, proves them, and writes them to a file', async () => {
    const { run, home, emulator } = await startAdmin();
    const role = ['--role', DEMO.roleArn];
    const ran = await run(['enroll', '--user', 'pipeline', ...role, '--output', 'secrets.json', '--yes']);
    console.log(
      ran.stderr,
      emulator.calls.map(({ operation, status, service }) => `${service} ${operation} ${status}`).join('\n'),
    );
    expect(ran.exitCode).toBe(0);
    const path = join(home, 'secrets.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const values = JSON.parse(readFileSync(path, 'utf8'));
    expect(Object.keys(values)).toEqual(['aws-access-key-id', 'aws-secret-access-key', 'mfa-serial', 'mfa-seed']);
  });
});
