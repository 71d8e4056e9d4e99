/**
 * The first step of every test job, so that its post step is the last one: it copies what the job leaves to the folder that
 * WITNESS_FOLDER names, since act removes it. That is the workspace, RUNNER_TEMP, the folder with the command files, and the
 * environment as the last step sees it.
 */
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** A folder for each job: jobs of a matrix share their job ID. */
function keep(): void {
  const folder = join(required('WITNESS_FOLDER'), `${required('GITHUB_JOB')}-${process.pid}`);
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

if (env['STATE_post'] === 'true') keep();
else appendFileSync(required('GITHUB_STATE'), 'post=true\n');
