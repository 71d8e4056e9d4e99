import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { findRegion } from '../../../src/core/region.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { readRoles } from '../../../src/inputs/roles.ts';
import { problemList, rawInputs } from '../../kit/raw-inputs.ts';
import { CHAINED, OPENING, parse, requestOf, SEALING_KEY, WITH_SEED } from '../../kit/requests.ts';

const STAGING = 'arn:aws:iam::222233334444:role/deploy';
const PROD = 'arn:aws:iam::333344445555:role/deploy';
const FORM = 'profile = role ARN or name [key=value …]';

/** What becomes of these lines; they have to be right. */
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

/** What is wrong, one "input message" each; none where nothing is. */
async function problemsOf(roles: string, given: Partial<RawInputs> = {}): Promise<readonly string[]> {
  const parsed = await parse({ ...WITH_SEED, ...given, roles });
  return parsed.ok ? [] : parsed.problems.map(({ input, message }) => `${input} ${message}`);
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
    'may be spaced as one likes: %j',
    async (line) => {
      expect(await roleOf(line)).toMatchObject({ name: 'a', role: { role: { kind: 'name', name: 'deploy' } } });
    },
  );

  test.each(['deploy', 'team/deploy', 'x+y=z,1.a@b-c_d'])('may name the role alone: %s', async (name) => {
    expect((await roleOf(`a = ${name}`)).role.role).toEqual({ kind: 'name', name });
  });

  test('may hold every setting behind the role', async () => {
    const line =
      'a = deploy duration_seconds=900 role_session_name=nightly external_id=x:y/z region=us-east-1 source_profile=b';
    expect(await roleOf(`${line}\nb = deploy`)).toMatchObject({
      name: 'a',
      region: 'us-east-1',
      source: 'b',
      role: { durationSeconds: 900, sessionName: 'nightly', externalId: 'x:y/z' },
    });
  });

  test('may write them with hyphens, in any order and at any distance', async () => {
    const line = 'a = deploy\tsource-profile=b   external-id=x:y/z role-session-name=nightly  duration-seconds=900';
    expect(await roleOf(`${line}\nb = deploy`)).toMatchObject({
      source: 'b',
      role: { durationSeconds: 900, sessionName: 'nightly', externalId: 'x:y/z' },
    });
  });

  test('ends a setting at the next space, not at an equals sign', async () => {
    expect((await roleOf('a = deploy external_id=x=y= region=us-east-1')).role.externalId).toBe('x=y=');
  });

  test.each([
    ['the equals sign', 'staging deploy', `has in line 1 "staging deploy"; write ${FORM}`],
    ['the role', 'staging =', `has in line 1 "staging ="; write ${FORM}`],
    [
      'the profile',
      `= ${STAGING}`,
      'has in line 1 the profile ""; write up to 128 letters, digits and _@+.%:- (and no DEFAULT, __proto__ or constructor)',
    ],
  ])('needs %s', async (_, line, problem) => {
    expect(await problemsOf(line)).toEqual([`roles ${problem}`]);
  });

  test.each([
    'admin = external_id=abc123',
    'admin = external-id=abc123',
    'admin=region=us-east-1',
    'admin = source_profile=b role_session_name=nightly',
    'admin = duration-seconds=900 deploy',
  ])('needs the role before its settings, which are none: %s', async (line) => {
    expect(await problemsOf(line)).toEqual([`roles has in line 1 "${line}"; write ${FORM}`]);
  });

  test('may have a role whose name only looks like a setting', async () => {
    expect((await roleOf('a = external_identity=abc')).role.role).toEqual({
      kind: 'name',
      name: 'external_identity=abc',
    });
  });

  test.each([
    ['an unknown one', 'mfa_serial=x', '"mfa_serial=x"'],
    ['one in another case', 'Region=us-east-1', '"Region=us-east-1"'],
    ['one without a value', 'region=', '"region="'],
    ['one without an equals sign', 'region', '"region"'],
    ['one without a name', '=us-east-1', '"=us-east-1"'],
    ['one with spaces around the equals sign', 'region = us-east-1', '"region"'],
    ['a comment', '# the nightly one', '"#"'],
    ['what every object has', 'constructor=x', '"constructor=x"'],
  ])('holds no other settings: %s', async (_, settings, shown) => {
    expect(await problemsOf(`a = deploy ${settings}`)).toEqual([
      `roles has in line 1 ${shown}; after the role go duration_seconds, role_session_name, external_id, source_profile, region, each as key=value without spaces`,
    ]);
  });

  test.each(['region=us-east-1 region=us-east-1', 'source_profile=b source-profile=b'])(
    'holds each setting once: %s',
    async (settings) => {
      const [setting] = settings.split('=');
      expect(await problemsOf(`a = deploy ${settings}\nb = deploy`)).toEqual([
        `roles has in line 1 ${setting} twice; write it once`,
      ]);
    },
  );

  test('is told as a whole where it is a key in base64: a part of it would match no mask', async () => {
    const key = 'c2VhbGluZy1rZXktb2YtNDAtYnl0ZXMtaW4tYmFzZTY0LTAxMjM0NQ==';
    expect(await problemsOf(key)).toEqual([`roles has in line 1 "${key}"; write ${FORM}`]);
  });

  test('is told by its length where it is long: a piece of a secret would match no mask', async () => {
    const [problem = ''] = await problemsOf(`staging ${'x'.repeat(5000)}`);
    expect(problem).toBe(`roles has in line 1 a text of 5008 characters; write ${FORM}`);
  });
});

