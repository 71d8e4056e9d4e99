import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../lab/simulation/random.ts';
import type { Attempt, Verdict } from '../../../src/core/codes/situation.ts';
import { A, B, moveIn, S0, T0, tried } from './situations.ts';

describe('the steps of the window', () => {
  test('are each sent once, and then it waits for a fresh one', () => {
    const attempts: Attempt[] = [];
    for (;;) {
      const move = moveIn({ attempts, random: seededRandom(attempts.length) });
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
      expect(moveIn({ attempts })).toMatchObject({ kind: 'send', step: S0 });
    },
  );

  test('of the whole pool are sent before any wait', () => {
    const attempts = [-2, -1, 0, 1, 2].map((step) => tried(step));
    expect(moveIn({ serials: [A, B], attempts })).toMatchObject({ kind: 'send', serial: B });
  });
});

describe('the edges of the window', () => {
  const allButTheLater = [-2, -1, 0, 1].map((step) => tried(step, 'lost', T0 - 1_000));
  const allButTheEarlier = [-1, 0, 1, 2].map((step) => tried(step, 'lost', T0 - 1_000));

  test('are not used before the later one is surely open', () => {
    const now = T0 + 2_999;
    expect(moveIn({ now, attempts: allButTheLater })).toMatchObject({ kind: 'wait', until: T0 + 3_000 });
  });

  test('are used once it is', () => {
    const now = T0 + 3_000;
    expect(moveIn({ now, attempts: allButTheLater })).toMatchObject({ kind: 'send', step: S0 + 2 });
  });

  test('are used while the earlier one surely is', () => {
    const now = T0 + 27_000;
    expect(moveIn({ now, attempts: allButTheEarlier })).toMatchObject({ kind: 'send', step: S0 - 2 });
  });

  test('are not used if the earlier one could fall out on the way', () => {
    const now = T0 + 27_001;
    expect(moveIn({ now, attempts: allButTheEarlier })).toMatchObject({
      kind: 'wait',
      until: T0 + 33_000,
    });
  });
});

describe('a device that is a step behind or ahead', () => {
  const ALONE = { index: 0, total: 1 };
  const refused = (...steps: readonly number[]): readonly Attempt[] => steps.map((step) => tried(step));
  const lost = (...steps: readonly number[]): readonly Attempt[] => steps.map((step) => tried(step, 'lost'));

  test('is expected once a code was refused: new codes wait for one more step', () => {
    const attempts = [...refused(-1), ...lost(-2, 0, 1, 2)];
    expect(moveIn({ attempts })).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
    expect(moveIn({ now: T0 + 62_999, attempts })).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
    expect(moveIn({ now: T0 + 63_000, attempts })).toMatchObject({ kind: 'send', step: S0 + 3 });
  });

  test('doesn’t delay codes that were in the window already', () => {
    const attempts = [...refused(-1), ...lost(-2, 0, 1)];
    expect(moveIn({ attempts })).toMatchObject({ kind: 'send', step: S0 + 2 });
  });

  test('isn’t expected before', () => {
    expect(moveIn({ attempts: lost(-2, -1, 0, 1, 2) })).toMatchObject({
      kind: 'wait',
      until: T0 + 33_000,
    });
  });

  test('is found to be behind if a slot’s own code was refused as too early', () => {
    const attempts = [...refused(2), ...lost(-2, -1, 0, 1)];
    expect(moveIn({ attempts, slot: ALONE })).toMatchObject({ kind: 'send', step: S0 - 3 });
    const without = [...attempts, ...lost(-3)];
    // Step 60,000,003 is two ahead of a device that is one behind, from the second step from now on.
    expect(moveIn({ attempts: without, slot: ALONE })).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
  });

  test('is found to be ahead if one was refused as too late', () => {
    const attempts = [...refused(-2), ...lost(-1, 0, 1, 2)];
    expect(moveIn({ attempts, slot: ALONE })).toMatchObject({ kind: 'send', step: S0 + 3 });
  });

  test('is neither if codes were refused as too early and as too late', () => {
    const attempts = [...refused(-2, 2), ...lost(-1, 0, 1)];
    expect(moveIn({ attempts, slot: ALONE })).toMatchObject({ kind: 'wait', until: T0 + 33_000 });
  });

  test('isn’t found by codes that others may have used', () => {
    const attempts = [...refused(-2), ...lost(-1, 0, 1, 2)];
    expect(moveIn({ attempts })).toMatchObject({ kind: 'wait', until: T0 + 63_000 });
  });
});
