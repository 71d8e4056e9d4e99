/** The time as the emulated AWS sees it, in milliseconds since the epoch. */
export interface EmulatorClock {
  now(): number;
}

/** The clock of this machine. */
export const systemClock: EmulatorClock = { now: () => Date.now() };

/** A clock that only moves when a test sets it, so that hours pass without waiting. */
export class SettableClock implements EmulatorClock {
  #ms: number;

  /** @param startMs milliseconds since the epoch */
  constructor(startMs: number) {
    this.#ms = startMs;
  }

  now(): number {
    return this.#ms;
  }

  /** Moves to `ms` since the epoch, forwards or back. */
  set(ms: number): void {
    this.#ms = ms;
  }

  /** Moves by `ms` milliseconds. */
  advance(ms: number): void {
    this.#ms += ms;
  }
}

/** The system's time plus an offset, as AWS sees a machine whose clock is wrong. */
export class OffsetClock implements EmulatorClock {
  readonly #offsetMs: number;

  /** @param offsetMs how far AWS is ahead of this machine, in milliseconds */
  constructor(offsetMs: number) {
    this.#offsetMs = offsetMs;
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }
}
