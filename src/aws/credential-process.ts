import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { keysFromJson, type SourceKeys, Unusable, within } from './key-source.ts';

/** The longest that a `credential_process` may take: some ask a vault, or a service behind a login. */
const LIMIT_S = 60;
const MAX_STDOUT = 1024 * 1024;
const MAX_LAST_LINE = 300;
/** What its children may still write once it has ended itself. */
const AFTERWARDS_MS = 500;

/** What a `credential_process` is run with. */
export interface ProcessSetting {
  /** The environment that it would see in a shell of the step. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** A text from outside without the secrets of this step. */
  readonly redact: (text: string) => string;
}

/**
 * Runs a profile's `credential_process`, once, as a shell would, but for its standard input, which is closed: nobody is there to
 * ask. It ends with the step, or after a minute, and its children with it.
 */
export function keysFromProcess(command: string, { env, signal, redact }: ProcessSetting): Promise<SourceKeys> {
  const what = 'its credential_process';
  return within(LIMIT_S, what, signal, async (ended) => {
    const { stdout, trouble, lastLine } = await run(command, env, ended);
    if (trouble === undefined) return keysFromJson(stdout, what, 'SessionToken');
    const said = presentable(lastLine, redact);
    throw new Unusable(`${what} ${trouble}${said === '' ? '' : `: ${said}`}`);
  });
}

interface Ran {
  readonly stdout: string;
  /** Undefined if it ended well. */
  readonly trouble: string | undefined;
  /** Of standard error. Standard output is for keys, and never shown. */
  readonly lastLine: string;
}

function run(command: string, env: ProcessSetting['env'], signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      windowsHide: true,
      // A group of its own, which can be ended as a whole.
      detached: process.platform !== 'win32',
    });
    let stdout = '';
    let stderr = '';
    const finish = (trouble: string | undefined): void => {
      endGroup(child);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({
        stdout,
        trouble,
        lastLine:
          stderr
            .trimEnd()
            .split(/[\r\n]/)
            .at(-1) ?? '',
      });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.length > MAX_STDOUT) finish('printed more than 1 MB');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR);
    });
    child.on('error', ({ message }) => finish(`could not be run (${message})`));
    child.on('exit', (code, killed) => {
      const trouble = code === 0 ? undefined : killed ? `was ended by ${killed}` : `ended with exit code ${code}`;
      // Something that it left running may hold its output open.
      const timer = setTimeout(finish, AFTERWARDS_MS, trouble);
      child.on('close', () => {
        clearTimeout(timer);
        finish(trouble);
      });
    });
    signal.addEventListener('abort', () => finish('was ended'), { once: true });
  });
}

/** Long enough for a last line that is cut afterwards, and for any secret in it to be recognised as a whole. */
const MAX_STDERR = 16 * 1024;

/** Ends a child and what it has started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/** A line of another program, fit to be shown: without secrets of ours, without what looks like one of its own, and not too long. */
function presentable(line: string, redact: (text: string) => string): string {
  const shown = redact(stripVTControlCharacters(line)).replaceAll(/[\w+/=.-]{24,}/g, (run) =>
    isOpaque(run) ? '***' : run,
  );
  return shown.length > MAX_LAST_LINE ? `${shown.slice(0, MAX_LAST_LINE)} …` : shown.trim();
}

/** Whether a long run of characters is more likely a key or a token than a path, a URL's end or a host. */
function isOpaque(run: string): boolean {
  const isPath = run.includes('/') && !/[A-Z+=]/.test(run);
  const isHost = /^(?:[a-z0-9-]{1,20}\.)+[a-z0-9-]{1,20}$/.test(run);
  return /\d/.test(run) && /[a-z]/i.test(run) && !isPath && !isHost;
}
