import { describe, expect, test } from '@jest/globals';
import { secretsOf } from '../../../src/core/credentials.ts';
import type { Environment, Session } from '../../../src/core/ports.ts';
import { logResult, type Result } from '../../../src/github/result.ts';
import { warnOfKeys, warnOfVariables } from '../../../src/github/warnings.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { AUDIT, DEPLOY, FakeLog, ROLE_SESSION, SESSION, USER } from '../../kit/fake-ports.ts';
import { requestOf, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const NOW = Date.parse('2027-01-15T08:00:30Z');
const AS_USER: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL };
/** A run that got a session token and exported it to the environment. */
const RESULT: Result = {
  session: AS_USER,
  roles: [],
  report: undefined,
  variables: ['AWS_ACCESS_KEY_ID', 'AWS_REGION'],
  profile: undefined,
  outputs: false,
  sealed: false,
  renewal: [],
};

/** The lines of a run that differs from a plain one in this. */
function linesOf(result: Partial<Result>): readonly string[] {
  const log = new FakeLog();
  logResult({ ...RESULT, ...result }, NOW, log);
  expect(log.warnings).toEqual([]);
  return log.infos;
}

describe('the log of a run', () => {
  test('says who, with which device, for how long, what each role is, and what was exported', () => {
    expect(linesOf({ profile: 'ci', roles: [DEPLOY, AUDIT], outputs: true, sealed: true })).toEqual([
      'Authenticated as arn:aws:iam::123456789012:user/ci using GetSessionToken (MFA device arn:aws:iam::123456789012:mfa/ci).',
      'Valid until 2027-01-15T09:00:00Z (for 1 hour).',
      'Profile deploy: arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions, valid until 2027-01-15T09:00:00Z.',
      'Profile audit: arn:aws:sts::999999999999:assumed-role/audit/GitHubActions.',
      'Exported to later steps: AWS_ACCESS_KEY_ID, AWS_REGION; profiles ci, deploy, audit; outputs aws-access-key-id, aws-secret-access-key, aws-session-token; output sealed-session.',
    ]);
  });

  test('names no device if no code was used, and no expiry if none is known', () => {
    const session: Session = {
      credentials: { ...SESSION, expiration: undefined },
      identity: USER,
      by: 'the environment',
      serial: undefined,
    };
    expect(linesOf({ session })).toEqual([
      'Authenticated as arn:aws:iam::123456789012:user/ci using the session in the environment.',
      'Exported to later steps: AWS_ACCESS_KEY_ID, AWS_REGION.',
    ]);
  });

  test('says what the bucket check found', () => {
    const listed = ['logs', 'data'];
    const reached = [
      { bucket: 'logs', prefix: undefined },
      { bucket: 'data', prefix: 'in/' },
    ];
    const checkLines = (report: Result['report']) =>
      linesOf({ report }).filter((line) => line.startsWith('Bucket check'));
    const LISTED = 'Bucket check: 2 buckets listed.';
    const REACHED = 'Bucket check: can access logs, data/in/.';
    expect(checkLines({ listed, reached })).toEqual([LISTED, REACHED]);
    expect(checkLines({ listed, reached: [] })).toEqual([LISTED]);
    expect(checkLines({ listed: undefined, reached })).toEqual([REACHED]);
    expect(checkLines(undefined)).toEqual([]);
  });

  test.each<readonly [Partial<Result>, readonly string[]]>([
    [{ variables: [], profile: 'ci' }, ['profile ci']],
    [{ variables: [], roles: [DEPLOY] }, ['profile deploy']],
    [{ variables: [], roles: [DEPLOY, AUDIT] }, ['profiles deploy, audit']],
    [{ variables: [], sealed: true }, ['output sealed-session']],
    [
      { variables: ['AWS_CONFIG_FILE'], roles: [AUDIT], sealed: true },
      ['AWS_CONFIG_FILE', 'profile audit', 'output sealed-session'],
    ],
  ])('lists what was exported: %o', (result, parts) => {
    expect(linesOf(result).at(-1)).toBe(`Exported to later steps: ${parts.join('; ')}.`);
  });

  test('says that nothing was exported', () => {
    expect(linesOf({ variables: [] }).at(-1)).toBe('No credentials were exported (as configured).');
  });

  test('contains no key and no token', () => {
    const session: Session = { ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL };
    const text = linesOf({ session, outputs: true, sealed: true, roles: [AUDIT] }).join('\n');
    for (const { credentials } of [ROLE_SESSION, AUDIT])
      for (const secret of secretsOf(credentials)) expect(text).not.toContain(secret);
  });
});