describe('the lines', () => {
  test('keep their order, and blank ones and comments between them are skipped', async () => {
    const text = `# many\n\nprod = ${PROD}\n   \n  # staging = nobody\n\tstaging = ${STAGING}\n#`;
    expect((await rolesOf(text)).map(({ name }) => name)).toEqual(['prod', 'staging']);
  });

  test('may end as on Windows', async () => {
    const text = `# many\r\n\r\nprod = ${PROD} region=us-east-1\r\nstaging = ${STAGING}\r\n`;
    expect((await rolesOf(text)).map(({ name, region }) => [name, region])).toEqual([
      ['prod', 'us-east-1'],
      ['staging', 'eu-central-1'],
    ]);
  });

  test('are counted in messages as they were written, with the blank ones and the comments', async () => {
    expect(await problemsOf('# many\n\na = deploy\nb\n')).toEqual([`roles has in line 4 "b"; write ${FORM}`]);
  });

  test.each(['#', '# a = deploy', '\n \n#\n'])('have to hold a role: %j is refused', async (text) => {
    expect(await problemsOf(text)).toEqual([`roles names no role; write ${FORM}, one a line`]);
  });

  test('are 200 at most: the post step has to take them all out again', async () => {
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, index) => `p${index} = deploy`).join('\n');
    expect(await rolesOf(`# many\n\n${lines(200)}`)).toHaveLength(200);
    expect(await problemsOf(lines(201))).toEqual([
      'roles has 201 roles; write 200 at most, and the others in a second step',
    ]);
  });

  test('may name one role for several profiles', async () => {
    expect(await rolesOf(`a = ${STAGING}\nb = ${STAGING} region=us-east-1`)).toHaveLength(2);
  });
});

describe('what a line leaves out', () => {
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

  test('and only that: what it says itself wins', async () => {
    const given = { 'role-duration-seconds': '1800', 'role-session-name': 'release', 'role-external-id': 'ours:1' };
    const own = 'duration_seconds=900 role_session_name=nightly external_id=theirs:2';
    const [first, second] = await rolesOf(`a = deploy ${own}\nb = deploy`, given);
    expect(first.role).toMatchObject({ durationSeconds: 900, sessionName: 'nightly', externalId: 'theirs:2' });
    expect(second?.role).toMatchObject({ durationSeconds: 1800, sessionName: 'release', externalId: 'ours:1' });
  });

  test('is wrong once, however many lines leave it out', async () => {
    expect(await problemsOf(`a = ${STAGING}\nb = ${PROD}`, { 'role-session-name': '?' })).toEqual([
      'role-session-name has 1 characters or one that STS refuses; write 2 to 64 letters, digits and _+=,.@-',
    ]);
  });
});

