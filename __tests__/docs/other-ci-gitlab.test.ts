import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { DEMO } from '../../lab/aws/index.ts';
import { readEnrollOptions } from '../../src/shell/setup/options.ts';
import { snippetFor } from '../../src/shell/setup/snippets.ts';
import { slotsFor } from '../../src/shell/setup/stores.ts';
import type { Variables } from '../kit/ci-examples.ts';
import { expectCredentials, type Machine, machine, type Ran, STORED, spawnIn } from '../kit/ci-machine.ts';
import { ROOT, read } from './markdown.ts';

// GitLab's examples and the component with gitlab-ci-local, a second reader of GitLab's files: it checks them against GitLab's
// schema, includes the component, evaluates rules, and runs jobs in a shell.

const GITLAB = createRequire(__filename).resolve('gitlab-ci-local');

const missing = ['bash', 'git', 'rsync'].filter((name) => spawnSync(name, ['--version']).status !== 0);
const skipped = missing.length > 0 && process.env['REQUIRE_CLIENTS'] !== '1';
if (skipped) {
  console.warn(`Not on PATH: ${missing.join(', ')}. GitLab's jobs aren't run. REQUIRE_CLIENTS=1 makes that a failure.`);
}

jest.setTimeout(180_000);

/** A project named `acme/NAME` with this configuration, and the component. */
async function project(name: string, configuration: string, stored: Variables = STORED): Promise<Machine> {
  const where = await machine();
  const work = join(where.folder, 'work');
  writeFileSync(join(work, '.gitlab-ci.yml'), configuration);
  cpSync(join(ROOT, 'templates'), join(work, 'templates'), { recursive: true });
  // It sets GITLAB_CI to false, because it isn't GitLab.
  const variables = { ...stored, GITLAB_CI: 'true', AWS_ENDPOINT_URL: where.emulator.endpoint };
  writeFileSync(join(work, '.gitlab-ci-local-variables.yml'), JSON.stringify(variables));
  const commands = [
    'git init --quiet --initial-branch=main',
    'git add deploy.sh test.sh templates .gitlab-ci.yml',
    'git -c user.name=ada -c user.email=ada@example.com commit --quiet --message=Test',
    `git remote add origin git@gitlab.example.com:acme/${name}.git`,
    'git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main',
  ];
  expect(await spawnIn(where, ['bash', '-e', '-c', commands.join('\n')])).toEqual({ exitCode: 0, log: '' });
  return where;
}

function gitlab(where: Machine, args: readonly string[]): Promise<Ran> {
  return spawnIn(where, [process.execPath, GITLAB, '--force-shell-executor', '--no-color', ...args]);
}

(skipped ? describe.skip : describe)('gitlab-ci-local', () => {
  test.each([
    ['test', 'test: [2/5]'],
    ['deploy', 'deploy'],
  ])('runs gitlab.yml, %s', async (role, job) => {
    const where = await project('app', read('examples/other-ci/gitlab.yml'));
    const ran = await gitlab(where, [job]);
    expect(ran).toMatchObject({ exitCode: 0, log: expect.stringContaining('json schema validated') });
    expectCredentials(where, ran, role, /^GitLabCI-\d+$/, {
      Repository: 'acme/app',
      Branch: 'refs/heads/main',
    });
  });

  test('runs the job of the component, included from a commit of this repository', async () => {
    const configuration = read('examples/other-ci/gitlab-component.yml').replace(
      /(?<=exec)@v[\d.]+/,
      '@$CI_COMMIT_SHA',
    );
    const where = await project('aws-mfa-credentials', configuration);
    const ran = await gitlab(where, ['deploy']);
    expect(ran).toMatchObject({ exitCode: 0, log: expect.stringContaining('json schema validated') });
    expectCredentials(where, ran, 'deploy', /^GitLabCI-\d+$/, {
      Repository: 'acme/aws-mfa-credentials',
      Job: 'deploy',
    });
  });

  test('refuses the component without an input that it needs', async () => {
    const configuration = read('examples/other-ci/gitlab-component.yml')
      .replace(/(?<=exec)@v[\d.]+/, '@$CI_COMMIT_SHA')
      .replace(/ +command: .*\n/, '');
    const { exitCode, log } = await gitlab(await project('aws-mfa-credentials', configuration), ['--list']);
    expect(exitCode).not.toBe(0);
    expect(log).toMatch(/command/);
  });

  test.each([
    ['one role', ['deploy'], 'aws'],
    ['several roles', ['deploy', 'test'], 'aws: [arn:aws:iam::111122223333:role/test]'],
  ])('runs the job that enroll prints, with what it stores, for %s', async (_, roles, job) => {
    const role = roles.map((name) => `arn:aws:iam::${DEMO.accountId}:role/${name}`);
    const options = readEnrollOptions({ user: 'ci', gitlab: 'acme/app', role }, {});
    const printed = snippetFor(options, 'eu-central-1') ?? '';
    // It knows no protected branches.
    const configuration = printed.replace('$CI_COMMIT_REF_PROTECTED == "true"', '$CI_COMMIT_BRANCH');
    const made = {
      keys: { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey, sessionToken: undefined },
      device: { serial: DEMO.serial, seed: DEMO.seed },
    };
    const slots = slotsFor('gitlab', 'pairs');
    const where = await project(
      'app',
      configuration,
      Object.fromEntries(slots.map((slot) => [slot.name, slot.valueOf(made)])),
    );
    const { exitCode, log } = await gitlab(where, [job]);
    expect(log).toContain('json schema validated');
    expect(log).toContain(`assumed-role/${roles.at(-1)}/GitLabCI-`);
    expect(exitCode).toBe(0);
  });

  test.each(['examples/other-ci/gitlab-sealed.yml', 'examples/other-ci/gitlab-rotate.yml', '.gitlab-ci.yml'])(
    'accepts %s',
    async (path) => {
      const where = await project('app', read(path));
      const ran = await gitlab(where, ['--list-all']);
      expect(ran).toMatchObject({ exitCode: 0, log: expect.stringContaining('json schema validated') });
      expect(ran.log).not.toContain(DEMO.seed);
    },
  );
});
