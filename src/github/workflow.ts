import type { Environment } from '../core/ports.ts';
import type { CiRun } from '../inputs/tags.ts';

/** The tags that configure-aws-credentials sets, which trust policies test, and the variables that it takes them from. */
const TAGS = {
  Repository: 'GITHUB_REPOSITORY',
  Workflow: 'GITHUB_WORKFLOW',
  Action: 'GITHUB_ACTION',
  Actor: 'GITHUB_ACTOR',
  Commit: 'GITHUB_SHA',
  Branch: 'GITHUB_REF',
};
/** More tags that are only context. */
const OPTIONAL_TAGS = {
  EventName: 'GITHUB_EVENT_NAME',
  BaseRef: 'GITHUB_BASE_REF',
  HeadRef: 'GITHUB_HEAD_REF',
  RunId: 'GITHUB_RUN_ID',
  Job: 'GITHUB_JOB',
  TriggeringActor: 'GITHUB_TRIGGERING_ACTOR',
};

/**
 * What GitHub says of the workflow run.
 *
 * Not @actions/github's context: it lacks three of the twelve values, reads the whole event to provide the other nine, and fails the
 * step if it can't parse that.
 */
export function workflowRun(env: Environment): CiRun {
  const tagsOf = (variables: Readonly<Record<string, string>>, optional: boolean) =>
    Object.entries(variables).map(([key, variable]) => ({ key, value: env[variable] ?? '', optional }));
  return {
    repository: env['GITHUB_REPOSITORY'] ?? '',
    runId: env['GITHUB_RUN_ID'] ?? '',
    sessionName: 'GitHubActions',
    tags: [
      { key: 'GitHub', value: 'Actions', optional: false },
      ...tagsOf(TAGS, false),
      ...tagsOf(OPTIONAL_TAGS, true),
    ],
  };
}
