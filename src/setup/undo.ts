import { asFailure, type Failure } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';

/** Something that was made, by its kind and name: that of a new key's user, and the ID of a known key. */
export interface Thing {
  readonly kind: 'user' | 'mark' | 'policy' | 'device' | 'key' | 'known-key' | 'secret';
  readonly name: string;
}

/** What couldn't be taken back, and why. */
export interface Left extends Thing {
  readonly failure: Failure;
}

/** How what was made is taken back, newest first. */
export class Undo {
  readonly #entries: { readonly thing: Thing; readonly act: () => Promise<Answer<void>> }[] = [];

  /** To be called before the thing is made: a call whose answer is lost may have worked. */
  add(thing: Thing, act: () => Promise<Answer<void>>): void {
    this.#entries.push({ thing, act });
  }

  /** The last one wasn't made after all. */
  drop(): void {
    this.#entries.pop();
  }

  /** From here on it only goes forward. */
  keepAll(): void {
    this.#entries.length = 0;
  }

  /** Takes everything back. What isn't there any more counts as taken back. */
  async run(): Promise<{ readonly taken: readonly Thing[]; readonly left: readonly Left[] }> {
    const taken: Thing[] = [];
    const left: Left[] = [];
    for (const { thing, act } of this.#entries.splice(0).toReversed()) {
      const answer = await settled(act);
      if (answer.ok || answer.failure.code === 'iam-not-found') taken.push(thing);
      else left.push({ ...thing, failure: answer.failure });
    }
    return { taken, left };
  }
}

/** The answer of a call. If it was ended instead, or failed in another way, that is why there is none. */
export async function settled<T>(call: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await call();
  } catch (error) {
    return { ok: false, failure: asFailure(error), serverTime: undefined };
  }
}
