import { describe, expect, test } from '@jest/globals';
import { devicesOf } from '../../../src/core/request.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import {
  CHAINED,
  OPENING,
  WITH_SEED as PLAIN,
  parse,
  problemsOf,
  ROLE,
  requestOf,
  SEED,
  SERIAL,
} from '../../kit/requests.ts';

type Given = Partial<RawInputs>;

describe('the plan', () => {
  test.each<[string, Given, object]>([
    [
      'a session token without a role',
      PLAIN,
      { kind: 'session', keys: { kind: 'given' }, mfa: { kind: 'devices' }, sessionSeconds: 3600 },
    ],
    ['a session token of 15 minutes', { ...PLAIN, 'session-duration-seconds': '900' }, { sessionSeconds: 900 }],
    ['a session token of 36 hours', { ...PLAIN, 'session-duration-seconds': '129600' }, { sessionSeconds: 129_600 }],
    [
      'a role with the code',
      { ...PLAIN, 'role-to-assume': ROLE, 'role-duration-seconds': '43200' },
      { kind: 'role', role: { role: { arn: ROLE }, durationSeconds: 43_200 } },
    ],
    [
      'a role after a session token',
      { ...PLAIN, 'role-to-assume': ROLE, 'mfa-session-first': 'true', 'session-duration-seconds': '900' },
      { kind: 'role-after-session', sessionSeconds: 900, role: { durationSeconds: 3600, plainSecretOnly: false } },
    ],
    [
      'a role after a session token, with a secret key without special characters',
      { ...PLAIN, 'role-to-assume': ROLE, 'mfa-session-first': 'true', 'special-characters-workaround': 'true' },
      { kind: 'role-after-session', role: { plainSecretOnly: true } },
    ],
    ['a role with an earlier session', CHAINED, { kind: 'chained-role', role: { role: { arn: ROLE } } }],
    [
      'a role with an earlier session, with a secret key without special characters',
      { ...CHAINED, 'special-characters-workaround': 'true' },
      { kind: 'chained-role', role: { plainSecretOnly: true } },
    ],
    [
      "a role with the run's tags",
      { ...PLAIN, 'role-to-assume': ROLE },
      {
        role: {
          sessionTags: { tags: [{ key: 'GitHub' }, { key: 'Repository', value: 'octo-org/hello' }, { key: 'RunId' }] },
        },
      },
    ],
  ])('is %s', async (_, given, plan) => {
    expect((await requestOf(given)).plan).toMatchObject(plan);
  });
});

