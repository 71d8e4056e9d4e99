/**
 * Ends the processes of a run. act starts each step in its own session, so a signal to act's process group doesn't reach it. A
 * variable that only this run's processes have identifies them.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks the processes of this run, for act's environment. */
export const MARK = { WORKFLOW_TESTS_RUN: randomUUID() } as const;

/** Ends every process that still carries the mark. Only Linux shows the environment of another process; on other systems act ends its own processes. */
export function endMarked(): void {
  for (const pid of markedProcesses()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function markedProcesses(): readonly number[] {
  if (process.platform !== 'linux') return [];
  const mark = Buffer.from(`WORKFLOW_TESTS_RUN=${MARK.WORKFLOW_TESTS_RUN}\0`);
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark));
}

/** As the kernel shows it: each entry ends in a zero byte. Empty if the process has ended or belongs to another user. */
function environmentOf(pid: number): Buffer {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Aborts on the first Ctrl-C or SIGTERM, so that the run cleans up as usual. A second one ends the process at once. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort(new Error(`Interrupted by ${signal}.`)));
  }
  return controller.signal;
}
