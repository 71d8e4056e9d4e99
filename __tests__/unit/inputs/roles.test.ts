import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { findRegion } from '../../../src/core/region.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { readRoles } from '../../../src/inputs/roles.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { rawInputs } from '../../kit/raw-inputs.ts';
import { CHAINED, OPENING, problemsOf, RUN, requestOf, SEALING_KEY, WITH_SEED } from '../../kit/requests.ts';

const STAGING = 'arn:aws:iam::222233334444:role/deploy';
const PROD = 'arn:aws:iam::333344445555:role/deploy';
const LINE_1 = { line: 1 };
const RANGE = { min: 900, max: 3600 };

/** The roles of these lines, which must be right. */
async function rolesOf(roles: string, given: Partial<RawInputs> = {}) {
  const { roles: read } = await requestOf({ ...WITH_SEED, ...given, roles });
  if (read === undefined) throw new Error('the request has no roles');
  return read;
}

/** The first of them. */
async function roleOf(roles: string, given: Partial<RawInputs> = {}) {
  const [first] = await rolesOf(roles, given);
  return first;
}

/** What is wrong with these lines. */
function problemsWith(roles: string, given: Partial<RawInputs> = {}) {
  return problemsOf({ ...WITH_SEED, ...given, roles });
}

/** Problems with a part of the first line. */
function inLine1(part: string, kind: string, facts: object): readonly unknown[] {
  return [['roles', kind, facts, { line: 1, part }]];
}

describe('a line', () => {
  test('is a profile and the ARN of a role', async () => {
    expect(await rolesOf(`staging = ${STAGING}`, { 'role-skip-session-tagging': 'true' })).toEqual([
      {
        name: 'staging',
        region: 'eu-central-1',
        source: undefined,
        role: {
          role: { kind: 'arn', arn: STAGING, partition: 'aws', account: '222233334444' },
          durationSeconds: 3600,
          sessionName: 'GitHubActions',
          externalId: undefined,
          sourceIdentity: undefined,
          policy: undefined,
          policyArns: [],
          sessionTags: undefined,
          plainSecretOnly: false,
        },
      },
    ]);
  });

  test.each(['a=deploy', 'a =deploy', '  a   =   deploy  ', '\ta\t=\tdeploy\t', 'a = deploy\r'])(
    'may have any spacing: %j',
    async (line) => {
      expect(await roleOf(line)).toMatchObject({ name: 'a', role: { role: { kind: 'name', name: 'deploy' } } });
    },
  );

  test.each(['deploy', 'team/deploy', 'x+y=z,1.a@b-c_d', 'external_identity=abc'])(
    'may have the name of the role: %s',
    async (name) => {
      expect((await roleOf(`a = ${name}`)).role.role).toEqual({ kind: 'name', name });
    },
  );

  test.each([
    'duration_seconds=900 role_session_name=nightly external_id=x:y/z region=us-east-1 source_profile=b',
    'source-profile=b   external-id=x:y/z\trole-session-name=nightly  region=us-east-1 duration-seconds=900',
  ])('may have settings after the role: %s', async (settings) => {
    expect(await roleOf(`a = deploy ${settings}\nb = deploy`)).toMatchObject({
      name: 'a',
      region: 'us-east-1',
      source: 'b',
      role: { durationSeconds: 900, sessionName: 'nightly', externalId: 'x:y/z' },
    });
  });

  test('ends a setting at the next space, not at an equals sign', async () => {
    expect((await roleOf('a = deploy external_id=x=y= region=us-east-1')).role.externalId).toBe('x=y=');
  });

  test.each([
    ['the equals sign', 'staging deploy'],
    ['the role', 'staging ='],
    ['the role before a setting', 'admin = external_id=abc123'],
    ['the role before a setting with a hyphen', 'admin = external-id=abc123'],
    ['the role before a setting without spaces', 'admin=region=us-east-1'],
    ['the role before several settings', 'admin = source_profile=b role_session_name=nightly'],
    ['the role first', 'admin = duration-seconds=900 deploy'],
    // A part of a key would match no mask.
    ['more than a key in base64', 'c2VhbGluZy1rZXktb2YtNDAtYnl0ZXMtaW4tYmFzZTY0LTAxMjM0NQ=='],
  ])('needs %s', async (_, value) => {
    expect(await problemsWith(value)).toEqual([['roles', 'role-line', { value }, LINE_1]]);
  });

  test.each([
    ['unknown ones', 'mfa_serial=x', 'mfa_serial=x'],
    ['ones in another case', 'Region=us-east-1', 'Region=us-east-1'],
    ['ones without a value', 'region=', 'region='],
    ['ones without an equals sign', 'region', 'region'],
    ['ones without a name', '=us-east-1', '=us-east-1'],
    ['ones with spaces around the equals sign', 'region = us-east-1', 'region'],
    ['comments', '# the nightly one', '#'],
    ['properties of every object', 'constructor=x', 'constructor=x'],
  ])('has no other settings, such as %s', async (_, text, value) => {
    const settings = ['duration_seconds', 'role_session_name', 'external_id', 'source_profile', 'region'];
    expect(await problemsWith(`a = deploy ${text}`)).toEqual([['roles', 'role-setting', { value, settings }, LINE_1]]);
  });

  test.each([
    ['region', 'region=us-east-1 region=us-east-1'],
    ['source_profile', 'source_profile=b source-profile=b'],
  ])('has each setting once: %s', async (part, settings) => {
    expect(await problemsWith(`a = deploy ${settings}\nb = deploy`)).toEqual(inLine1(part, 'role-setting-twice', {}));
  });
});

