/** Pinned Python packages in virtual environments outside the repository, installed once and kept. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** act, the AWS CLI, boto3 and pyotp; or MiniStack, which needs another botocore. */
export type EnvironmentName = 'clients' | 'ministack';

/** A problem that the person at the terminal can fix. Its message says all they need to know. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const PYTHON_MISSING =
  'This needs python3, 3.10 or newer, with venv: `apt-get install python3 python3-venv` (Debian, Ubuntu), ' +
  '`dnf install python3` (Fedora) or `brew install python` (macOS).';

/** Everything that is installed goes into this folder: below `$XDG_CACHE_HOME`, or below `.cache` in the home folder. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME = '', HOME = '' } = process.env;
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME || userInfo().homedir, '.cache');
  return join(caches, 'aws-mfa-credentials');
}

/** The version that a package is pinned to. */
export function pinnedVersion(name: EnvironmentName, packageName: string): string {
  const lines = readFileSync(requirementsOf(name), 'utf8').split('\n');
  const pinned = lines.find((line) => line.startsWith(`${packageName}==`)) ?? '';
  return pinned.slice(`${packageName}==`.length).replace(' \\', '');
}

/** The folder of an environment, or undefined if it isn't installed. */
export function findEnvironment(name: EnvironmentName): string | undefined {
  const python = pythonVersion();
  const folder = python && folderOf(name, python);
  return folder && existsSync(markerOf(folder)) ? folder : undefined;
}

/**
 * Installs an environment, unless that is done already, and returns its folder.
 * @throws SetupError if there is no usable Python, or pip fails
 */
export function installEnvironment(name: EnvironmentName): string {
  const python = pythonVersion();
  if (python === undefined) throw new SetupError(PYTHON_MISSING);
  const folder = folderOf(name, python);
  if (existsSync(markerOf(folder))) return folder;
  console.log(`Installing ${requirementsOf(name)} into ${folder} (once).`);
  // Only finished packages: pip builds nothing, so no package runs a script.
  const options = ['--only-binary', ':all:', '--require-hashes', '--no-cache-dir', '--no-input', '--quiet'];
  const pip = [
    '-m',
    'pip',
    '--disable-pip-version-check',
    'install',
    ...options,
    '--requirement',
    requirementsOf(name),
  ];
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(join(folder, 'bin', 'python3'), pip, { stdio: 'inherit' });
  } catch (error) {
    throw new SetupError(`Could not install into ${folder}. XDG_CACHE_HOME selects another folder.`, { cause: error });
  }
  writeFileSync(markerOf(folder), '');
  return folder;
}

function requirementsOf(name: EnvironmentName): string {
  return join(import.meta.dirname, `${name}.txt`);
}

/** A separate folder for each Python and each state of the requirements. */
function folderOf(name: EnvironmentName, python: string): string {
  const pinned = createHash('sha256')
    .update(readFileSync(requirementsOf(name)))
    .digest('hex')
    .slice(0, 12);
  return join(cacheFolder(), `${name}-python${python}-${pinned}`);
}

/** Written last, so that an interrupted installation doesn't count. */
function markerOf(folder: string): string {
  return join(folder, 'complete');
}

function pythonVersion(): string | undefined {
  const script = 'import sys, venv, ensurepip; v = sys.version_info; assert v >= (3, 10); print(f"{v[0]}.{v[1]}")';
  const { status, stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
