import { Failure } from '../core/failure.ts';

// Standard output, through which the runner gets lines and masks. Node queues what a full pipe does not take.

/** How long a pipe that nobody reads is waited for. */
const PATIENCE_MS = 1800;

let broken = false;

/** Keeps a failed write from ending the process: that comes as an event, which is an uncaught error if nobody listens. */
export function guardOutput(): void {
  process.stdout.on('error', () => {
    broken = true;
  });
}

/** Resolves once all lines so far are on their way to the runner, to true; or to false if they cannot be, or not soon. */
export function delivered(): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS, false);
    process.stdout.write('', (error) => {
      clearTimeout(timer);
      resolve(!error && !broken);
    });
  });
}

/** Fails if the masks so far have not left this process: what they hide must not be exported then. */
export async function requireDelivery(): Promise<void> {
  if (await delivered()) return;
  throw new Failure('export-failed', { reason: 'log-blocked' });
}

/**
 * Ends the process with `process.exitCode`, whatever is still open: sockets, timers, children. The last lines go first:
 * `process.exit` alone would drop those that a full pipe has not taken.
 */
export async function leave(): Promise<void> {
  await delivered();
  // A request counts as waiting until the callback with its answer is over, and this may run within that.
  await new Promise((resolve) => setImmediate(resolve));
  const code = Number(process.exitCode ?? 0);
  // On its way out Node waits for its thread pool, and there a file or a name may never answer. Nothing in Node stops that and
  // keeps the exit code, but a new program in this process does.
  const waiting = process.getActiveResourcesInfo().some((name) => name.includes('Req'));
  if (waiting && process.platform !== 'win32')
    process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {});
  process.exit(code);
}