describe('the lines', () => {
  test.each([
    ['keep their order', `prod = ${PROD}\nstaging = ${STAGING} region=us-east-1`],
    ['may have blank ones and comments between them', `# many\n\nprod = ${PROD}\n  \n  # x = y\n\tstaging = deploy\n#`],
    ['may have the line ends of Windows', `# many\r\n\r\nprod = ${PROD} region=us-east-1\r\nstaging = ${STAGING}\r\n`],
  ])('%s', async (_, text) => {
    expect((await rolesOf(text)).map(({ name }) => name)).toEqual(['prod', 'staging']);
  });

  test('are numbered as they were written, with the blank ones and the comments', async () => {
    expect(await problemsWith('# many\n\na = deploy\nb\n')).toEqual([
      ['roles', 'role-line', { value: 'b' }, { line: 4 }],
    ]);
  });

  test.each(['#', '# a = deploy', '\n \n#\n'])('have at least one role: %j is refused', async (text) => {
    expect(await problemsWith(text)).toEqual([['roles', 'list-empty', {}]]);
  });

  test('have at most 200 roles, because the post step must remove them all', async () => {
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, index) => `p${index} = deploy`).join('\n');
    expect(await rolesOf(`# many\n\n${lines(200)}`)).toHaveLength(200);
    expect(await problemsWith(lines(201))).toEqual([['roles', 'too-many', { count: 201, max: 200 }]]);
  });

  test('may have one role for several profiles', async () => {
    expect(await rolesOf(`a = ${STAGING}\nb = ${STAGING} region=us-east-1`)).toHaveLength(2);
  });
});

describe('what a line doesn’t set', () => {
  const POLICY = '{"Version":"2012-10-17","Statement":[]}';

  test('comes from the inputs for roles', async () => {
    const given = {
      'role-duration-seconds': '1800',
      'role-session-name': 'release',
      'role-external-id': 'ours:1',
      'role-source-identity': 'octocat',
      'inline-session-policy': POLICY,
      'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      'custom-tags': '{"Team":"blue"}',
      'transitive-tag-keys': 'Team',
      'special-characters-workaround': 'true',
    };
    for (const { role } of await rolesOf(`a = ${STAGING}\nb = ${PROD}`, given)) {
      expect(role).toMatchObject({
        durationSeconds: 1800,
        sessionName: 'release',
        externalId: 'ours:1',
        sourceIdentity: 'octocat',
        policy: POLICY,
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        sessionTags: {
          tags: [
            { key: 'GitHub', value: 'Actions' },
            { key: 'Repository', value: 'octo-org/hello' },
            { key: 'RunId', value: '42' },
            { key: 'Team', value: 'blue' },
          ],
          transitiveKeys: ['Team'],
        },
        plainSecretOnly: true,
      });
    }
  });

  test('but what it sets wins', async () => {
    const given = { 'role-duration-seconds': '1800', 'role-session-name': 'release', 'role-external-id': 'ours:1' };
    const own = 'duration_seconds=900 role_session_name=nightly external_id=theirs:2';
    const [first, second] = await rolesOf(`a = deploy ${own}\nb = deploy`, given);
    expect(first.role).toMatchObject({ durationSeconds: 900, sessionName: 'nightly', externalId: 'theirs:2' });
    expect(second?.role).toMatchObject({ durationSeconds: 1800, sessionName: 'release', externalId: 'ours:1' });
  });

  test('is one problem, however many lines use it', async () => {
    expect(await problemsWith(`a = ${STAGING}\nb = ${PROD}`, { 'role-session-name': '?' })).toEqual([
      ['role-session-name', 'characters', { length: 1, max: 64, punctuation: '_+=,.@-' }],
    ]);
  });
});

