/** One workflow under test: its file, how to run it, and what must be true afterwards that its own steps can't see. */
import type { Call } from '../aws/index.ts';
import type { Leftovers } from './leftovers.ts';
import type { RunnerName } from './tools.ts';

/** A workflow, and the checks from outside, in addition to its own check steps. */
export interface WorkflowCase {
  /** Its path in the workspace. */
  readonly path: string;
  /** Defaults to `act`. */
  readonly runner?: RunnerName;
  /** Defaults to `push`. */
  readonly event?: string;
  /** The workflow passes `vars.AWS_ENDPOINT` as inputs. By default, AWS_ENDPOINT_URL is set for every step. */
  readonly endpointAsInput?: boolean;
  /** Names of steps to leave out, because they need a network or an action that isn't here. */
  readonly leavesOut?: readonly string[];
  /** Variables that the runner of a forge sets, and act doesn't. */
  readonly env?: Readonly<Record<string, string>>;
  /** It writes secrets, and runs twice: the second time with what it wrote. */
  readonly writesSecrets?: boolean;
  readonly checks: readonly Check[];
}

/** One thing that must be true after the run. */
export interface Check {
  /** As a sentence for the table. */
  readonly what: string;
  /** @throws Error if it isn't true */
  readonly holds: (run: CaseRun) => void;
}

/** What checks can look at. */
export interface CaseRun {
  /** Every request, in order of arrival. */
  readonly calls: readonly Call[];
  /** What each job left behind. */
  readonly leftovers: readonly Leftovers[];
  /** The secrets of the repository, as they are now. Empty if the workflow writes none. */
  readonly stored: Readonly<Record<string, string>>;
  /** The home folder of all jobs. */
  readonly home: string;
}

/** The name of a workflow in the table and on the command line: `matrix`, `examples-plain`, `gitea-plain`, `gitea-forgejo-aws`. */
export function workflowName({ path, runner = 'act' }: WorkflowCase): string {
  const name = path
    .replace(/^\.github\/workflows\//, '')
    .replace(/^\.(\w+)\/workflows\//, '$1-')
    .replace(/\.yml$/, '')
    .replaceAll('/', '-');
  return runner === 'act' ? name : `${runner}-${name}`;
}
