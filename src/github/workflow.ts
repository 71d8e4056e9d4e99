import type { Environment } from '../core/ports.ts';
import type { WorkflowFacts } from '../inputs/tags.ts';

/**
 * What the workflow run says of itself, for the session tags: the variables that the official action reads.
 *
 * Not @actions/github's context: it lacks three of the twelve, reads the event's whole payload to give the other nine, and fails
 * the step where that cannot be parsed.
 */
export function workflowFacts(env: Environment): WorkflowFacts {
  return {
    Repository: env['GITHUB_REPOSITORY'] ?? '',
    Workflow: env['GITHUB_WORKFLOW'] ?? '',
    Action: env['GITHUB_ACTION'] ?? '',
    Actor: env['GITHUB_ACTOR'] ?? '',
    Commit: env['GITHUB_SHA'] ?? '',
    Branch: env['GITHUB_REF'] ?? '',
    EventName: env['GITHUB_EVENT_NAME'] ?? '',
    BaseRef: env['GITHUB_BASE_REF'] ?? '',
    HeadRef: env['GITHUB_HEAD_REF'] ?? '',
    RunId: env['GITHUB_RUN_ID'] ?? '',
    Job: env['GITHUB_JOB'] ?? '',
    TriggeringActor: env['GITHUB_TRIGGERING_ACTOR'] ?? '',
  };
}
