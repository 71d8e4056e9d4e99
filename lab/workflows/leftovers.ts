/** What the jobs of a run left behind, as the collector copied it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one job left behind. */
export interface Leftovers {
  readonly job: string;
  /** Contains copies of `workspace`, `temp` (RUNNER_TEMP) and `commands` (the folder of the command files). */
  readonly folder: string;
  /** As the last post step saw it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads the collector's folder. */
export function readLeftovers(folder: string): readonly Leftovers[] {
  return readdirSync(folder).map((name) => ({
    job: name.replace(/-\d+$/, ''),
    folder: join(folder, name),
    environment: JSON.parse(readFileSync(join(folder, name, 'environment.json'), 'utf8')),
  }));
}

/**
 * The leftovers of a job that ran once.
 * @throws Error if the collector saw no such job, or several
 */
export function leftoversOf(leftovers: readonly Leftovers[], job: string): Leftovers {
  const [found, ...others] = leftovers.filter((one) => one.job === job);
  if (found === undefined || others.length > 0) throw new Error(`the collector should have seen the job ${job} once`);
  return found;
}

/** The text of a file, or undefined if there is no such file. */
export function textOf(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
