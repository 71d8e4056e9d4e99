import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { DEMO } from '../../lab/aws/index.ts';
import { call } from '../aws/wire.ts';
import type { ShellJob, Variables } from '../kit/ci-examples.ts';
import * as examples from '../kit/ci-examples.ts';
import { expectCredentials, machine, runIn, seenBy } from '../kit/ci-machine.ts';
import { read } from './markdown.ts';

// The examples for other CIs, each in a clean shell: an empty home, the variables that the CI documents, the stored secrets as the
// CI passes them, the built command in the place of the published one, and a script that shows what it gets.

jest.setTimeout(180_000);

interface Example {
  readonly jobs: readonly ShellJob[];
  /** What the CI sets, by job. */
  readonly runs: Readonly<Record<string, Variables>>;
  readonly sessionName: string;
  readonly tags: Variables;
}

const GITLAB = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_PROJECT_PATH: 'acme/app',
  CI_PIPELINE_ID: '4711',
  CI_CONFIG_PATH: '.gitlab-ci.yml',
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_SHA: 'c0ffee',
  CI_COMMIT_BRANCH: 'main',
  GITLAB_USER_LOGIN: 'ada',
  CI_NODE_TOTAL: '1',
};
const GITLAB_TAGS = {
  CI: 'GitLab CI/CD',
  Repository: 'acme/app',
  Branch: 'refs/heads/main',
  RunId: '4711',
  Actor: 'ada',
};
const JENKINS = {
  CI: 'true',
  JENKINS_URL: 'https://ci.example.com/',
  JOB_NAME: 'acme/app/main',
  BUILD_TAG: 'jenkins-acme-app-main-42',
  GIT_COMMIT: 'c0ffee',
  GIT_URL: 'https://git.example.com/acme/app.git',
  BRANCH_NAME: 'main',
};
const BITBUCKET = {
  CI: 'true',
  BITBUCKET_BUILD_NUMBER: '12',
  BITBUCKET_REPO_FULL_NAME: 'acme/app',
  BITBUCKET_COMMIT: 'c0ffee',
  BITBUCKET_BRANCH: 'main',
  // Not secured, so they are variables of the repository.
  AWS_REGION: 'eu-central-1',
  MFA_SERIAL: DEMO.serial,
};
const CIRCLECI = {
  CI: 'true',
  CIRCLECI: 'true',
  CIRCLE_PROJECT_USERNAME: 'acme',
  CIRCLE_PROJECT_REPONAME: 'app',
  CIRCLE_PIPELINE_ID: '0ef0d4b1-90d2-4b1e-a7c9-6b0f7a3c0c55',
  CIRCLE_SHA1: 'c0ffee',
  CIRCLE_BRANCH: 'main',
};
const AZURE = {
  TF_BUILD: 'True',
  SYSTEM_TEAMPROJECT: 'Shop',
  BUILD_REPOSITORY_NAME: 'app',
  BUILD_BUILDID: '815',
  BUILD_SOURCEVERSION: 'c0ffee',
  BUILD_SOURCEBRANCH: 'refs/heads/main',
};
const BUILDKITE = {
  CI: 'true',
  BUILDKITE: 'true',
  BUILDKITE_ORGANIZATION_SLUG: 'acme-inc',
  BUILDKITE_PIPELINE_SLUG: 'app',
  BUILDKITE_BUILD_ID: '4735ba57-80d0-46e2-8fa0-b28223a86586',
  BUILDKITE_REPO: 'git@git.example.com:acme-inc/app.git',
  BUILDKITE_COMMIT: 'c0ffee',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_PULL_REQUEST: 'false',
};

const other = (name: string) => read(`examples/other-ci/${name}`);

