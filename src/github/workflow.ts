import { context } from '@actions/github';
import type { WorkflowFacts } from '../core/request/tags.ts';
import type { Environment } from './inputs.ts';

/**
 * What the workflow run says of itself, for the session tags. Loaded only where a role is assumed: making the context reads
 * the event's whole payload.
 */
export function workflowFacts(env: Environment): WorkflowFacts {
  return {
    Repository: env['GITHUB_REPOSITORY'] ?? '',
    Workflow: context.workflow,
    Action: context.action,
    Actor: context.actor,
    Commit: context.sha,
    Branch: context.ref,
    EventName: context.eventName,
    RunId: Number.isSafeInteger(context.runId) ? String(context.runId) : '',
    Job: context.job,
    // The context does not have these three.
    BaseRef: env['GITHUB_BASE_REF'] ?? '',
    HeadRef: env['GITHUB_HEAD_REF'] ?? '',
    TriggeringActor: env['GITHUB_TRIGGERING_ACTOR'] ?? '',
  };
}
