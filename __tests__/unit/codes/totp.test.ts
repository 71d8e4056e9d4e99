import { describe, expect, test } from '@jest/globals';
import type { Seed } from '../../../src/core/codes/totp.ts';
import { codeOfStep, startOfStep, stepAt } from '../../../src/core/codes/totp.ts';

/** The shared secret of both RFCs' test vectors for SHA-1. */
const SEED: Seed = { bytes: Buffer.from('12345678901234567890', 'ascii') };

describe('a code', () => {
  // RFC 6238, appendix B, has eight digits; six digits are the last six of them.
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s is the end of the one in RFC 6238, appendix B: %s', (seconds, code) => {
    expect(codeOfStep(SEED, stepAt(seconds * 1000))).toBe(code.slice(2));
  });

  test.each([
    [0, '755224'],
    [1, '287082'],
    [2, '359152'],
    [3, '969429'],
    [4, '338314'],
    [5, '254676'],
    [6, '287922'],
    [7, '162583'],
    [8, '399871'],
    [9, '520489'],
  ])('of step %i is the one of RFC 4226, appendix D: %s', (step, code) => {
    expect(codeOfStep(SEED, step)).toBe(code);
  });

  test('keeps its leading zeros', () => {
    expect(codeOfStep(SEED, 37_037_036)).toBe('081804');
    expect(codeOfStep(SEED, 41_152_263)).toBe('005924');
  });

  test('comes from seeds as short and as long as they may be', () => {
    expect(codeOfStep({ bytes: new Uint8Array(16) }, 60_000_000)).toMatch(/^\d{6}$/);
    expect(codeOfStep({ bytes: new Uint8Array(64) }, 60_000_000)).toMatch(/^\d{6}$/);
  });

  test('belongs to one seed', () => {
    const other: Seed = { bytes: Buffer.from('12345678901234567891', 'ascii') };
    expect(codeOfStep(other, 1)).not.toBe('287082');
  });
});

describe('a step', () => {
  test.each([
    [0, 0],
    [29_999, 0],
    [30_000, 1],
    [59_999, 1],
    [60_000, 2],
    [1_799_999_999_999, 59_999_999],
    [1_800_000_000_000, 60_000_000],
  ])('at %i ms is number %i', (time, step) => {
    expect(stepAt(time)).toBe(step);
  });

  test.each([
    [0, 0],
    [1, 30_000],
    [60_000_000, 1_800_000_000_000],
  ])('number %i begins at %i ms', (step, time) => {
    expect(startOfStep(step)).toBe(time);
  });
});
