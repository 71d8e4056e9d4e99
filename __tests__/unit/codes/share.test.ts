import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../lab/simulation/random.ts';
import type { Attempt } from '../../../src/core/codes/situation.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { A, B, moveIn, S0, T0 } from './situations.ts';

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
      const move = moveIn({ serials, slot: { index, total }, attempts });
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
            const move = moveIn({
              serials,
              slot: { index, total },
              attempts,
              now,
              latest: Number.MAX_SAFE_INTEGER,
              random,
            });
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
      propertyRuns(10),
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
          const move = moveIn({ serials, slot: { index, total }, now, random: seededRandom(seed) });
          if (jobs < 5 || (start % 30_000 >= 3_000 && start % 30_000 <= 27_000)) expect(move.kind).toBe('send');
          else if (move.kind === 'wait') expect(move.until - now).toBeLessThanOrEqual(6_000);
        }
      }),
      propertyRuns(60),
    );
  });

  test('let a step that would be the tenth of its three minutes wait for the next ones', () => {
    // Twenty seconds before the three minutes that step 60,000,001 is the second of.
    const now = T0 - 20_000;
    expect(moveIn({ now, slot: { index: 1, total: 256 } })).toMatchObject({
      kind: 'wait',
      until: T0 + 3_000,
    });
    expect(moveIn({ now, slot: { index: 0, total: 256 } })).toMatchObject({ kind: 'send', step: S0 });
  });

  test('never let the jobs of a matrix use a device more than nine times in three minutes, if they all start together', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 200_000 }), fc.integer(), ({ devices, total }, start, seed) => {
        const serials = serialsOf(devices);
        const asked = new Map<string, number>();
        for (let index = 0; index < total; index += 1) {
          let now = T0 + start;
          for (;;) {
            const latest = Number.MAX_SAFE_INTEGER;
            const move = moveIn({ serials, slot: { index, total }, now, latest, random: seededRandom(seed + index) });
            if (move.kind === 'wait') now = move.until;
            if (move.kind !== 'send') continue;
            const span = `${move.serial} ${Math.floor(now / 180_000)}`;
            asked.set(span, (asked.get(span) ?? 0) + 1);
            break;
          }
        }
        expect(Math.max(...asked.values())).toBeLessThanOrEqual(9);
      }),
      propertyRuns(20),
    );
  });
});
