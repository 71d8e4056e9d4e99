import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_KNOWN, parseRecollection } from '../../../src/core/codes/recollection.ts';
import type { Attempt } from '../../../src/core/codes/situation.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

const ATTEMPT: Attempt = {
  serial: 'arn:aws:iam::123456789012:mfa/ci',
  step: 60_000_000,
  at: 1_800_000_000_000,
  verdict: 'accepted',
};

describe('a recollection is not read from', () => {
  const attempt = (change: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ clockOffset: 0, attempts: [{ ...ATTEMPT, ...change }] });

  test.each([
    ['nothing', ''],
    ['broken JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a clock that is not a number', '{"clockOffset":"1","attempts":[]}'],
    ['a clock that is 27 hours off', '{"clockOffset":97200000,"attempts":[]}'],
    ['a clock that is a century off', '{"clockOffset":3155760000000,"attempts":[]}'],
    ['a clock beyond all numbers', '{"clockOffset":1e999,"attempts":[]}'],
    ['no codes', '{"clockOffset":0}'],
    ['codes that are not a list', '{"clockOffset":0,"attempts":{}}'],
    ['a code that is null', '{"clockOffset":0,"attempts":[null]}'],
    ['a serial that is not a string', attempt({ serial: 1 })],
    ['a serial that is too long', attempt({ serial: 'x'.repeat(257) })],
    ['a step that is not a whole number', attempt({ step: 1.5 })],
    ['a step that is a string', attempt({ step: '60000000' })],
    ['a time that is not a number', attempt({ at: null })],
    ['an unknown verdict', attempt({ verdict: 'maybe' })],
    ['a verdict that is a property of every object', attempt({ verdict: 'constructor' })],
  ])('%s', (_, text) => {
    expect(parseRecollection(text)).toEqual(NOTHING_KNOWN);
  });

  test('any other string, without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(parseRecollection(text)).toEqual(NOTHING_KNOWN);
      }),
      propertyRuns(100),
    );
  });
});

test.each(['accepted', 'refused', 'not-validated', 'lost'] as const)(
  'a recollection knows the verdict %s',
  (verdict) => {
    const recollection = { clockOffset: 0.5, attempts: [{ ...ATTEMPT, verdict }] };
    expect(parseRecollection(JSON.stringify(recollection))).toEqual(recollection);
  },
);
