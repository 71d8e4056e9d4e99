import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ends or removes something. Called at most once. */
type Close = () => void | Promise<void>;

/**
 * The processes and folders of a run. All of them are closed, the latest first, when the run ends or a signal ends it.
 */
export class Cleanup {
  readonly #open = new Set<Close>();
  readonly #interrupted = new AbortController();
  /** A folder for everything temporary. It's also the system's temporary folder for this process. */
  readonly folder: string;
  /** Aborted when a signal ends the run. */
  readonly signal: AbortSignal = this.#interrupted.signal;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'interop-'));
    process.env['TMPDIR'] = folder;
    this.folder = folder;
    this.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => this.#interrupt(signal));
  }

  /** Registers something to close at the end. Call the function that it returns if it's closed earlier. */
  add(close: Close): () => void {
    this.#open.add(close);
    return () => void this.#open.delete(close);
  }

  /** Closes everything, the latest first. */
  async close(): Promise<void> {
    for (const close of [...this.#open].reverse()) {
      if (this.#open.delete(close)) await close();
    }
  }

  #interrupt(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
    console.error(`\nInterrupted by ${signal}; cleaning up.`);
    this.#interrupted.abort();
    // Checks in progress fail now, because their servers are gone. Nobody needs to hear of it.
    void this.close().finally(() => process.exit(128 + constants.signals[signal]));
  }
}
