import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build, type World } from '../../../lab/aws/index.ts';
import { type Github, type GithubWorld, githubWorld, startGithub } from '../../../lab/github/index.ts';
import { type Gitlab, gitlabWorld, startGitlab } from '../../../lab/gitlab/index.ts';
import { closeAfterTest } from '../../kit/action.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { codesSent, type Ran, type Shell, startShell } from '../../kit/command.ts';
import { ADMIN, TOKEN } from '../../kit/enrolling.ts';
import { expectNoSecretIn, filesOf } from '../../kit/secrets.ts';
import { policy, worldWith } from '../../kit/worlds.ts';

// enroll stores what IAM gave where a pipeline reads it: in a GitHub that opens it, and in a GitLab.

const LAB_TOKEN = 'glpat-exampleOfAToken0000';
const USER = ['enroll', '--user', 'pipeline', '--yes'];

interface Setting extends Shell {
  readonly hub: Github;
  readonly lab: Gitlab;
  readonly world: World;
  readonly ran: Ran[];
}

async function start(more: Partial<GithubWorld> = {}, tls = false): Promise<Setting> {
  const time = timeInBucket(0, 1000);
  const world = worldWith((account, _user, all) => {
    const accessKeys = [{ id: ADMIN.AWS_ACCESS_KEY_ID, secret: ADMIN.AWS_SECRET_ACCESS_KEY }];
    const policies = [policy({ Effect: 'Allow', Action: '*', Resource: '*' })];
    account.users.push(build.user({ name: 'admin', accessKeys, policies }));
    all.delays = { accessKey: { ms: 0 }, device: { ms: 0 } };
  });
  const shell = await startShell({ clock: time.clock, world });
  const permissions = {
    actions: 'read',
    administration: 'write',
    secrets: 'write',
    environments: 'write',
    dependabot_secrets: 'write',
    organization_secrets: 'write',
    organization_dependabot_secrets: 'write',
  } as const;
  const hub = await startGithub({
    clock: time.clock,
    tls,
    world: githubWorld({
      organizations: ['acme'],
      repositories: [{ id: 4711, fullName: 'acme/app', environments: ['production'] }],
      tokens: [{ value: TOKEN, kind: 'personal', sees: ['acme', 'acme/app'], permissions }],
      ...more,
    }),
  });
  const lab = await startGitlab({
    clock: time.clock,
    world: gitlabWorld({
      projects: [{ id: 11, path: 'acme/app' }],
      tokens: [{ value: LAB_TOKEN, kind: 'access', scope: 'api', roles: { 'acme/app': 'maintainer' } }],
    }),
  });
  closeAfterTest(() => hub.close());
  closeAfterTest(() => lab.close());
  const ran: Ran[] = [];
  const onGithub = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: hub.apiUrl, GH_TOKEN: TOKEN };
  return {
    ...shell,
    hub,
    lab,
    world,
    ran,
    async run(args, options = {}) {
      const none = { MFA_SERIAL: undefined, MFA_SEED: undefined };
      const env = { ...time.env, ...ADMIN, ...none, ...onGithub, GITLAB_TOKEN: LAB_TOKEN, ...options.env };
      const one = await shell.run(args, { ...options, env });
      ran.push(one);
      return one;
    },
  };
}

function newUser({ world }: Setting) {
  const user = world.accounts[0]?.users.find(({ name }) => name === 'pipeline');
  const [key] = user?.accessKeys.slice(-1) ?? [];
  const [device] = user?.devices.slice(-1) ?? [];
  return { id: `${key?.id}`, secret: `${key?.secret}`, serial: `${device?.serial}`, seed: `${device?.seed}`, user };
}

function opened(hub: Github, place: Parameters<Github['stores']['vault']>[0]): Readonly<Record<string, string>> {
  return Object.fromEntries(hub.stores.vault(place).secrets.map(({ name, value }) => [name, value]));
}

function pairs({ id, secret, serial, seed }: ReturnType<typeof newUser>) {
  return { AWS_ACCESS_KEY: `${id}:${secret}`, AWS_MFA_DEVICE: `${serial} ${seed}` };
}

