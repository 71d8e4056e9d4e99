/** The requests that a fault affects. Without an operation and a service, it affects all. */
export interface FaultScope {
  readonly service?: 'sts' | 'iam' | 's3';
  readonly operation?: string;
  /** How many such requests pass first, 0 by default. */
  readonly skip?: number;
  /** The number of requests, 1 by default. `Infinity` lasts until the fault is cleared. */
  readonly times?: number;
}

/** What goes wrong. `handled`, false by default, says whether AWS handles the request (and uses the code) before that. */
export type FaultKind =
  /** 400 Throttling, 429 TooManyRequestsException or 503 SlowDown; not handled. */
  | { readonly kind: 'throttle'; readonly as?: 'Throttling' | 'TooManyRequestsException' | 'SlowDown' }
  /** 409: IAM is still changing the user or the device; not handled. */
  | { readonly kind: 'busy'; readonly as: 'EntityTemporarilyUnmodifiable' | 'ConcurrentModification' }
  /** A 5xx (or any) status with AWS's XML, or with the HTML page of a proxy. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: 'xml' | 'html'; readonly handled?: boolean }
  /** The answer is `ms` late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** No answer. The connection stays open. */
  | { readonly kind: 'hang'; readonly handled?: boolean }
  /** The connection is reset before AWS handles the request: no code is used. */
  | { readonly kind: 'reset-before' }
  /** The connection is reset after AWS handled the request: the code is used, the answer lost. */
  | { readonly kind: 'reset-after' }
  /** Status 200, and half of the XML. */
  | { readonly kind: 'truncate' }
  /** Status 200, without an element such as `SessionToken`. */
  | { readonly kind: 'omit-field'; readonly field: string }
  /** A different Date, and with `age` an Age header, as from a cache. */
  | { readonly kind: 'date'; readonly date: number | string; readonly age?: number }
  /**
   * The session of a role ends after this many seconds. Everything that AWS validates stays validated: only the expiration, as
   * stated and as enforced, is earlier.
   */
  | { readonly kind: 'role-lifetime'; readonly seconds: number }
  /** A refusal that the test chooses; not handled. */
  | { readonly kind: 'refuse-with'; readonly status: number; readonly code: string; readonly message: string };

/** What goes wrong, and for which requests. */
export type Fault = FaultScope & FaultKind;

/** These only change an answer, and combine with any other fault. */
const COMBINING: ReadonlySet<Fault['kind']> = new Set(['slow', 'date', 'role-lifetime']);

/** The faults that are still to come, in the order in which they were added. */
export class Faults {
  #waiting: { readonly fault: Fault; skip: number; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /**
   * Takes the faults for one request. The first one that applies decides the answer. Those that let it pass count it. `slow`, `date` and `role-lifetime` only
   * change an answer, and combine with it.
   */
  take(service: string, operation: string): Fault[] {
    const taken: Fault[] = [];
    const kinds = new Set<string>();
    for (const waiting of this.#waiting) {
      const { fault } = waiting;
      if ((fault.service ?? service) !== service || (fault.operation ?? operation) !== operation) continue;
      if (waiting.skip > 0) {
        waiting.skip--;
        continue;
      }
      const kind = COMBINING.has(fault.kind) ? fault.kind : 'answer';
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      waiting.left--;
      taken.push(fault);
    }
    if (taken.length > 0) this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return taken;
  }
}
