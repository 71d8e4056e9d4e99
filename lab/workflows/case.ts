/** One workflow under test: which it is, how it is run, and what must be true afterwards that it cannot see itself. */
import type { Call } from '../aws/index.ts';
import type { Remains } from './remains.ts';
import type { RunnerName } from './tools.ts';

/** A workflow, and what is asserted of it from outside beside its own check steps. */
export interface WorkflowCase {
  /** Its path in the workspace. */
  readonly path: string;
  /** Default `act`. */
  readonly runner?: RunnerName;
  /** Default `push`. */
  readonly event?: string;
  /** The workflow gives the endpoint as inputs, `vars.AWS_ENDPOINT`. Default false: AWS_ENDPOINT_URL is set for every step. */
  readonly endpointAsInput?: boolean;
  /** Names of steps that the copy for act lacks: they need a network, or an action that is not here. */
  readonly leavesOut?: readonly string[];
  readonly checks: readonly Check[];
}

/** One thing that must be true after the run. */
export interface Check {
  /** As a sentence for the table. */
  readonly what: string;
  /** @throws Error where it is not true */
  readonly holds: (run: CaseRun) => void;
}

/** What a check can look at. */
export interface CaseRun {
  /** Every request, in order of arrival. */
  readonly calls: readonly Call[];
  /** What each job left. */
  readonly remains: readonly Remains[];
  /** The home folder of all jobs. */
  readonly home: string;
}

/** What a workflow is called in the table and on the command line: `matrix`, `examples-plain`, `gitea-plain`. */
export function workflowName({ path, runner = 'act' }: WorkflowCase): string {
  const name = path
    .replace(/^\.github\/workflows\//, '')
    .replace(/\.yml$/, '')
    .replaceAll('/', '-');
  return runner === 'act' ? name : `${runner}-${name}`;
}
