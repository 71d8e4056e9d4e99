import type { Clock, Reporter } from '../ports.ts';

/** Smaller differences come from the network, and from the `Date` header, which has whole seconds. */
const COARSENESS_MS = 1_500;
/** With a larger difference, a code made by the local clock is one of another step, and the user should know. */
const WARNING_MS = 30_000;

/**
 * Clocks that are off by a time zone and daylight saving are corrected (26 h, with a minute for the network). A larger difference means
 * a clock that is off by days, or a response that lies.
 */
const MAX_OFFSET_MS = (26 * 60 + 1) * 60_000;

/** Whether AWS's clock may be that far ahead of the local one, in milliseconds. */
export function isPlausibleOffset(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= MAX_OFFSET_MS;
}

/** AWS's clock: the local one, corrected by what the responses have said. Codes follow it, and so do all waits for them. */
export class ServerClock {
  /** How many milliseconds AWS's clock is ahead of the local one. */
  offset: number;
  readonly #local: Clock;
  readonly #reporter: Reporter;
  #warned = false;

  constructor(local: Clock, reporter: Reporter, offset: number) {
    this.#local = local;
    this.#reporter = reporter;
    this.offset = offset;
  }

  now(): number {
    return this.#local.now() + this.offset;
  }

  /** Corrects the clock by the time of a response, and returns by how much. Warns once if the local clock is off. */
  async learn(serverTime: number | undefined): Promise<number> {
    if (serverTime === undefined) return 0;
    const moved = serverTime - this.now();
    if (Math.abs(moved) <= COARSENESS_MS) return 0;
    this.offset += moved;
    if (Math.abs(this.offset) > WARNING_MS && !this.#warned) {
      this.#warned = true;
      await this.#reporter.note({ kind: 'clock-off', secondsBehind: Math.round(this.offset / 1000) });
    }
    return moved;
  }
}
