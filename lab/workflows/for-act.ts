/**
 * Puts workflows into a form that act can run, in the copy that it is given: the witness becomes the first step of each job, and
 * what act does not know of `strategy` is written out.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** As the action is named that keeps what a job leaves. */
export const WITNESS = 'workflow-tests/witness@v1';

interface Job {
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly { readonly name?: string; readonly uses?: string }[];
}

/**
 * Rewrites all workflows of a folder, without the steps of these names.
 * @throws Error for a workflow whose `strategy.job-index` cannot be written out
 */
export function adaptWorkflows(folder: string, leftOut: readonly string[] = []): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.yml'))) {
    const path = join(folder, name);
    const workflow: { readonly jobs?: Readonly<Record<string, Job>> } = parse(readFileSync(path, 'utf8'));
    if (workflow.jobs === undefined) continue;
    const jobs = Object.entries(workflow.jobs).map(([id, job]) => [
      id,
      withWitness(withStrategy(without(job, leftOut), `${path}: ${id}`)),
    ]);
    writeFileSync(path, stringify({ ...workflow, jobs: Object.fromEntries(jobs) }, { lineWidth: 0 }));
  }
}

function without(job: Job, leftOut: readonly string[]): Job {
  if (job.steps === undefined) return job;
  return { ...job, steps: job.steps.filter(({ name }) => !leftOut.includes(name ?? '')) };
}

function withWitness(job: Job): Job {
  return job.steps === undefined ? job : { ...job, steps: [{ uses: WITNESS }, ...job.steps] };
}

/** `strategy.job-index` of a matrix with one list of texts is where its text stands in the list. */
function withStrategy(job: Job, where: string): Job {
  const text = JSON.stringify(job);
  if (!/strategy\.job-(index|total)/.test(text)) return job;
  const [axis, ...others] = Object.entries(job.strategy?.matrix ?? {});
  const values = axis?.[1] ?? [];
  if (axis === undefined || others.length > 0 || !values.every((value) => /^[\w.-]+$/.test(String(value)))) {
    throw new Error(`${where}: act knows no strategy.job-index, and it can be written out for a single list only`);
  }
  const places = JSON.stringify(Object.fromEntries(values.map((value, index) => [String(value), index])));
  const index = `fromJSON('${places}')[format('{0}', matrix.${axis[0]})]`;
  const written = text
    .replaceAll('strategy.job-index', () => JSON.stringify(index).slice(1, -1))
    .replaceAll('strategy.job-total', String(values.length));
  return JSON.parse(written);
}
