import { azureCommand, workflowCommand } from './mask-commands.ts';

// The CIs whose variables are known, as a table that the code and the docs read.

/** The keys of the tags that configure-aws-credentials sets on GitHub, which trust policies test. */
export const TAG_KEYS = ['Repository', 'Workflow', 'Action', 'Actor', 'Commit', 'Branch'] as const;
/** The keys of tags that are only context. */
export const OPTIONAL_TAG_KEYS = ['EventName', 'BaseRef', 'HeadRef', 'RunId', 'Job', 'TriggeringActor'] as const;

export type TagKey = (typeof TAG_KEYS)[number] | (typeof OPTIONAL_TAG_KEYS)[number];

/**
 * Where a value comes from: the first of these strings all of whose `$VARIABLES` have a value. `path($VARIABLE)` is the path of a
 * repository's URL, which may contain a password.
 */
export type Source = readonly string[];

/** How a value that was made during a job is hidden from its log. */
export type Masks =
  /** Lines on standard error, one per value: standard output may go to `eval`. */
  | { readonly kind: 'lines'; readonly line: (value: string) => string }
  /** A program that reads the values. If it fails, nothing is hidden. */
  | {
      readonly kind: 'program';
      readonly command: readonly string[];
      readonly input: (values: readonly string[]) => string;
    }
  | { readonly kind: 'none' };

export interface Ci {
  readonly title: string;
  /** This is the CI if one of these variables has a value other than `false`. */
  readonly recognisedBy: readonly string[];
  /** Start of the session name. The run's ID follows, except on GitHub, where it never did. */
  readonly sessionName: string;
  /** What a sealed session is bound to: the unit that has secrets there, and one run of it. */
  readonly repository: Source;
  readonly runId: Source;
  readonly tags: Readonly<Partial<Record<TagKey, Source>>>;
  readonly masks: Masks;
  /** Whether secrets may be printed once they are masked. */
  readonly prints: 'once masked' | 'only if insisted';
  /** The vendor's documentation of these variables. */
  readonly documentation: string;
}

/** The variables of GitHub, which Forgejo and Gitea set, too. Kept equal to the action's (tested). */
const OF_ACTIONS = {
  repository: ['$GITHUB_REPOSITORY'],
  runId: ['$GITHUB_RUN_ID'],
  tags: {
    Repository: ['$GITHUB_REPOSITORY'],
    Workflow: ['$GITHUB_WORKFLOW'],
    Action: ['$GITHUB_ACTION'],
    Actor: ['$GITHUB_ACTOR'],
    Commit: ['$GITHUB_SHA'],
    Branch: ['$GITHUB_REF'],
    EventName: ['$GITHUB_EVENT_NAME'],
    BaseRef: ['$GITHUB_BASE_REF'],
    HeadRef: ['$GITHUB_HEAD_REF'],
    RunId: ['$GITHUB_RUN_ID'],
    Job: ['$GITHUB_JOB'],
    TriggeringActor: ['$GITHUB_TRIGGERING_ACTOR'],
  },
  masks: { kind: 'lines', line: (value: string) => workflowCommand('add-mask', value) },
} as const satisfies Partial<Ci>;

const NO_MASKS = { masks: { kind: 'none' }, prints: 'only if insisted' } as const;

/**
 * All known CIs. The first that is recognised is the one: Forgejo and Gitea also set GITHUB_ACTIONS, and Forgejo GITEA_ACTIONS.
 *
 * `Branch` is a full ref, as on GitHub, if the CI's variables allow it: otherwise a tag named `main` would pass for the branch.
 */
