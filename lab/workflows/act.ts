/** Runs one workflow with act or Gitea's fork of it, on this machine, without containers, and with all its files in one folder. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { endMarked, MARK } from './processes.ts';
import { RUNNERS, type RunnerName } from './tools.ts';

/** One run of act. */
export interface ActOptions {
  readonly runner: RunnerName;
  /** Everything that the run writes goes below it. */
  readonly folder: string;
  readonly workspace: string;
  /** The unpacked action, and the collector. */
  readonly actions: Readonly<Record<string, string>>;
  /** The workflow's path in the workspace, and the event that starts it. */
  readonly workflow: string;
  readonly event: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Folders to search for programs before those of PATH. */
  readonly toolFolders: readonly string[];
  readonly signal: AbortSignal;
}

/** How it ended. */
export interface ActResult {
  /** Null if it was ended after two minutes. */
  readonly exitCode: number | null;
  /** The file with everything it printed. */
  readonly log: string;
}

/** More than ten times what any workflow takes. */
const LIMIT_MS = 120_000;
const KILL_AFTER_MS = 10_000;
/** act's own folders: the search must see everything that a job leaves. */
const HOMES = { HOME: 'home', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config', TMPDIR: 'tmp' } as const;

/**
 * Runs a workflow to its end, and deletes the file with the secrets.
 * @throws Error if act can't be started or is interrupted
 */
export async function runAct(options: ActOptions): Promise<ActResult> {
  const { folder, toolFolders, workspace } = options;
  for (const name of [...Object.values(HOMES), 'bin']) mkdirSync(join(folder, name), { recursive: true });
  // act takes node from PATH, even for `runs.using: node24`.
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  const files = { secrets: join(folder, 'secrets'), vars: join(folder, 'vars') };
  // If act has no token, it asks the GitHub CLI for the user's.
  writeFileSync(files.secrets, variableFile({ ...options.secrets, GITHUB_TOKEN: '' }), { mode: 0o600 });
  writeFileSync(files.vars, variableFile(options.vars));
  const log = join(folder, 'act.log');
  try {
    const env = {
      ...MARK,
      ...Object.fromEntries(Object.entries(HOMES).map(([name, home]) => [name, join(folder, home)])),
      PATH: [join(folder, 'bin'), ...toolFolders, process.env['PATH']].join(':'),
      LANG: 'C.UTF-8',
      ACT_DISABLE_VERSION_CHECK: '1',
    };
    const command = [RUNNERS[options.runner].program, ...argumentsOf(options, files)] as const;
    return { exitCode: await runToEnd(command, { cwd: workspace, env, log }, options.signal), log };
  } finally {
    endMarked();
    rmSync(files.secrets);
  }
}

function argumentsOf(
  options: ActOptions,
  files: { readonly secrets: string; readonly vars: string },
): readonly string[] {
  const actions = Object.entries(options.actions).flatMap(([name, path]) => ['--local-repository', `${name}=${path}`]);
  const env = Object.entries(options.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return [
    ...[options.event, '--workflows', options.workflow],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--platform', 'docker=-self-hosted', '--no-cache-server', '--rm'],
    ...[RUNNERS[options.runner].parallel, '4'],
    ...['--secret-file', files.secrets, '--var-file', files.vars],
    ...actions,
    ...env,
  ];
}

async function runToEnd(
  [program, ...args]: readonly [string, ...string[]],
  { log, ...options }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly log: string },
  interrupted: AbortSignal,
): Promise<number | null> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(LIMIT_MS)]);
  signal.throwIfAborted();
  // Its own process group, so that only this process reacts to Ctrl-C.
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
  };
  signal.addEventListener('abort', stop);
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    interrupted.throwIfAborted();
    return exitCode;
  } finally {
    signal.removeEventListener('abort', stop);
    await finished(file.end());
  }
}

function variableFile(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
