import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAll, startChild } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';
import { type CommandLine, outcomeIn } from '../renewal/make-calls.ts';
import type { Environment } from '../renewal/profiles.ts';
import type { Outcome } from '../renewal/tally.ts';

/** A program that makes calls, watched while something happens to what gives it credentials. */
export class Watched {
  readonly #child: ChildProcess;
  readonly #listeners = new Set<(outcome: Outcome) => void>();
  #said = '';
  #calls = 0;

  /** @param command the program, or `exec --serve` with the program */
  constructor([command, ...args]: CommandLine, env: Environment, cleanup: Cleanup) {
    this.#child = startChild({ command, args, env }, cleanup);
    const { stdout, stderr } = this.#child;
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    if (stdout !== null) createInterface(stdout).on('line', (line) => this.#notice(outcomeIn(line)));
    // Some fail as soon as they start.
    this.#child.once('close', () => this.#notice({ operation: 'the program', error: this.said }));
  }

  /** How many calls have succeeded or failed. */
  get calls(): number {
    return this.#calls;
  }

  /** What was printed on standard error. */
  get said(): string {
    return this.#said;
  }

  /** What the next call that fails says; undefined if none fails within so many seconds. */
  async failure(limitS: number): Promise<string | undefined> {
    return (await this.#next(({ error }) => error !== undefined, limitS))?.error;
  }

  /** Whether a call succeeds within so many seconds. */
  async success(limitS: number): Promise<boolean> {
    return (await this.#next(({ error }) => error === undefined, limitS)) !== undefined;
  }

  /** Sends a signal to the command alone. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Ends the command and the program. */
  end(): void {
    killAll(this.#child);
  }

  async #next(isWanted: (outcome: Outcome) => boolean, limitS: number): Promise<Outcome | undefined> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const listener = (outcome: Outcome): void => {
      if (isWanted(outcome)) resolve(outcome);
    };
    this.#listeners.add(listener);
    const found = new AbortController();
    try {
      return await Promise.race([promise, sleep(limitS * 1000, undefined, { signal: found.signal })]);
    } finally {
      found.abort();
      this.#listeners.delete(listener);
    }
  }

  #notice(outcome: Outcome | undefined): void {
    if (outcome === undefined) return;
    this.#calls += 1;
    for (const listener of this.#listeners) listener(outcome);
  }
}
