import { describe, expect, test } from '@jest/globals';
import { rotationReport, tokenAlarm } from '../../../../src/inputs/messages/rotation-report.ts';
import type { Rotated } from '../../../../src/setup/rotate.ts';
import type { Finding } from '../../../../src/setup/rotation-run.ts';

const NOW = new Date('2026-09-01T12:00:00Z');

function daysFromNow(days: number): Date {
  return new Date(NOW.getTime() + days * 86_400_000);
}

function finding(given: Partial<Finding> = {}): Finding {
  return {
    what: 'access key',
    secret: 'AWS_ACCESS_KEY',
    situation: {
      now: NOW,
      mine: 'AKIA1',
      written: daysFromNow(-3),
      items: [{ id: 'AKIA1', active: true, created: daysFromNow(-3), lastUsed: undefined }],
    },
    move: { kind: 'none', due: daysFromNow(57) },
    found: { secret: undefined, ahead: undefined },
    began: 0,
    rotated: { kind: 'unchanged' },
    ...given,
  };
}

const CONTEXT = { mode: 'step', limitDays: 90, tokenExpires: undefined } as const;

describe('the next run', () => {
  test.each<[Rotated, string]>([
    [{ kind: 'unchanged' }, 'Nothing to do: the access key is replaced after 2026-10-28T12:00:00Z.'],
    [{ kind: 'replaced', by: 'AKIA2' }, 'The old access key is removed when nothing has used it for a while.'],
    [
      { kind: 'discarded', id: 'AKIA2' },
      'The access key is due: create a new one, try it, and write it to AWS_ACCESS_KEY.',
    ],
    [{ kind: 'deactivated', id: 'AKIA2' }, 'The access key AKIA2 is deleted if nothing turns out to need it.'],
    [{ kind: 'deleted', id: 'AKIA2' }, 'Nothing to do until the access key is due.'],
    [{ kind: 'overtaken' }, 'It sees what the other run has done.'],
  ])('after %j', (rotated, next) => {
    expect(rotationReport([finding({ rotated })], CONTEXT).next).toBe(next);
  });
});

test('an alarm says why, since an annotation is read alone', () => {
  const stuck = finding({ move: { kind: 'stuck', obstacle: { reason: 'no-secret' } } });
  expect(rotationReport([stuck], CONTEXT).alarms).toEqual([
    {
      level: 'error',
      text: "The access key isn't rotated any more. There is no secret AWS_ACCESS_KEY, so it can't be what this run was given. Correct its name, or where it is.",
    },
  ]);
});

test.each([
  [6.9, 'error'],
  [7, 'warning'],
  [20.9, 'warning'],
  [21, undefined],
])('a token that expires in %s days: %s', (days, level) => {
  expect(tokenAlarm(daysFromNow(days), NOW)?.level).toBe(level);
});
