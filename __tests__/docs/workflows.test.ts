import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, read } from './markdown.ts';

interface Job {
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
}

/** The workflows of this repository, and those that people copy. */
const workflows = ['.github/workflows', 'examples', 'examples/composite'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yml') && name !== 'action.yml')
    .map((name) => `${folder}/${name}`),
);

describe('each job has a time limit, or runs for up to six hours when something hangs:', () => {
  test('there are jobs to look at', () => {
    expect(workflows.length).toBeGreaterThan(12);
  });

  test.each(workflows)('%s', (path) => {
    const jobs: Readonly<Record<string, Job>> = parse(read(path)).jobs;
    expect(Object.keys(jobs)).not.toEqual([]);
    // The job that calls a reusable workflow takes no limit; the jobs of that one do.
    const unlimited = Object.entries(jobs).filter(([, job]) => job.uses === undefined && !job['timeout-minutes']);
    expect(unlimited.map(([name]) => name)).toEqual([]);
  });
});

test('npm runs no script of a package that it installs', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
});
