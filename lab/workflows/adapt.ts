/**
 * Adapts the copies of workflows that act runs: the collector becomes the first step of each job, and numbers replace the parts
 * of `strategy` that act doesn't know.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** The `uses:` of the collector. */
export const COLLECTOR = 'workflow-tests/collector@v1';

interface Job {
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly { readonly name?: string; readonly uses?: string }[];
}

/**
 * Adapts all workflows of a folder, and removes the steps with these names.
 * @throws Error for a workflow whose `strategy.job-index` can't be replaced
 */
export function adaptWorkflows(folder: string, leftOut: readonly string[] = []): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.yml'))) {
    const path = join(folder, name);
    const workflow: { readonly jobs?: Readonly<Record<string, Job>> } = parse(readFileSync(path, 'utf8'));
    if (workflow.jobs === undefined) continue;
    const jobs = Object.entries(workflow.jobs).map(([id, job]) => [
      id,
      withCollector(withStrategy(without(job, leftOut), `${path}: ${id}`)),
    ]);
    writeFileSync(path, stringify({ ...workflow, jobs: Object.fromEntries(jobs) }, { lineWidth: 0 }));
  }
}

function without(job: Job, leftOut: readonly string[]): Job {
  if (job.steps === undefined) return job;
  return { ...job, steps: job.steps.filter(({ name }) => !leftOut.includes(name ?? '')) };
}

function withCollector(job: Job): Job {
  return job.steps === undefined ? job : { ...job, steps: [{ uses: COLLECTOR }, ...job.steps] };
}

/** In a matrix with one list of strings, `strategy.job-index` is the position in the list. */
function withStrategy(job: Job, where: string): Job {
  const text = JSON.stringify(job);
  if (!/strategy\.job-(index|total)/.test(text)) return job;
  const [axis, ...others] = Object.entries(job.strategy?.matrix ?? {});
  const values = axis?.[1] ?? [];
  if (axis === undefined || others.length > 0 || !values.every((value) => /^[\w.-]+$/.test(String(value)))) {
    throw new Error(`${where}: act doesn't know strategy.job-index, and only a matrix with one list can do without`);
  }
  const positions = JSON.stringify(Object.fromEntries(values.map((value, index) => [String(value), index])));
  const index = `fromJSON('${positions}')[format('{0}', matrix.${axis[0]})]`;
  const written = text
    .replaceAll('strategy.job-index', () => JSON.stringify(index).slice(1, -1))
    .replaceAll('strategy.job-total', String(values.length));
  return JSON.parse(written);
}
