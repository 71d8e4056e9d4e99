import { describe, expect, test } from '@jest/globals';
import type { Environment, Session } from '../../../src/core/ports.ts';
import type { HandedOver } from '../../../src/github/handover.ts';
import { narrate, warnOfKeys, warnOfVariables } from '../../../src/github/narrate.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { AUDIT, DEPLOY, FakeLog, ROLE_SESSION, SESSION, USER } from '../../kit/fake-ports.ts';
import { requestOf, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const NOW = Date.parse('2027-01-15T08:00:30Z');
const AS_USER: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL };
/** A run that got a session token, and exported it into the environment. */
const TOLD: HandedOver = {
  session: AS_USER,
  roles: [],
  report: undefined,
  variables: ['AWS_ACCESS_KEY_ID', 'AWS_REGION'],
  profile: undefined,
  outputs: false,
  sealed: false,
};

/** The lines of a run that differs from a plain one in this. */
function linesOf(told: Partial<HandedOver>): readonly string[] {
  const log = new FakeLog();
  narrate({ ...TOLD, ...told }, NOW, log);
  expect(log.warnings).toEqual([]);
  return log.infos;
}

describe('the log of a run', () => {
  test('says who, by which device, for how long and what was exported', () => {
    expect(linesOf({})).toEqual([
      'Authenticated as arn:aws:iam::123456789012:user/ci by GetSessionToken and the MFA device arn:aws:iam::123456789012:mfa/ci.',
      'Valid until 2027-01-15T09:00:00Z, in 1 hour.',
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
    expect(linesOf({ session })).toEqual([
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
    const session: Session = { ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL };
    expect(linesOf({ session, report }).slice(2, 4)).toEqual([
      'Bucket check: 2 buckets listed.',
      'Bucket check: reached logs, data/in/.',
    ]);
  });

  test.each([
    [{ listed: ['logs'], reached: [] }, ['Bucket check: 1 bucket listed.']],
    [{ listed: undefined, reached: [{ bucket: 'logs', prefix: undefined }] }, ['Bucket check: reached logs.']],
  ])('says no more of a bucket check than it did: %o', (report, lines) => {
    expect(linesOf({ report }).filter((line) => line.startsWith('Bucket check'))).toEqual(lines);
  });

  test.each([
    [{ variables: [], profile: 'ci' }, 'Wrote the profile ci.'],
    [
      { variables: ['AWS_PROFILE'], profile: 'ci', outputs: true },
      'Exported AWS_PROFILE; wrote the profile ci; set the outputs aws-access-key-id, aws-secret-access-key and aws-session-token.',
    ],
    [{ variables: [] }, 'No credentials were exported (as configured).'],
    [{ variables: [], roles: [DEPLOY] }, 'Wrote the profile deploy.'],
    [{ variables: [], roles: [DEPLOY, AUDIT] }, 'Wrote the profiles deploy, audit.'],
    [{ variables: [], profile: 'ci', roles: [DEPLOY] }, 'Wrote the profiles ci, deploy.'],
    [{ variables: [], sealed: true }, 'Sealed the session as the output sealed-session.'],
    [
      { variables: ['AWS_CONFIG_FILE'], roles: [AUDIT], sealed: true },
      'Exported AWS_CONFIG_FILE; wrote the profile audit; sealed the session as the output sealed-session.',
    ],
  ])('says where the credentials went: %o', (told, line) => {
    expect(linesOf(told).at(-1)).toBe(line);
  });

  test('says of each role that became a profile who that is, and until when where that is known', () => {
    expect(linesOf({ variables: [], roles: [DEPLOY, AUDIT] })).toEqual([
      'Authenticated as arn:aws:iam::123456789012:user/ci by GetSessionToken and the MFA device arn:aws:iam::123456789012:mfa/ci.',
      'Valid until 2027-01-15T09:00:00Z, in 1 hour.',
      'Profile deploy: arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions, until 2027-01-15T09:00:00Z.',
      'Profile audit: arn:aws:sts::999999999999:assumed-role/audit/GitHubActions.',
      'Wrote the profiles deploy, audit.',
    ]);
  });

  test('says that a session was sealed by another job, and which device that job used', () => {
    expect(linesOf({ session: { ...AS_USER, by: 'a sealed session' } })[0]).toBe(
      'Authenticated as arn:aws:iam::123456789012:user/ci by a sealed session and the MFA device arn:aws:iam::123456789012:mfa/ci.',
    );
  });

  test('holds no key and no token', () => {
    const session: Session = { ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL };
    const text = linesOf({ session, outputs: true, sealed: true, roles: [AUDIT] }).join('\n');
    for (const { credentials } of [ROLE_SESSION, AUDIT]) {
      for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken])
        expect(text).not.toContain(secret);
    }
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
  ])('are warned of, and not shown: %s', async (_, given) => {
    expect(await warningsOf(given, KEYS)).toEqual([
      'AWS_ACCESS_KEY_ID is set in the environment, and tools prefer such keys to AWS_PROFILE: take them out of `env:`, or set unset-current-credentials: true.',
    ]);
  });

  test.each<readonly [string, Partial<RawInputs>, Environment]>([
    ['there are none', { 'aws-profile': 'ci' }, {}],
    ['they are empty', { 'aws-profile': 'ci' }, { AWS_ACCESS_KEY_ID: '' }],
    ['no profile was written', {}, KEYS],
    ['this step replaced them', { 'aws-profile': 'ci', 'output-env-credentials': 'true' }, KEYS],
    ['this step emptied them', { roles: 'ci = deploy', 'unset-current-credentials': 'true' }, KEYS],
  ])('are not warned of where %s', async (_, given, env) => {
    expect(await warningsOf(given, env)).toEqual([]);
  });
});

describe('variables that are at odds with the exported keys', () => {
  const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_REGION'];
  const warningsOf = (env: Environment, told: Partial<HandedOver> = {}) => {
    const log = new FakeLog();
    warnOfVariables({ ...TOLD, variables: KEYS, ...told }, env, log);
    expect(log.infos).toEqual([]);
    return log.warnings;
  };

  test.each<readonly [Environment, readonly string[]]>([
    [
      { AWS_PROFILE: 'dev' },
      [
        'AWS_PROFILE is set to dev. If no such profile exists, boto3, the AWS CLI, Go programs and Terraform fail; if it does, the AWS SDK for JavaScript uses it and not these credentials. Take it out of `env:` for the steps that use the exported credentials.',
      ],
    ],
    [
      { AWS_DEFAULT_PROFILE: 'dev' },
      [
        'AWS_DEFAULT_PROFILE is set to dev. If no such profile exists, boto3, the AWS CLI, Go programs and Terraform fail. Take it out of `env:` for the steps that use the exported credentials.',
      ],
    ],
    [
      { AWS_ACCOUNT_ID: '999999999999' },
      [
        'AWS_ACCOUNT_ID is set, but not to the account 123456789012 of the exported credentials, with which SDKs use it. Take it out of `env:`.',
      ],
    ],
  ])('are warned of: %j', (env, warnings) => {
    expect(warningsOf(env)).toEqual(warnings);
  });

  test('are warned of one by one', () => {
    const env = { AWS_PROFILE: 'a', AWS_DEFAULT_PROFILE: 'b', AWS_ACCOUNT_ID: '1' };
    expect(warningsOf(env).map((line) => line.split(' ')[0])).toEqual([
      'AWS_PROFILE',
      'AWS_DEFAULT_PROFILE',
      'AWS_ACCOUNT_ID',
    ]);
  });

  test('are another profile than the one that this step exported', () => {
    const told = { variables: [...KEYS, 'AWS_PROFILE'], profile: 'ci' };
    expect(warningsOf({ AWS_PROFILE: 'dev', AWS_DEFAULT_PROFILE: 'ci' }, told)).toEqual([]);
    expect(warningsOf({ AWS_DEFAULT_PROFILE: 'dev' }, told)).toHaveLength(1);
  });

  test.each<readonly [string, Environment, Partial<HandedOver>]>([
    ['there are none', {}, {}],
    ['they are empty', { AWS_PROFILE: '', AWS_DEFAULT_PROFILE: '', AWS_ACCOUNT_ID: '' }, {}],
    ['the account is that of the keys', { AWS_ACCOUNT_ID: '123456789012' }, {}],
    ['no keys were exported', { AWS_PROFILE: 'a', AWS_DEFAULT_PROFILE: 'b', AWS_ACCOUNT_ID: '1' }, { variables: [] }],
  ])('are not warned of where %s', (_, env, told) => {
    expect(warningsOf(env, told)).toEqual([]);
  });
});
