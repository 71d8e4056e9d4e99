/**
 * The first step of every test job, so that its post step is the last. It copies what the job leaves behind to COLLECTOR_FOLDER,
 * because act removes it: the workspace, RUNNER_TEMP, the folder with the command files, and the environment of the last step.
 */
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Each job gets a folder. Its name has the process ID, because jobs of a matrix share their job ID. */
function collect(): void {
  const folder = join(required('COLLECTOR_FOLDER'), `${required('GITHUB_JOB')}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const copied = {
    workspace: env['GITHUB_WORKSPACE'],
    temp: env['RUNNER_TEMP'],
    commands: dirname(required('GITHUB_ENV')),
  };
  for (const [name, from] of Object.entries(copied)) {
    if (from) cpSync(from, join(folder, name), { recursive: true, verbatimSymlinks: true });
  }
  writeFileSync(join(folder, 'environment.json'), JSON.stringify(env, null, 2));
}

if (env['STATE_post'] === 'true') collect();
else appendFileSync(required('GITHUB_STATE'), 'post=true\n');
