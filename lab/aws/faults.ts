/** Which requests a fault meets; without an operation or a service, all. */
export interface FaultScope {
  readonly service?: 'sts' | 'iam' | 's3';
  readonly operation?: string;
  /** How many requests it meets, one after the other. Default 1; `Infinity` until cleared. */
  readonly times?: number;
}

/** What goes wrong. `handled` says whether AWS did the work (and spent the code) before it went wrong; default false. */
export type FaultKind =
  /** 400 Throttling, 429 TooManyRequestsException or 503 SlowDown; not handled. */
  | { readonly kind: 'throttle'; readonly as?: 'Throttling' | 'TooManyRequestsException' | 'SlowDown' }
  /** A 5xx (or any) status with AWS's XML, or with the HTML page of a proxy. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: 'xml' | 'html'; readonly handled?: boolean }
  /** The answer comes `ms` later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** No answer at all; the connection stays open. */
  | { readonly kind: 'hang'; readonly handled?: boolean }
  /** The connection is reset before AWS has looked at the request: no code is spent. */
  | { readonly kind: 'reset-before' }
  /** The connection is reset after AWS has done the work: the code is spent, the answer lost. */
  | { readonly kind: 'reset-after' }
  /** Status 200, and the XML ends in the middle. */
  | { readonly kind: 'truncate' }
  /** A 200 that lacks an element, `SessionToken` for instance. */
  | { readonly kind: 'omit-field'; readonly field: string }
  /** Another Date; with `age` an Age header beside it, as from a cache. */
  | { readonly kind: 'date'; readonly date: number | string; readonly age?: number }
  /** A refusal of the test's own; not handled. */
  | { readonly kind: 'refuse-with'; readonly status: number; readonly code: string; readonly message: string };

/** What goes wrong, and with which requests. */
export type Fault = FaultScope & FaultKind;

/** Things that will go wrong, in the order in which they were added. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /**
   * The faults that meet one request. The first that fits decides the answer; `slow` and `date` only change an answer and
   * go together with it.
   */
  take(service: string, operation: string): Fault[] {
    const taken: Fault[] = [];
    const kinds = new Set<string>();
    for (const waiting of this.#waiting) {
      const { fault } = waiting;
      if ((fault.service ?? service) !== service || (fault.operation ?? operation) !== operation) continue;
      const kind = fault.kind === 'slow' || fault.kind === 'date' ? fault.kind : 'answer';
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      waiting.left--;
      taken.push(fault);
    }
    if (taken.length > 0) this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return taken;
  }
}