describe('the name of a profile', () => {
  test.each(['default', 'a', '1', 'x'.repeat(128), 'a_b@c+d.e%f:g-h', 'profile', '-'])('may be %s', async (name) => {
    expect((await roleOf(`${name} = deploy`)).name).toBe(name);
  });

  test.each([
    '',
    'x'.repeat(129),
    'my profile',
    'profile a',
    'a/b',
    'a]b',
    '[a',
    'müller',
    'a#b',
    ';a',
    'DEFAULT',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ])('may not be "%s"', async (value) => {
    expect(await problemsWith(`${value} = deploy`)).toEqual(inLine1('profile', 'profile-name', { value }));
  });

  test('is given once', async () => {
    expect(await problemsWith(`a = ${STAGING}\nb = ${PROD}\na = ${STAGING}`)).toEqual([
      ['roles', 'profile-twice', { value: 'a' }],
    ]);
  });

  test('is another one in another case, as AWS tools see it', async () => {
    expect((await rolesOf('a = deploy\nA = deploy')).map(({ name }) => name)).toEqual(['a', 'A']);
  });

  test('is not that of the session itself', async () => {
    expect(await problemsWith(`ci = ${STAGING}`, { 'aws-profile': 'ci' })).toEqual([
      ['aws-profile', 'profile-of-roles', {}],
    ]);
  });
});

describe('the source of a profile', () => {
  test('may come before or after it, and be the source of several', async () => {
    const text = 'c = deploy source_profile=b\nb = deploy source_profile=a\na = deploy\nd = deploy source_profile=b';
    expect((await rolesOf(text)).map(({ name, source }) => [name, source])).toEqual([
      ['c', 'b'],
      ['b', 'a'],
      ['a', undefined],
      ['d', 'b'],
    ]);
  });

  test('is a profile of the list, not even that of the session: a line without a source starts there anyway', async () => {
    expect(await problemsWith('a = deploy source_profile=ci', { 'aws-profile': 'ci' })).toEqual([
      ['roles', 'source-unknown', { profile: 'a', source: 'ci' }],
    ]);
  });

  test.each([
    ['itself', 'a = deploy source_profile=a', ['a']],
    ['in a cycle of two', 'a = deploy source_profile=b\nb = deploy source_profile=a', ['a', 'b']],
    [
      'in a cycle of three',
      'a = deploy source_profile=b\nb = deploy source_profile=c\nc = deploy source_profile=a',
      ['a', 'b', 'c'],
    ],
    [
      'in a cycle next to a profile that is right',
      'd = deploy\na = deploy source_profile=b\nb = deploy source_profile=a',
      ['a', 'b'],
    ],
    [
      'in a cycle, which is reported without the profile that leads into it',
      'd = deploy source_profile=a\na = deploy source_profile=b\nb = deploy source_profile=a',
      ['a', 'b'],
    ],
  ])('is not %s', async (_, text, profiles) => {
    expect(await problemsWith(text)).toEqual([['roles', 'source-cycle', { profiles }]]);
  });
});

