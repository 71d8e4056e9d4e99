import { describe, expect, test } from '@jest/globals';
import { devicesOf } from '../../../src/core/request.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { CHAINED, OPENING, WITH_SEED as PLAIN, parse, ROLE, requestOf, SEED, SERIAL } from '../../kit/requests.ts';

/** What is wrong, one "input message" a line; empty where nothing is. */
async function problemsOf(given: Partial<RawInputs>): Promise<string> {
  const parsed = await parse(given);
  return parsed.ok ? '' : parsed.problems.map(({ input, message }) => `${input} ${message}`).join('\n');
}

describe('the plan', () => {
  test('is a session token where no role is given', async () => {
    expect((await requestOf(PLAIN)).plan).toMatchObject({
      kind: 'session',
      keys: { kind: 'given' },
      mfa: { kind: 'devices' },
      sessionSeconds: 3600,
    });
  });

  test('is a role with the code where one is given', async () => {
    expect(
      (await requestOf({ ...PLAIN, 'role-to-assume': ROLE, 'role-duration-seconds': '43200' })).plan,
    ).toMatchObject({
      kind: 'role',
      role: { role: { arn: ROLE }, durationSeconds: 43_200 },
    });
  });

  test('is a role after a session token where that is asked for', async () => {
    const plan = (
      await requestOf({
        ...PLAIN,
        'role-to-assume': ROLE,
        'mfa-session-first': 'true',
        'session-duration-seconds': '900',
      })
    ).plan;
    expect(plan).toMatchObject({ kind: 'role-after-session', sessionSeconds: 900, role: { durationSeconds: 3600 } });
  });

  test('is a role with an earlier session where that is asked for', async () => {
    expect((await requestOf(CHAINED)).plan).toMatchObject({ kind: 'chained-role', role: { role: { arn: ROLE } } });
  });

  test('asks the workflow for the tags of a role', async () => {
    expect((await requestOf({ ...PLAIN, 'role-to-assume': ROLE })).plan).toMatchObject({
      role: {
        sessionTags: { tags: [{ key: 'GitHub' }, { key: 'Repository', value: 'octo-org/hello' }, { key: 'RunId' }] },
      },
    });
  });
});

describe('what is not given has its default', () => {
  test('in a request with nothing special', async () => {
    expect(await requestOf(PLAIN)).toMatchObject({
      region: { name: 'eu-central-1', partition: { id: 'aws' } },
      roles: undefined,
      seal: undefined,
      allowedAccounts: [],
      reuse: undefined,
      bucketCheck: undefined,
      exports: {
        environment: true,
        outputs: false,
        profile: undefined,
        overwrite: 'refuse',
        profilesLocation: 'home',
      },
      connection: { stsEndpoint: undefined, proxy: undefined },
      maxAttempts: undefined,
      timeoutSeconds: undefined,
    });
  });

  test('and false is the same as nothing', async () => {
    const off = [
      'role-chaining',
      'mfa-session-first',
      'seal-session',
      'special-characters-workaround',
      'use-existing-credentials',
      'disable-retry',
      'list-buckets',
      'summary',
    ] as const;
    expect(await requestOf({ ...PLAIN, ...Object.fromEntries(off.map((input) => [input, 'false'])) })).toEqual(
      await requestOf(PLAIN),
    );
  });

  test('and no deadline is a deadline of 0 seconds', async () => {
    expect((await requestOf({ ...PLAIN, 'action-timeout-s': '0' })).timeoutSeconds).toBeUndefined();
    expect((await requestOf({ ...PLAIN, 'action-timeout-s': '90' })).timeoutSeconds).toBe(90);
  });
});

