import { describe, expect, test } from '@jest/globals';
import { type Item, type Move, nextMove, type RotationRules, type Situation } from '../../../src/setup/rotation.ts';

// Times are hours since the beginning of 2026. Rules: 60 days, 24 hours, 7 days.

const DAY = 24;
const RULES: RotationRules = { maxAge: 60 * DAY, grace: 24, keep: 7 * DAY };
const at = (hours: number): Date => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);
const minutes = (count: number): number => count / 60;

interface Given {
  readonly created: number;
  readonly used?: number;
  readonly inactive?: true;
}

interface Found {
  readonly now: number;
  readonly mine?: string;
  readonly written: number | 'unknown' | undefined;
  readonly rules?: Partial<RotationRules>;
}

function move(items: Readonly<Record<string, Given>>, { now, mine = 'MINE', written, rules }: Found): Move {
  const situation: Situation = {
    now: at(now),
    mine,
    items: Object.entries(items).map(
      ([id, { created, used, inactive }]): Item => ({
        id,
        active: inactive !== true,
        created: at(created),
        lastUsed: used === undefined ? undefined : at(used),
      }),
    ),
    written: typeof written === 'number' ? at(written) : written,
  };
  return nextMove(situation, { ...RULES, ...rules });
}

const REPLACED = 60 * DAY;

describe('the only key', () => {
  const only = { MINE: { created: 0, used: 5 } };

  test.each<[name: string, now: number, expected: Move]>([
    ['is young', 10, { kind: 'none', due: at(REPLACED) }],
    ['is as old as it may be, less a minute', REPLACED - minutes(1), { kind: 'none', due: at(REPLACED) }],
    ['is as old as it may be', REPLACED, { kind: 'replace' }],
    ['is much older', 400 * DAY, { kind: 'replace' }],
    ['was created in the future, by another clock', -1, { kind: 'none', due: at(REPLACED) }],
  ])('%s', (_, now, expected) => {
    expect(move(only, { now, written: minutes(1) })).toEqual(expected);
    expect(move(only, { now, written: 'unknown' })).toEqual(expected);
  });

  test('must be one of the user’s', () => {
    const expected = { kind: 'stuck', obstacle: { reason: 'not-mine' } };
    expect(move(only, { now: REPLACED, mine: 'ANOTHER', written: 1 })).toEqual(expected);
    expect(move({}, { now: REPLACED, written: 1 })).toEqual(expected);
  });

  test('must be in a secret', () => {
    const expected = { kind: 'stuck', obstacle: { reason: 'no-secret' } };
    expect(move(only, { now: REPLACED, written: undefined })).toEqual(expected);
  });

  test('can’t be in a secret that was written before it existed', () => {
    const expected = { kind: 'stuck', obstacle: { reason: 'other-secret' } };
    expect(move(only, { now: REPLACED, written: -1 })).toEqual(expected);
    expect(move(only, { now: REPLACED, written: -minutes(11) })).toEqual(expected);
    // Clocks differ a little.
    expect(move(only, { now: REPLACED, written: -minutes(9) })).toEqual({ kind: 'replace' });
  });

  test('is replaced by the rules of today', () => {
    expect(move(only, { now: 5 * DAY, written: 0, rules: { maxAge: 5 * DAY } })).toEqual({ kind: 'replace' });
    expect(move(only, { now: 61 * DAY, written: 0, rules: { maxAge: 90 * DAY } }).kind).toBe('none');
  });
});