describe('the name of a profile', () => {
  test.each(['default', 'a', '1', 'x'.repeat(128), 'a_b@c+d.e%f:g-h', 'profile', '-'])('may be %s', async (name) => {
    expect((await roleOf(`${name} = deploy`)).name).toBe(name);
  });

  test.each([
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
  ])('may not be %s', async (name) => {
    expect(await problemsOf(`${name} = deploy`)).toEqual([
      `roles has in line 1 the profile ${name.length > 80 ? 'a text of 129 characters' : `"${name}"`}; write up to 128 letters, digits and _@+.%:- (and no DEFAULT, __proto__ or constructor)`,
    ]);
  });

  test('is given once', async () => {
    expect(await problemsOf(`a = ${STAGING}\nb = ${PROD}\na = ${STAGING}`)).toEqual([
      'roles names the profile "a" twice; give each role its own',
    ]);
  });

  test('is another one in another case, as AWS tools see it', async () => {
    expect((await rolesOf('a = deploy\nA = deploy')).map(({ name }) => name)).toEqual(['a', 'A']);
  });

  test('is not that of the session itself', async () => {
    expect(await problemsOf(`ci = ${STAGING}`, { 'aws-profile': 'ci' })).toEqual([
      'aws-profile is a profile of roles too; give the session itself another name, or leave it out',
    ]);
  });
});

describe('the source of a profile', () => {
  test('may stand below it or above it, and be the source of several', async () => {
    const text = 'c = deploy source_profile=b\nb = deploy source_profile=a\na = deploy\nd = deploy source_profile=b';
    expect((await rolesOf(text)).map(({ name, source }) => [name, source])).toEqual([
      ['c', 'b'],
      ['b', 'a'],
      ['a', undefined],
      ['d', 'b'],
    ]);
  });

  test('is a profile of the list', async () => {
    expect(await problemsOf('a = deploy source_profile=nobody')).toEqual([
      'roles says that a goes on from "nobody", which is no profile of roles',
    ]);
  });

  test('is not the profile of the session: a line without a source starts there anyway', async () => {
    expect(await problemsOf('a = deploy source_profile=ci', { 'aws-profile': 'ci' })).toEqual([
      'roles says that a goes on from "ci", which is no profile of roles',
    ]);
  });

  test('is not the profile itself', async () => {
    expect(await problemsOf('a = deploy source_profile=a')).toEqual([
      'roles says that a goes on from itself, by way of a; one has to start at the session',
    ]);
  });

  test.each([
    ['two', 'a = deploy source_profile=b\nb = deploy source_profile=a'],
    ['three', 'a = deploy source_profile=b\nb = deploy source_profile=c\nc = deploy source_profile=a'],
    ['two, beside one that is right', 'd = deploy\na = deploy source_profile=b\nb = deploy source_profile=a'],
  ])('is not one of a circle of %s', async (_, text) => {
    expect(await problemsOf(text)).toEqual([
      'roles says that a goes on from itself, by way of b; one has to start at the session',
    ]);
  });

  test('that leads into a circle is not said to be in it', async () => {
    const [problem, ...more] = await problemsOf(
      'd = deploy source_profile=a\na = deploy source_profile=b\nb = deploy source_profile=a',
    );
    expect(more).toEqual([]);
    expect(problem).not.toContain('d goes on from itself');
    expect(problem).toMatch(/says that [ab] goes on from itself/);
  });
});