describe('what is not used is not judged', () => {
  const UNUSABLE = 'http://minio:9000';
  const SEED_ALONE = { 'aws-region': 'eu-central-1', 'mfa-seed': SEED };

  test.each<[string, Partial<RawInputs>, string]>([
    ['STS', PLAIN, 'sts-endpoint'],
    ['S3 with a bucket to list', { ...PLAIN, 'list-buckets': 'true' }, 's3-endpoint'],
    ['S3 with a bucket to reach', { ...PLAIN, 'expected-buckets': 'logs' }, 's3-endpoint'],
    ['IAM without a serial', SEED_ALONE, 'iam-endpoint'],
    ['IAM without a serial to a code', { 'aws-region': 'eu-central-1', 'mfa-code': '123456' }, 'iam-endpoint'],
    ['STS with a role from a sealed session', { ...OPENING, 'role-to-assume': ROLE }, 'sts-endpoint'],
    ['STS with many roles from a sealed session', { ...OPENING, roles: 'a = deploy' }, 'sts-endpoint'],
    ['STS with a fallback', { ...OPENING, ...PLAIN, 'sealed-session-fallback': 'true' }, 'sts-endpoint'],
    ['IAM with a fallback', { ...OPENING, ...SEED_ALONE, 'sealed-session-fallback': 'true' }, 'iam-endpoint'],
    ['STS with role-chaining', CHAINED, 'sts-endpoint'],
  ])('%s is used, so its endpoint is', async (_, given, input) => {
    expect(await problemsOf({ ...given, [input]: UNUSABLE })).toMatch(new RegExp(`^${input} is "http://minio:9000"`));
  });

  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    ['of S3 without a bucket check', PLAIN, ['s3-endpoint']],
    ['of IAM with a serial', PLAIN, ['iam-endpoint']],
    ['of IAM with a pool', { ...SEED_ALONE, 'mfa-seed': '', 'mfa-devices': `${SERIAL} ${SEED}` }, ['iam-endpoint']],
    ['of IAM with role-chaining', CHAINED, ['iam-endpoint', 's3-endpoint']],
    ['of all services with a sealed session', OPENING, ['sts-endpoint', 's3-endpoint', 'iam-endpoint']],
    ['of STS with a sealed session whose buckets are listed', { ...OPENING, 'list-buckets': 'true' }, ['sts-endpoint']],
  ])('the endpoint %s', async (_, given, inputs) => {
    const endpoints = Object.fromEntries(inputs.map((input) => [input, UNUSABLE]));
    expect(await problemsOf({ ...given, ...endpoints })).toBe('');
  });

  test('a proxy, where nothing is asked', async () => {
    expect(await problemsOf({ ...OPENING, 'http-proxy': 'socks5://proxy:1080' })).toBe('');
    expect(await problemsOf({ ...OPENING, 'http-proxy': 'socks5://proxy:1080', 'list-buckets': 'true' })).toMatch(
      /^http-proxy is a SOCKS proxy;/,
    );
  });

  test('tags that are not sent', async () => {
    const untagged = { ...PLAIN, 'role-to-assume': ROLE, 'role-skip-session-tagging': 'true' };
    expect(await problemsOf({ ...untagged, 'custom-tags': '{}', 'transitive-tag-keys': 'Team' })).toBe('');
  });
});

describe('one variable that stands in for several inputs', () => {
  test('is one problem, by its own name', async () => {
    const endpoints = { 'sts-endpoint': 'http://minio:9000', 's3-endpoint': 'http://minio:9000' };
    const variables = { 'sts-endpoint': 'AWS_ENDPOINT_URL', 's3-endpoint': 'AWS_ENDPOINT_URL' };
    expect(await problemsOf({ ...PLAIN, ...endpoints, variables, 'list-buckets': 'true' })).toBe(
      'AWS_ENDPOINT_URL is "http://minio:9000"; plain http is allowed to loopback only (localhost, 127.0.0.1, [::1]), since anyone on the way could read the credentials. Write https://',
    );
  });
});