/** Looks for what is secret everywhere but in what GitHub opened and GitLab was sent. */
function expectSecrecy(setting: Setting): void {
  const { hub, lab, emulator, home, ran } = setting;
  const { secret, seed } = newUser(setting);
  const fresh = [secret, seed];
  const all = [...fresh, ADMIN.AWS_SECRET_ACCESS_KEY, TOKEN, LAB_TOKEN];
  for (const { stdout, stderr } of ran) {
    expectNoSecretIn(stdout, [...all, ...codesSent(emulator)], 'standard output');
    expectNoSecretIn(stderr, [...all, ...codesSent(emulator)], 'standard error');
  }
  for (const [path, text] of filesOf({ temp: home, home } as Parameters<typeof filesOf>[0])) {
    expectNoSecretIn(text, all, path);
    expectNoSecretIn(path, all, 'the name of a file');
  }
  expectNoSecretIn(JSON.stringify(hub.requests), [...fresh, ADMIN.AWS_SECRET_ACCESS_KEY, LAB_TOKEN], 'what GitHub got');
  expectNoSecretIn(JSON.stringify(lab.requests.map(({ headers, url }) => [headers, url])), fresh, "GitLab's headers");
  expectNoSecretIn(JSON.stringify(lab.requests), [ADMIN.AWS_SECRET_ACCESS_KEY, TOKEN], 'what GitLab got');
  expectNoSecretIn(JSON.stringify(emulator.calls), all, 'what AWS got');
}

describe('enroll --github', () => {
  const PLACES = [
    ['a repository', ['--github', 'acme/app'], { kind: 'actions', of: 'acme/app' }],
    [
      'an environment',
      ['--github', 'acme/app', '--environment', 'production'],
      { kind: 'environment', of: 'acme/app', environment: 'production' },
    ],
    [
      'an environment that it creates',
      ['--github', 'acme/app', '--environment', 'staging'],
      { kind: 'environment', of: 'acme/app', environment: 'staging' },
    ],
    ['an organization', ['--org', 'acme'], { kind: 'actions', of: 'acme' }],
    ["Dependabot's store", ['--github', 'acme/app', '--dependabot'], { kind: 'dependabot', of: 'acme/app' }],
    ["Dependabot's store of an organization", ['--org', 'acme', '--dependabot'], { kind: 'dependabot', of: 'acme' }],
  ] as const;

  test.each(PLACES)('stores exactly what IAM gave in %s', async (_, args, place) => {
    const setting = await start();
    const ran = await setting.run([...USER, ...args]);
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('secrets.AWS_MFA_DEVICE') });
    expect(opened(setting.hub, place)).toEqual(pairs(newUser(setting)));
    expectSecrecy(setting);
    const removed = await setting.run(['unenroll', '--user', 'pipeline', '--yes', ...args]);
    expect(removed).toMatchObject({ exitCode: 0 });
    expect(opened(setting.hub, place)).toEqual({});
  });

  test('stores four values with --separate', async () => {
    const setting = await start();
    const ran = await setting.run([...USER, '--github', 'acme/app', '--separate']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('secrets.AWS_MFA_SEED') });
    const { id, secret, serial, seed } = newUser(setting);
    expect(opened(setting.hub, { kind: 'actions', of: 'acme/app' })).toEqual({
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_MFA_SERIAL: serial,
      AWS_MFA_SEED: seed,
    });
    expectSecrecy(setting);
  });

  test.each([
    ['ghes', 'acme/app'],
    ['old-ghes', 'acme/app'],
  ] as const)('reaches a server of its own (%s) over TLS', async (edition, repository) => {
    const setting = await start({ edition }, true);
    const { hub, home } = setting;
    const ca = join(home, 'ca.pem');
    writeFileSync(ca, hub.caPem ?? '');
    const host = new URL(hub.origin).host;
    const env = {
      GH_TOKEN: undefined,
      GITHUB_SERVER_URL: undefined,
      GITHUB_API_URL: undefined,
      GH_ENTERPRISE_TOKEN: TOKEN,
      NODE_EXTRA_CA_CERTS: ca,
    };
    const args = [...USER, '--github', `${host}/${repository}`, '--environment', 'production'];
    expect(await setting.run(args, { env })).toMatchObject({ exitCode: 0 });
    const place = { kind: 'environment', of: 'acme/app', environment: 'production' } as const;
    expect(opened(hub, place)).toEqual(pairs(newUser(setting)));
    expectSecrecy(setting);
  });

  test('in a workflow on a server of its own, sends the token of the workflow to that server', async () => {
    const setting = await start({ edition: 'ghes' }, true);
    const { hub, home } = setting;
    const ca = join(home, 'ca.pem');
    writeFileSync(ca, hub.caPem ?? '');
    const env = {
      GH_TOKEN: undefined,
      GITHUB_TOKEN: TOKEN,
      GITHUB_SERVER_URL: hub.origin,
      GITHUB_API_URL: hub.apiUrl,
      GITHUB_REPOSITORY: 'acme/app',
      NODE_EXTRA_CA_CERTS: ca,
    };
    expect(await setting.run([...USER, '--github'], { env })).toMatchObject({ exitCode: 0 });
    expect(opened(hub, { kind: 'actions', of: 'acme/app' })).toEqual(pairs(newUser(setting)));
  });

  test('refuses to replace secrets without --replace, and names what it replaced', async () => {
    const setting = await start();
    const args = [...USER, '--github', 'acme/app'];
    await setting.run(args);
    const first = newUser(setting);
    const refused = await setting.run(args);
    expect(refused).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('Add --replace') });
    expect(newUser(setting)).toEqual(first);
    const replaced = await setting.run([...args, '--replace']);
    expect(replaced).toMatchObject({ exitCode: 0 });
    expect(replaced.stderr).toContain(
      `What the earlier enrollment made still works: the access key ${first.id}, the device ${first.serial}. Delete it`,
    );
    const second = newUser(setting);
    expect(second.serial).toBe(`${first.serial}-2`);
    expect(opened(setting.hub, { kind: 'actions', of: 'acme/app' })).toEqual(pairs(second));
    expectSecrecy(setting);
  });

  test.each([
    ['a person', 'personal', TOKEN, 'secrets=write'],
    ['a workflow', 'installation', 'ghs_exampleOfATokenOfAWorkflow00', 'secrets=write'],
  ] as const)('says what GitHub accepts if the token of %s may only read', async (_, kind, value, accepts) => {
    const setting = await start({
      tokens: [{ value, kind, sees: ['acme/app'], permissions: { secrets: 'read' } }],
    });
    const ran = await setting.run([...USER, '--github', 'acme/app'], {
      env: { GH_TOKEN: undefined, GITHUB_TOKEN: value },
    });
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(accepts) });
    expect(ran.stderr).toContain('Nothing was stored, and nothing is left.');
    expect(ran.stderr).not.toContain(value);
    expect(newUser(setting).user).toBeUndefined();
  });
});