// IAM user guide, "Role chaining".
describe('an hour is the most', () => {
  test.each([
    ['900', 900],
    ['3600', 3600],
    ['0900', 900],
  ])('in a line: %s is taken', async (text, seconds) => {
    expect((await roleOf(`a = deploy duration_seconds=${text}`)).role.durationSeconds).toBe(seconds);
  });

  test.each(['3601', '43200', '899', '0', '-900', '900.5', '1h', '1e3', '0x384', '９００', '9000000'])(
    'in a line: %s is refused',
    async (text) => {
      expect(await problemsOf(`a = deploy duration_seconds=${text}`)).toEqual([
        `roles has in line 1 duration_seconds="${text}"; write 900 to 3600: a role assumed with a session lasts an hour at most`,
      ]);
    },
  );

  test('by role-duration-seconds', async () => {
    expect(await problemsOf('a = deploy', { 'role-duration-seconds': '3601' })).toEqual([
      'role-duration-seconds is 3601; a role assumed with a session (mfa-session-first, role-chaining, sealed-session, roles) lasts 3600 seconds at most. For longer, assume it directly with the code',
    ]);
  });

  test('by role-duration-seconds too where no line leaves it out, since a later one might', async () => {
    expect(await problemsOf('a = deploy duration_seconds=900', { 'role-duration-seconds': '7200' })).toHaveLength(1);
  });

  test('in lines and by role-duration-seconds at once', async () => {
    const text = 'a = deploy duration_seconds=3601\nb = deploy\nc = deploy duration_seconds=7200';
    expect(
      (await problemsOf(text, { 'role-duration-seconds': '43200' })).map((problem) => problem.slice(0, 24)),
    ).toEqual(['role-duration-seconds is', 'roles has in line 1 dura', 'roles has in line 3 dura']);
  });
});

describe('the other settings', () => {
  test.each(['ab', 'x'.repeat(64), 'a_b+c=d,e.f@g-h'])('role_session_name may be %s', async (text) => {
    expect((await roleOf(`a = deploy role_session_name=${text}`)).role.sessionName).toBe(text);
  });

  test.each(['a', 'x'.repeat(65), 'a:b', 'a/b', 'müller'])('role_session_name may not be %s', async (text) => {
    expect(await problemsOf(`a = deploy role_session_name=${text}`)).toEqual([
      'roles has in line 1 a role_session_name that STS refuses; write 2 to 64 letters, digits and _+=,.@-',
    ]);
  });

  test.each(['ab', 'x'.repeat(1224), 'a_b+c=d,e.f@g:h/i-j'])('external_id may be %s', async (text) => {
    expect((await roleOf(`a = deploy external_id=${text}`)).role.externalId).toBe(text);
  });

  test.each(['a', 'x'.repeat(1225), 'a;b', 'é1'])('external_id may not be %s', async (text) => {
    expect(await problemsOf(`a = deploy external_id=${text}`)).toEqual([
      'roles has in line 1 an external_id that STS refuses; write 2 to 1224 letters, digits and _+=,.@:/-',
    ]);
  });

  test.each(['us-east-1', 'ap-southeast-2'])('region may be %s, of the same partition', async (region) => {
    expect((await roleOf(`a = deploy region=${region}`)).region).toBe(region);
  });

  test.each(['cn-north-1', 'us-gov-west-1', 'frankfurt', 'EU-WEST-1', 'eu-west-1a'])(
    'region may not be %s',
    async (region) => {
      expect(await problemsOf(`a = deploy region=${region}`)).toEqual([
        `roles has in line 1 region="${region}", which is no region of aws-region's partition`,
      ]);
    },
  );

  test.each([
    ['the ARN of a user', 'arn:aws:iam::222233334444:user/ci'],
    ['an ARN without a name', 'arn:aws:iam::222233334444:role/'],
    ['a name with a colon', 'team:deploy'],
  ])('the role may not be %s', async (_, role) => {
    expect(await problemsOf(`a = ${role}`)).toEqual([
      `roles has in line 1 a role that is "${role}"; write arn:PARTITION:iam::ACCOUNT:role/NAME or the role's name alone`,
    ]);
  });
});

describe('partitions', () => {
  const GOV = { ...CHAINED, 'role-to-assume': '', 'aws-region': 'us-gov-west-1' };

  test('may be another one, for all of it', async () => {
    const roles = 'a = arn:aws-us-gov:iam::222233334444:role/deploy region=us-gov-east-1\nb = deploy';
    expect((await requestOf({ ...GOV, roles })).roles).toMatchObject([
      { region: 'us-gov-east-1', role: { role: { partition: 'aws-us-gov' } } },
      { region: 'us-gov-west-1', role: { role: { name: 'deploy' } } },
    ]);
  });

  test('are not mixed: a role of another one is refused', async () => {
    expect(await problemsOf('a = arn:aws-cn:iam::222233334444:role/deploy')).toEqual([
      'roles has in line 1 a role that is in the partition aws-cn, and aws-region is in aws; no session of one reaches the other',
    ]);
  });

  test.each([
    ['missing', ''],
    ['no region', 'frankfurt'],
  ])('are not judged where aws-region is %s, which is a problem of its own', async (_, region) => {
    const line = 'a = arn:aws-cn:iam::222233334444:role/deploy region=cn-north-1';
    const problems = await problemsOf(line, { 'aws-region': region });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['aws-region']);
  });
});

