// What goes wrong between a client and a server for tests, before or after the server has done what the request says.

/** An answer in place of the server's. */
export interface Replacement {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is if it's a string. */
  readonly body?: unknown;
}

export interface Interruption {
  /** Whether the server does what the request says before that. */
  readonly when: 'before' | 'after';
  /** The connection is reset, there is no answer at all, or another one. */
  readonly as: 'reset' | 'hang' | Replacement;
  /** Only requests with this method. */
  readonly method?: string;
  /** Only requests whose URL contains this. */
  readonly url?: string;
  /** How many such requests pass first, 0 by default. */
  readonly skip?: number;
  /** The number of requests, 1 by default. */
  readonly times?: number;
}

/** The interruptions that are still to come. */
export class Interruptions {
  readonly #waiting = new Set<{ readonly one: Interruption; skip: number; left: number }>();

  add(one: Interruption): void {
    this.#waiting.add({ one, skip: one.skip ?? 0, left: one.times ?? 1 });
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** Takes the first interruption that applies to a request. Those that let it pass count it. */
  take(method: string, url: string): Interruption | undefined {
    for (const waiting of this.#waiting) {
      const { one } = waiting;
      if ((one.method ?? method) !== method || !url.includes(one.url ?? '')) continue;
      if (waiting.skip > 0) {
        waiting.skip--;
        continue;
      }
      waiting.left--;
      if (waiting.left <= 0) this.#waiting.delete(waiting);
      return one;
    }
    return undefined;
  }
}