describe('keys in the environment that hide a profile', () => {
  const warningsOf = async (given: Partial<RawInputs>, env: Environment): Promise<readonly string[]> => {
    const log = new FakeLog();
    warnOfKeys(await requestOf({ ...WITH_SEED, ...given }), env, log);
    expect(log.infos).toEqual([]);
    return log.warnings;
  };
  const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' };

  test.each([
    ['the profile of the session', { 'aws-profile': 'ci' }],
    ['the profile of a role', { roles: 'ci = deploy' }],
  ])('cause a warning, and are not shown: %s', async (_, given) => {
    const warnings = await warningsOf(given, KEYS);
    expect(warnings).toEqual([expect.stringMatching(/^AWS_ACCESS_KEY_ID is set in the environment, /)]);
    expect(warnings.join()).not.toContain(KEYS.AWS_ACCESS_KEY_ID);
  });

  test.each<readonly [string, Partial<RawInputs>, Environment]>([
    ['there are none', { 'aws-profile': 'ci' }, {}],
    ['they are empty', { 'aws-profile': 'ci' }, { AWS_ACCESS_KEY_ID: '' }],
    ['no profile was written', {}, KEYS],
    ['this step replaced them', { 'aws-profile': 'ci', 'output-env-credentials': 'true' }, KEYS],
    ['this step emptied them', { roles: 'ci = deploy', 'unset-current-credentials': 'true' }, KEYS],
  ])('cause no warning if %s', async (_, given, env) => {
    expect(await warningsOf(given, env)).toEqual([]);
  });
});

describe('variables that conflict with the exported keys', () => {
  const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_REGION'];
  const warningsOf = (env: Environment, result: Partial<Result> = {}) => {
    const log = new FakeLog();
    warnOfVariables({ ...RESULT, variables: KEYS, ...result }, env, log);
    expect(log.infos).toEqual([]);
    return log.warnings;
  };

  test.each<readonly [Environment, string, RegExp]>([
    [{ AWS_PROFILE: 'dev' }, 'AWS_PROFILE is set to dev. ', /the AWS SDK for JavaScript uses it instead of these/],
    [{ AWS_DEFAULT_PROFILE: 'dev' }, 'AWS_DEFAULT_PROFILE is set to dev. ', /Terraform fail\. /],
    [{ AWS_ACCOUNT_ID: '999999999999' }, "AWS_ACCOUNT_ID isn't 123456789012, ", /^(?!.*999999999999)/],
  ])('cause a warning: %j', (env, start, words) => {
    const [warning, ...more] = warningsOf(env);
    expect([warning?.startsWith(start), more]).toEqual([true, []]);
    expect(warning).toMatch(words);
  });

  test('cause a warning each', () => {
    const env = { AWS_PROFILE: 'a', AWS_DEFAULT_PROFILE: 'b', AWS_ACCOUNT_ID: '1' };
    expect(warningsOf(env).map((line) => line.split(' ')[0])).toEqual([
      'AWS_PROFILE',
      'AWS_DEFAULT_PROFILE',
      'AWS_ACCOUNT_ID',
    ]);
  });

  test('include a profile other than the one that this step exported', () => {
    const result = { variables: [...KEYS, 'AWS_PROFILE'], profile: 'ci' };
    expect(warningsOf({ AWS_PROFILE: 'dev', AWS_DEFAULT_PROFILE: 'ci' }, result)).toEqual([]);
    expect(warningsOf({ AWS_DEFAULT_PROFILE: 'dev' }, result)).toHaveLength(1);
  });

  test.each<readonly [string, Environment, Partial<Result>]>([
    ['there are none', {}, {}],
    ['they are empty', { AWS_PROFILE: '', AWS_DEFAULT_PROFILE: '', AWS_ACCOUNT_ID: '' }, {}],
    ['the account is that of the keys', { AWS_ACCOUNT_ID: '123456789012' }, {}],
    ['no keys were exported', { AWS_PROFILE: 'a', AWS_DEFAULT_PROFILE: 'b', AWS_ACCOUNT_ID: '1' }, { variables: [] }],
  ])('cause no warning if %s', (_, env, result) => {
    expect(warningsOf(env, result)).toEqual([]);
  });
});