// IAM user guide, "Role chaining".
describe('an hour is the most', () => {
  test.each([
    ['900', 900],
    ['3600', 3600],
    ['0900', 900],
  ])('in a line: %s is accepted', async (text, seconds) => {
    expect((await roleOf(`a = deploy duration_seconds=${text}`)).role.durationSeconds).toBe(seconds);
  });

  test.each(['3601', '43200', '899', '0', '-900', '900.5', '1h', '1e3', '0x384', '９００', '9000000'])(
    'in a line: %s is refused',
    async (value) => {
      expect(await problemsWith(`a = deploy duration_seconds=${value}`)).toEqual(
        inLine1('duration_seconds', 'role-duration', { value, ...RANGE }),
      );
    },
  );

  test('by role-duration-seconds, even if no line uses it, because a later one might', async () => {
    for (const line of ['a = deploy', 'a = deploy duration_seconds=900']) {
      expect(await problemsWith(line, { 'role-duration-seconds': '3601' })).toEqual([
        ['role-duration-seconds', 'duration-over-cap', { seconds: 3601, cap: 3600 }],
      ]);
    }
  });

  test('in lines and by role-duration-seconds at once', async () => {
    const text = 'a = deploy duration_seconds=3601\nb = deploy\nc = deploy duration_seconds=7200';
    expect(await problemsWith(text, { 'role-duration-seconds': '43200' })).toEqual([
      ['role-duration-seconds', 'duration-over-cap', { seconds: 43_200, cap: 3600 }],
      ['roles', 'role-duration', { value: '3601', ...RANGE }, { line: 1, part: 'duration_seconds' }],
      ['roles', 'role-duration', { value: '7200', ...RANGE }, { line: 3, part: 'duration_seconds' }],
    ]);
  });
});

describe('the other settings', () => {
  test.each(['ab', 'x'.repeat(64), 'a_b+c=d,e.f@g-h'])('role_session_name may be %s', async (text) => {
    expect((await roleOf(`a = deploy role_session_name=${text}`)).role.sessionName).toBe(text);
  });

  test.each(['ab', 'x'.repeat(1224), 'a_b+c=d,e.f@g:h/i-j'])('external_id may be %s', async (text) => {
    expect((await roleOf(`a = deploy external_id=${text}`)).role.externalId).toBe(text);
  });

  const NAME = { max: 64, punctuation: '_+=,.@-' };
  const ID = { max: 1224, punctuation: '_+=,.@:/-' };

  test.each([
    ...['a', 'x'.repeat(65), 'a:b', 'a/b', 'müller'].map((text) => ['role_session_name', text, NAME] as const),
    ...['a', 'x'.repeat(1225), 'a;b', 'é1'].map((text) => ['external_id', text, ID] as const),
  ])('%s may not be %s', async (part, text, allowed) => {
    expect(await problemsWith(`a = deploy ${part}=${text}`)).toEqual(
      inLine1(part, 'characters', { length: text.length, ...allowed }),
    );
  });

  test.each(['us-east-1', 'ap-southeast-2'])('region may be %s, in the same partition', async (region) => {
    expect((await roleOf(`a = deploy region=${region}`)).region).toBe(region);
  });

  test.each(['cn-north-1', 'us-gov-west-1', 'frankfurt', 'EU-WEST-1', 'eu-west-1a'])(
    'region may not be %s',
    async (value) => {
      expect(await problemsWith(`a = deploy region=${value}`)).toEqual(inLine1('region', 'role-region', { value }));
    },
  );

  test.each([
    ['the ARN of a user', 'arn:aws:iam::222233334444:user/ci'],
    ['an ARN without a name', 'arn:aws:iam::222233334444:role/'],
    ['a name with a colon', 'team:deploy'],
  ])('the role may not be %s', async (_, value) => {
    expect(await problemsWith(`a = ${value}`)).toEqual(inLine1('role', 'role', { value }));
  });
});

describe('the partition', () => {
  const GOV = { ...CHAINED, 'role-to-assume': '', 'aws-region': 'us-gov-west-1' };

  test('may be another one, for all of it', async () => {
    const roles = 'a = arn:aws-us-gov:iam::222233334444:role/deploy region=us-gov-east-1\nb = deploy';
    expect((await requestOf({ ...GOV, roles })).roles).toMatchObject([
      { region: 'us-gov-east-1', role: { role: { partition: 'aws-us-gov' } } },
      { region: 'us-gov-west-1', role: { role: { name: 'deploy' } } },
    ]);
  });

  test('is the same for all of it', async () => {
    expect(await problemsWith('a = arn:aws-cn:iam::222233334444:role/deploy')).toEqual(
      inLine1('role', 'partition', { partition: 'aws-cn', expected: 'aws' }),
    );
  });

  test.each(['', 'frankfurt'])('isn’t checked if aws-region is "%s", which is the problem then', async (region) => {
    const line = 'a = arn:aws-cn:iam::222233334444:role/deploy region=cn-north-1';
    expect((await problemsWith(line, { 'aws-region': region })).map(([input]) => input)).toEqual(['aws-region']);
  });
});

