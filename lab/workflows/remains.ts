/** What the jobs of a run left, as the witness has kept it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one job left. */
export interface Remains {
  readonly job: string;
  /** With copies of `workspace`, `temp` (RUNNER_TEMP) and `commands` (the folder of the command files). */
  readonly folder: string;
  /** As the last post step saw it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads what the witness has put into its folder. */
export function readRemains(folder: string): readonly Remains[] {
  return readdirSync(folder).map((name) => ({
    job: name.replace(/-\d+$/, ''),
    folder: join(folder, name),
    environment: JSON.parse(readFileSync(join(folder, name, 'environment.json'), 'utf8')),
  }));
}

/**
 * What a job left that ran once.
 * @throws Error where the witness has seen no such job, or several
 */
export function jobOf(remains: readonly Remains[], job: string): Remains {
  const [found, ...others] = remains.filter((one) => one.job === job);
  if (found === undefined || others.length > 0) throw new Error(`the job ${job} has not been witnessed once`);
  return found;
}

/** The text of a file, or undefined where there is none. */
export function textOf(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