describe('enroll --gitlab', () => {
  const project = ({ lab }: Setting) =>
    Object.fromEntries(
      lab
        .variables('projects', 'acme/app')
        .all()
        .map(({ key, value }) => [key, value]),
    );

  test.each([[[]], [['--separate']]])('stores exactly what IAM gave: %j', async (more) => {
    const setting = await start();
    const args = ['--gitlab', 'acme/app', '--gitlab-url', setting.lab.origin];
    expect(await setting.run([...USER, ...args, ...more])).toMatchObject({ exitCode: 0 });
    const { id, secret, serial, seed } = newUser(setting);
    expect(project(setting)).toEqual(
      more.length > 0
        ? { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, MFA_SERIAL: serial, MFA_SEED: seed }
        : { AWS_ACCESS_KEY: `${id}:${secret}`, MFA_DEVICES: `${serial}:${seed}` },
    );
    expectSecrecy(setting);
    expect(await setting.run(['unenroll', '--user', 'pipeline', '--yes', ...args, ...more])).toMatchObject({
      exitCode: 0,
    });
    expect(project(setting)).toEqual({});
  });

  test('takes everything back if the token may not write variables', async () => {
    const setting = await start();
    setting.lab.world.tokens = [
      { value: LAB_TOKEN, kind: 'access', scope: 'read_api', roles: { 'acme/app': 'maintainer' } },
    ];
    const ran = await setting.run([...USER, '--gitlab', 'acme/app', '--gitlab-url', setting.lab.origin]);
    expect(ran).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('the scope api') });
    expect(newUser(setting).user).toBeUndefined();
  });
});
