import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ends or removes something. Called at most once. */
type Close = () => void | Promise<void>;

/**
 * What a run has started or made and must not leave behind: processes and folders. All of it is closed, the latest first, when
 * the run ends and also when a signal ends it.
 */
export class Belongings {
  readonly #open = new Set<Close>();
  readonly #interrupted = new AbortController();
  /** A folder for everything temporary. What goes to the system's temporary folder goes there, too. */
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

  /** Has something closed at the end. The function that it returns says that it is closed already. */
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
    // What is under way fails now, because what it talks to is gone: nobody has to hear of it.
    void this.close().finally(() => process.exit(128 + constants.signals[signal]));
  }
}
