import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../simulation/random.ts';
import { type Attempt, type Move, nextMove, type Situation, type Verdict } from '../../src/core/schedule.ts';

/** The first moment of a span of three minutes, and of step 60,000,000. */
const T0 = 1_800_000_000_000;
const S0 = 60_000_000;
const A = 'arn:aws:iam::123456789012:mfa/a';
const B = 'arn:aws:iam::123456789012:mfa/b';

/** One device, nothing tried yet, ten seconds into a step and a span, four minutes to go. */
function situation(given: Partial<Situation> = {}): Situation {
  const now = given.now ?? T0 + 10_000;
  return {
    serials: [A],
    slot: undefined,
    attempts: [],
    confirmed: new Set(),
    now,
    latest: now + 240_000,
    random: () => 0.5,
    ...given,
  };
}

function tried(step: number, verdict: Verdict = 'refused', at = T0 + 9_000, serial = A): Attempt {
  return { serial, step: S0 + step, at, verdict };
}

/** The offset of a step that is sent, from the current one. */
function offsetOf(move: Move, now: number): number {
  return move.kind === 'send' ? move.step - Math.floor(now / 30_000) : Number.NaN;
}

describe('a job alone', () => {
  test('sends a code at once, and one that is surely in the window, whenever it starts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000_000 }), fc.integer(), (now, seed) => {
        const move = nextMove(situation({ now, random: seededRandom(seed) }));
        expect(move).toMatchObject({ kind: 'send', serial: A });
        for (const drift of [-3_000, 0, 2_999]) expect(Math.abs(offsetOf(move, now + drift))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 1000 },
    );
  });

  test('does not always begin with the same one, so that simultaneous jobs part ways', () => {
    const steps = Array.from({ length: 100 }, (_, seed) => nextMove(situation({ random: seededRandom(seed) })));
    expect(new Set(steps.map((move) => offsetOf(move, T0)))).toEqual(new Set([-2, -1, 0, 1, 2]));
  });

  test('of a pool begins with any of its devices', () => {
    const moves = Array.from({ length: 50 }, (_, seed) =>
      nextMove(situation({ serials: [A, B], random: seededRandom(seed) })),
    );
    expect(new Set(moves.map((move) => (move.kind === 'send' ? move.serial : '')))).toEqual(new Set([A, B]));
  });

  test('makes the same move where everything is the same', () => {
    const moves = [1, 2].map(() => nextMove(situation({ serials: [A, B], random: seededRandom(7) })));
    expect(moves[0]).toEqual(moves[1]);
  });
});