describe('an older key', () => {
  const older = (more: Partial<Given> = {}) => ({ OLD: { created: 0, ...more }, MINE: { created: REPLACED } });
  const later = (hours: number): number => REPLACED + hours;
  const written = later(minutes(1));
  const graceEnds = at(later(24 + minutes(1)));
  const gone = at(later(24 + 7 * DAY + minutes(1)));

  test.each<[name: string, given: Partial<Given>, now: number, expected: Move]>([
    ['works for a day', {}, later(1), { kind: 'wait', for: 'grace', id: 'OLD', until: graceEnds }],
    ['works until the end of that', {}, later(24), { kind: 'wait', for: 'grace', id: 'OLD', until: graceEnds }],
    ['is deactivated after that', {}, later(24 + minutes(1)), { kind: 'deactivate', id: 'OLD' }],
    ['is deactivated if its last use was before', { used: later(-5) }, later(25), { kind: 'deactivate', id: 'OLD' }],
    [
      'works while something uses it',
      { used: later(20) },
      later(30),
      { kind: 'wait', for: 'using', id: 'OLD', until: at(later(48)) },
    ],
    [
      'works for longer than AWS takes to know of a use',
      { used: later(2) },
      later(29),
      { kind: 'wait', for: 'using', id: 'OLD', until: at(later(30)) },
    ],
    ['is deactivated a day after its last use', { used: later(2) }, later(30), { kind: 'deactivate', id: 'OLD' }],
    ['is kept for a week', { inactive: true }, later(2 * DAY), { kind: 'wait', for: 'keep', id: 'OLD', until: gone }],
    ['is deleted after that', { inactive: true }, later(8 * DAY + minutes(1)), { kind: 'delete', id: 'OLD' }],
    [
      'is kept for a week since it could be deactivated',
      { inactive: true, used: later(3 * DAY) },
      later(10 * DAY),
      { kind: 'wait', for: 'keep', id: 'OLD', until: at(later(11 * DAY)) },
    ],
    [
      'is deleted at last, if a person deactivated it',
      { inactive: true, used: later(20 * DAY) },
      later(28 * DAY),
      { kind: 'delete', id: 'OLD' },
    ],
    [
      'belongs to somebody if it is used when it should be gone',
      { used: later(9 * DAY) },
      later(30 * DAY),
      { kind: 'stuck', obstacle: { reason: 'foreign', id: 'OLD', lastUsed: at(later(9 * DAY)) } },
    ],
  ])('%s', (_, given, now, expected) => {
    expect(move(older(given), { now, written })).toEqual(expected);
  });

  test('works for a day more after somebody wrote the secret', () => {
    const rewritten = later(5 * DAY);
    const until = at(later(6 * DAY));
    expect(move(older(), { now: rewritten + 1, written: rewritten })).toMatchObject({ kind: 'wait', until });
    expect(move(older({ inactive: true }), { now: later(10 * DAY), written: rewritten })).toEqual({
      kind: 'wait',
      for: 'keep',
      id: 'OLD',
      until: at(later(13 * DAY)),
    });
  });

  test('is treated the same by stores that don’t say when', () => {
    expect(move(older(), { now: later(23), written: 'unknown' })).toMatchObject({ kind: 'wait', for: 'grace' });
    expect(move(older(), { now: later(24), written: 'unknown' })).toEqual({ kind: 'deactivate', id: 'OLD' });
    expect(move(older({ inactive: true }), { now: later(8 * DAY), written: 'unknown' }).kind).toBe('delete');
  });

  test('is somebody else’s if no rotation would have replaced it yet', () => {
    const items = { OLD: { created: 30 * DAY, used: 31 * DAY }, MINE: { created: REPLACED } };
    const obstacle = { reason: 'foreign', id: 'OLD', lastUsed: at(31 * DAY) };
    expect(move(items, { now: later(30 * DAY), written })).toEqual({ kind: 'stuck', obstacle });
    // Nor if max-age-days was changed.
    expect(move(older(), { now: later(2 * DAY), written, rules: { maxAge: 90 * DAY } })).toEqual({
      kind: 'stuck',
      obstacle: { reason: 'foreign', id: 'OLD', lastUsed: undefined },
    });
    expect(move(older(), { now: later(2 * DAY), written, rules: { maxAge: 5 * DAY } }).kind).toBe('deactivate');
  });

  test('is left alone if the secret can’t hold the newer one', () => {
    const expected = { kind: 'stuck', obstacle: { reason: 'other-secret' } };
    expect(move(older(), { now: later(30 * DAY), written: 0 })).toEqual(expected);
    expect(move(older({ inactive: true }), { now: later(30 * DAY), written: later(-1) })).toEqual(expected);
  });

  test('is left alone while a third one is newer than both', () => {
    const items = { ...older(), NEW: { created: later(40 * DAY) } };
    const now = later(40 * DAY + 1);
    expect(move(items, { now, written: later(40 * DAY) })).toEqual({ kind: 'superseded', by: 'NEW' });
    expect(move(items, { now, written })).toMatchObject({ obstacle: { reason: 'foreign', id: 'NEW' } });
  });
});