const EXAMPLES: Readonly<Record<string, Example>> = {
  'gitlab.yml': {
    jobs: examples.gitlabJobs(other('gitlab.yml')),
    runs: {
      test: { ...GITLAB, CI_JOB_NAME: 'test 2/5', CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5' },
      deploy: { ...GITLAB, CI_JOB_NAME: 'deploy' },
    },
    sessionName: 'GitLabCI-4711',
    tags: GITLAB_TAGS,
  },
  'gitlab-component.yml': {
    jobs: examples.gitlabJobs(examples.withComponent(other('gitlab-component.yml'))),
    runs: { deploy: { ...GITLAB, CI_JOB_NAME: 'deploy' } },
    sessionName: 'GitLabCI-4711',
    tags: GITLAB_TAGS,
  },
  Jenkinsfile: {
    jobs: examples.jenkinsJobs(other('Jenkinsfile')),
    runs: { Shard: { ...JENKINS, SHARD: '1', STAGE_NAME: 'Shard' }, Deploy: { ...JENKINS, STAGE_NAME: 'Deploy' } },
    sessionName: 'Jenkins-jenkins-acme-app-main-42',
    tags: { CI: 'Jenkins', Repository: 'acme/app', Branch: 'refs/heads/main', Workflow: 'acme/app/main' },
  },
  'bitbucket.yml': {
    jobs: examples.bitbucketJobs(other('bitbucket.yml')),
    runs: {
      Test: { ...BITBUCKET, BITBUCKET_PARALLEL_STEP: '1', BITBUCKET_PARALLEL_STEP_COUNT: '2' },
      Deploy: { ...BITBUCKET, BITBUCKET_DEPLOYMENT_ENVIRONMENT: 'production' },
    },
    sessionName: 'BitbucketPipelines-12',
    tags: { CI: 'Bitbucket Pipelines', Repository: 'acme/app', Branch: 'refs/heads/main', RunId: '12' },
  },
  'circleci.yml': {
    jobs: examples.circleJobs(other('circleci.yml')),
    runs: {
      test: { ...CIRCLECI, CIRCLE_JOB: 'test', CIRCLE_NODE_INDEX: '1', CIRCLE_NODE_TOTAL: '5' },
      deploy: { ...CIRCLECI, CIRCLE_JOB: 'deploy', CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '1' },
    },
    sessionName: 'CircleCI-0ef0d4b1-90d2-4b1e-a7c9-6b0f7a3c0c55',
    tags: { CI: 'CircleCI', Repository: 'acme/app', Branch: 'refs/heads/main' },
  },
  'azure.yml': {
    jobs: examples.azureJobs(other('azure.yml')),
    runs: {
      test: { ...AZURE, SYSTEM_JOBNAME: 'test', SYSTEM_JOBPOSITIONINPHASE: '2', SYSTEM_TOTALJOBSINPHASE: '5' },
      deploy: { ...AZURE, SYSTEM_JOBNAME: 'deploy', SYSTEM_JOBPOSITIONINPHASE: '1', SYSTEM_TOTALJOBSINPHASE: '1' },
    },
    sessionName: 'AzurePipelines-815',
    tags: { CI: 'Azure Pipelines', Repository: 'Shop/app', Branch: 'refs/heads/main', RunId: '815' },
  },
  'buildkite.yml': {
    jobs: examples.buildkiteJobs(other('buildkite.yml')),
    runs: {
      test: {
        ...BUILDKITE,
        BUILDKITE_STEP_KEY: 'test',
        BUILDKITE_PARALLEL_JOB: '1',
        BUILDKITE_PARALLEL_JOB_COUNT: '5',
      },
      deploy: { ...BUILDKITE, BUILDKITE_STEP_KEY: 'deploy' },
    },
    sessionName: 'Buildkite-4735ba57-80d0-46e2-8fa0-b28223a86586',
    tags: { CI: 'Buildkite', Repository: 'acme-inc/app', Branch: 'refs/heads/main', Workflow: 'app' },
  },
};

const jobs = Object.entries(EXAMPLES).flatMap(([name, example]) =>
  example.jobs.map((job) => [name, job.name, example, job] as const),
);

describe('in a clean shell, the job gets the credentials of its run:', () => {
  test.each(jobs)('%s, %s', async (_name, _job, { runs, sessionName, tags }, job) => {
    const where = await machine();
    const ran = await runIn(where, job, runs[job.name] ?? {});
    const role = /--role-to-assume test/.test(job.text) ? 'test' : 'deploy';
    expect(ran).toMatchObject({ exitCode: 0, log: expect.stringContaining(`./${role}.sh ran\n`) });
    expectCredentials(where, ran, role, sessionName, tags);
  });

  test('gitlab-sealed.yml: the jobs of one pipeline share the session of the first, and have no key and no seed', async () => {
    const where = await machine();
    const key = join(where.folder, 'secrets/sealing-key');
    writeFileSync(key, 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=\n', { mode: 0o600 });
    const [session, job] = examples.gitlabJobs(other('gitlab-sealed.yml'));
    if (session === undefined || job === undefined) throw new Error('the example has two jobs');
    const sealed = await runIn(where, session, { ...GITLAB, SEALING_KEY_FILE: key });
    expect(sealed.exitCode).toBe(0);
    const opened = await runIn(where, { ...job, secrets: [] }, { ...GITLAB, SEALING_KEY_FILE: key });
    expect(opened).toEqual({ exitCode: 0, log: './test.sh ran\n' });
    expect(seenBy(where)).toMatchObject({ AWS_SESSION_TOKEN: where.emulator.sessions[0]?.sessionToken });
    expect(where.emulator.sessions).toHaveLength(1);
  });

  test('there are two jobs of each CI, except for the component', () => {
    expect(jobs.map(([name, job]) => `${name}, ${job}`)).toEqual([
      'gitlab.yml, test',
      'gitlab.yml, deploy',
      'gitlab-component.yml, deploy',
      'Jenkinsfile, Shard',
      'Jenkinsfile, Deploy',
      'bitbucket.yml, Test',
      'bitbucket.yml, Test',
      'bitbucket.yml, Deploy',
      'circleci.yml, test',
      'circleci.yml, deploy',
      'azure.yml, test',
      'azure.yml, deploy',
      'buildkite.yml, test',
      'buildkite.yml, deploy',
    ]);
  });

  const SLOTS: Variables = { Jenkinsfile: '1/3', 'bitbucket.yml': '1/2' };
  test.each(jobs.filter(([, , , job]) => job.text.includes('--mfa-slot')))(
    'a parallel job has its own share of the codes: %s, %s',
    async (name, _job, { runs }, job) => {
      const where = await machine();
      await runIn(where, job, runs[job.name] ?? {});
      expect(readFileSync(join(where.folder, 'arguments'), 'utf8')).toBe(
        `exec --mfa-slot ${SLOTS[name] ?? '1/5'} --role-to-assume test -- ./test.sh\n`,
      );
    },
  );
});

/** The secrets of compose.yml and of the laptop, in files. */
function writeSecrets(folder: string, files: Variables): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
}

test('Docker passes the secrets as files, and they reach nobody else', async () => {
  const where = await machine();
  const mounted = join(where.folder, 'secrets');
  writeSecrets(mounted, { 'aws-secret-access-key': `${DEMO.secretAccessKey}\n`, 'mfa-seed': `${DEMO.seed}\n` });
  const [job, ...others] = examples.composeJobs(other('compose.yml'), mounted);
  if (job === undefined) throw new Error('compose.yml has a service');
  expect(others).toEqual([]);
  const ran = await runIn(where, job, {});
  expect(ran).toMatchObject({ exitCode: 0 });
  expectCredentials(where, ran, 'deploy', userInfo().username, {});
});

test('on a laptop, an SDK gets the session from the profile', async () => {
  const where = await machine();
  const home = join(where.folder, 'home');
  const config = other('aws-config.ini').replaceAll('/home/me', home);
  mkdirSync(join(home, '.aws'));
  writeSecrets(home, {
    '.mfa-seed': DEMO.seed,
    '.aws/config': config,
    '.aws/credentials': `[mfa-user]\naws_access_key_id = ${DEMO.accessKeyId}\naws_secret_access_key = ${DEMO.secretAccessKey}\n`,
  });
  const [, process = ''] = /^credential_process = (.*)$/m.exec(config) ?? [];
  const job = { name: 'work', shell: 'sh', text: process, variables: {}, secrets: [] } as const;
  const ran = await runIn(where, job, { AWS_PROFILE: 'work' });
  expect(ran.exitCode).toBe(0);
  const printed = JSON.parse(ran.log.slice(ran.log.indexOf('{'), ran.log.lastIndexOf('}') + 1));
  const identity = await call(
    where.emulator,
    {
      accessKeyId: printed.AccessKeyId,
      secretAccessKey: printed.SecretAccessKey,
      sessionToken: printed.SessionToken,
    },
    'GetCallerIdentity',
  );
  expect(identity.field('Arn')).toBe(`arn:aws:sts::${DEMO.accountId}:assumed-role/deploy/${userInfo().username}`);
});

describe('a file that no schema checks well', () => {
  test('bitbucket-pipelines.yml only has keys that Bitbucket knows', () => {
    const known = 'image definitions steps step name max-time script pipelines branches main parallel deployment';
    expect([...new Set(keysIn(parse(other('bitbucket.yml'))))].toSorted()).toEqual(known.split(' ').toSorted());
  });

  test('Jenkinsfile has the sections of a declarative pipeline in their places', () => {
    expect(sections(other('Jenkinsfile'))).toEqual([
      'pipeline',
      'pipeline/options',
      'pipeline/environment',
      'pipeline/stages',
      'pipeline/stages/stage',
      'pipeline/stages/stage/matrix',
      'pipeline/stages/stage/matrix/axes',
      'pipeline/stages/stage/matrix/axes/axis',
      'pipeline/stages/stage/matrix/stages',
      'pipeline/stages/stage/matrix/stages/stage',
      'pipeline/stages/stage/matrix/stages/stage/steps',
      'pipeline/stages/stage/matrix/stages/stage/steps/withCredentials',
      'pipeline/stages/stage',
      'pipeline/stages/stage/steps',
      'pipeline/stages/stage/steps/withCredentials',
    ]);
  });

  test('no shell of Jenkinsfile has text that Groovy puts values into', () => {
    expect(other('Jenkinsfile').match(/\bsh .*/g)).toHaveLength(2);
    expect(other('Jenkinsfile').match(/\bsh (?!'[^'\\]*'$).*/gm)).toBeNull();
  });
});

function keysIn(tree: unknown): readonly string[] {
  if (Array.isArray(tree)) return tree.flatMap(keysIn);
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) => [key, ...keysIn(value)]);
}

/** The blocks in braces, each with those around it. */
function sections(groovy: string): readonly string[] {
  const open: string[] = [];
  const found: string[] = [];
  for (const [, name, brace] of groovy
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .matchAll(/(?:(\w+)(?:\((?:[^()]|\([^()]*\))*\))? )?([{}])/g)) {
    if (brace === '}') open.pop();
    else {
      open.push(name ?? '?');
      found.push(open.join('/'));
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join('/')}`);
  return found;
}