describe('the steps of the window', () => {
  test('are sent each once, and then a fresh one is waited for', () => {
    const attempts: Attempt[] = [];
    for (;;) {
      const move = nextMove(situation({ attempts, random: seededRandom(attempts.length) }));
      if (move.kind !== 'send') {
        expect(move).toMatchObject({ kind: 'wait', until: T0 + 33_000 });
        break;
      }
      attempts.push({ serial: A, step: move.step, at: T0 + 10_000, verdict: 'lost' });
    }
    expect(attempts.map(({ step }) => step - S0).toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  test.each<Verdict>(['accepted', 'refused', 'lost', 'not-validated'])(
    'that an earlier step of the job has sent are not sent again: %s',
    (verdict) => {
      const attempts = [-2, -1, 1, 2].map((step) => tried(step, verdict, T0 - 1_000));
      expect(nextMove(situation({ attempts }))).toMatchObject({ kind: 'send', step: S0 });
    },
  );

  test('of the whole pool are gone through before anything is waited for', () => {
    const attempts = [-2, -1, 0, 1, 2].map((step) => tried(step));
    expect(nextMove(situation({ serials: [A, B], attempts }))).toMatchObject({ kind: 'send', serial: B });
  });
});

describe('the edges of the window', () => {
  const allButTheLater = [-2, -1, 0, 1].map((step) => tried(step, 'lost', T0 - 1_000));
  const allButTheEarlier = [-1, 0, 1, 2].map((step) => tried(step, 'lost', T0 - 1_000));

  test('are not taken before the later one is surely open', () => {
    const now = T0 + 2_999;
    expect(nextMove(situation({ now, attempts: allButTheLater }))).toMatchObject({ kind: 'wait', until: T0 + 3_000 });
  });

  test('are taken once it is', () => {
    const now = T0 + 3_000;
    expect(nextMove(situation({ now, attempts: allButTheLater }))).toMatchObject({ kind: 'send', step: S0 + 2 });
  });

  test('are taken while the earlier one surely is', () => {
    const now = T0 + 27_000;
    expect(nextMove(situation({ now, attempts: allButTheEarlier }))).toMatchObject({ kind: 'send', step: S0 - 2 });
  });

  test('are not taken where the earlier one could fall out in flight', () => {
    const now = T0 + 27_001;
    expect(nextMove(situation({ now, attempts: allButTheEarlier }))).toMatchObject({
      kind: 'wait',
      until: T0 + 33_000,
    });
  });
});

describe('a device that is a step behind or ahead', () => {
  const ALONE = { index: 0, total: 1 };
  const refused = (...steps: readonly number[]): readonly Attempt[] => steps.map((step) => tried(step));
  const lost = (...steps: readonly number[]): readonly Attempt[] => steps.map((step) => tried(step, 'lost'));

  test('is reckoned with once a code was refused: what comes new into the window is left for a step later', () => {
    const attempts = [...refused(-1), ...lost(-2, 0, 1, 2)];
    expect(nextMove(situation({ attempts }))).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
    expect(nextMove(situation({ now: T0 + 62_999, attempts }))).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
    expect(nextMove(situation({ now: T0 + 63_000, attempts }))).toMatchObject({ kind: 'send', step: S0 + 3 });
  });

  test('does not keep a job from what was in the window already', () => {
    const attempts = [...refused(-1), ...lost(-2, 0, 1)];
    expect(nextMove(situation({ attempts }))).toMatchObject({ kind: 'send', step: S0 + 2 });
  });

  test('is not reckoned with before', () => {
    expect(nextMove(situation({ attempts: lost(-2, -1, 0, 1, 2) }))).toMatchObject({
      kind: 'wait',
      until: T0 + 33_000,
    });
  });

  test('is found to be behind where a code that is a slot’s own was refused as too early', () => {
    const attempts = [...refused(2), ...lost(-2, -1, 0, 1)];
    expect(nextMove(situation({ attempts, slot: ALONE }))).toMatchObject({ kind: 'send', step: S0 - 3 });
    const without = [...attempts, ...lost(-3)];
    // Step 60,000,003 is two ahead of a device that is one behind, from the second step from now on.
    expect(nextMove(situation({ attempts: without, slot: ALONE }))).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
  });

  test('is found to be ahead where one was refused as too late', () => {
    const attempts = [...refused(-2), ...lost(-1, 0, 1, 2)];
    expect(nextMove(situation({ attempts, slot: ALONE }))).toMatchObject({ kind: 'send', step: S0 + 3 });
  });

  test('is neither where codes were refused as too early and as too late', () => {
    const attempts = [...refused(-2, 2), ...lost(-1, 0, 1)];
    expect(nextMove(situation({ attempts, slot: ALONE }))).toMatchObject({ kind: 'wait', until: T0 + 33_000 });
  });

  test('is not found out by codes that others may have used', () => {
    const attempts = [...refused(-2), ...lost(-1, 0, 1, 2)];
    expect(nextMove(situation({ attempts }))).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
  });
});

describe('the budget', () => {
  /** `count` codes that were lost in the three minutes from T0. */
  const lost = (count: number, serial = A): readonly Attempt[] =>
    Array.from({ length: count }, (_, index) => tried(index - 100, 'lost', T0 + index, serial));

  test('is eight in three minutes', () => {
    expect(nextMove(situation({ attempts: lost(7) }))).toMatchObject({ kind: 'send' });
    expect(nextMove(situation({ attempts: lost(8) }))).toEqual({
      kind: 'wait',
      until: T0 + 183_000,
      because: 'a device answers about 9 codes in three minutes, and this step has used its part',
    });
  });

  test('is counted from the full minutes 0, 3, 6 …', () => {
    expect(nextMove(situation({ now: T0 + 179_999, attempts: lost(8) }))).toMatchObject({
      kind: 'wait',
      until: T0 + 183_000,
    });
    expect(nextMove(situation({ now: T0 + 180_000, attempts: lost(8) }))).toMatchObject({ kind: 'send' });
  });

  test('belongs to a device', () => {
    expect(nextMove(situation({ serials: [A, B], attempts: lost(8) }))).toMatchObject({ kind: 'send', serial: B });
    expect(nextMove(situation({ serials: [A, B], attempts: [...lost(8), ...lost(8, B)] }))).toMatchObject({
      kind: 'wait',
    });
  });
});

describe('a device whose codes AWS did not look at', () => {
  const unread = tried(0, 'not-validated');

  test('is left alone until a moment of the next three minutes', () => {
    expect(nextMove(situation({ attempts: [unread], random: () => 0 }))).toEqual({
      kind: 'wait',
      until: T0 + 183_000,
      because:
        'AWS did not look at the code: either the device has been asked too often in these three minutes, or the serial number is not one of this user; one more try after them will tell',
    });
  });

  test('is come back to at a random moment, since others wait for the same, and later each time', () => {
    const almostOne = () => 0.999_999;
    const once = nextMove(situation({ attempts: [unread], random: almostOne }));
    expect(once.kind === 'wait' && Math.round(once.until - T0)).toBe(208_000);
    const attempts = [tried(-6, 'not-validated', T0 - 179_000), unread];
    const twice = nextMove(situation({ attempts, confirmed: new Set([A]), random: almostOne }));
    expect(twice.kind === 'wait' && Math.round(twice.until - T0)).toBe(228_000);
  });

  test('is come back to no later than the deadline', () => {
    expect(nextMove(situation({ attempts: [unread], random: () => 0.9, latest: T0 + 185_000 }))).toMatchObject({
      kind: 'wait',
      until: T0 + 185_000,
    });
    expect(nextMove(situation({ attempts: [unread], random: () => 0.9, latest: T0 + 182_999 }))).toMatchObject({
      kind: 'give-up',
      reason: 'wait',
    });
  });

  test('is come back to without delay in a matrix, where nobody else has the same turn', () => {
    const attempts = [unread];
    expect(nextMove(situation({ attempts, slot: { index: 0, total: 2 }, random: () => 0.9 }))).toMatchObject({
      kind: 'wait',
      until: T0 + 183_000,
    });
  });

  test('is only busy where IAM confirmed that it is the user’s', () => {
    expect(nextMove(situation({ attempts: [unread], confirmed: new Set([A]) }))).toMatchObject({
      kind: 'wait',
      because:
        'this device has been asked too often in these three minutes, and AWS looks at its codes again after them',
    });
  });

  test('does not keep the others of a pool from being asked', () => {
    expect(nextMove(situation({ serials: [A, B], attempts: [unread] }))).toMatchObject({ kind: 'send', serial: B });
  });

  test('is asked again after them', () => {
    expect(nextMove(situation({ now: T0 + 180_000, attempts: [unread] }))).toMatchObject({ kind: 'send', serial: A });
  });

  test('is not the user’s where that happens in two spans of three minutes', () => {
    const attempts = [unread, tried(6, 'not-validated', T0 + 180_000)];
    expect(nextMove(situation({ now: T0 + 181_000, attempts }))).toEqual({
      kind: 'give-up',
      reason: 'serial',
      explanation: 'AWS would not look at a code in two spans of three minutes, so it is not the budget',
    });
  });

  test('is the user’s all the same where IAM confirmed it', () => {
    const attempts = [unread, tried(6, 'not-validated', T0 + 180_000)];
    const given = { now: T0 + 181_000, attempts, confirmed: new Set([A]), random: () => 0 };
    expect(nextMove(situation(given))).toMatchObject({ kind: 'wait', until: T0 + 363_000 });
  });

  test('is the user’s all the same where AWS looked at another code of it', () => {
    const attempts = [tried(-1, 'refused'), unread, tried(6, 'not-validated', T0 + 180_000)];
    expect(nextMove(situation({ now: T0 + 181_000, attempts }))).toMatchObject({ kind: 'wait' });
  });

  test('is the user’s all the same where an earlier step of the job got a session by it', () => {
    const attempts = [tried(-30, 'accepted', T0 - 900_000), unread, tried(6, 'not-validated', T0 + 180_000)];
    expect(nextMove(situation({ now: T0 + 181_000, attempts }))).toMatchObject({ kind: 'wait' });
  });

  test('ends the run only where no other device of the pool is left', () => {
    const attempts = [unread, tried(6, 'not-validated', T0 + 180_000)];
    const now = T0 + 181_000;
    expect(nextMove(situation({ serials: [A, B], now, attempts }))).toMatchObject({ kind: 'send', serial: B });
    const both = [...attempts, ...attempts.map((attempt) => ({ ...attempt, serial: B }))];
    expect(nextMove(situation({ serials: [A, B], now, attempts: both }))).toMatchObject({ reason: 'serial' });
  });
});

describe('a wrong seed', () => {
  /** Verifications that were refused in one span of three minutes, of which `fresh` became acceptable only in it. */
  function refusals(count: number, fresh: number): readonly Attempt[] {
    return [
      ...Array.from({ length: count - fresh }, (_, index) => tried(1 - index, 'refused', T0 + 1_000)),
      ...Array.from({ length: fresh }, (_, index) => tried(2 + index, 'refused', T0 + 170_000)),
    ];
  }
  const late = T0 + 175_000;

  // Nine verifications in three minutes: what others can have spent is what ours left over, and one code each.
  test.each([
    [5, 5],
    [6, 4],
    [7, 3],
    [8, 2],
    [8, 4],
    [6, 6],
  ])('is proven by %i refusals of which %i were of fresh codes', (count, fresh) => {
    expect(nextMove(situation({ now: late, attempts: refusals(count, fresh) }))).toEqual({
      kind: 'give-up',
      reason: 'seed',
      explanation: `${count} codes were refused within three minutes, more than other jobs can have used up`,
    });
  });

  test.each([
    [1, 1],
    [4, 4],
    [5, 4],
    [6, 3],
    [7, 2],
    [8, 1],
    [8, 0],
  ])('is not proven by %i refusals of which %i were of fresh codes', (count, fresh) => {
    expect(nextMove(situation({ now: late, attempts: refusals(count, fresh) })).kind).not.toBe('give-up');
  });

  test('is not proven by refusals of two spans, since others could use each anew', () => {
    const attempts = [
      ...[2, 3, 4, 5].map((step) => tried(step, 'refused', T0 + 179_000)),
      ...[8, 9, 10, 11].map((step) => tried(step, 'refused', T0 + 300_000)),
    ];
    expect(nextMove(situation({ now: T0 + 300_000, attempts })).kind).not.toBe('give-up');
  });

  test('is not proven by codes that were lost or not looked at', () => {
    const attempts = [
      ...[2, 3, 4, 5].map((step) => tried(step, 'lost', T0 + 170_000)),
      tried(6, 'not-validated', T0 + 170_000),
      tried(1, 'refused'),
    ];
    expect(nextMove(situation({ now: late, attempts })).kind).not.toBe('give-up');
  });

  test('is proven later too, in the spans that follow', () => {
    expect(nextMove(situation({ now: T0 + 400_000, attempts: refusals(5, 5) }))).toMatchObject({ reason: 'seed' });
  });

  test('is not proven where an earlier step of the job got a session by it', () => {
    const attempts = [tried(-30, 'accepted', T0 - 900_000), ...refusals(6, 6)];
    expect(nextMove(situation({ now: late, attempts })).kind).not.toBe('give-up');
  });

  test('of one device does not end the run of a pool', () => {
    const attempts = refusals(5, 5);
    expect(nextMove(situation({ serials: [A, B], now: late, attempts })).kind).toBe('send');
    const both = [...attempts, ...attempts.map((attempt) => ({ ...attempt, serial: B }))];
    expect(nextMove(situation({ serials: [A, B], now: late, attempts: both }))).toMatchObject({ reason: 'seed' });
  });

  test('of a device is proven by the codes of that device alone', () => {
    const attempts = refusals(6, 4).map((attempt, index) => ({ ...attempt, serial: index % 2 === 0 ? A : B }));
    expect(nextMove(situation({ serials: [A, B], now: late, attempts })).kind).not.toBe('give-up');
  });
});

describe('a wait', () => {
  const all = [-2, -1, 0, 1, 2];

  test('for the next step says that the others were refused', () => {
    expect(nextMove(situation({ attempts: all.map((step) => tried(step)) }))).toEqual({
      kind: 'wait',
      until: T0 + 63_000,
      because: 'the ones at hand were refused, another job may be using this device',
    });
  });

  test.each<readonly [string, Verdict, number]>([
    ['whose answers were lost', 'lost', T0 + 9_000],
    ['that an earlier step used', 'accepted', T0 - 1_000],
  ])('for the next step does not blame another job for codes %s', (_, verdict, at) => {
    expect(nextMove(situation({ attempts: all.map((step) => tried(step, verdict, at)) }))).toMatchObject({
      kind: 'wait',
      until: T0 + 33_000,
      because: 'the ones at hand have been used by this job',
    });
  });

  test('for the next step does not speak of refusals of the three minutes before', () => {
    const attempts = [-2, -1, 0, 1].map((step) => tried(step, 'refused', T0 - 1_000));
    expect(nextMove(situation({ now: T0 + 1_000, attempts }))).toEqual({
      kind: 'wait',
      until: T0 + 33_000,
      because: 'the ones at hand have been used by this job',
    });
  });

  test('for a turn says that the others are the neighbours’', () => {
    // Job 5 of 10: of this device, only the steps that are 5 modulo 10.
    expect(nextMove(situation({ slot: { index: 5, total: 10 } }))).toEqual({
      kind: 'wait',
      until: T0 + 93_000,
      because: "the ones at hand belong to this job's neighbours in the matrix",
    });
  });

  test('may end at the deadline, and no later', () => {
    const attempts = all.map((step) => tried(step));
    expect(nextMove(situation({ attempts, latest: T0 + 63_000 }))).toMatchObject({ kind: 'wait' });
    expect(nextMove(situation({ attempts, now: T0 + 10_500, latest: T0 + 62_999 }))).toEqual({
      kind: 'give-up',
      reason: 'wait',
      explanation:
        'the next code could be sent in 53 s (the ones at hand were refused, another job may be using this device)',
    });
  });

  test('that would be too long for a turn is told at once, with the time', () => {
    expect(nextMove(situation({ slot: { index: 100, total: 256 } }))).toEqual({
      kind: 'give-up',
      reason: 'wait',
      // Step 60,000,000 is 0 modulo 256, so the turn is a hundred steps away; its code opens two of them earlier.
      explanation:
        "the next code could be sent in 2933 s (the ones at hand belong to this job's neighbours in the matrix)",
    });
  });

  test('no wait at all is allowed: a code can still be sent at once', () => {
    expect(nextMove(situation({ latest: T0 + 10_000 }))).toMatchObject({ kind: 'send' });
  });
});

describe('slots', () => {
  test.each([
    [0, 5, 1, A, [-2, -1, 0, 1, 2]],
    [0, 2, 2, A, [-2, -1, 0, 1, 2]],
    [1, 2, 2, B, [-2, -1, 0, 1, 2]],
    [0, 4, 2, A, [-2, 0, 2]],
    [2, 4, 2, A, [-1, 1]],
    [1, 4, 2, B, [-2, 0, 2]],
    [3, 4, 2, B, [-1, 1]],
  ] as const)('job %i of %i on %i devices has its own device and steps', (index, total, count, serial, offsets) => {
    const serials: readonly [string, ...string[]] = count === 1 ? [A] : [A, B];
    const attempts: Attempt[] = [];
    for (;;) {
      const move = nextMove(situation({ serials, slot: { index, total }, attempts }));
      if (move.kind !== 'send') break;
      attempts.push({ serial: move.serial, step: move.step, at: T0 + 10_000, verdict: 'lost' });
    }
    expect(new Set(attempts.map((attempt) => attempt.serial))).toEqual(new Set([serial]));
    const sent = attempts.map(({ step }) => step - S0).toSorted((a, b) => a - b);
    expect(sent).toEqual(total === 5 ? [0] : offsets);
  });

  const matrix = fc.record({ devices: fc.integer({ min: 1, max: 8 }), total: fc.integer({ min: 1, max: 256 }) });
  const serialsOf = (devices: number): readonly [string, ...string[]] => {
    const [first = '', ...rest] = Array.from({ length: devices }, (_, index) => `${A}${index}`);
    return [first, ...rest];
  };

  test('never let two jobs of a matrix send the same code, however often they try', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 200_000 }), fc.integer(), ({ devices, total }, start, seed) => {
        const serials = serialsOf(devices);
        const random = seededRandom(seed);
        const owner = new Map<string, number>();
        for (let index = 0; index < total; index += 1) {
          const attempts: Attempt[] = [];
          let now = T0 + start + Math.floor(random() * 20_000);
          for (let turn = 0; turn < 8; turn += 1) {
            const move = nextMove(
              situation({ serials, slot: { index, total }, attempts, now, latest: Number.MAX_SAFE_INTEGER, random }),
            );
            if (move.kind === 'wait') now = move.until;
            if (move.kind !== 'send') continue;
            const code = `${move.serial} ${move.step}`;
            expect(owner.get(code) ?? index).toBe(index);
            owner.set(code, index);
            attempts.push({ serial: move.serial, step: move.step, at: now, verdict: 'lost' });
          }
          expect(attempts.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('let up to four jobs a device begin at once, and a fifth within six seconds', () => {
    const five = fc.record({ devices: fc.integer({ min: 1, max: 8 }), jobs: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(five, fc.integer({ min: 0, max: 200_000 }), fc.integer(), ({ devices, jobs }, start, seed) => {
        const now = T0 + start;
        const serials = serialsOf(devices);
        const total = devices * jobs;
        for (let index = 0; index < total; index += 1) {
          const move = nextMove(situation({ serials, slot: { index, total }, now, random: seededRandom(seed) }));
          if (jobs < 5 || (start % 30_000 >= 3_000 && start % 30_000 <= 27_000)) expect(move.kind).toBe('send');
          else if (move.kind === 'wait') expect(move.until - now).toBeLessThanOrEqual(6_000);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('let a step that would be the tenth of its three minutes wait for its own', () => {
    // Twenty seconds before the three minutes that step 60,000,001 is the second of.
    const now = T0 - 20_000;
    expect(nextMove(situation({ now, slot: { index: 1, total: 256 } }))).toMatchObject({
      kind: 'wait',
      until: T0 + 3_000,
    });
    expect(nextMove(situation({ now, slot: { index: 0, total: 256 } }))).toMatchObject({ kind: 'send', step: S0 });
  });

  test('never let a matrix that begins at one moment ask a device more than nine times in three minutes', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 200_000 }), fc.integer(), ({ devices, total }, start, seed) => {
        const serials = serialsOf(devices);
        const asked = new Map<string, number>();
        for (let index = 0; index < total; index += 1) {
          let now = T0 + start;
          for (;;) {
            const latest = Number.MAX_SAFE_INTEGER;
            const move = nextMove(
              situation({ serials, slot: { index, total }, now, latest, random: seededRandom(seed + index) }),
            );
            if (move.kind === 'wait') now = move.until;
            if (move.kind !== 'send') continue;
            const span = `${move.serial} ${Math.floor(now / 180_000)}`;
            asked.set(span, (asked.get(span) ?? 0) + 1);
            break;
          }
        }
        expect(Math.max(...asked.values())).toBeLessThanOrEqual(9);
      }),
      { numRuns: 150 },
    );
  });
});

/** A run of moves with verdicts by chance, in which each move is checked against what holds for all of them. */
function play(run: {
  readonly devices: number;
  readonly slot: Situation['slot'];
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
    const move = nextMove({ ...base, attempts, now, random });
    if (move.kind === 'give-up') {
      if (move.reason === 'wait') {
        // A little is left to the clocks where three minutes begin anew.
        const missed = sendableBefore(base.latest, { ...base, attempts, now, random })[0] ?? base.latest;
        expect(base.latest - missed).toBeLessThanOrEqual(3_000);
      }
      return attempts;
    }
    if (move.kind === 'wait') {
      expect(move.until).toBeGreaterThan(now);
      expect(move.until).toBeLessThanOrEqual(base.latest);
      expect(nextMove({ ...base, attempts, now: move.until, random }).kind).toBe('send');
      const missed = sendableBefore(move.until - 1, { ...base, attempts, now, random })[0] ?? move.until;
      const spent = attempts.filter((attempt) => attempt.verdict === 'not-validated');
      const spread = run.slot !== undefined || spent.length === 0 ? 0 : 5_000 + 20_000 * spent.length;
      expect(move.until - missed).toBeLessThanOrEqual(3_000 + spread);
      now = move.until;
      continue;
    }
    expect(base.serials).toContain(move.serial);
    // In the window, even where the clocks differ by three seconds or the network takes as long. The window of a slot's device is
    // looked for up to two steps off, once a code of its own was refused.
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

/** The moments from now to a time at which something could be sent after all, looked for every half second. */
function sendableBefore(end: number, given: Situation): readonly number[] {
  const moments: number[] = [];
  for (let now = given.now; now <= end; now += 500) moments.push(now);
  return moments.filter((now) => nextMove({ ...given, now, latest: Number.MAX_SAFE_INTEGER }).kind === 'send');
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

  test('no code is sent twice, no budget is exceeded, and no wait is in vain, too short or too long', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        play(run);
      }),
      { numRuns: 400 },
    );
  });

  test('a run of nothing but refusals comes to an end', () => {
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
      { numRuns: 100 },
    );
  });
});

describe('the proof of a wrong seed', () => {
  /**
   * A device as STS has it: codes of two steps either side, each once, nine verifications in three minutes; and somebody who
   * spends the very code that is about to be sent, wherever the budget lets them.
   */
  function robbed(start: number, seed: number, zeal: number): Move['kind'] | string {
    const random = seededRandom(seed);
    const spent = new Set<number>();
    const verifications = new Map<number, number>();
    const attempts: Attempt[] = [];
    let now = T0 + start;
    const verify = (step: number): Verdict | 'accepted' => {
      const span = Math.floor(now / 180_000);
      const count = verifications.get(span) ?? 0;
      if (count >= 9) return 'not-validated';
      verifications.set(span, count + 1);
      if (spent.has(step) || Math.abs(step - Math.floor(now / 30_000)) > 2) return 'refused';
      spent.add(step);
      return 'accepted';
    };
    for (let turn = 0; turn < 60; turn += 1) {
      const move = nextMove(
        situation({ now, attempts, confirmed: new Set([A]), latest: Number.MAX_SAFE_INTEGER, random }),
      );
      if (move.kind === 'give-up') return move.reason;
      if (move.kind === 'wait') {
        // They take what they can get in the meantime, too.
        for (; now < move.until; now = Math.min(move.until, now + 10_000)) {
          if (random() < zeal) verify(Math.floor(now / 30_000) + 2);
        }
        continue;
      }
      if (random() < zeal && !spent.has(move.step)) verify(move.step);
      const verdict = verify(move.step);
      if (verdict === 'accepted') return 'accepted';
      attempts.push({ serial: A, step: move.step, at: now, verdict });
    }
    return 'neither';
  }

  test('never convicts a right one, even where others take each code just before it is sent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400_000 }),
        fc.integer(),
        fc.constantFrom(0.3, 0.6, 0.9, 1),
        (start, seed, zeal) => {
          expect(robbed(start, seed, zeal)).not.toBe('seed');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what an earlier step of the job sent', () => {
  const refused = [-2, -1, 0, 1, 2].map((step) => tried(step));

  test('is not sent again', () => {
    const move = nextMove(situation({ remembered: refused.slice(0, 4) }));
    expect(move).toMatchObject({ kind: 'send', step: S0 + 2 });
  });

  test('does not condemn this step, which may have another seed or another user', () => {
    const late = T0 + 170_000;
    const remembered = [3, 4, 5, 6, 7, -2, -1].map((step) => tried(step, 'refused', T0 + 150_000));
    expect(nextMove(situation({ now: late, remembered })).kind).not.toBe('give-up');
  });
});