describe('the region', () => {
  test.each(['minio', 'local', 'us-east-99x'])('may be one of an emulator, with its endpoint: %s', async (name) => {
    const { region, connection } = await requestOf({
      ...PLAIN,
      'aws-region': name,
      'sts-endpoint': 'http://127.0.0.1:9000',
    });
    expect(region).toMatchObject({ name, partition: { id: 'aws' } });
    expect(connection.iam).toBeUndefined();
  });

  test.each(['MinIO', 'a b', 'a_b', 'x'.repeat(64)])(
    'of an emulator has a name that can be signed: not %s',
    async (name) => {
      expect(await problemsOf({ ...PLAIN, 'aws-region': name, 'sts-endpoint': 'http://127.0.0.1:9000' })).toMatch(
        /^aws-region is ".*", which is no region of any AWS partition/,
      );
    },
  );

  test('has to be known', async () => {
    expect(await problemsOf({ ...PLAIN, 'aws-region': '' })).toBe(
      'aws-region is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set; write for instance aws-region: eu-central-1',
    );
  });

  test.each(['frankfurt', 'eu-central-1a', 'EU-CENTRAL-1'])('has to be one: %s is refused', async (region) => {
    expect(await problemsOf({ ...PLAIN, 'aws-region': region })).toBe(
      `aws-region is "${region}", which is no region of any AWS partition; write for instance eu-central-1, us-gov-west-1 or cn-north-1`,
    );
  });

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('may be %s, and role and device are of its partition, %s', async (region, partition) => {
    const request = await requestOf({
      ...PLAIN,
      'aws-region': region,
      'mfa-serial': SERIAL.replace('arn:aws:', `arn:${partition}:`),
      'role-to-assume': ROLE.replace('arn:aws:', `arn:${partition}:`),
    });
    expect(request.region.partition.id).toBe(partition);
  });

  test('of another partition than the device is refused', async () => {
    expect(await problemsOf({ ...PLAIN, 'aws-region': 'cn-north-1' })).toBe(
      "mfa-serial is in the partition aws, and aws-region is in aws-cn; write a region of the account's own partition",
    );
  });

  test('of another partition than a device of a pool is refused', async () => {
    const pool = `${SERIAL} ${SEED}\narn:aws-cn:iam::123456789012:mfa/ci ${SEED}`;
    expect(await problemsOf({ ...PLAIN, 'mfa-serial': '', 'mfa-seed': '', 'mfa-devices': pool })).toContain(
      'mfa-devices is in the partition aws-cn, and aws-region is in aws',
    );
  });

  test('of another partition than a pool of one device is refused by the name of the pool', async () => {
    const given = { ...PLAIN, 'aws-region': 'cn-north-1', 'mfa-serial': '', 'mfa-seed': '' };
    expect(await problemsOf({ ...given, 'mfa-devices': `${SERIAL} ${SEED}` })).toMatch(
      /^mfa-devices is in the partition aws,/,
    );
  });

  test('of another partition than the device of a code is refused', async () => {
    expect(await problemsOf({ ...PLAIN, 'aws-region': 'cn-north-1', 'mfa-seed': '', 'mfa-code': '123456' })).toContain(
      'mfa-serial is in the partition aws',
    );
  });

  test('does not matter to a hardware token, whose number names no partition', async () => {
    expect(await problemsOf({ ...PLAIN, 'aws-region': 'cn-north-1', 'mfa-serial': 'GAHT12345678' })).toBe('');
  });

  test('of another partition than the role is refused', async () => {
    expect(await problemsOf({ ...PLAIN, 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy' })).toBe(
      'role-to-assume is in the partition aws-cn, and aws-region is in aws; no session of one reaches the other',
    );
  });
});

describe('a duration', () => {
  test.each([
    ['session-duration-seconds', '900'],
    ['session-duration-seconds', '129600'],
  ])('%s may be %s', async (input, text) => {
    expect((await requestOf({ ...PLAIN, [input]: text })).plan).toMatchObject({ sessionSeconds: Number(text) });
  });

  test.each(['899', '129601'])('session-duration-seconds may not be %s', async (text) => {
    expect(await problemsOf({ ...PLAIN, 'session-duration-seconds': text })).toBe(
      `session-duration-seconds is "${text}"; write a whole number of seconds from 900 to 129600`,
    );
  });

  test('of a session token means nothing to a role', async () => {
    expect(await problemsOf({ ...PLAIN, 'role-to-assume': ROLE, 'session-duration-seconds': '900' })).toBe(
      'session-duration-seconds is for session tokens; a role takes role-duration-seconds (or set mfa-session-first: true)',
    );
  });

  test('of a role means nothing to a session token', async () => {
    expect(await problemsOf({ ...PLAIN, 'role-duration-seconds': '900' })).toContain(
      'a session token takes session-duration-seconds',
    );
  });

  test.each([
    ['mfa-session-first', { ...PLAIN, 'mfa-session-first': 'true', 'role-to-assume': ROLE }],
    ['role-chaining', CHAINED],
  ])('of a role is an hour at most with %s', async (_, given) => {
    expect(await problemsOf({ ...given, 'role-duration-seconds': '3600' })).toBe('');
    expect(await problemsOf({ ...given, 'role-duration-seconds': '3601' })).toContain('lasts 3600 seconds at most');
  });
});

describe('a contradiction is refused before anything is sent', () => {
  test.each([
    [
      'a session first and no role',
      { ...PLAIN, 'mfa-session-first': 'true' },
      'mfa-session-first is true without role-to-assume',
    ],
    ['chaining and no role', { ...CHAINED, 'role-to-assume': '' }, 'role-chaining is true without role-to-assume'],
    [
      'chaining and a session first',
      { ...CHAINED, 'mfa-session-first': 'true' },
      'mfa-session-first is true together with role-chaining',
    ],
    [
      'special characters where each attempt would cost a code',
      { ...PLAIN, 'special-characters-workaround': 'true' },
      'special-characters-workaround asks again until the secret key has no special characters, and each time would cost a code',
    ],
    [
      'special characters with a role assumed by the code',
      { ...PLAIN, 'role-to-assume': ROLE, 'special-characters-workaround': 'true' },
      'special-characters-workaround asks again',
    ],
    ['a tag and no role', { ...PLAIN, 'custom-tags': '{}' }, 'custom-tags is given without role-to-assume'],
    [
      'a policy and no role',
      { ...PLAIN, 'inline-session-policy': '{"Statement":[]}' },
      'inline-session-policy is given without role-to-assume',
    ],
    [
      'a role in an account that is not allowed',
      { ...PLAIN, 'role-to-assume': ROLE, 'allowed-account-ids': '999999999999' },
      'role-to-assume is in the account 123456789012, which allowed-account-ids does not allow',
    ],
  ])('%s', async (_, given, problem) => {
    expect(await problemsOf(given)).toContain(problem);
    expect((await problemsOf(given)).split('\n')).toHaveLength(1);
  });

  test.each([
    'aws-access-key-id',
    'aws-secret-access-key',
    'mfa-serial',
    'mfa-seed',
    'mfa-code',
    'mfa-devices',
    'mfa-slot',
    'session-duration-seconds',
  ] as const)('role-chaining and %s', async (input) => {
    expect(await problemsOf({ ...CHAINED, [input]: '123456' })).toBe(
      `${input} is given together with role-chaining: true, which uses the session that an earlier step exported and sends no code. Leave one of them out`,
    );
  });

  test('but special characters go with a session first, and with chaining', async () => {
    expect(
      (
        await requestOf({
          ...PLAIN,
          'role-to-assume': ROLE,
          'mfa-session-first': 'true',
          'special-characters-workaround': 'true',
        })
      ).plan,
    ).toMatchObject({ role: { plainSecretOnly: true } });
    expect((await requestOf({ ...CHAINED, 'special-characters-workaround': 'true' })).plan).toMatchObject({
      role: { plainSecretOnly: true },
    });
  });

  test('but the credentials may go nowhere where they only check access', async () => {
    expect(await problemsOf({ ...PLAIN, 'output-env-credentials': 'false', 'list-buckets': 'true' })).toBe('');
  });
});

describe('allowed accounts', () => {
  test('are account IDs, in lines or with commas', async () => {
    expect(
      (await requestOf({ ...PLAIN, 'allowed-account-ids': '123456789012, 000000000012\n999999999999' }))
        .allowedAccounts,
    ).toEqual(['123456789012', '000000000012', '999999999999']);
  });

  test.each(['12345678901', '1234567890123', 'my-account', '123456789012.', '１２３４５６７８９０１２'])(
    'are not %s',
    async (text) => {
      expect(await problemsOf({ ...PLAIN, 'allowed-account-ids': text })).toContain(
        `allowed-account-ids has "${text}"; an account ID has 12 digits`,
      );
    },
  );

  test.each([',', ' , ,', ',\n,'])(
    'that are none although something is written allow nothing: %j is refused',
    async (text) => {
      expect(await problemsOf({ ...PLAIN, 'allowed-account-ids': text })).toBe(
        'allowed-account-ids names no account, so it would allow every one; write account IDs, or leave it out',
      );
    },
  );

  test('may hold the account of the role', async () => {
    expect(await problemsOf({ ...PLAIN, 'role-to-assume': ROLE, 'allowed-account-ids': '123456789012' })).toBe('');
  });

  test('are judged at once where the device tells the account, which is that of a role given by its name, too', async () => {
    const given = { ...PLAIN, 'allowed-account-ids': '999999999999' };
    expect(await problemsOf(given)).toBe(
      'mfa-serial is in the account 123456789012, which allowed-account-ids does not allow',
    );
    expect(await problemsOf({ ...given, 'role-to-assume': 'deploy' })).toBe(
      'role-to-assume is, as a name, in the account 123456789012, which allowed-account-ids does not allow',
    );
    const pool = { ...given, 'mfa-serial': '', 'mfa-seed': '', 'mfa-devices': `${SERIAL} ${SEED}` };
    expect(await problemsOf(pool)).toBe(
      'mfa-devices is in the account 123456789012, which allowed-account-ids does not allow',
    );
  });

  test.each<readonly [string, Partial<RawInputs>]>([
    ['a session, and the device tells no account', { ...PLAIN, 'mfa-serial': 'GAHT12345678' }],
    ['a session, and the device is still to be found', { ...PLAIN, 'mfa-serial': '' }],
    [
      'a role that is given by its name, and the device tells no account',
      { ...PLAIN, 'mfa-serial': 'GAHT12345678', 'role-to-assume': 'deploy' },
    ],
    ['a role that is given by its name, from an earlier session', { ...CHAINED, 'role-to-assume': 'deploy' }],
    ['a session that another job sealed', OPENING],
    ['a role that is given by its name, from a sealed session', { ...OPENING, 'role-to-assume': 'deploy' }],
  ])('are judged later for %s', async (_, given) => {
    expect(await problemsOf({ ...given, 'allowed-account-ids': '999999999999' })).toBe('');
  });

  test('are judged at once for what takes the place of a sealed session: its device tells the account', async () => {
    const fallback = { ...OPENING, ...PLAIN, 'sealed-session-fallback': 'true', 'allowed-account-ids': '999999999999' };
    expect(await problemsOf(fallback)).toBe(
      'mfa-serial is, for sealed-session-fallback, in the account 123456789012, which allowed-account-ids does not allow',
    );
    expect(await problemsOf({ ...fallback, 'role-to-assume': 'deploy' })).toBe(
      'role-to-assume is, as a name, in the account 123456789012, which allowed-account-ids does not allow',
    );
    expect(await problemsOf({ ...fallback, roles: 'a = deploy' })).toBe(
      'roles has deploy, which is, as a name, in the account 123456789012, which allowed-account-ids does not allow',
    );
    const pool = { ...fallback, 'mfa-serial': '', 'mfa-seed': '', 'mfa-devices': `${SERIAL} ${SEED}` };
    expect(await problemsOf(pool)).toBe(
      'mfa-devices is, for sealed-session-fallback, in the account 123456789012, which allowed-account-ids does not allow',
    );
  });

  test('do not keep a fallback from a role in an account that is allowed, or from a device that tells none', async () => {
    const fallback = { ...OPENING, ...PLAIN, 'sealed-session-fallback': 'true', 'allowed-account-ids': '999999999999' };
    const role = 'arn:aws:iam::999999999999:role/deploy';
    expect(await problemsOf({ ...fallback, 'role-to-assume': role })).toBe('');
    expect(await problemsOf({ ...fallback, roles: `a = ${role}` })).toBe('');
    expect(await problemsOf({ ...fallback, 'mfa-serial': 'GAHT12345678' })).toBe('');
  });

  test('do not matter to a session from which only roles of other accounts follow', async () => {
    const roles = 'a = arn:aws:iam::999999999999:role/deploy';
    expect(await problemsOf({ ...PLAIN, roles, 'allowed-account-ids': '999999999999' })).toBe('');
    expect(
      await problemsOf({
        ...PLAIN,
        roles,
        'allowed-account-ids': '999999999999',
        'output-env-credentials': 'true',
      }),
    ).toBe('mfa-serial is in the account 123456789012, which allowed-account-ids does not allow');
  });
});

describe('the session of the environment', () => {
  test('is taken where that is allowed, with five minutes left', async () => {
    expect((await requestOf({ ...PLAIN, 'use-existing-credentials': 'true' })).reuse).toEqual({
      minimumRemainingSeconds: 300,
    });
  });

  test('is taken with as much time left as is asked for', async () => {
    const given = { ...PLAIN, 'use-existing-credentials': 'true', 'minimum-remaining-seconds': '0' };
    expect((await requestOf(given)).reuse).toEqual({ minimumRemainingSeconds: 0 });
  });
});

describe('attempts', () => {
  test.each([
    [{ 'retry-max-attempts': '1' }, 1],
    [{ 'retry-max-attempts': '100' }, 100],
    [{ 'disable-retry': 'true' }, 1],
    [{ 'disable-retry': 'true', 'retry-max-attempts': '5' }, 1],
  ])('with %o are %i', async (given, attempts) => {
    expect((await requestOf({ ...PLAIN, ...given })).maxAttempts).toBe(attempts);
  });

  test.each(['0', '101', 'many'])('may not be %s', async (text) => {
    expect(await problemsOf({ ...PLAIN, 'retry-max-attempts': text })).toBe(
      `retry-max-attempts is "${text}"; write a whole number of attempts from 1 to 100`,
    );
  });
});

describe('everything that is wrong is told at once', () => {
  test('of a step that gives nothing', async () => {
    const parsed = await parse({});
    expect(!parsed.ok && parsed.problems.map(({ input }) => input)).toEqual(['aws-region', 'mfa-seed']);
  });

  test('of a step in which every input is wrong', async () => {
    const everyThing: Partial<RawInputs> = {
      'aws-region': '?',
      'aws-access-key-id': '?',
      'aws-secret-access-key': '? ?',
      'mfa-serial': '?',
      'mfa-seed': '?',
      'mfa-slot': '?',
      'mfa-max-wait-seconds': '?',
      'session-duration-seconds': '?',
      'role-to-assume': '?',
      'role-duration-seconds': '?',
      'role-session-name': '?',
      'role-external-id': '?',
      'role-source-identity': '?',
      'inline-session-policy': '?',
      'managed-session-policies': '?',
      'role-skip-session-tagging': '?',
      'custom-tags': '?',
      'mfa-session-first': '?',
      'role-chaining': '?',
      'seal-session': '?',
      'allowed-account-ids': '?',
      'list-buckets': '?',
      'expected-buckets': '?',
      'output-env-credentials': '?',
      'output-credentials': '?',
      'aws-profile': '?',
      'overwrite-aws-profile': '?',
      'profiles-location': '?',
      'mask-aws-account-id': '?',
      'unset-current-credentials': '?',
      'use-existing-credentials': '?',
      'minimum-remaining-seconds': '?',
      'retry-max-attempts': '?',
      'disable-retry': '?',
      'action-timeout-s': '?',
      'http-proxy': 'socks://?',
      'sts-endpoint': '?',
      's3-endpoint': '?',
      'iam-endpoint': '?',
      'special-characters-workaround': '?',
      summary: '?',
    };
    const parsed = await parse(everyThing);
    const told = parsed.ok ? [] : parsed.problems.map(({ input }) => input);
    // One of the two keys is enough: the pair is read together.
    // And neither S3 nor IAM would be asked.
    const expected = Object.keys(everyThing).filter(
      (input) => !['aws-secret-access-key', 's3-endpoint', 'iam-endpoint'].includes(input),
    );
    expect([...new Set<string>(told)].sort()).toEqual(expected.sort());
  });

  test('of a step that gets many roles and seals the session, in which every input is wrong', async () => {
    const everyThing: Partial<RawInputs> = {
      'aws-region': '?',
      'mfa-seed': '?',
      'role-duration-seconds': '?',
      'role-session-name': '?',
      'role-external-id': '?',
      'custom-tags': '?',
      roles: '?',
      'seal-session': 'true',
      'sealing-key': '?',
      'sealed-session-scope': '?',
      'aws-profile': '?',
      'profiles-location': '?',
      'special-characters-workaround': '?',
    };
    const parsed = await parse(everyThing);
    const told = parsed.ok ? [] : parsed.problems.map(({ input }) => input);
    const expected = Object.keys(everyThing).filter((input) => input !== 'seal-session');
    expect(told.toSorted()).toEqual(expected.sort());
  });

  test('of a step that opens a sealed session, in which every input is wrong', async () => {
    const everyThing: Partial<RawInputs> = {
      ...OPENING,
      'sealing-key': '?',
      'sealed-session-scope': '?',
      'sealed-session-fallback': '?',
      'minimum-remaining-seconds': '?',
      'role-to-assume': '?',
      'role-duration-seconds': '?',
    };
    const parsed = await parse(everyThing);
    const told = parsed.ok ? [] : parsed.problems.map(({ input }) => input);
    const expected = Object.keys(everyThing).filter((input) => everyThing[input as keyof RawInputs] === '?');
    expect(told.toSorted()).toEqual(expected.sort());
  });
});

describe('the devices that a plan names', () => {
  test.each([
    ['the one of a seed', { 'mfa-serial': SERIAL, 'mfa-seed': SEED }, [SERIAL]],
    ['all of a pool', { 'mfa-devices': `${SERIAL} ${SEED}\nGAHT12345678 ${SEED}` }, [SERIAL, 'GAHT12345678']],
    ['the one of a code', { 'mfa-serial': SERIAL, 'mfa-code': '123456' }, [SERIAL]],
    ['none of a code alone', { 'mfa-code': '123456' }, []],
    ['none of a seed alone', { 'mfa-seed': SEED }, []],
  ])('are %s', async (_, given, serials) => {
    const { plan } = await requestOf({ 'aws-region': 'eu-central-1', ...given });
    expect(plan.kind).toBe('session');
    expect(devicesOf(plan).map(({ text }) => text)).toEqual(serials);
  });

  test.each([
    ['the one that a role’s code is made by', { ...PLAIN, 'role-to-assume': ROLE }, [SERIAL]],
    ['none where a session of the environment is gone on from', CHAINED, []],
    [
      'none where that has many roles',
      { 'aws-region': 'eu-central-1', 'role-chaining': 'true', roles: 'a = deploy' },
      [],
    ],
    ['none where a sealed session is opened', OPENING, []],
    [
      'the one that would be asked where a sealed session cannot be used',
      { ...OPENING, ...PLAIN, 'sealed-session-fallback': 'true' },
      [SERIAL],
    ],
  ])('are %s', async (_, given, serials) => {
    const { plan } = await requestOf(given);
    expect(devicesOf(plan).map(({ text }) => text)).toEqual(serials);
  });
});
