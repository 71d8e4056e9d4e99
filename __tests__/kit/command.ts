import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO, type Emulator, type EmulatorOptions, startEmulator } from '../../lab/aws/index.ts';
import { builtCommand } from '../../lab/command/built.ts';
import { closeAfterTest } from './action.ts';

// The built command, run as a process against an emulator of its own, by a user with an empty home folder.

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
  /** Runs it in a terminal, where `stdin` is typed and both outputs are one. */
  readonly terminal?: true;
  /** With `terminal`: what a script of bash does next. */
  readonly andThen?: string;
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
        const { env = {}, redirect, terminal, andThen = '', onOutput, onStart } = options;
        const whole = [process.execPath, command, ...args];
        const [file = '', ...rest] = terminal
          ? [
              'script',
              '--quiet',
              '--return',
              '--command',
              inBash(`${whole.map(quoted).join(' ')}; ${andThen}`),
              '/dev/null',
            ]
          : redirect === undefined
            ? whole
            : ['sh', '-c', `exec "$@" ${redirect}`, 'sh', ...whole];
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

/** A command line that makes bash run another one. */
function inBash(line: string): string {
  return `exec bash -c ${quoted(line)}`;
}

/** A word of a shell's command line. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The arguments that make exec run JavaScript. */
export function script(code: string): readonly string[] {
  return ['--', process.execPath, '-e', code];
}

/** The codes that were sent. */
export function codesSent({ calls }: Emulator): readonly string[] {
  return calls.flatMap(({ params }) => params['TokenCode'] ?? []);
}
