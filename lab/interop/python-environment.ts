import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { Belongings } from './belongings.ts';

// Python packages in virtual environments outside the repository, made once and kept. An environment is made under another
// name and renamed when it is whole, so that an interrupted installation is never taken for one.

const run = promisify(execFile);

/** moto with the clients of AWS, or MiniStack, which wants another botocore. */
export type EnvironmentName = 'moto' | 'ministack';

const requirementsOf = (name: EnvironmentName): string => join(import.meta.dirname, 'requirements', `${name}.txt`);

/** What a person who has no usable Python reads. */
const INSTALL =
  'npm run test:interop needs python3, 3.10 or newer, with venv: install it by `apt-get install python3 python3-venv` ' +
  '(Debian, Ubuntu), `dnf install python3` (Fedora) or `brew install python` (macOS).';

/** A reason to stop that a person can mend; its message is all that is printed. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

/** The packages that an environment is made of, `NAME==VERSION`. */
export function packagesOf(name: EnvironmentName): readonly string[] {
  return readFileSync(requirementsOf(name), 'utf8').trim().split('\n');
}

/** The version of the package that an environment is named after. */
export function versionOf(name: EnvironmentName): string {
  const [first = ''] = packagesOf(name);
  return first.split('==')[1] ?? '';
}

/**
 * The path of a Python that has the packages of `requirements/NAME.txt`; installs them where that has not been done yet.
 * @throws CannotRun where there is no usable Python, or pip could not install
 */
export async function pythonWith(name: EnvironmentName, belongings: Belongings): Promise<string> {
  const what = [await pythonVersion(), ...packagesOf(name)].join('\n');
  const digest = createHash('sha256').update(what).digest('hex').slice(0, 12);
  const folder = cacheFolder();
  const environment = join(folder, `interop-${name}-${digest}`);
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python)) await install(name, folder, environment, belongings);
  return python;
}

async function pythonVersion(): Promise<string> {
  const script = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(sys.version, sys.prefix)';
  try {
    return (await run('python3', ['-c', script])).stdout;
  } catch (error) {
    throw new CannotRun(INSTALL, { cause: error });
  }
}

/** `$XDG_CACHE_HOME`, or `.cache` in the home folder; where HOME is empty too, the home folder that the system knows. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME = '', HOME = '' } = process.env;
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME || userInfo().homedir, '.cache');
  const folder = join(caches, 'aws-mfa-credentials');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new CannotRun(`${folder} cannot be made; name a folder for it in XDG_CACHE_HOME.`, { cause: error });
  }
  return folder;
}

async function install(
  name: EnvironmentName,
  folder: string,
  environment: string,
  belongings: Belongings,
): Promise<void> {
  const packages = packagesOf(name).join(', ');
  console.log(`Installing ${packages} into ${environment} (once).`);
  const unfinished = mkdtempSync(join(folder, 'unfinished-'));
  const remove = (): void => rmSync(unfinished, { recursive: true, force: true, maxRetries: 5 });
  const removed = belongings.add(remove);
  // What pip needs to reach its registry is in the environment of the person who runs this.
  const options = {
    cwd: unfinished,
    maxBuffer: 64 * 1024 * 1024,
    signal: belongings.signal,
    killSignal: 'SIGKILL',
  } as const;
  try {
    await run('python3', ['-m', 'venv', unfinished], options);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--disable-pip-version-check'];
    await run(join(unfinished, 'bin', 'python'), [...pip, '--requirement', requirementsOf(name)], options);
    rename(unfinished, environment);
  } catch (error) {
    throw new CannotRun(`${packages} could not be installed: ${lastLineOf(error)}`, { cause: error });
  } finally {
    remove();
    removed();
  }
}

/** Only `bin/python -m …` is used of it: that works under another name, unlike the scripts beside it. */
function rename(unfinished: string, environment: string): void {
  try {
    renameSync(unfinished, environment);
  } catch (error) {
    // Another run was quicker.
    if (!existsSync(join(environment, 'bin', 'python'))) throw error;
  }
}

function lastLineOf(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return output.trim().split('\n').at(-1) ?? '';
}
