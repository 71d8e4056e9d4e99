import { describe, expect, test } from '@jest/globals';
import { build, type World } from '../../lab/aws/index.ts';
import { githubWorld, startGithub } from '../../lab/github/index.ts';
import { readCommandLine } from '../../src/shell/program.ts';
import { closeAfterTest } from '../kit/action.ts';
import { timeInBucket } from '../kit/clocks.ts';
import { startShell } from '../kit/command.ts';
import { worldWith } from '../kit/worlds.ts';
import { fencesOf, read } from './markdown.ts';

// What docs/enrolling.md shows: its commands, the plan, and the permissions that an administrator needs.

const FENCES = fencesOf(read('docs/enrolling.md'));
const ADMIN = {
  AWS_ACCESS_KEY_ID: 'AKIAADMINADMINADMIN1',
  AWS_SECRET_ACCESS_KEY: 'TheSecretAccessKeyOfAnAdministrator00001',
  MFA_SERIAL: undefined,
  MFA_SEED: undefined,
};
const TOKEN = 'ghp_0123456789abcdef0123456789abcdef0123';

/** The arguments of every command on the page, without what a shell does with its output. */
const COMMANDS = FENCES.filter(({ language }) => language === 'sh').flatMap(({ text }) =>
  [...text.replaceAll('\\\n', '').matchAll(/^npx --yes aws-mfa-credentials@[\d.]+ ([^>|\n]+)/gm)].map(
    ([, command = '']) => command.trim().split(/\s+/),
  ),
);
const [ENROLL = []] = COMMANDS;

/** An account in which only an administrator with the page's policy is, and a role. */
function account(): World {
  const [json = ''] = FENCES.filter(({ language }) => language === 'json').map(({ text }) => text);
  return worldWith((only) => {
    const accessKeys = [{ id: ADMIN.AWS_ACCESS_KEY_ID, secret: ADMIN.AWS_SECRET_ACCESS_KEY }];
    only.users = [build.user({ name: 'admin', accessKeys, policies: [JSON.parse(json)] })];
  });
}

async function start() {
  const time = timeInBucket(0, 1000);
  const shell = await startShell({ clock: time.clock, world: account() });
  const github = await startGithub({
    clock: time.clock,
    world: githubWorld({
      tokens: [{ value: TOKEN, kind: 'personal', sees: ['acme/app'], permissions: { secrets: 'write' } }],
      repositories: [{ id: 1, fullName: 'acme/app', environments: [] }],
    }),
  });
  closeAfterTest(() => github.close());
  const env = {
    ...time.env,
    ...ADMIN,
    GH_TOKEN: TOKEN,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: 'acme/app',
  };
  return { ...shell, github, env, run: (args: readonly string[]) => shell.run(args, { env }) };
}

describe('docs/enrolling.md: the command line is valid:', () => {
  test.each(COMMANDS.map((command) => [command.join(' '), command] as const))('%s', (_, command) => {
    expect(readCommandLine(command, '1.2.3').kind).toBe(command[0]);
  });

  test('all three commands are among them', () => {
    expect([...new Set(COMMANDS.map(([name]) => name))]).toEqual(['enroll', 'unenroll', 'revoke']);
  });
});

test('the plan is what the first command shows', async () => {
  const { run } = await start();
  const { stderr } = await run([...ENROLL, '--dry-run']);
  const [plan] = FENCES.filter(({ language }) => language === 'text').map(({ text }) => text);
  expect(stderr.slice(0, stderr.indexOf('aws-mfa-credentials: '))).toBe(`${plan}\n`);
});

test("the administrator's policy is enough to enroll, to revoke and to remove", async () => {
  const { run, emulator, github } = await start();
  const [world] = emulator.world.accounts;
  const vault = github.stores.vault({ kind: 'actions', of: 'acme/app' });
  expect(await run([...ENROLL, '--yes'])).toMatchObject({ exitCode: 0 });
  expect(vault.secrets.map(({ name }) => name)).toEqual(['AWS_ACCESS_KEY', 'AWS_MFA_DEVICE']);
  for (const name of ['revoke', 'unenroll']) {
    const command = COMMANDS.find(([each]) => each === name) ?? [];
    // As the page says, between the two.
    if (name === 'unenroll') delete world?.users[1]?.namedPolicies['AWSRevokeOlderSessions'];
    expect(await run([...command, '--yes'])).toMatchObject({ exitCode: 0 });
  }
  expect(world?.users.map((user) => user.name)).toEqual(['admin']);
  expect(vault.secrets).toEqual([]);
});