describe('allowed-account-ids', () => {
  test('names every role that is in another account', async () => {
    const text = `a = ${STAGING}\nb = ${PROD}\nc = arn:aws:iam::444455556666:role/deploy`;
    expect(await problemsOf(text, { 'allowed-account-ids': '333344445555' })).toEqual([
      'roles has arn:aws:iam::222233334444:role/deploy, which is in the account 222233334444, which allowed-account-ids does not allow',
      'roles has arn:aws:iam::444455556666:role/deploy, which is in the account 444455556666, which allowed-account-ids does not allow',
    ]);
  });

  test('lets the others pass', async () => {
    const accounts = '222233334444, 333344445555';
    expect(await problemsOf(`a = ${STAGING}\nb = ${PROD}`, { 'allowed-account-ids': accounts })).toEqual([]);
  });

  test('refuses a role that is given by its name where the device is of another account', async () => {
    expect(await problemsOf('a = deploy', { 'allowed-account-ids': '333344445555' })).toEqual([
      'roles has deploy, which is, as a name, in the account 123456789012, which allowed-account-ids does not allow',
    ]);
  });

  test('is judged later for a role that is given by its name where no device tells the account', async () => {
    const given = { 'allowed-account-ids': '333344445555', 'mfa-serial': '' };
    expect(await problemsOf('a = deploy', given)).toEqual([]);
  });
});

describe('with roles', () => {
  const ROLES = `a = ${STAGING}`;

  test('the session itself is got with a code, and no role is its plan', async () => {
    expect((await requestOf({ ...WITH_SEED, roles: ROLES, 'session-duration-seconds': '900' })).plan).toMatchObject({
      kind: 'session',
      sessionSeconds: 900,
    });
  });

  test('the session may be that of an earlier step', async () => {
    expect((await requestOf({ ...CHAINED, 'role-to-assume': '', roles: ROLES })).plan).toEqual({ kind: 'environment' });
  });

  test('the session may be one that another job sealed', async () => {
    expect((await requestOf({ ...OPENING, roles: ROLES })).plan).toMatchObject({
      kind: 'sealed-session',
      role: undefined,
      fallback: undefined,
    });
  });

  test('no keys are exported, and no profile of the session is written, unless that is asked for', async () => {
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
    ['seal-session', { 'seal-session': 'true', 'sealing-key': SEALING_KEY }],
    ['special-characters-workaround', { 'special-characters-workaround': 'true' }],
    ['use-existing-credentials', { 'use-existing-credentials': 'true' }],
    ['overwrite-aws-profile', { 'overwrite-aws-profile': 'true' }],
    ['output-credentials', { 'output-credentials': 'true' }],
    ['list-buckets: false', { 'list-buckets': 'false' }],
  ])('go %s', async (_, given) => {
    expect(await problemsOf(ROLES, given)).toEqual([]);
  });

  test('role-to-assume does not go', async () => {
    expect(await problemsOf(ROLES, { 'role-to-assume': PROD })).toEqual([
      'role-to-assume is given together with roles; write it as a line of roles (other lines may go on from it with source_profile=…)',
    ]);
  });

  test.each([
    ['list-buckets', { 'list-buckets': 'true' }],
    ['expected-buckets', { 'expected-buckets': 'logs' }],
    ['expected-buckets', { 'expected-buckets': 'logs', 'list-buckets': 'false' }],
  ])('%s does not go: %o', async (input, given) => {
    expect(await problemsOf(ROLES, given)).toEqual([
      `${input} is given together with roles, and which of them should reach the buckets cannot be told; check in a later step, with aws --profile`,
    ]);
  });

  test.each(['role-chaining', 'sealed-session'])('and %s nothing that would make a code goes', async (kind) => {
    const base = kind === 'role-chaining' ? { ...CHAINED, 'role-to-assume': '' } : OPENING;
    const parsed = await parse({ ...base, roles: ROLES, 'mfa-code': '123456' });
    expect(!parsed.ok && parsed.problems.map(({ input }) => input)).toEqual(['mfa-code']);
  });
});

