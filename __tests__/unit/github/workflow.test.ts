import { describe, expect, test } from '@jest/globals';
import { workflowFacts } from '../../../src/github/workflow.ts';

describe('what a workflow run says of itself', () => {
  test('is what the runner has put into its environment', () => {
    expect(
      workflowFacts({
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
      Repository: 'octo-org/hello',
      Workflow: 'Deploy',
      Action: '__run',
      Actor: 'octocat',
      Commit: '0123456789abcdef0123456789abcdef01234567',
      Branch: 'refs/pull/7/merge',
      EventName: 'pull_request',
      BaseRef: 'main',
      HeadRef: 'feature',
      RunId: '42',
      Job: 'deploy',
      TriggeringActor: 'hubot',
    });
  });

  test('is empty where the runner says nothing', () => {
    expect(Object.values(workflowFacts({}))).toEqual(Array(12).fill(''));
  });
});
