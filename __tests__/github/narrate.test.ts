import { describe, expect, test } from '@jest/globals';
import type { Session } from '../../src/core/session.ts';
import { narrate, warnOfProfile } from '../../src/github/narrate.ts';
import { FakeReporter, ROLE_SESSION, SESSION, USER } from '../support/fake-ports.ts';
import { SERIAL } from '../support/requests.ts';

const NOW = Date.parse('2027-01-15T08:00:30Z');
const AS_USER: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL };
const EXPORTED = { variables: ['AWS_ACCESS_KEY_ID', 'AWS_REGION'], profile: undefined, outputs: false };

/** The lines of one run. */
function linesOf(session: Session, handed: Parameters<typeof narrate>[2], report?: Parameters<typeof narrate>[1]) {
  const reporter = new FakeReporter();
  narrate(session, report, handed, NOW, reporter);
  return reporter.infos;
}

describe('the log of a run', () => {
  test('says who, by which device, for how long and what was exported', () => {
    expect(linesOf(AS_USER, EXPORTED)).toEqual([
      'Authenticated as arn:aws:iam::123456789012:user/ci by GetSessionToken and the MFA device arn:aws:iam::123456789012:mfa/ci.',
      'Valid until 2027-01-15T09:00:00.000Z, in 59 minutes.',
      'Exported AWS_ACCESS_KEY_ID, AWS_REGION.',
    ]);
  });

  test('names no device where no code was spent, and no end where none is known', () => {
    const session: Session = {
      credentials: { ...SESSION, expiration: undefined },
      identity: USER,
      by: 'the environment',
      serial: undefined,
    };
    expect(linesOf(session, EXPORTED)).toEqual([
      'Authenticated as arn:aws:iam::123456789012:user/ci by the environment.',
      'Exported AWS_ACCESS_KEY_ID, AWS_REGION.',
    ]);
  });

  test('says what the bucket check found', () => {
    const report = {
      listed: ['logs', 'data'],
      reached: [
        { bucket: 'logs', prefix: undefined },
        { bucket: 'data', prefix: 'in/' },
      ],
    };
    expect(linesOf({ ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL }, EXPORTED, report).slice(2, 4)).toEqual([
      'Bucket check: 2 buckets listed.',
      'Bucket check: reached logs, data/in/.',
    ]);
  });

  test.each([
    [{ listed: ['logs'], reached: [] }, ['Bucket check: 1 bucket listed.']],
    [{ listed: undefined, reached: [{ bucket: 'logs', prefix: undefined }] }, ['Bucket check: reached logs.']],
  ])('says no more of a bucket check than it did: %o', (report, lines) => {
    expect(linesOf(AS_USER, EXPORTED, report).filter((line) => line.startsWith('Bucket check'))).toEqual(lines);
  });

  test.each([
    [{ variables: [], profile: 'ci', outputs: false }, 'Wrote the profile ci.'],
    [
      { variables: ['AWS_PROFILE'], profile: 'ci', outputs: true },
      'Exported AWS_PROFILE; wrote the profile ci; set the outputs aws-access-key-id, aws-secret-access-key and aws-session-token.',
    ],
    [{ variables: [], profile: undefined, outputs: false }, 'Nothing was exported, as asked.'],
  ])('says where the credentials went: %o', (handed, line) => {
    expect(linesOf(AS_USER, handed).at(-1)).toBe(line);
  });

  test('holds no key and no token', () => {
    const session: Session = { ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL };
    const text = linesOf(session, { ...EXPORTED, outputs: true }).join('\n');
    for (const secret of ['ASIAROLE000000000001', 'rolesecretkey', 'role-token']) expect(text).not.toContain(secret);
  });
});

describe('a profile that hides the exported keys', () => {
  const warningsOf = (profile: string | undefined, variables: readonly string[]): readonly string[] => {
    const reporter = new FakeReporter();
    warnOfProfile(profile, variables, reporter);
    return reporter.warnings;
  };

  test('is warned of', () => {
    expect(warningsOf('dev', ['AWS_ACCESS_KEY_ID'])).toEqual([expect.stringContaining('AWS_PROFILE is set to dev.')]);
  });

  test.each([
    ['there is none', undefined, ['AWS_ACCESS_KEY_ID']],
    ['it is empty', '', ['AWS_ACCESS_KEY_ID']],
    ['no keys were exported', 'dev', []],
    ['it was exported by this step', 'dev', ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE']],
  ])('is not warned of where %s', (_, profile, variables) => {
    expect(warningsOf(profile, variables)).toEqual([]);
  });
});