describe('allowed-account-ids', () => {
  test('refuses every role in another account', async () => {
    const text = `a = ${STAGING}\nb = ${PROD}\nc = arn:aws:iam::444455556666:role/deploy`;
    expect(await problemsWith(text, { 'allowed-account-ids': '333344445555' })).toEqual([
      ['roles', 'account-not-allowed', { account: '222233334444', role: STAGING }],
      ['roles', 'account-not-allowed', { account: '444455556666', role: 'arn:aws:iam::444455556666:role/deploy' }],
    ]);
    expect(await problemsWith(text, { 'allowed-account-ids': '222233334444,333344445555,444455556666' })).toEqual([]);
  });

  test('refuses a role by its name if the device is in another account', async () => {
    const given = { 'allowed-account-ids': '333344445555' };
    expect(await problemsWith('a = deploy', given)).toEqual([
      ['roles', 'account-not-allowed', { account: '123456789012', role: 'deploy', because: 'role-name' }],
    ]);
    expect(await problemsWith('a = deploy', { ...given, 'mfa-serial': '' })).toEqual([]);
  });
});

describe('with roles', () => {
  const ROLES = `a = ${STAGING}`;

  test.each<[string, Partial<RawInputs>, object]>([
    [
      'is obtained with a code',
      { ...WITH_SEED, 'session-duration-seconds': '900' },
      { kind: 'session', sessionSeconds: 900 },
    ],
    ['may be that of an earlier step', { ...CHAINED, 'role-to-assume': '' }, { kind: 'environment' }],
    ['may be a sealed one', OPENING, { kind: 'sealed-session', role: undefined, fallback: undefined }],
  ])('the session %s', async (_, given, plan) => {
    expect((await requestOf({ ...given, roles: ROLES })).plan).toMatchObject(plan);
  });

  test('neither keys nor a profile of the session are exported by default', async () => {
    expect((await requestOf({ ...WITH_SEED, roles: ROLES })).exports).toMatchObject({
      environment: false,
      outputs: false,
      profile: undefined,
      profilesLocation: 'home',
    });
    const asked = { 'output-env-credentials': 'true', 'aws-profile': 'ci', 'profiles-location': 'temp' };
    expect((await requestOf({ ...WITH_SEED, ...asked, roles: ROLES })).exports).toMatchObject({
      environment: true,
      profile: 'ci',
      profilesLocation: 'temp',
    });
  });

  test.each([
    { 'seal-session': 'true', 'sealing-key': SEALING_KEY },
    { 'special-characters-workaround': 'true' },
    { 'use-existing-credentials': 'true' },
    { 'overwrite-aws-profile': 'true' },
    { 'output-credentials': 'true' },
    { 'list-buckets': 'false' },
  ])('%j can be used', async (given) => {
    expect(await problemsWith(ROLES, given)).toEqual([]);
  });

  test.each([
    ['role-to-assume', { 'role-to-assume': PROD }],
    ['list-buckets', { 'list-buckets': 'true' }],
    ['expected-buckets', { 'expected-buckets': 'logs' }],
    ['expected-buckets', { 'expected-buckets': 'logs', 'list-buckets': 'false' }],
  ])('%s can’t be used: %j', async (input, given) => {
    expect(await problemsWith(ROLES, given)).toEqual([[input, 'conflict', { with: 'roles' }]]);
  });

  test.each([
    ['role-chaining', { ...CHAINED, 'role-to-assume': '' }],
    ['sealed-session', OPENING],
  ])('and %s, no code is used', async (source, given) => {
    expect(await problemsOf({ ...given, roles: ROLES, 'mfa-code': '123456' })).toEqual([
      ['mfa-code', 'conflict', { with: source }],
    ]);
  });
});

