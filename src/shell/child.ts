import { constants } from 'node:os';
import spawn from 'cross-spawn';
import { messageOf } from '../core/failure.ts';
import { EXIT } from './exit.ts';

export { EXIT };

/** How a command ended. */
export interface Ended {
  readonly exitCode: number;
  /** Why it couldn't be started. */
  readonly problem?: string;
}

/** Signals that a person or a supervisor sends to end or to steer a program. */
const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** Those that a terminal sends to all of its foreground programs, the command included. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a command with this environment, with our own standard streams, and resolves once it has ended: with its exit code, or 128 + n
 * after signal n. Signals that are sent to us alone are passed on; a terminal's Ctrl+C has reached the command already.
 */
export function runChild(
  [command, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  { isTerminal }: { readonly isTerminal: boolean },
): Promise<Ended> {
  const child = spawn(command, args, { env, stdio: 'inherit', windowsHide: false });
  const stops: (() => void)[] = [];
  const listen = (signal: NodeJS.Signals, act: () => void): void => {
    try {
      process.on(signal, act);
      stops.push(() => process.off(signal, act));
    } catch {
      // Windows doesn't know it.
    }
  };
  for (const signal of FORWARDED) listen(signal, () => child.kill(signal));
  for (const signal of FROM_TERMINAL) listen(signal, () => (isTerminal ? undefined : child.kill(signal)));
  return new Promise<Ended>((resolve) => {
    child.once('error', (error) => resolve(problemOf(error, command)));
    child.once('close', (code, signal) =>
      resolve({ exitCode: signal === null ? (code ?? EXIT.ownFailure) : EXIT.signal + constants.signals[signal] }),
    );
  }).finally(() => {
    for (const stop of stops) stop();
  });
}

function problemOf(error: Error, command: string): Ended {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { exitCode: EXIT.notFound, problem: `${command}: command not found` };
  return { exitCode: EXIT.notExecutable, problem: `${command} can't be run: ${messageOf(error)}` };
}
