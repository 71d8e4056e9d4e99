import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../lab/simulation/random.ts';
import type { Attempt, Verdict } from '../../../src/core/codes/situation.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { A, B, type Given, moveIn, offsetOf, S0, T0, tried } from './situations.ts';

describe('a job alone', () => {
  test('sends a code at once that is surely in the window, whenever it starts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000_000 }), fc.integer(), (now, seed) => {
        const move = moveIn({ now, random: seededRandom(seed) });
        expect(move).toMatchObject({ kind: 'send', serial: A });
        for (const drift of [-3_000, 0, 2_999]) expect(Math.abs(offsetOf(move, now + drift))).toBeLessThanOrEqual(2);
      }),
      propertyRuns(100),
    );
  });

  test('doesn’t always begin with the same one, so that simultaneous jobs don’t collide', () => {
    const steps = Array.from({ length: 100 }, (_, seed) => moveIn({ random: seededRandom(seed) }));
    expect(new Set(steps.map((move) => offsetOf(move, T0)))).toEqual(new Set([-2, -1, 0, 1, 2]));
  });

  test('of a pool begins with any of its devices', () => {
    const moves = Array.from({ length: 50 }, (_, seed) => moveIn({ serials: [A, B], random: seededRandom(seed) }));
    expect(new Set(moves.map((move) => (move.kind === 'send' ? move.serial : '')))).toEqual(new Set([A, B]));
  });

  test('makes the same move if everything is the same', () => {
    const moves = [1, 2].map(() => moveIn({ serials: [A, B], random: seededRandom(7) }));
    expect(moves[0]).toEqual(moves[1]);
  });
});

describe('the budget', () => {
  /** `count` codes that were lost in the three minutes from T0. */
  const lost = (count: number, serial = A): readonly Attempt[] =>
    Array.from({ length: count }, (_, index) => tried(index - 100, 'lost', T0 + index, serial));

  test('is eight in three minutes', () => {
    expect(moveIn({ attempts: lost(7) })).toMatchObject({ kind: 'send' });
    expect(moveIn({ attempts: lost(8) })).toEqual({
      kind: 'wait',
      until: T0 + 183_000,
      because: 'own-share-sent',
    });
  });

  test('is counted from the full minutes 0, 3, 6 …', () => {
    expect(moveIn({ now: T0 + 179_999, attempts: lost(8) })).toMatchObject({
      kind: 'wait',
      until: T0 + 183_000,
    });
    expect(moveIn({ now: T0 + 180_000, attempts: lost(8) })).toMatchObject({ kind: 'send' });
  });

  test('belongs to a device', () => {
    expect(moveIn({ serials: [A, B], attempts: lost(8) })).toMatchObject({ kind: 'send', serial: B });
    expect(moveIn({ serials: [A, B], attempts: [...lost(8), ...lost(8, B)] })).toMatchObject({
      kind: 'wait',
    });
  });
});

describe('a wait', () => {
  const all = [-2, -1, 0, 1, 2];

  test('for the next step says that the others were refused', () => {
    expect(moveIn({ attempts: all.map((step) => tried(step)) })).toEqual({
      kind: 'wait',
      until: T0 + 63_000,
      because: 'refused',
    });
  });

  test.each<readonly [string, Verdict, number]>([
    ['whose answers were lost', 'lost', T0 + 9_000],
    ['that an earlier step used', 'accepted', T0 - 1_000],
  ])('for the next step doesn’t blame another job for codes %s', (_, verdict, at) => {
    expect(moveIn({ attempts: all.map((step) => tried(step, verdict, at)) })).toMatchObject({
      kind: 'wait',
      until: T0 + 33_000,
      because: 'sent',
    });
  });

  test('for the next step doesn’t mention refusals of the three minutes before', () => {
    const attempts = [-2, -1, 0, 1].map((step) => tried(step, 'refused', T0 - 1_000));
    expect(moveIn({ now: T0 + 1_000, attempts })).toEqual({
      kind: 'wait',
      until: T0 + 33_000,
      because: 'sent',
    });
  });

  test('for a turn says that the current codes are those of other jobs', () => {
    // Job 5 of 10: of this device, only the steps that are 5 modulo 10.
    expect(moveIn({ slot: { index: 5, total: 10 } })).toEqual({
      kind: 'wait',
      until: T0 + 93_000,
      because: 'others-slots',
    });
  });

  test('may end at the deadline, and no later', () => {
    const attempts = all.map((step) => tried(step));
    expect(moveIn({ attempts, latest: T0 + 63_000 })).toMatchObject({ kind: 'wait' });
    expect(moveIn({ attempts, now: T0 + 10_500, latest: T0 + 62_999 })).toEqual({
      kind: 'give-up',
      reason: 'wait',
      until: T0 + 63_000,
      because: 'refused',
    });
  });

  test('that would be too long fails at once, with the time', () => {
    expect(moveIn({ slot: { index: 100, total: 256 } })).toEqual({
      kind: 'give-up',
      reason: 'wait',
      // Step 60,000,000 is 0 modulo 256, so the turn is a hundred steps away; its code opens two of them earlier.
      until: T0 + 2_943_000,
      because: 'others-slots',
    });
  });

  test('no wait at all is allowed: a code can still be sent at once', () => {
    expect(moveIn({ latest: T0 + 10_000 })).toMatchObject({ kind: 'send' });
  });
});

