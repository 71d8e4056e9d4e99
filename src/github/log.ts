import * as core from '@actions/core';
import { Failure } from '../core/failure.ts';
import { withoutCodes } from './masks.ts';

// Standard output, through which the runner gets lines and masks. Node queues what a full pipe doesn't take.

/**
 * Makes a string from outside harmless in a log: the runner takes `::name::` at the start of a line and `##[name]` anywhere in it for
 * a command, so both are taken apart, and so is whatever could start a new line or reverse the text. Codes that were sent are taken
 * out: some odd answers repeat them.
 */
export function neutralise(text: string): string {
  return withoutCodes(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replaceAll('##[', '# #[')
    .replace(/^\s*::/, ': :');
}

/** The step's log. */
export interface Log {
  info(line: string): void;
  warning(line: string): void;
}

/** Prints to the step's log. Every line is neutralised, whatever it is made of. */
export const log: Log = {
  info(line) {
    core.info(neutralise(line));
  },
  warning(line) {
    core.warning(neutralise(line));
  },
};

/** An annotation of an error that only says what happened. */
export function sayError(message: string): void {
  core.error(neutralise(message));
}

/** How long to wait for a pipe that nobody reads. */
const PATIENCE_MS = 1800;

let broken = false;

/** Keeps a failed write from ending the process: it arrives as an event, which is an uncaught error if nobody listens. */
export function guardOutput(): void {
  process.stdout.on('error', () => {
    broken = true;
  });
}

/** Resolves to true once all lines so far are on their way to the runner, or to false if they can't be, or not soon. */
function delivered(): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS, false);
    process.stdout.write('', (error) => {
      clearTimeout(timer);
      resolve(!error && !broken);
    });
  });
}

/** Fails if the masks so far haven't left this process: what they hide must not be exported then. */
export async function requireDelivery(): Promise<void> {
  if (!(await delivered())) throw new Failure('export-failed', { reason: 'log-blocked' });
}

/**
 * Ends the process with `process.exitCode`, whatever is still open: sockets, timers, children. The last lines go first:
 * `process.exit` alone would drop those that a full pipe hasn't taken.
 */
export async function leave(): Promise<void> {
  await delivered();
  // A request counts as waiting until the callback with its answer is over, and this may run within that.
  await new Promise((resolve) => setImmediate(resolve));
  const code = Number(process.exitCode ?? 0);
  // When it exits, Node waits for its thread pool, and a file or a name there may never answer. Nothing in Node stops that and keeps
  // the exit code, but a new program in this process does.
  const waiting = process.getActiveResourcesInfo().some((name) => name.includes('Req'));
  if (waiting && process.platform !== 'win32')
    process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {});
  process.exit(code);
}
