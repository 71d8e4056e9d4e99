import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../../../src/core/ports.ts';
import { workflowRun } from '../../../src/github/environment.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { readSessionTags } from '../../../src/inputs/tags.ts';
import { namesOfCis, recognise, surroundings } from '../../../src/shell/ci.ts';
import { CIS, type Ci, type CiName } from '../../../src/shell/ci-table.ts';
import { rawInputs } from '../../kit/raw-inputs.ts';

const GITHUB = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_ACTION: '__run',
  GITHUB_ACTOR: 'octocat',
  GITHUB_SHA: 'c0ffee',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_RUN_ID: '1658821493',
  GITHUB_JOB: 'deploy',
  GITHUB_TRIGGERING_ACTOR: 'hubot',
};
const GITLAB = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_PROJECT_PATH: 'acme/team/app',
  CI_PIPELINE_ID: '4711',
  CI_CONFIG_PATH: '.gitlab-ci.yml',
  GITLAB_USER_LOGIN: 'tanuki',
  CI_COMMIT_SHA: 'c0ffee',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_NAME: 'main',
  CI_PIPELINE_SOURCE: 'push',
  CI_JOB_NAME: 'deploy: [eu, 1]',
};
const JENKINS = {
  JENKINS_URL: 'https://ci.example.com/',
  JOB_NAME: 'acme/app/main',
  BUILD_TAG: 'jenkins-acme-app-main-42',
  GIT_URL: 'https://bot:hunter2@git.example.com/acme/app.git',
  GIT_COMMIT: 'c0ffee',
  BRANCH_NAME: 'main',
  STAGE_NAME: 'Deploy',
};
const AZURE = {
  TF_BUILD: 'True',
  SYSTEM_TEAMPROJECT: 'Shop',
  BUILD_REPOSITORY_NAME: 'app',
  BUILD_BUILDID: '815',
  BUILD_DEFINITIONNAME: 'Deploy app',
  BUILD_REQUESTEDFOR: 'Ada Lovelace',
  BUILD_QUEUEDBY: 'Microsoft.VisualStudio.Services.TFS',
  BUILD_SOURCEVERSION: 'c0ffee',
  BUILD_SOURCEBRANCH: 'refs/heads/main',
  BUILD_REASON: 'IndividualCI',
  SYSTEM_JOBNAME: 'deploy',
};
const BUILDKITE = {
  BUILDKITE: 'true',
  BUILDKITE_ORGANIZATION_SLUG: 'acme-inc',
  BUILDKITE_PIPELINE_SLUG: 'app-deploy',
  BUILDKITE_BUILD_ID: '4735ba57-80d0-46e2-8fa0-b28223a86586',
  BUILDKITE_REPO: 'git@github.com:acme-inc/app.git',
  BUILDKITE_BUILD_CREATOR: 'Keith Pitt',
  BUILDKITE_COMMIT: 'c0ffee',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_TAG: '',
  BUILDKITE_PULL_REQUEST: 'false',
  BUILDKITE_SOURCE: 'webhook',
  BUILDKITE_LABEL: ':rocket: Deploy',
};
const BITBUCKET = {
  CI: 'true',
  BITBUCKET_BUILD_NUMBER: '12',
  BITBUCKET_REPO_FULL_NAME: 'acme/app',
  BITBUCKET_STEP_TRIGGERER_UUID: '{2d1c4a5e-0b5f-4c9a-9d0e-0123456789ab}',
  BITBUCKET_COMMIT: 'c0ffee',
  BITBUCKET_BRANCH: 'main',
};
const CIRCLECI = {
  CI: 'true',
  CIRCLECI: 'true',
  CIRCLE_PROJECT_USERNAME: 'acme',
  CIRCLE_PROJECT_REPONAME: 'app',
  CIRCLE_ORGANIZATION_ID: 'b9291e0d-a11e-41fb-8517-c545388b5953',
  CIRCLE_PROJECT_ID: '5034460f-c7c4-4c43-9457-de07e2029e7b',
  CIRCLE_PIPELINE_ID: '0ef0d4b1-90d2-4b1e-a7c9-6b0f7a3c0c55',
  CIRCLE_WORKFLOW_ID: '11111111-2222-4333-8444-555555555555',
  CIRCLE_USERNAME: 'ada',
  CIRCLE_SHA1: 'c0ffee',
  CIRCLE_BRANCH: 'main',
  CIRCLE_JOB: 'deploy',
};
const FORGEJO = { ...GITHUB, GITEA_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' };
const GITEA = { ...GITHUB, GITEA_ACTIONS: 'true' };

/** A run of each CI, and what is known of it. */
const RUNS = {
  forgejo: { env: FORGEJO, repository: 'acme/app', runId: '1658821493', sessionName: 'ForgejoActions-1658821493' },
  gitea: { env: GITEA, repository: 'acme/app', runId: '1658821493', sessionName: 'GiteaActions-1658821493' },
  github: { env: GITHUB, repository: 'acme/app', runId: '1658821493', sessionName: 'GitHubActions' },
  gitlab: { env: GITLAB, repository: 'acme/team/app', runId: '4711', sessionName: 'GitLabCI-4711' },
  jenkins: {
    env: JENKINS,
    repository: 'acme/app/main',
    runId: 'jenkins-acme-app-main-42',
    sessionName: 'Jenkins-jenkins-acme-app-main-42',
  },
  azure: { env: AZURE, repository: 'Shop/app', runId: '815', sessionName: 'AzurePipelines-815' },
  buildkite: {
    env: BUILDKITE,
    repository: 'acme-inc/app-deploy',
    runId: '4735ba57-80d0-46e2-8fa0-b28223a86586',
    sessionName: 'Buildkite-4735ba57-80d0-46e2-8fa0-b28223a86586',
  },
  bitbucket: { env: BITBUCKET, repository: 'acme/app', runId: '12', sessionName: 'BitbucketPipelines-12' },
  circleci: {
    env: CIRCLECI,
    repository: 'acme/app',
    runId: '0ef0d4b1-90d2-4b1e-a7c9-6b0f7a3c0c55',
    sessionName: 'CircleCI-0ef0d4b1-90d2-4b1e-a7c9-6b0f7a3c0c55',
  },
} as const satisfies Readonly<Record<CiName, { env: Environment; [known: string]: unknown }>>;

/** The tags that STS gets. */
function tagsOf(env: Environment): Readonly<Record<string, string>> {
  const sent = readSessionTags(rawInputs(), surroundings(env).run, new ProblemList());
  return Object.fromEntries((sent?.tags ?? []).map(({ key, value }) => [key, value]));
}

describe('a CI', () => {
  test.each(namesOfCis())('is recognised by its own variable, and known by its run: %s', (name) => {
    const { env, ...known } = RUNS[name];
    const { ci, run } = surroundings(env);
    expect(ci).toBe(name);
    expect(run).toMatchObject(known);
  });

  test.each(namesOfCis())('names sessions as STS accepts it, whatever its variables contain: %s', (name) => {
    const env = Object.fromEntries(
      Object.entries(RUNS[name].env).map(([key, value]) => [key, `${value} ü/${'é/'.repeat(99)}`]),
    );
    expect(surroundings(env).run.sessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
  });

  test.each(namesOfCis())('is known even if it sets nothing else: %s', (name) => {
    const [variable] = CIS[name].recognisedBy;
    const { ci, run } = surroundings({ [variable]: 'true' });
    expect(ci).toBe(name);
    expect(run.sessionName).toBe(name === 'bitbucket' ? 'BitbucketPipelines-true' : CIS[name].sessionName);
  });

  test('isn’t recognised by a variable that is empty or false', () => {
    expect(recognise({ GITLAB_CI: '', CIRCLECI: 'false', CI: 'true' })).toBeUndefined();
  });

  test('is Jenkins even if its administrator never set its URL', () => {
    expect(recognise({ JENKINS_HOME: '/var/jenkins_home' })).toBe('jenkins');
  });
});

describe('tags', () => {
  test('of GitHub are the action’s', () => {
    expect(surroundings(GITHUB).run).toEqual(workflowRun(GITHUB));
    expect(surroundings({ GITHUB_ACTIONS: 'true' }).run).toEqual(workflowRun({}));
  });

  test.each(namesOfCis())('say which CI set them: %s', (name) => {
    const { GitHub, CI } = tagsOf(RUNS[name].env);
    expect({ GitHub, CI }).toEqual(
      name === 'github' ? { GitHub: 'Actions', CI: undefined } : { GitHub: undefined, CI: CIS[name].title },
    );
  });

  test.each([
    [
      GITLAB,
      {
        CI: 'GitLab CI/CD',
        Repository: 'acme/team/app',
        Workflow: '.gitlab-ci.yml',
        Actor: 'tanuki',
        Commit: 'c0ffee',
        Branch: 'refs/heads/main',
        EventName: 'push',
        RunId: '4711',
        Job: 'deploy: _eu_ 1_',
      },
    ],
    [
      JENKINS,
      {
        CI: 'Jenkins',
        Repository: 'acme/app',
        Workflow: 'acme/app/main',
        Commit: 'c0ffee',
        Branch: 'refs/heads/main',
        RunId: 'jenkins-acme-app-main-42',
        Job: 'Deploy',
      },
    ],
    [
      AZURE,
      {
        CI: 'Azure Pipelines',
        Repository: 'Shop/app',
        Workflow: 'Deploy app',
        Actor: 'Ada Lovelace',
        Commit: 'c0ffee',
        Branch: 'refs/heads/main',
        EventName: 'IndividualCI',
        RunId: '815',
        Job: 'deploy',
        TriggeringActor: 'Microsoft.VisualStudio.Services.TFS',
      },
    ],
    [
      BUILDKITE,
      {
        CI: 'Buildkite',
        Repository: 'acme-inc/app',
        Workflow: 'app-deploy',
        Actor: 'Keith Pitt',
        Commit: 'c0ffee',
        Branch: 'refs/heads/main',
        EventName: 'webhook',
        RunId: '4735ba57-80d0-46e2-8fa0-b28223a86586',
        Job: ':rocket: Deploy',
      },
    ],
    [
      BITBUCKET,
      {
        CI: 'Bitbucket Pipelines',
        Repository: 'acme/app',
        Actor: '_2d1c4a5e-0b5f-4c9a-9d0e-0123456789ab_',
        Commit: 'c0ffee',
        Branch: 'refs/heads/main',
        RunId: '12',
      },
    ],
    [
      CIRCLECI,
      {
        CI: 'CircleCI',
        Repository: 'acme/app',
        Actor: 'ada',
        Commit: 'c0ffee',
        Branch: 'refs/heads/main',
        RunId: '0ef0d4b1-90d2-4b1e-a7c9-6b0f7a3c0c55',
        Job: 'deploy',
      },
    ],
  ])('come from the CI’s variables: %#', (env, tags) => {
    expect(tagsOf(env)).toEqual(tags);
  });

  test.each([
    ['GitLab, a tag', { ...GITLAB, CI_COMMIT_BRANCH: undefined, CI_COMMIT_TAG: 'main' }, 'refs/tags/main'],
    [
      'GitLab, a merge request',
      { ...GITLAB, CI_COMMIT_BRANCH: undefined, CI_MERGE_REQUEST_REF_PATH: 'refs/merge-requests/7/head' },
      'refs/merge-requests/7/head',
    ],
    ['Jenkins, a tag', { ...JENKINS, TAG_NAME: 'main' }, 'refs/tags/main'],
    ['Jenkins, a change request', { ...JENKINS, CHANGE_ID: '7', BRANCH_NAME: 'main' }, 'refs/pull/7'],
    [
      'Jenkins, not multibranch',
      { ...JENKINS, BRANCH_NAME: undefined, GIT_BRANCH: 'origin/main' },
      'refs/remotes/origin/main',
    ],
    ['Buildkite, a tag', { ...BUILDKITE, BUILDKITE_TAG: 'main' }, 'refs/tags/main'],
    ['Buildkite, a pull request', { ...BUILDKITE, BUILDKITE_PULL_REQUEST: '7' }, 'refs/pull/7/head'],
    ['Bitbucket, a tag', { ...BITBUCKET, BITBUCKET_BRANCH: undefined, BITBUCKET_TAG: 'main' }, 'refs/tags/main'],
    ['Bitbucket, a pull request', { ...BITBUCKET, BITBUCKET_PR_ID: '7' }, 'refs/pull-requests/7'],
    ['CircleCI, a tag', { ...CIRCLECI, CIRCLE_BRANCH: undefined, CIRCLE_TAG: 'main' }, 'refs/tags/main'],
    ['CircleCI, a fork', { ...CIRCLECI, CIRCLE_PR_NUMBER: '7', CIRCLE_BRANCH: 'pull/7' }, 'refs/pull/7/head'],
  ])('don’t take anything else named main for the branch: %s', (_, env, branch) => {
    expect(tagsOf(env)['Branch']).toBe(branch);
  });

  test.each([
    ['git@github.com:acme/app.git', 'acme/app'],
    ['ssh://git@git.example.com:7999/acme/app.git', 'acme/app'],
    ['https://bot:hunter2@git.example.com/acme/app/', 'acme/app'],
    ['https://git.example.com/acme/app.git?token=hunter2', 'acme/app'],
    ['https://bot:hun/ter2@git.example.com/acme/app', undefined],
    ['https://bot:hunter2@git.example.com', undefined],
    ['/srv/git/app.git', undefined],
  ])('name a repository without what else its URL contains: %s', (GIT_URL, repository) => {
    expect(tagsOf({ ...JENKINS, GIT_URL })['Repository']).toBe(repository);
  });

  test('name a project of CircleCI without a name by its ID', () => {
    const { CIRCLE_PROJECT_USERNAME, CIRCLE_PROJECT_REPONAME, ...env } = CIRCLECI;
    expect(surroundings(env).run.repository).toBe(
      'b9291e0d-a11e-41fb-8517-c545388b5953/5034460f-c7c4-4c43-9457-de07e2029e7b',
    );
  });
});

describe('outside a known CI', () => {
  test('the session is named after the user, and has no tags', () => {
    const { ci, run } = surroundings({ CI: 'true' }, () => 'ada');
    expect(ci).toBeUndefined();
    expect(run).toEqual({ repository: '', runId: '', sessionName: 'ada', tags: [] });
  });

  test.each([
    ['CORP\\Ada Lovelace', 'CORP-Ada-Lovelace'],
    ['Ж', 'aws-mfa-credentials'],
    ['', 'aws-mfa-credentials'],
    ['a', 'aws-mfa-credentials'],
  ])('the name becomes one that STS accepts: %j', (user, sessionName) => {
    expect(surroundings({}, () => user).run.sessionName).toBe(sessionName);
  });

  test('the system knows the user', () => {
    expect(surroundings({}).run.sessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

describe('masks', () => {
  const sent = (name: CiName): unknown => {
    const { masks }: Ci = CIS[name];
    if (masks.kind === 'lines') return masks.line('a%b]c');
    return masks.kind === 'program' ? [masks.command.join(' '), masks.input(['one', 'two'])] : masks.kind;
  };

  test.each([
    ['github', '::add-mask::a%25b]c'],
    ['forgejo', '::add-mask::a%25b]c'],
    ['gitea', '::add-mask::a%25b]c'],
    ['azure', '##vso[task.setsecret]a%AZP25b]c'],
    ['buildkite', ['buildkite-agent redactor add --format json', '{"0":"one","1":"two"}']],
    ['gitlab', 'none'],
    ['jenkins', 'none'],
    ['bitbucket', 'none'],
    ['circleci', 'none'],
  ] as const)('are sent as the CI reads them: %s', (name, expected) => {
    expect(sent(name)).toEqual(expected);
  });
});