describe('every problem is reported at once:', () => {
  test('in several lines and other inputs', async () => {
    const text = `a = ${STAGING}\nb\nDEFAULT = deploy\nc = user:x\nd = deploy region=moon\ne = deploy f=g`;
    const given = { 'role-external-id': '?', 'role-to-assume': PROD, 'list-buckets': 'true', 'mfa-seed': '' };
    const found = (await problemsWith(text, given)).map(([input, kind, , place]) => [input, kind, place]);
    expect(found).toEqual([
      ['role-external-id', 'characters', undefined],
      ['roles', 'role-line', { line: 2 }],
      ['roles', 'profile-name', { line: 3, part: 'profile' }],
      ['roles', 'role', { line: 4, part: 'role' }],
      ['roles', 'role-region', { line: 5, part: 'region' }],
      ['roles', 'role-setting', { line: 6 }],
      ['role-to-assume', 'conflict', undefined],
      ['mfa-seed', 'no-code', undefined],
      ['list-buckets', 'conflict', undefined],
    ]);
  });

  test.each([
    ['two names twice', 'a = deploy\nb = deploy\na = deploy\nb = deploy', ['profile-twice', 'profile-twice']],
    [
      'two unknown sources',
      'a = deploy source_profile=x1\nb = deploy source_profile=x2\nc = deploy',
      ['source-unknown', 'source-unknown'],
    ],
    [
      'a name twice and an unknown source',
      'a = deploy\na = deploy source_profile=x1',
      ['profile-twice', 'source-unknown'],
    ],
    ['two settings of one line', 'a = deploy duration_seconds=1 region=moon', ['role-region', 'role-duration']],
    ['a role and a setting of one line', 'a = user:x region=moon', ['role', 'role-region']],
    ['a line and a name twice', 'a = deploy\na = deploy\nb', ['role-line', 'profile-twice']],
  ])('%s', async (_, text, kinds) => {
    expect((await problemsWith(text)).map(([, kind]) => kind)).toEqual(kinds);
  });
});

describe('odd input', () => {
  const piece = fc.oneof(
    fc.constantFrom('a', 'b', 'prod', 'DEFAULT', '__proto__', 'constructor', '', '#', '[x]'),
    fc.constantFrom('deploy', 'team/deploy', STAGING, 'arn:aws-cn:iam::222233334444:role/x', 'arn:aws', '/'),
    fc.constantFrom('=', ' = ', '=', ' = ', ' ', '\t', '\r', '\u00a0', '\u2028', '\0', '\ud800', '::add-mask::x'),
    fc.constantFrom(
      'region=us-east-1',
      'region=moon',
      'duration_seconds=900',
      'duration-seconds=3601',
      'external_id=x:y',
    ),
    fc.constantFrom(
      'source_profile=a',
      'source-profile=b',
      'role_session_name=ab',
      'role_session_name=?',
      'x=y',
      '=',
      '==',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
  );
  const usual = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      fc.constantFrom('deploy', STAGING),
      fc.array(piece, { maxLength: 2 }),
    )
    .map(([name, role, rest]) => [`${name} = ${role}`, ...rest].join(' '));
  const line = fc.oneof(
    usual,
    fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
  );
  const context = { region: findRegion('eu-central-1', PARTITIONS), partitions: PARTITIONS, run: RUN };

  function read(text: string) {
    const problems = new ProblemList();
    return { roles: readRoles(rawInputs({ roles: text }), context, problems), problems: problems.found };
  }

  test('never throws, and each line is a profile, ignored, or a problem with its number', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const meant = lines.filter((text) => text.trim() !== '' && !text.trim().startsWith('#'));
        const { roles, problems } = read(lines.join('\n'));
        // Each line by itself: then its source can't exist, which says nothing about the line.
        const wrong = lines.flatMap((text, index) =>
          read(text).problems.some(({ place }) => place !== undefined) ? [index + 1] : [],
        );
        const reported = problems.flatMap(({ place }) => place?.line ?? []);
        expect([...new Set(reported)]).toEqual(wrong);
        expect(roles?.length ?? 0).toBe(problems.length === 0 ? meant.length : 0);
        expect(roles === undefined).toBe(problems.length > 0);
        for (const [index, profile] of (roles ?? []).entries()) {
          expect(meant[index]?.trim().startsWith(profile.name)).toBe(true);
          expect(profile.name).toMatch(/^[\w@+.%:-]{1,128}$/);
          expect(findRegion(profile.region, PARTITIONS)?.partition.id).toBe('aws');
          expect(profile.role.durationSeconds).toBeGreaterThanOrEqual(900);
          expect(profile.role.durationSeconds).toBeLessThanOrEqual(3600);
        }
      }),
      { seed: 20_270_115, ...propertyRuns(500) },
    );
  });

  test('is made so that both kinds are common', () => {
    const samples = fc.sample(fc.array(line, { minLength: 1, maxLength: 6 }), { seed: 20_270_115, numRuns: 1000 });
    const right = samples.filter((lines) => read(lines.join('\n')).roles !== undefined).length;
    expect(right).toBeGreaterThan(50);
    expect(right).toBeLessThan(950);
  });
});
