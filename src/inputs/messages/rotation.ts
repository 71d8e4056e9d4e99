import { count, momentInWords } from '../../core/words.ts';
import type { Rotated } from '../../setup/rotate.ts';
import type { Item, Move, Obstacle, Situation } from '../../setup/rotation.ts';

// What a person reads about a rotation. Loaded only by what rotates.

/** What is rotated, by its name in a sentence. */
export type Rotating = 'access key' | 'device';

const DAY_MS = 86_400_000;

/** How old each item is. */
export function situationInWords({ items, now, mine }: Situation, what: Rotating): readonly string[] {
  return items.map((item) => {
    const used = item.lastUsed === undefined ? '' : `, last used on ${momentInWords(item.lastUsed)}`;
    const state = what === 'access key' && !item.active ? ', inactive' : '';
    return `The ${what} ${item.id} is ${ageInWords(item, now)} old${state}${used}${item.id === mine ? ' (the one in the secret)' : ''}.`;
  });
}

function ageInWords({ created }: Item, now: Date): string {
  return count(Math.max(0, Math.floor((now.getTime() - created.getTime()) / DAY_MS)), 'day');
}

/** What the next run does, or what keeps it from doing anything. */
export function moveInWords(move: Move, what: Rotating, secret: string): string {
  switch (move.kind) {
    case 'none':
      return `Nothing to do: the ${what} is replaced after ${momentInWords(move.due)}.`;
    case 'replace':
      return `The ${what} is due: create a new one, try it, and write it to ${secret}.`;
    case 'discard':
      return `Delete the ${what} ${move.id}: a run that didn't finish created it, and ${secret} never held it.`;
    case 'deactivate':
      return `Deactivate the ${what} ${move.id}, which was replaced and isn't used any more.`;
    case 'delete':
      return `Delete the ${what} ${move.id}, which was replaced.`;
    case 'wait':
      return waitInWords(move, what, secret);
    case 'superseded':
      return `Nothing to do: this run began before ${secret} was written with the newer ${what} ${move.by}.`;
    case 'stuck':
      return obstacleInWords(move.obstacle, what, secret);
  }
}

function waitInWords(move: Extract<Move, { kind: 'wait' }>, what: Rotating, secret: string): string {
  const until = momentInWords(move.until);
  switch (move.for) {
    case 'using':
      return `The ${what} ${move.id} was replaced, but something still uses it. It stays active until ${until} at least.`;
    case 'grace':
      return `The ${what} ${move.id} was replaced. It stays active until ${until}, for jobs that began with it.`;
    case 'keep':
      return `The ${what} ${move.id} was replaced. It is deleted after ${until}.`;
    case 'other-run':
      return `The ${what} ${move.id} is newer than ${secret}. If no other run writes it, it is deleted after ${until}.`;
  }
}

function obstacleInWords(obstacle: Obstacle, what: Rotating, secret: string): string {
  switch (obstacle.reason) {
    case 'not-mine':
      return `The ${what} that this run was given isn't one of the user's. If ${secret} was replaced meanwhile, the next run has the new one.`;
    case 'no-secret':
      return `There is no secret ${secret}, so it can't be what this run was given. Correct its name, or where it is.`;
    case 'other-secret':
      return `${secret} was written before this ${what} was created, so it holds another one. Pass the value of ${secret} itself.`;
    case 'not-newest':
      return `${secret} was written after the newer ${what} ${obstacle.id} was created, but this run was given an older one. Pass the value of ${secret} itself: a secret of an environment or a repository hides those of the same name further up. If somebody wrote the older ${what} back to ${secret}, delete the newer one.`;
    case 'foreign': {
      const used = obstacle.lastUsed === undefined ? 'never used' : `last used on ${momentInWords(obstacle.lastUsed)}`;
      return `No rotation with these settings created the ${what} ${obstacle.id} (${used}), or something else uses it, and it takes the place of a new one. Nothing was changed. Find out what it is for. If it is for nothing, delete it.`;
    }
    case 'cannot-tell':
      return `The store doesn't say when ${secret} was written, so nobody knows whether it holds the newer ${what} ${obstacle.id}. If it doesn't, delete that ${what}.`;
  }
}

/** What was done. */
export function rotatedInWords(rotated: Rotated, what: Rotating, secret: string): string | undefined {
  switch (rotated.kind) {
    case 'unchanged':
      return undefined;
    case 'replaced':
      return `${secret} now holds the ${what} ${rotated.by}. The old one still works.`;
    case 'discarded':
    case 'deleted':
      return `Deleted the ${what} ${rotated.id}.`;
    case 'deactivated':
      return `Deactivated the ${what} ${rotated.id}. If something turns out to need it, activate it again.`;
    case 'overtaken':
      return 'Another run was faster, or this one took too long. Nothing was changed.';
  }
}

/** Whether a person has to do something soon: nothing goes on by itself, or the limit is near. */
export function alarmOf(
  { situation, move }: { readonly situation: Situation; readonly move: Move },
  limitDays: number,
  what: Rotating,
): string | undefined {
  if (move.kind === 'stuck') return `The ${what} isn't rotated any more.`;
  const mine = situation.items.find(({ id }) => id === situation.mine);
  const isMoving = move.kind === 'replace' || move.kind === 'superseded';
  if (mine === undefined || isMoving) return undefined;
  const limit = new Date(mine.created.getTime() + limitDays * DAY_MS);
  // It is replaced in time.
  if (move.kind === 'none' && move.due < limit) return undefined;
  const isNear = limit.getTime() - situation.now.getTime() < NEAR_DAYS * DAY_MS;
  return isNear ? `The ${what} ${mine.id} reaches the age of ${limitDays} days on ${momentInWords(limit)}.` : undefined;
}

/** A person needs some days to react. */
const NEAR_DAYS = 14;