export const CIS = {
  // code.forgejo.org/forgejo/runner, internal/app/run/runner.go, sets FORGEJO_ACTIONS and GITEA_ACTIONS.
  forgejo: {
    ...OF_ACTIONS,
    title: 'Forgejo Actions',
    recognisedBy: ['FORGEJO_ACTIONS'],
    sessionName: 'ForgejoActions',
    prints: 'only if insisted',
    documentation: 'https://forgejo.org/docs/latest/user/actions/reference/',
  },
  // gitea.com/gitea/act_runner, internal/app/run/runner.go, sets GITEA_ACTIONS.
  gitea: {
    ...OF_ACTIONS,
    title: 'Gitea Actions',
    recognisedBy: ['GITEA_ACTIONS'],
    sessionName: 'GiteaActions',
    prints: 'only if insisted',
    documentation: 'https://docs.gitea.com/usage/actions/actions-variables',
  },
  github: {
    ...OF_ACTIONS,
    title: 'GitHub Actions',
    recognisedBy: ['GITHUB_ACTIONS'],
    sessionName: 'GitHubActions',
    prints: 'once masked',
    documentation: 'https://docs.github.com/actions/reference/workflows-and-actions/variables',
  },
  gitlab: {
    title: 'GitLab CI/CD',
    recognisedBy: ['GITLAB_CI'],
    sessionName: 'GitLabCI',
    repository: ['$CI_PROJECT_PATH'],
    runId: ['$CI_PIPELINE_ID'],
    tags: {
      Repository: ['$CI_PROJECT_PATH'],
      Workflow: ['$CI_PIPELINE_NAME', '$CI_CONFIG_PATH'],
      Actor: ['$GITLAB_USER_LOGIN'],
      Commit: ['$CI_COMMIT_SHA'],
      Branch: ['$CI_MERGE_REQUEST_REF_PATH', 'refs/tags/$CI_COMMIT_TAG', 'refs/heads/$CI_COMMIT_BRANCH'],
      EventName: ['$CI_PIPELINE_SOURCE'],
      BaseRef: ['$CI_MERGE_REQUEST_TARGET_BRANCH_NAME'],
      HeadRef: ['$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
      RunId: ['$CI_PIPELINE_ID'],
      Job: ['$CI_JOB_NAME'],
    },
    ...NO_MASKS,
    documentation: 'https://docs.gitlab.com/ci/variables/predefined_variables/',
  },
  // Each Jenkins lists its variables at JENKINS_URL/pipeline-syntax/globals#env. JENKINS_URL is set only if an administrator set it.
  // GIT_* come from the Git plugin, BUILD_USER_ID from the plugin build-user-vars.
  jenkins: {
    title: 'Jenkins',
    recognisedBy: ['JENKINS_URL', 'JENKINS_HOME'],
    sessionName: 'Jenkins',
    repository: ['$JOB_NAME'],
    runId: ['$BUILD_TAG'],
    tags: {
      Repository: ['path($GIT_URL)'],
      Workflow: ['$JOB_NAME'],
      Actor: ['$BUILD_USER_ID'],
      Commit: ['$GIT_COMMIT'],
      // In a change request, BRANCH_NAME is arbitrary; in the build of a tag, it is the tag's name.
      Branch: [
        'refs/pull/$CHANGE_ID',
        'refs/tags/$TAG_NAME',
        'refs/heads/$BRANCH_NAME',
        'refs/heads/$GIT_LOCAL_BRANCH',
        'refs/remotes/$GIT_BRANCH',
      ],
      BaseRef: ['$CHANGE_TARGET'],
      HeadRef: ['$CHANGE_BRANCH'],
      RunId: ['$BUILD_TAG'],
      Job: ['$STAGE_NAME'],
    },
    ...NO_MASKS,
    documentation: 'https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables',
  },
  azure: {
    title: 'Azure Pipelines',
    recognisedBy: ['TF_BUILD'],
    sessionName: 'AzurePipelines',
    // The name alone isn't unique: each project may have a repository of that name.
    repository: ['$SYSTEM_TEAMPROJECT/$BUILD_REPOSITORY_NAME'],
    runId: ['$BUILD_BUILDID'],
    tags: {
      Repository: ['$SYSTEM_TEAMPROJECT/$BUILD_REPOSITORY_NAME'],
      Workflow: ['$BUILD_DEFINITIONNAME'],
      Actor: ['$BUILD_REQUESTEDFOR'],
      Commit: ['$BUILD_SOURCEVERSION'],
      Branch: ['$BUILD_SOURCEBRANCH'],
      EventName: ['$BUILD_REASON'],
      BaseRef: ['$SYSTEM_PULLREQUEST_TARGETBRANCH'],
      HeadRef: ['$SYSTEM_PULLREQUEST_SOURCEBRANCH'],
      RunId: ['$BUILD_BUILDID'],
      Job: ['$SYSTEM_JOBNAME'],
      TriggeringActor: ['$BUILD_QUEUEDBY'],
    },
    masks: { kind: 'lines', line: (value: string) => azureCommand('task.setsecret', {}, value) },
    prints: 'once masked',
    documentation: 'https://learn.microsoft.com/azure/devops/pipelines/build/variables',
  },
  buildkite: {
    title: 'Buildkite',
    recognisedBy: ['BUILDKITE'],
    sessionName: 'Buildkite',
    repository: ['$BUILDKITE_ORGANIZATION_SLUG/$BUILDKITE_PIPELINE_SLUG'],
    runId: ['$BUILDKITE_BUILD_ID'],
    tags: {
      Repository: ['path($BUILDKITE_REPO)'],
      Workflow: ['$BUILDKITE_PIPELINE_SLUG'],
      Actor: ['$BUILDKITE_BUILD_CREATOR'],
      Commit: ['$BUILDKITE_COMMIT'],
      Branch: ['refs/pull/$BUILDKITE_PULL_REQUEST/head', 'refs/tags/$BUILDKITE_TAG', 'refs/heads/$BUILDKITE_BRANCH'],
      EventName: ['$BUILDKITE_SOURCE'],
      BaseRef: ['$BUILDKITE_PULL_REQUEST_BASE_BRANCH'],
      RunId: ['$BUILDKITE_BUILD_ID'],
      Job: ['$BUILDKITE_STEP_KEY', '$BUILDKITE_LABEL'],
    },
    // https://buildkite.com/docs/agent/cli/reference/redactor: a JSON object, each of whose values is redacted.
    masks: {
      kind: 'program',
      command: ['buildkite-agent', 'redactor', 'add', '--format', 'json'],
      input: (values: readonly string[]) => JSON.stringify(Object.fromEntries(values.entries())),
    },
    prints: 'once masked',
    documentation: 'https://buildkite.com/docs/pipelines/configure/environment-variables',
  },
  bitbucket: {
    title: 'Bitbucket Pipelines',
    recognisedBy: ['BITBUCKET_BUILD_NUMBER'],
    sessionName: 'BitbucketPipelines',
    repository: ['$BITBUCKET_REPO_FULL_NAME'],
    runId: ['$BITBUCKET_BUILD_NUMBER'],
    tags: {
      Repository: ['$BITBUCKET_REPO_FULL_NAME'],
      Actor: ['$BITBUCKET_STEP_TRIGGERER_UUID'],
      Commit: ['$BITBUCKET_COMMIT'],
      Branch: ['refs/pull-requests/$BITBUCKET_PR_ID', 'refs/tags/$BITBUCKET_TAG', 'refs/heads/$BITBUCKET_BRANCH'],
      BaseRef: ['$BITBUCKET_PR_DESTINATION_BRANCH'],
      RunId: ['$BITBUCKET_BUILD_NUMBER'],
    },
    ...NO_MASKS,
    documentation: 'https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/',
  },
  // Projects of the GitHub App and of GitLab have no CIRCLE_PROJECT_USERNAME.
  circleci: {
    title: 'CircleCI',
    recognisedBy: ['CIRCLECI'],
    sessionName: 'CircleCI',
    repository: ['$CIRCLE_PROJECT_USERNAME/$CIRCLE_PROJECT_REPONAME', '$CIRCLE_ORGANIZATION_ID/$CIRCLE_PROJECT_ID'],
    // A rerun of failed jobs is another workflow of the same pipeline.
    runId: ['$CIRCLE_PIPELINE_ID', '$CIRCLE_WORKFLOW_ID'],
    tags: {
      Repository: ['$CIRCLE_PROJECT_USERNAME/$CIRCLE_PROJECT_REPONAME', '$CIRCLE_ORGANIZATION_ID/$CIRCLE_PROJECT_ID'],
      Actor: ['$CIRCLE_USERNAME'],
      Commit: ['$CIRCLE_SHA1'],
      // Only pull requests from forks have a number; their CIRCLE_BRANCH is pull/NUMBER.
      Branch: ['refs/pull/$CIRCLE_PR_NUMBER/head', 'refs/tags/$CIRCLE_TAG', 'refs/heads/$CIRCLE_BRANCH'],
      RunId: ['$CIRCLE_PIPELINE_ID', '$CIRCLE_WORKFLOW_ID'],
      Job: ['$CIRCLE_JOB'],
    },
    ...NO_MASKS,
    documentation: 'https://circleci.com/docs/reference/variables/',
  },
} as const satisfies Readonly<Record<string, Ci>>;

export type CiName = keyof typeof CIS;