describe('what an earlier step of the job sent', () => {
  const refused = [-2, -1, 0, 1, 2].map((step) => tried(step));

  test('is not sent again', () => {
    const move = moveIn({ remembered: refused.slice(0, 4) });
    expect(move).toMatchObject({ kind: 'send', step: S0 + 2 });
  });

  test('doesn’t prove this step’s seed wrong, since it may be another one', () => {
    const late = T0 + 170_000;
    const remembered = [3, 4, 5, 6, 7, -2, -1].map((step) => tried(step, 'refused', T0 + 150_000));
    expect(moveIn({ now: late, remembered }).kind).not.toBe('give-up');
  });
});

/** A run of moves with random verdicts. Each move is checked against what must be true for all. */
function play(run: {
  readonly devices: number;
  readonly slot: Given['slot'];
  readonly start: number;
  readonly patience: number;
  readonly confirmed: boolean;
  readonly verdicts: readonly Verdict[];
  readonly seed: number;
}): readonly Attempt[] {
  const [first = '', ...rest] = Array.from({ length: run.devices }, (_, index) => `${A}${index}`);
  const random = seededRandom(run.seed);
  const base = {
    serials: [first, ...rest] as const,
    slot: run.slot,
    confirmed: new Set(run.confirmed ? [first, ...rest] : []),
    latest: T0 + run.start + run.patience,
  };
  const attempts: Attempt[] = [];
  let now = T0 + run.start;
  for (const verdict of run.verdicts) {
    const move = moveIn({ ...base, attempts, now, random });
    if (move.kind === 'give-up') {
      if (move.reason === 'wait') {
        // When three minutes begin, a little time is left for the clocks.
        const missed = sendableBefore(base.latest, { ...base, attempts, now, random })[0] ?? base.latest;
        expect(base.latest - missed).toBeLessThanOrEqual(3_000);
      }
      return attempts;
    }
    if (move.kind === 'wait') {
      expect(move.until).toBeGreaterThan(now);
      expect(move.until).toBeLessThanOrEqual(base.latest);
      expect(moveIn({ ...base, attempts, now: move.until, random }).kind).toBe('send');
      const missed = sendableBefore(move.until - 1, { ...base, attempts, now, random })[0] ?? move.until;
      const spent = attempts.filter((attempt) => attempt.verdict === 'not-validated');
      const spread = run.slot !== undefined || spent.length === 0 ? 0 : 5_000 + 20_000 * spent.length;
      expect(move.until - missed).toBeLessThanOrEqual(3_000 + spread);
      now = move.until;
      continue;
    }
    expect(base.serials).toContain(move.serial);
    // In the window, even if the clocks differ by three seconds or the network takes as long. For a slot's device, the window may be
    // up to two steps off once one of its codes was refused.
    const elsewhere = run.slot !== undefined && attempts.some((attempt) => attempt.verdict === 'refused');
    for (const drift of [-3_000, 0, 2_999]) {
      const offset = move.step - Math.floor((now + drift) / 30_000);
      expect(Math.abs(offset)).toBeLessThanOrEqual(elsewhere ? 4 : 2);
    }
    const sameCode = attempts.filter(({ serial, step }) => serial === move.serial && step === move.step);
    expect(sameCode).toEqual([]);
    attempts.push({ serial: move.serial, step: move.step, at: now, verdict });
    const span = Math.floor(now / 180_000);
    const inSpan = attempts.filter(({ serial, at }) => serial === move.serial && Math.floor(at / 180_000) === span);
    expect(inSpan.length).toBeLessThanOrEqual(8);
    expect(inSpan.slice(0, -1).filter((attempt) => attempt.verdict === 'not-validated')).toEqual([]);
    now += Math.floor(random() * 3_000);
  }
  return attempts;
}

/** The times until `end` at which something could be sent after all, checked every half second. */
function sendableBefore(end: number, given: Given & { readonly now: number }): readonly number[] {
  const times: number[] = [];
  for (let now = given.now; now <= end; now += 500) times.push(now);
  return times.filter((now) => moveIn({ ...given, now, latest: Number.MAX_SAFE_INTEGER }).kind === 'send');
}

describe('whatever happens', () => {
  const anyVerdict = fc.constantFrom<Verdict>('refused', 'refused', 'refused', 'lost', 'not-validated', 'accepted');
  const anyRun = fc.record({
    devices: fc.integer({ min: 1, max: 8 }),
    slot: fc.option(
      fc
        .tuple(fc.constantFrom(1, 8, 30, 256), fc.nat(255), fc.nat(255))
        .map(([most, index, total]) => ({ index: index % (1 + (total % most)), total: 1 + (total % most) })),
      { nil: undefined },
    ),
    start: fc.integer({ min: 0, max: 400_000 }),
    patience: fc.constantFrom(0, 30_000, 240_000, 900_000),
    confirmed: fc.boolean(),
    verdicts: fc.array(anyVerdict, { maxLength: 50, size: 'max' }),
    seed: fc.integer(),
  });

  test('no code is sent twice, no budget is exceeded, and no wait is useless, too short or too long', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        play(run);
      }),
      propertyRuns(50),
    );
  });

  test('a run of only refusals ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000 }), fc.integer(), (start, seed) => {
        const sent = play({
          devices: 1,
          slot: undefined,
          start,
          patience: 86_400_000,
          confirmed: false,
          verdicts: Array(100).fill('refused'),
          seed,
        });
        // At most what is left of the first three minutes, and the eight of the next.
        expect(sent.length).toBeLessThanOrEqual(16);
      }),
      propertyRuns(15),
    );
  });
});
