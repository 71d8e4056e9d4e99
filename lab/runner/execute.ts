import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The process of a step, for tests that interrupt it. */
export type RunningStep = Pick<ChildProcess, 'kill' | 'pid' | 'once'> & { readonly stdout: Readable };

/** An entry of the action to execute. */
export interface Execution {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with the process when it has started. */
  readonly started?: ((child: RunningStep) => void) | undefined;
}

/** How it ended. */
export interface Executed {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  stdout: string;
  stderr: string;
}

export type Execute = (execution: Execution) => Promise<Executed>;

/** Executes an entry as the runner does, as a separate Node process, with pipes for its output. */
export const executeAsProcess: Execute = async ({ file, cwd, env, started }) => {
  const child = spawn(process.execPath, [file], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  started?.(child);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code));
  });
  return { exitCode, ...output };
};
