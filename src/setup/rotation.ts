// When to replace a key or a device, and what to do about the one that was replaced. IAM and the store tell where a rotation stands, so
// nothing else has to be remembered, and each run takes one safe step.

/** A key, or a device. */
export interface Item {
  /** An access key ID, or a serial. */
  readonly id: string;
  /** A replaced item is first deactivated if it is active, and deleted if it isn't. */
  readonly active: boolean;
  /** When it was created; of a device, when it was enabled. */
  readonly created: Date;
  /** Undefined if it never was, or if AWS doesn't say. */
  readonly lastUsed: Date | undefined;
}

/** What there is to decide by. */
export interface Situation {
  /** AWS's time. */
  readonly now: Date;
  /** The item that this run was given, from the secret. */
  readonly mine: string;
  /** All that the user has. */
  readonly items: readonly Item[];
  /** When the secret was written, by AWS's clock; `unknown` if the store doesn't say; undefined if there is none. */
  readonly written: Date | 'unknown' | undefined;
}

/** After how long things are done, in hours. */
export interface RotationRules {
  /** An item is replaced when it is that old. */
  readonly maxAge: number;
  /** A replaced one is deactivated when it wasn't used for that long: longer than any job that began with it. */
  readonly grace: number;
  /** A deactivated one is deleted that much later. */
  readonly keep: number;
}

/** Why nothing can be done without a person. */
export type Obstacle =
  /** What this run was given isn't the user's. */
  | { readonly reason: 'not-mine' }
  | { readonly reason: 'no-secret' }
  /** The secret was written before that existed, so it holds another one. */
  | { readonly reason: 'other-secret' }
  /** The secret was written long after the newer one existed, so it holds that one, or one that this run doesn't know of. */
  | { readonly reason: 'not-newest'; readonly id: string }
  /** One that no rotation by these rules has made, or that somebody else uses. */
  | { readonly reason: 'foreign'; readonly id: string; readonly lastUsed: Date | undefined }
  /** The store doesn't say when the secret was written, so nobody knows which of two it holds. */
  | { readonly reason: 'cannot-tell'; readonly id: string };

/** The next step. */
export type Move =
  | { readonly kind: 'none'; readonly due: Date }
  | { readonly kind: 'replace' }
  /** A run died after it had created this, and nobody has its secret. */
  | { readonly kind: 'discard'; readonly id: string }
  | { readonly kind: 'deactivate'; readonly id: string }
  | { readonly kind: 'delete'; readonly id: string }
  /** `using`: somebody still uses what was replaced. `grace`, `keep`: not before then. `other-run`: another run may be at work. */
  | {
      readonly kind: 'wait';
      readonly for: 'using' | 'grace' | 'keep' | 'other-run';
      readonly id: string;
      readonly until: Date;
    }
  /** This run began before the secret was written, and has what was replaced. */
  | { readonly kind: 'superseded'; readonly by: string }
  | { readonly kind: 'stuck'; readonly obstacle: Obstacle };

const HOUR_MS = 3_600_000;
/** The clocks of AWS and of a store may differ by less than this. */
const SKEW_MS = 10 * 60_000;
/** A run that creates one writes it much earlier, or gives up. By then, AWS also knows of every use until long after. */
const ORPHAN_MS = 12 * HOUR_MS;
/** Within this, a new one is only used by the run that tries it. */
const TRIAL_MS = HOUR_MS / 2;
/** AWS may say this late, in hours, that a key was used. */
const USE_LAG = 4;

/** Decides the next step. What this run was given is never deactivated or deleted. */
export function nextMove(situation: Situation, rules: RotationRules): Move {
  const { now, written, items } = situation;
  const mine = items.find(({ id }) => id === situation.mine);
  if (mine === undefined) return stuck({ reason: 'not-mine' });
  if (written === undefined) return stuck({ reason: 'no-secret' });
  const other = newestOf(items.filter(({ id }) => id !== situation.mine));
  if (other !== undefined && other.created > mine.created) return aboutNewer(mine, other, situation, rules);
  if (written !== 'unknown' && isBefore(written, mine.created)) return stuck({ reason: 'other-secret' });
  if (other !== undefined) return aboutOlder(mine, other, situation, rules);
  const due = after(mine.created, rules.maxAge);
  return now < due ? { kind: 'none', due } : { kind: 'replace' };
}

function aboutNewer(mine: Item, newer: Item, { now, written }: Situation, rules: RotationRules): Move {
  const { id, created, lastUsed } = newer;
  if (!(written instanceof Date)) return stuck({ reason: 'cannot-tell', id });
  if (!isBefore(written, created)) {
    // A job that began before that has ended by now.
    const isOver = now >= after(latest(written, created), rules.grace);
    return isOver ? stuck({ reason: 'not-newest', id }) : { kind: 'superseded', by: id };
  }
  const wasUsed = lastUsed !== undefined && lastUsed.getTime() > created.getTime() + TRIAL_MS;
  if (wasUsed || !wasDue(mine, newer, rules)) return stuck({ reason: 'foreign', id, lastUsed });
  const until = new Date(created.getTime() + ORPHAN_MS);
  return now < until ? { kind: 'wait', for: 'other-run', id, until } : { kind: 'discard', id };
}

function aboutOlder(mine: Item, older: Item, { now, written }: Situation, rules: RotationRules): Move {
  const { id, active, lastUsed } = older;
  if (!wasDue(older, mine, rules)) return stuck({ reason: 'foreign', id, lastUsed });
  const replaced = written instanceof Date ? latest(written, mine.created) : mine.created;
  const graceEnds = after(replaced, rules.grace);
  if (!active) {
    const gone = after(lastUsed ? latest(graceEnds, after(lastUsed, rules.grace)) : graceEnds, rules.keep);
    return now < gone ? { kind: 'wait', for: 'keep', id, until: gone } : { kind: 'delete', id };
  }
  // Whoever uses it that late didn't get it from the secret.
  const isForeign = lastUsed !== undefined && lastUsed >= after(graceEnds, rules.keep);
  if (isForeign) return stuck({ reason: 'foreign', id, lastUsed });
  if (now < graceEnds) return { kind: 'wait', for: 'grace', id, until: graceEnds };
  const unused = lastUsed && after(lastUsed, rules.grace + USE_LAG);
  if (unused !== undefined && now < unused) return { kind: 'wait', for: 'using', id, until: unused };
  return { kind: 'deactivate', id };
}

/** Whether a rotation would have replaced one key when the other was created. It never creates one earlier. */
function wasDue(older: Item, newer: Item, { maxAge }: RotationRules): boolean {
  return newer.created.getTime() >= after(older.created, maxAge).getTime() - SKEW_MS;
}

function isBefore(one: Date, other: Date): boolean {
  return one.getTime() < other.getTime() - SKEW_MS;
}

function newestOf(items: readonly Item[]): Item | undefined {
  return items.toSorted((one, other) => other.created.getTime() - one.created.getTime())[0];
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function after(time: Date, hours: number): Date {
  return new Date(time.getTime() + hours * HOUR_MS);
}

function stuck(obstacle: Obstacle): Move {
  return { kind: 'stuck', obstacle };
}