describe('everything that is wrong is told at once', () => {
  test('of several lines and other inputs', async () => {
    const text = `a = ${STAGING}\nb\nDEFAULT = deploy\nc = user:x\nd = deploy region=moon\ne = deploy f=g`;
    const given = { 'role-external-id': '?', 'role-to-assume': PROD, 'list-buckets': 'true', 'mfa-seed': '' };
    const problems = await problemsOf(text, given);
    expect(problems.map((problem) => /^[a-z-]+( has in line \d)?/.exec(problem)?.[0]).toSorted()).toEqual([
      'list-buckets',
      'mfa-seed',
      'role-external-id',
      'role-to-assume',
      'roles has in line 2',
      'roles has in line 3',
      'roles has in line 4',
      'roles has in line 5',
      'roles has in line 6',
    ]);
  });

  test.each([
    ['two names that come twice', 'a = deploy\nb = deploy\na = deploy\nb = deploy', ['"a"', '"b"']],
    [
      'two sources that are none',
      'a = deploy source_profile=x1\nb = deploy source_profile=x2\nc = deploy',
      ['"x1"', '"x2"'],
    ],
    ['a name that comes twice and a source that is none', 'a = deploy\na = deploy source_profile=x1', ['"a"', '"x1"']],
    [
      'two settings of one line',
      'a = deploy duration_seconds=1 region=moon',
      ['duration_seconds="1"', 'region="moon"'],
    ],
    ['a role and a setting of one line', 'a = user:x region=moon', ['"user:x"', 'region="moon"']],
    ['a line and a name that comes twice', 'a = deploy\na = deploy\nb', ['line 3', '"a"']],
  ])('of %s', async (_, text, shown) => {
    const problems = (await problemsOf(text)).join('\n');
    for (const one of shown) expect(problems).toContain(one);
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
  const surroundings = { region: findRegion('eu-central-1', PARTITIONS), partitions: PARTITIONS, facts: {} };

  function read(text: string) {
    const problems = problemList();
    const roles = readRoles(rawInputs({ roles: text }), surroundings, problems);
    return { roles, messages: problems.found.map(({ message }) => message) };
  }

  test('never throws, and each line is a profile, or a problem that names it, or skipped', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const meant = lines.filter((text) => text.trim() !== '' && !text.trim().startsWith('#'));
        const { roles, messages } = read(lines.join('\n'));
        // A line alone has no other to go on from, so that is no judgement of the line.
        const wrong = lines.flatMap((text, index) =>
          read(text).messages.some((message) => message.startsWith('has in line 1 ')) ? [index + 1] : [],
        );
        const told = messages.flatMap((message) => Number(/^has in line (\d+) /.exec(message)?.[1] ?? 0) || []);
        expect([...new Set(told)]).toEqual(wrong);
        expect(roles?.length ?? 0).toBe(messages.length === 0 ? meant.length : 0);
        expect(roles === undefined).toBe(messages.length > 0);
        for (const [index, profile] of (roles ?? []).entries()) {
          expect(meant[index]?.trim().startsWith(profile.name)).toBe(true);
          expect(profile.name).toMatch(/^[\w@+.%:-]{1,128}$/);
          expect(findRegion(profile.region, PARTITIONS)?.partition.id).toBe('aws');
          expect(profile.role.durationSeconds).toBeGreaterThanOrEqual(900);
          expect(profile.role.durationSeconds).toBeLessThanOrEqual(3600);
        }
        for (const message of messages) expect(message.length).toBeLessThan(500);
      }),
      { seed: 20_270_115, numRuns: 3000 },
    );
  });

  test('is made so that both kinds are common', () => {
    const samples = fc.sample(fc.array(line, { minLength: 1, maxLength: 6 }), { seed: 20_270_115, numRuns: 1000 });
    const right = samples.filter((lines) => read(lines.join('\n')).roles !== undefined).length;
    expect(right).toBeGreaterThan(50);
    expect(right).toBeLessThan(950);
  });
});
