import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { keysFromJson, type SourceKeys, Unusable, within } from './key-source.ts';

/** The longest that a `credential_process` may take: some call a vault, or a service that needs a login. */
const LIMIT_S = 60;
const MAX_STDOUT = 1024 * 1024;
const MAX_LAST_LINE = 300;
/** How long its children may keep writing after it has ended. */
const AFTERWARDS_MS = 500;

/** What a `credential_process` needs from the step. */
export interface ProcessSetting {
  /** The environment that it would have in a shell of the step. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** A string from outside without the secrets of this step. */
  readonly redact: (text: string) => string;
}

/**
 * Runs a profile's `credential_process` once, as a shell would, except that standard input is closed: nobody could answer a question.
 * It ends with the step, or after a minute, and so do its children.
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
  /** Undefined if it succeeded. */
  readonly trouble: string | undefined;
  /** From standard error. Standard output is for keys, and never shown. */
  readonly lastLine: string;
}

function run(command: string, env: ProcessSetting['env'], signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      windowsHide: true,
      // A separate process group, which can be ended as a whole.
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
      // A child that it left running may keep its output open.
      const timer = setTimeout(finish, AFTERWARDS_MS, trouble);
      child.on('close', () => {
        clearTimeout(timer);
        finish(trouble);
      });
    });
    signal.addEventListener('abort', () => finish('was ended'), { once: true });
  });
}

/** Enough for a last line before it is shortened, so that any secret in it is recognized as a whole. */
const MAX_STDERR = 16 * 1024;

/** Ends a child and what it started. */
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
    // Everything has ended.
  }
}

/** A line of another program as it may be shown: without our secrets, without what looks like one of its secrets, and shortened. */
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
