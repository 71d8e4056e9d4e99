import { describe, expect, test } from '@jest/globals';
import { workflowRun } from '../../../src/github/environment.ts';

describe('a workflow run', () => {
  test('is what the runner puts into the environment', () => {
    expect(
      workflowRun({
        GITHUB_REPOSITORY: 'octo-org/hello',
        GITHUB_WORKFLOW: 'Deploy',
        GITHUB_ACTION: '__run',
        GITHUB_ACTOR: 'octocat',
        GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
        GITHUB_REF: 'refs/pull/7/merge',
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_BASE_REF: 'main',
        GITHUB_HEAD_REF: 'feature',
        GITHUB_RUN_ID: '42',
        GITHUB_JOB: 'deploy',
        GITHUB_TRIGGERING_ACTOR: 'hubot',
      }),
    ).toEqual({
      repository: 'octo-org/hello',
      runId: '42',
      sessionName: 'GitHubActions',
      tags: [
        { key: 'GitHub', value: 'Actions', optional: false },
        { key: 'Repository', value: 'octo-org/hello', optional: false },
        { key: 'Workflow', value: 'Deploy', optional: false },
        { key: 'Action', value: '__run', optional: false },
        { key: 'Actor', value: 'octocat', optional: false },
        { key: 'Commit', value: '0123456789abcdef0123456789abcdef01234567', optional: false },
        { key: 'Branch', value: 'refs/pull/7/merge', optional: false },
        { key: 'EventName', value: 'pull_request', optional: true },
        { key: 'BaseRef', value: 'main', optional: true },
        { key: 'HeadRef', value: 'feature', optional: true },
        { key: 'RunId', value: '42', optional: true },
        { key: 'Job', value: 'deploy', optional: true },
        { key: 'TriggeringActor', value: 'hubot', optional: true },
      ],
    });
  });

  test('is empty if the runner sets nothing', () => {
    const { repository, runId, tags } = workflowRun({});
    expect([repository, runId, ...tags.map(({ value }) => value)]).toEqual(['', '', 'Actions', ...Array(12).fill('')]);
  });
});
