/**
 * Ends what a run has started. act gives each step a session of its own, so a signal to act's process group does not reach
 * them: they are known by a variable that only this run's processes have.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks the processes of this run, to be put into act's environment. */
export const MARK = { WORKFLOW_TESTS_RUN: randomUUID() } as const;

/** Ends every process that still carries the mark. Only Linux tells another process's environment; elsewhere act ends its own. */
export function endMarked(): void {
  for (const pid of markedProcesses()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

function markedProcesses(): readonly number[] {
  if (process.platform !== 'linux') return [];
  const mark = Buffer.from(`WORKFLOW_TESTS_RUN=${MARK.WORKFLOW_TESTS_RUN}\0`);
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark));
}

/** As the kernel gives it: entries that each end in a zero byte; empty where the process has ended or is another user's. */
function environmentOf(pid: number): Buffer {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Aborts on the first Ctrl-C or SIGTERM, so that cleaning up takes its ordinary way; a second one ends the process at once. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort(new Error(`Interrupted by ${signal}.`)));
  }
  return controller.signal;
}
