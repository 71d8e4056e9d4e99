/**
 * What must happen in a workflow, read from its file, so that a job that never started or a skipped check doesn't count as a
 * success.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What must happen. */
export interface Plan {
  readonly jobs: number;
  /** How often each check, a step whose name begins with `Check: `, must succeed. */
  readonly checks: ReadonlyMap<string, number>;
}

interface Job {
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly { readonly name?: string }[];
  /** The reusable workflow that the job calls. */
  readonly uses?: string;
}

/** A reusable workflow of the workspace, or of the action, which the workspace contains, too. */
const CALLED = /^(?:\.|aws-mfa-credentials\/aws-mfa-credentials)\/(\.github\/workflows\/[^@]+)/;

/**
 * Reads the plan of a workflow and of those it calls.
 * @param path in the workspace
 */
export function planOf(workspace: string, path: string): Plan {
  const { jobs }: { readonly jobs: Readonly<Record<string, Job>> } = parse(readFileSync(join(workspace, path), 'utf8'));
  const checks = new Map<string, number>();
  let count = 0;
  for (const job of Object.values(jobs)) {
    const times = sizeOfMatrix(job);
    const called = CALLED.exec(job.uses ?? '')?.[1];
    const plan = called === undefined ? ownPlan(job) : planOf(workspace, called);
    count += plan.jobs * times;
    for (const [name, often] of plan.checks) checks.set(name, (checks.get(name) ?? 0) + often * times);
  }
  return { jobs: count, checks };
}

function ownPlan({ steps = [] }: Job): Plan {
  const names = steps.flatMap(({ name }) => (name?.startsWith('Check: ') ? name : []));
  return { jobs: 1, checks: new Map(names.map((name) => [name, 1])) };
}

/** Only lists: no test workflow has `include` or `exclude`. */
function sizeOfMatrix({ strategy }: Job): number {
  return Object.values(strategy?.matrix ?? {}).reduce((size, values) => size * values.length, 1);
}
