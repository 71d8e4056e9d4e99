import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DEMO, type Emulator, type EmulatorOptions, startEmulator } from '../../lab/aws/index.ts';
import { withSharedLock } from '../../src/shell/shared-lock.ts';
import { closeAfterTest } from './action.ts';

// The built command, run as a process against an emulator of its own, by a user with an empty home folder.

const ROOT = join(__dirname, '../..');
const BUILT = join(ROOT, 'build/package/cli.js');
/** `scripts/package.ts` writes it last. */
const MARKER = join(ROOT, 'build/package/package.json');
const SOURCES = ['src', 'scripts/package.ts', 'scripts/pack.ts', 'scripts/rollup-options.ts', 'package-lock.json'];

/** The bundle, which the first test that needs it builds if the sources are newer. The others wait. */
export async function builtCommand(): Promise<string> {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const waiting = {
    sleep: (milliseconds: number) => sleep(milliseconds),
    patienceSeconds: 170,
    onWait: () => undefined,
  };
  const build = async (): Promise<string> => {
    await promisify(execFile)(process.execPath, ['scripts/package.ts'], { cwd: ROOT });
    return BUILT;
  };
  const changed = Math.max(...SOURCES.map((path) => lastChange(join(ROOT, path))));
  const current = (): string | undefined => (lastChange(MARKER) > changed ? BUILT : undefined);
  return withSharedLock(join(ROOT, 'build/package-for-tests'), waiting, build, current);
}

/** When a file was last changed, or any in a folder; 0 if it doesn't exist. */
function lastChange(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(...entries.map((entry) => statSync(join(path, entry)).mtimeMs));
}

/** How the command ended. */
export interface Ran {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Defaults to nothing. Undefined leaves it open. */
  readonly stdin?: string | undefined;
  /** A redirection by a shell: `3<file`. */
  readonly redirect?: string;
  /** Called with what was printed so far, whenever that is more. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
  readonly onStart?: (child: ChildProcess) => void;
}

/** What the demo world's user has in the environment. */
export const VARIABLES = {
  AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
  AWS_REGION: DEMO.region,
  MFA_SERIAL: DEMO.serial,
  MFA_SEED: DEMO.seed,
} as const;

/** What a command says before it gets a session with these. */
export const NOTE = 'aws-mfa-credentials: Using the keys from the environment (AWS_ACCESS_KEY_ID).\n';

/** A shell's user, and an AWS that it talks to. */
export interface Shell {
  readonly emulator: Emulator;
  readonly home: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

export async function startShell(options: EmulatorOptions = {}): Promise<Shell> {
  const [command, emulator] = await Promise.all([builtCommand(), startEmulator(options)]);
  const home = realpathSync.native(mkdtempSync(join(tmpdir(), 'command-')));
  closeAfterTest(() => rmSync(home, { recursive: true, force: true }));
  closeAfterTest(() => emulator.close());
  const { PATH = '' } = process.env;
  const shell = { PATH, HOME: home, LOCALAPPDATA: home, AWS_ENDPOINT_URL: emulator.endpoint, ...VARIABLES };
  return {
    emulator,
    home,
    run: (args, options = {}) =>
      new Promise((resolve, reject) => {
        const { env = {}, redirect, onOutput, onStart } = options;
        const whole = [process.execPath, command, ...args];
        const [file = '', ...rest] =
          redirect === undefined ? whole : ['sh', '-c', `exec "$@" ${redirect}`, 'sh', ...whole];
        const child = spawn(file, rest, { cwd: home, env: { ...shell, ...env } });
        onStart?.(child);
        let [stdout, stderr] = ['', ''];
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          stdout += text;
          onOutput?.(stdout, child);
        });
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          stderr += text;
        });
        // A command that reads nothing may have ended by now.
        child.stdin.on('error', () => undefined);
        if (!('stdin' in options) || options.stdin !== undefined) child.stdin.end(options.stdin);
        child.once('error', reject);
        child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
      }),
  };
}

/** The arguments that make exec run JavaScript. */
export function script(code: string): readonly string[] {
  return ['--', process.execPath, '-e', code];
}

/** The codes that were sent. */
export function codesSent({ calls }: Emulator): readonly string[] {
  return calls.flatMap(({ params }) => params['TokenCode'] ?? []);
}
