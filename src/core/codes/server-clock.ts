import type { Clock, Reporter } from '../ports.ts';

/** Smaller differences are the coarseness of the `Date` header and the network's. */
const COARSENESS_MS = 1_500;
/** From here on a code of the local clock is one of another step, and the user should know. */
const WARNING_MS = 30_000;

/**
 * Clocks that are off by a time zone and daylight saving are served (26 h, with a minute for the network); what is more is a clock
 * that is wrong by days, or an answer that lies.
 */
const MAX_OFFSET_MS = (26 * 60 + 1) * 60_000;

/** Whether AWS's clock may be that far ahead of the local one, in milliseconds. */
export function isPlausibleOffset(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= MAX_OFFSET_MS;
}

/** AWS's clock: the local one and what the answers have told about it. Codes go by it, and so do all waits for them. */
export class ServerClock {
  /** Milliseconds that AWS's clock is ahead of the local one. */
  offset: number;
  readonly #local: Clock;
  readonly #reporter: Reporter;
  #told = false;

  constructor(local: Clock, reporter: Reporter, offset: number) {
    this.#local = local;
    this.#reporter = reporter;
    this.offset = offset;
  }

  now(): number {
    return this.#local.now() + this.offset;
  }

  /** Takes the time of an answer in; returns by how much that moved the clock. Warns once of a local clock that is off. */
  async learn(serverTime: number | undefined): Promise<number> {
    if (serverTime === undefined) return 0;
    const moved = serverTime - this.now();
    if (Math.abs(moved) <= COARSENESS_MS) return 0;
    this.offset += moved;
    if (Math.abs(this.offset) > WARNING_MS && !this.#told) {
      this.#told = true;
      await this.#reporter.note({ kind: 'clock-off', secondsBehind: Math.round(this.offset / 1000) });
    }
    return moved;
  }
}
