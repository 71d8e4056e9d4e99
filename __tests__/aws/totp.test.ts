import { describe, expect, test } from '@jest/globals';
import { codeOfKey, codeOfStep, decodeSeed, stepAt } from '../../lab/aws/totp.ts';

const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the emulator’s own TOTP codes', () => {
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('match RFC 6238, appendix B, at %i s', (seconds, code) => {
    expect(codeOfKey(Buffer.from('12345678901234567890'), stepAt(seconds * 1000), 8)).toBe(code);
  });

  test('have six digits, with leading zeros', () => {
    expect(codeOfStep(SEED, stepAt(1_111_111_109_000))).toBe('081804');
    expect(codeOfStep(SEED, 1)).toBe('287082');
  });

  test('come from a seed in upper or lower case, with or without padding', () => {
    expect(decodeSeed('gezdgnbv').toString()).toBe('12345');
    expect(decodeSeed('GE======').toString()).toBe('1');
  });

  test('need a Base32 seed', () => {
    expect(() => decodeSeed('GEZD1NBV')).toThrow('a seed must be Base32');
  });

  test('last 30 seconds', () => {
    expect(stepAt(29_999)).toBe(0);
    expect(stepAt(30_000)).toBe(1);
  });
});