describe('a newer key', () => {
  const newer = (more: Partial<Given> = {}) => ({ MINE: { created: 0, used: 7 }, NEW: { created: REPLACED, ...more } });
  const later = (hours: number): number => REPLACED + hours;
  const written = minutes(1);
  const foreign = (lastUsed?: number): Move => ({
    kind: 'stuck',
    obstacle: { reason: 'foreign', id: 'NEW', lastUsed: lastUsed === undefined ? undefined : at(lastUsed) },
  });

  test.each<[name: string, given: Partial<Given>, now: number, expected: Move]>([
    ['may be about to be written', {}, later(11), { kind: 'wait', for: 'other-run', id: 'NEW', until: at(later(12)) }],
    ['is deleted if it was never written', {}, later(12), { kind: 'discard', id: 'NEW' }],
    ['is deleted if it was only tried', { used: later(minutes(2)) }, later(12), { kind: 'discard', id: 'NEW' }],
    ['is deleted if it is inactive already', { inactive: true }, later(12), { kind: 'discard', id: 'NEW' }],
    ['is somebody’s who uses it', { used: later(2) }, later(12), foreign(later(2))],
    ['is somebody’s who uses it at once', { used: later(minutes(31)) }, later(1), foreign(later(minutes(31)))],
  ])('%s', (_, given, now, expected) => {
    expect(move(newer(given), { now, written })).toEqual(expected);
  });

  test('is somebody’s if no rotation would have created it yet', () => {
    expect(move(newer(), { now: later(30 * DAY), written, rules: { maxAge: 61 * DAY } })).toEqual(foreign());
    expect(move(newer(), { now: later(30 * DAY), written, rules: { maxAge: 5 * DAY } }).kind).toBe('discard');
  });

  test('is what a run in the queue finds', () => {
    const expected = { kind: 'superseded', by: 'NEW' };
    for (const late of [minutes(1), 5, 23]) {
      expect(move(newer({ used: later(1) }), { now: later(late), written: later(minutes(1)) })).toEqual(expected);
      // Clocks differ a little.
      expect(move(newer(), { now: later(late), written: later(-minutes(9)) })).toEqual(expected);
    }
  });

  test('is what every run finds that wasn’t given the secret itself', () => {
    const expected = { kind: 'stuck', obstacle: { reason: 'not-newest', id: 'NEW' } };
    expect(move(newer(), { now: later(25), written: later(minutes(1)) })).toEqual(expected);
    expect(move(newer({ inactive: true }), { now: later(400), written: later(300) })).toEqual(expected);
    // Somebody has just written the older one again.
    expect(move(newer(), { now: later(301), written: later(300) }).kind).toBe('superseded');
  });

  test('can’t be judged if the store doesn’t say when the secret was written', () => {
    const expected = { kind: 'stuck', obstacle: { reason: 'cannot-tell', id: 'NEW' } };
    expect(move(newer(), { now: later(30 * DAY), written: 'unknown' })).toEqual(expected);
  });
});

test('what a run was given is never deactivated or deleted, nor is a newer one that the secret may hold', () => {
  const times = [0, 1, 59 * DAY, REPLACED, REPLACED + 1, REPLACED + 12, REPLACED + 25, 70 * DAY, 400 * DAY];
  const changes: string[] = [];
  for (const mine of times)
    for (const other of times)
      for (const used of [undefined, ...times])
        for (const written of ['unknown' as const, ...times])
          for (const now of times)
            for (const inactive of [{}, { inactive: true } as const]) {
              const given = { created: other, ...inactive, ...(used !== undefined && { used }) };
              const next = move({ MINE: { created: mine }, OTHER: given }, { now, written });
              if (!['discard', 'deactivate', 'delete'].includes(next.kind)) continue;
              const isNewer = other > mine;
              const isUnwritten = typeof written === 'number' && written < other;
              const isSafe = next.kind === 'discard' ? isNewer && isUnwritten : !isNewer;
              if (!('id' in next) || next.id !== 'OTHER' || !isSafe)
                throw new Error(JSON.stringify({ mine, other, used, written, now, next }));
              changes.push(next.kind);
            }
  expect(new Set(changes)).toEqual(new Set(['discard', 'deactivate', 'delete']));
});
