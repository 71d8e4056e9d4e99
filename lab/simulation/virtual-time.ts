import type { Clock } from '../../src/core/ports.ts';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/**
 * Time that only passes when everybody waits: hours of a matrix run in a second. Sleepers with the same end wake in the order in
 * which they began, so a run only depends on its seed.
 */
export class VirtualTime {
  #now: number;
  #order = 0;
  readonly #alarms: Alarm[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((ring) => {
      this.#order += 1;
      this.#push({ at: this.#now + Math.max(0, milliseconds), order: this.#order, ring });
    });
  }

  /** A clock that is wrong by this many milliseconds. */
  clock(offsetMs = 0): Clock {
    return { now: () => this.#now + offsetMs, sleep: (milliseconds) => this.sleep(milliseconds) };
  }

  /** Lets time pass until all work is done. */
  async run(work: readonly Promise<unknown>[]): Promise<void> {
    let done = false;
    const all = Promise.all(work).finally(() => {
      done = true;
    });
    for (;;) {
      // Everything that can happen now happens before time passes.
      await new Promise((resolve) => setImmediate(resolve));
      if (done) break;
      const alarm = this.#pop();
      if (alarm === undefined) throw new Error('everybody waits for something that never comes');
      this.#now = alarm.at;
      alarm.ring();
    }
    await all;
  }

  #push(alarm: Alarm): void {
    const heap = this.#alarms;
    heap.push(alarm);
    for (let index = heap.length - 1; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) break;
      index = parent;
    }
  }

  #pop(): Alarm | undefined {
    const heap = this.#alarms;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    heap[0] = last;
    for (let index = 0; ; ) {
      const left = index * 2 + 1;
      const right = left + 1;
      const child = right < heap.length && this.#isEarlier(right, left) ? right : left;
      if (child >= heap.length || !this.#swapIfEarlier(child, index)) break;
      index = child;
    }
    return first;
  }

  #isEarlier(a: number, b: number): boolean {
    const [one, other] = [this.#alarms[a], this.#alarms[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swapIfEarlier(a: number, b: number): boolean {
    const [one, other] = [this.#alarms[a], this.#alarms[b]];
    if (one === undefined || other === undefined || !this.#isEarlier(a, b)) return false;
    this.#alarms[a] = other;
    this.#alarms[b] = one;
    return true;
  }
}