describe('by default', () => {
  test('nothing special is requested', async () => {
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

  test('booleans are false', async () => {
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
});

test.each<[Given, object]>([
  [{ 'action-timeout-s': '0' }, { timeoutSeconds: undefined }],
  [{ 'action-timeout-s': '90' }, { timeoutSeconds: 90 }],
  [{ 'retry-max-attempts': '1' }, { maxAttempts: 1 }],
  [{ 'retry-max-attempts': '100' }, { maxAttempts: 100 }],
  [{ 'disable-retry': 'true' }, { maxAttempts: 1 }],
  [{ 'disable-retry': 'true', 'retry-max-attempts': '5' }, { maxAttempts: 1 }],
  [{ 'use-existing-credentials': 'true' }, { reuse: { minimumRemainingSeconds: 300 } }],
  [{ 'use-existing-credentials': 'true', 'minimum-remaining-seconds': '0' }, { reuse: { minimumRemainingSeconds: 0 } }],
  [{ 'output-env-credentials': 'false', 'list-buckets': 'true' }, { exports: { environment: false } }],
])('%j is requested', async (given, request) => {
  expect(await requestOf({ ...PLAIN, ...given })).toMatchObject(request);
});

test.each([
  ['session-duration-seconds', '899', { unit: 'seconds', min: 900, max: 129_600 }],
  ['session-duration-seconds', '129601', { unit: 'seconds', min: 900, max: 129_600 }],
  ['retry-max-attempts', '0', { unit: 'attempts', min: 1, max: 100 }],
  ['retry-max-attempts', '101', { unit: 'attempts', min: 1, max: 100 }],
  ['minimum-remaining-seconds', '129601', { unit: 'seconds', min: 0, max: 129_600 }],
  ['action-timeout-s', '86401', { unit: 'seconds', min: 0, max: 86_400 }],
])('%s may not be %s', async (input, value, range) => {
  expect(await problemsOf({ ...PLAIN, [input]: value })).toEqual([[input, 'not-integer', { value, ...range }]]);
});

describe('what isn’t used isn’t checked', () => {
  const UNUSABLE = 'http://minio:9000';
  const SEED_ALONE = { 'aws-region': 'eu-central-1', 'mfa-seed': SEED };

  test.each<[string, Given, string]>([
    ['STS', PLAIN, 'sts-endpoint'],
    ['S3 with a bucket to list', { ...PLAIN, 'list-buckets': 'true' }, 's3-endpoint'],
    ['S3 with a bucket to reach', { ...PLAIN, 'expected-buckets': 'logs' }, 's3-endpoint'],
    ['IAM without a serial', SEED_ALONE, 'iam-endpoint'],
    ['IAM without the serial of a code', { 'aws-region': 'eu-central-1', 'mfa-code': '123456' }, 'iam-endpoint'],
    ['STS with a role from a sealed session', { ...OPENING, 'role-to-assume': ROLE }, 'sts-endpoint'],
    ['STS with many roles from a sealed session', { ...OPENING, roles: 'a = deploy' }, 'sts-endpoint'],
    ['STS with a fallback', { ...OPENING, ...PLAIN, 'sealed-session-fallback': 'true' }, 'sts-endpoint'],
    ['IAM with a fallback', { ...OPENING, ...SEED_ALONE, 'sealed-session-fallback': 'true' }, 'iam-endpoint'],
    ['STS with role-chaining', CHAINED, 'sts-endpoint'],
  ])('but %s is used, so its endpoint is checked', async (_, given, input) => {
    expect(await problemsOf({ ...given, [input]: UNUSABLE })).toEqual([
      [input, 'endpoint', { reason: 'plain-http', origin: UNUSABLE }],
    ]);
  });

  test.each<[string, Given, readonly string[]]>([
    ['of S3 without a bucket check', PLAIN, ['s3-endpoint']],
    ['of IAM with a serial', PLAIN, ['iam-endpoint']],
    ['of IAM with a pool', { ...SEED_ALONE, 'mfa-seed': '', 'mfa-devices': `${SERIAL} ${SEED}` }, ['iam-endpoint']],
    ['of IAM with role-chaining', CHAINED, ['iam-endpoint', 's3-endpoint']],
    ['of all services with a sealed session', OPENING, ['sts-endpoint', 's3-endpoint', 'iam-endpoint']],
    ['of STS with a sealed session and a bucket check', { ...OPENING, 'list-buckets': 'true' }, ['sts-endpoint']],
  ])('the endpoint %s', async (_, given, inputs) => {
    const endpoints = Object.fromEntries(inputs.map((input) => [input, UNUSABLE]));
    expect(await problemsOf({ ...given, ...endpoints })).toEqual([]);
  });

  test('a proxy, if nothing is called', async () => {
    const given = { ...OPENING, 'http-proxy': 'socks5://proxy:1080' };
    expect(await problemsOf(given)).toEqual([]);
    expect(await problemsOf({ ...given, 'list-buckets': 'true' })).toEqual([
      ['http-proxy', 'proxy', { reason: 'socks' }],
    ]);
  });

  test('tags that aren’t sent', async () => {
    const untagged = { ...PLAIN, 'role-to-assume': ROLE, 'role-skip-session-tagging': 'true' };
    expect(await problemsOf({ ...untagged, 'custom-tags': '{}', 'transitive-tag-keys': 'Team' })).toEqual([]);
  });
});

describe('the region', () => {
  const EMULATED = { ...PLAIN, 'sts-endpoint': 'http://127.0.0.1:9000' };

  test.each(['minio', 'local', 'us-east-99x'])('may be one of an emulator with an endpoint: %s', async (name) => {
    const { region, connection } = await requestOf({ ...EMULATED, 'aws-region': name });
    expect(region).toMatchObject({ name, partition: { id: 'aws' } });
    expect(connection.iam).toBeUndefined();
  });

  test.each<[string, Given]>([
    ['MinIO', EMULATED],
    ['a b', EMULATED],
    ['a_b', EMULATED],
    ['x'.repeat(64), EMULATED],
    ['frankfurt', PLAIN],
    ['eu-central-1a', PLAIN],
    ['EU-CENTRAL-1', PLAIN],
  ])('may not be %s', async (value, given) => {
    expect(await problemsOf({ ...given, 'aws-region': value })).toEqual([
      ['aws-region', 'region', { reason: 'unknown', value }],
    ]);
  });

  test('must be given', async () => {
    expect(await problemsOf({ ...PLAIN, 'aws-region': '' })).toEqual([['aws-region', 'region', { reason: 'missing' }]]);
  });

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('may be %s, with role and device in its partition, %s', async (region, partition) => {
    const request = await requestOf({
      ...PLAIN,
      'aws-region': region,
      'mfa-serial': SERIAL.replace('arn:aws:', `arn:${partition}:`),
      'role-to-assume': ROLE.replace('arn:aws:', `arn:${partition}:`),
    });
    expect(request.region.partition.id).toBe(partition);
  });

  const NO_DEVICE = { ...PLAIN, 'mfa-serial': '', 'mfa-seed': '' };
  const IN_CHINA = { 'aws-region': 'cn-north-1' };
  const OUTSIDE = { partition: 'aws', expected: 'aws-cn' };
  const INSIDE = { partition: 'aws-cn', expected: 'aws' };

  test.each<[string, Given, string, object]>([
    ['a device', { ...PLAIN, ...IN_CHINA }, 'mfa-serial', OUTSIDE],
    ['the device of a code', { ...PLAIN, ...IN_CHINA, 'mfa-seed': '', 'mfa-code': '123456' }, 'mfa-serial', OUTSIDE],
    ['a pool of one device', { ...NO_DEVICE, ...IN_CHINA, 'mfa-devices': `${SERIAL} ${SEED}` }, 'mfa-devices', OUTSIDE],
    [
      'one of several devices',
      { ...NO_DEVICE, 'mfa-devices': `${SERIAL} ${SEED}\narn:aws-cn:iam::123456789012:mfa/ci ${SEED}` },
      'mfa-devices',
      INSIDE,
    ],
    ['a role', { ...PLAIN, 'role-to-assume': ROLE.replace('aws', 'aws-cn') }, 'role-to-assume', INSIDE],
  ])('must be in the partition of %s', async (_, given, input, facts) => {
    expect(await problemsOf(given)).toEqual([[input, 'partition', facts]]);
  });

  test('may be any for a hardware token, whose number names no partition', async () => {
    expect(await problemsOf({ ...PLAIN, ...IN_CHINA, 'mfa-serial': 'GAHT12345678' })).toEqual([]);
  });
});

describe('a contradiction is refused before anything is sent', () => {
  const WITH_ROLE = { ...PLAIN, 'role-to-assume': ROLE };
  const FREE_REPEATS = { any: ['mfa-session-first', 'role-chaining', 'sealed-session', 'roles'] };

  test.each<[string, Given, readonly unknown[]]>([
    [
      'a session first without a role',
      { ...PLAIN, 'mfa-session-first': 'true' },
      ['mfa-session-first', 'only-with', { any: ['role-to-assume'] }],
    ],
    [
      'chaining without a role',
      { ...CHAINED, 'role-to-assume': '' },
      ['role-chaining', 'only-with', { any: ['role-to-assume', 'roles'] }],
    ],
    [
      'chaining and a session first',
      { ...CHAINED, 'mfa-session-first': 'true' },
      ['mfa-session-first', 'conflict', { with: 'role-chaining' }],
    ],
    [
      'no special characters in a session token, because each attempt would use up a code',
      { ...PLAIN, 'special-characters-workaround': 'true' },
      ['special-characters-workaround', 'only-with', FREE_REPEATS],
    ],
    [
      'no special characters in the keys of a role that is assumed with the code',
      { ...WITH_ROLE, 'special-characters-workaround': 'true' },
      ['special-characters-workaround', 'only-with', FREE_REPEATS],
    ],
    [
      'the duration of a session token for a role',
      { ...WITH_ROLE, 'session-duration-seconds': '900' },
      ['session-duration-seconds', 'conflict', { with: 'role-to-assume' }],
    ],
    [
      'more than an hour after a session token',
      { ...WITH_ROLE, 'mfa-session-first': 'true', 'role-duration-seconds': '3601' },
      ['role-duration-seconds', 'duration-over-cap', { seconds: 3601, cap: 3600 }],
    ],
    [
      'more than an hour with role chaining',
      { ...CHAINED, 'role-duration-seconds': '3601' },
      ['role-duration-seconds', 'duration-over-cap', { seconds: 3601, cap: 3600 }],
    ],
  ])('%s', async (_, given, problem) => {
    expect(await problemsOf(given)).toEqual([problem]);
  });

  test.each([
    'role-duration-seconds',
    'role-session-name',
    'role-external-id',
    'role-source-identity',
    'inline-session-policy',
    'managed-session-policies',
    'custom-tags',
    'transitive-tag-keys',
  ] as const)('%s without a role, because to ignore it would widen the session', async (input) => {
    expect(await problemsOf({ ...PLAIN, [input]: 'anything' })).toEqual([
      [input, 'only-with', { any: ['role-to-assume'] }],
    ]);
  });

  test.each([
    'aws-access-key-id',
    'aws-secret-access-key',
    'aws-access-key',
    'mfa-serial',
    'mfa-seed',
    'mfa-code',
    'mfa-devices',
    'mfa-slot',
    'session-duration-seconds',
  ] as const)('role-chaining and %s', async (input) => {
    expect(await problemsOf({ ...CHAINED, [input]: '123456' })).toEqual([
      [input, 'conflict', { with: 'role-chaining' }],
    ]);
  });
});

describe('allowed accounts', () => {
  const OTHER = { 'allowed-account-ids': '999999999999' };
  const NOT_ALLOWED = 'account-not-allowed';
  const account = '123456789012';
  const POOL = { 'mfa-serial': '', 'mfa-seed': '', 'mfa-devices': `${SERIAL} ${SEED}` };
  const FALLBACK = { ...OPENING, ...PLAIN, ...OTHER, 'sealed-session-fallback': 'true' };
  const OTHER_ROLE = 'arn:aws:iam::999999999999:role/deploy';

  test('are account IDs, comma-separated or one per line', async () => {
    const given = { ...PLAIN, 'allowed-account-ids': '123456789012, 000000000012\n999999999999' };
    expect((await requestOf(given)).allowedAccounts).toEqual(['123456789012', '000000000012', '999999999999']);
  });

  test.each(['12345678901', '1234567890123', 'my-account', '123456789012.', '１２３４５６７８９０１２'])(
    'are not %s',
    async (value) => {
      expect(await problemsOf({ ...PLAIN, 'allowed-account-ids': value })).toEqual([
        ['allowed-account-ids', 'account-id', { value }],
      ]);
    },
  );

  test.each([',', ' , ,', ',\n,'])('are at least one, because none would allow all: %j is refused', async (text) => {
    expect(await problemsOf({ ...PLAIN, 'allowed-account-ids': text })).toEqual([
      ['allowed-account-ids', 'list-empty', {}],
    ]);
  });

  test.each<[string, Given, readonly unknown[]]>([
    ['the device', { ...PLAIN, ...OTHER }, ['mfa-serial', NOT_ALLOWED, { account }]],
    ['a pool', { ...PLAIN, ...OTHER, ...POOL }, ['mfa-devices', NOT_ALLOWED, { account }]],
    ['a role', { ...PLAIN, ...OTHER, 'role-to-assume': ROLE }, ['role-to-assume', NOT_ALLOWED, { account }]],
    [
      'a role by its name, which is in the account of the device',
      { ...PLAIN, ...OTHER, 'role-to-assume': 'deploy' },
      ['role-to-assume', NOT_ALLOWED, { account, because: 'role-name' }],
    ],
    ['the device of a fallback', FALLBACK, ['mfa-serial', NOT_ALLOWED, { account, because: 'fallback' }]],
    ['a pool of a fallback', { ...FALLBACK, ...POOL }, ['mfa-devices', NOT_ALLOWED, { account, because: 'fallback' }]],
    [
      'a role of a fallback by its name',
      { ...FALLBACK, 'role-to-assume': 'deploy' },
      ['role-to-assume', NOT_ALLOWED, { account, because: 'role-name' }],
    ],
    [
      'one of the roles of a fallback by its name',
      { ...FALLBACK, roles: 'a = deploy' },
      ['roles', NOT_ALLOWED, { account, because: 'role-name', role: 'deploy' }],
    ],
    [
      'the device, if not only roles of other accounts are exported',
      { ...PLAIN, ...OTHER, roles: `a = ${OTHER_ROLE}`, 'output-env-credentials': 'true' },
      ['mfa-serial', NOT_ALLOWED, { account }],
    ],
  ])('are checked before the first call for %s', async (_, given, problem) => {
    expect(await problemsOf(given)).toEqual([problem]);
  });

  test.each<[string, Given]>([
    ['a role of an allowed account', { ...PLAIN, 'role-to-assume': ROLE, 'allowed-account-ids': account }],
    ['a role of an allowed account in a fallback', { ...FALLBACK, 'role-to-assume': OTHER_ROLE }],
    ['roles of an allowed account in a fallback', { ...FALLBACK, roles: `a = ${OTHER_ROLE}` }],
    ['only roles of other accounts', { ...PLAIN, ...OTHER, roles: `a = ${OTHER_ROLE}` }],
    ['a hardware token, which names no account', { ...PLAIN, ...OTHER, 'mfa-serial': 'GAHT12345678' }],
    ['a hardware token in a fallback', { ...FALLBACK, 'mfa-serial': 'GAHT12345678' }],
    ['a device that must still be found', { ...PLAIN, ...OTHER, 'mfa-serial': '' }],
    [
      'a role by its name with a hardware token',
      { ...PLAIN, ...OTHER, 'mfa-serial': 'GAHT12345678', 'role-to-assume': 'deploy' },
    ],
    ['a role by its name with an earlier session', { ...CHAINED, ...OTHER, 'role-to-assume': 'deploy' }],
    ['a sealed session', { ...OPENING, ...OTHER }],
    ['a role by its name with a sealed session', { ...OPENING, ...OTHER, 'role-to-assume': 'deploy' }],
  ])('allow %s, at least until its account is known', async (_, given) => {
    expect(await problemsOf(given)).toEqual([]);
  });
});

describe('every problem is reported at once:', () => {
  const wrong = (...inputs: readonly string[]): Given => Object.fromEntries(inputs.map((input) => [input, '?']));

  async function wrongInputs(given: Given): Promise<readonly unknown[]> {
    return [...new Set((await problemsOf(given)).map(([input]) => input))].toSorted();
  }

  test('in a step without inputs', async () => {
    expect(await wrongInputs({})).toEqual(['aws-region', 'mfa-seed']);
  });

  test('in a step in which every input is wrong', async () => {
    const inputs = [
      'action-timeout-s',
      'allowed-account-ids',
      'aws-access-key-id',
      'aws-profile',
      'aws-region',
      'custom-tags',
      'disable-retry',
      'expected-buckets',
      'inline-session-policy',
      'list-buckets',
      'managed-session-policies',
      'mask-aws-account-id',
      'mfa-max-wait-seconds',
      'mfa-seed',
      'mfa-serial',
      'mfa-session-first',
      'mfa-slot',
      'minimum-remaining-seconds',
      'output-credentials',
      'output-env-credentials',
      'overwrite-aws-profile',
      'profiles-location',
      'retry-max-attempts',
      'role-chaining',
      'role-duration-seconds',
      'role-external-id',
      'role-session-name',
      'role-skip-session-tagging',
      'role-source-identity',
      'role-to-assume',
      'seal-session',
      'session-duration-seconds',
      'special-characters-workaround',
      'sts-endpoint',
      'summary',
      'unset-current-credentials',
      'use-existing-credentials',
    ];
    // The keys are one pair, so one problem is enough; and neither S3 nor IAM is called.
    const others = { 'aws-secret-access-key': '? ?', 's3-endpoint': '?', 'iam-endpoint': '?' };
    expect(await wrongInputs({ ...wrong(...inputs), ...others, 'http-proxy': 'socks://?' })).toEqual(
      [...inputs, 'http-proxy'].toSorted(),
    );
  });

  test('in a step with many roles that seals the session', async () => {
    const inputs = [
      'aws-profile',
      'aws-region',
      'custom-tags',
      'mfa-seed',
      'profiles-location',
      'role-duration-seconds',
      'role-external-id',
      'role-session-name',
      'roles',
      'sealed-session-scope',
      'sealing-key',
      'special-characters-workaround',
    ];
    expect(await wrongInputs({ ...wrong(...inputs), 'seal-session': 'true' })).toEqual(inputs);
  });

  test('in a step that opens a sealed session', async () => {
    const inputs = [
      'minimum-remaining-seconds',
      'role-duration-seconds',
      'role-to-assume',
      'sealed-session-fallback',
      'sealed-session-scope',
      'sealing-key',
    ];
    expect(await wrongInputs({ ...OPENING, ...wrong(...inputs) })).toEqual(inputs);
  });

  test('with at least one problem if there is no request', async () => {
    expect(await parse({ ...PLAIN, 'aws-region': '' })).toMatchObject({ ok: false, problems: [{}] });
  });
});

describe('the devices that a plan names', () => {
  const REGION = { 'aws-region': 'eu-central-1' };

  test.each<[string, Given, readonly string[]]>([
    ['the one of a seed', { ...REGION, 'mfa-serial': SERIAL, 'mfa-seed': SEED }, [SERIAL]],
    [
      'all of a pool',
      { ...REGION, 'mfa-devices': `${SERIAL} ${SEED}\nGAHT12345678 ${SEED}` },
      [SERIAL, 'GAHT12345678'],
    ],
    ['the one of a code', { ...REGION, 'mfa-serial': SERIAL, 'mfa-code': '123456' }, [SERIAL]],
    ['none with a code alone', { ...REGION, 'mfa-code': '123456' }, []],
    ['none with a seed alone', { ...REGION, 'mfa-seed': SEED }, []],
    ['the one whose code assumes a role', { ...PLAIN, 'role-to-assume': ROLE }, [SERIAL]],
    ['none with an earlier session', CHAINED, []],
    ['none with many roles from an earlier session', { ...REGION, 'role-chaining': 'true', roles: 'a = deploy' }, []],
    ['none with a sealed session', OPENING, []],
    ['the one of a fallback', { ...OPENING, ...PLAIN, 'sealed-session-fallback': 'true' }, [SERIAL]],
  ])('are %s', async (_, given, serials) => {
    expect(devicesOf((await requestOf(given)).plan).map(({ text }) => text)).toEqual(serials);
  });
});
