import { describe, expect, test } from '@jest/globals';
import { INPUT_NAMES, type InputName, type RawInputs } from '../../../src/inputs/names.ts';
import { OPENING, parse, problemsOf, ROLE, requestOf, WITH_SEED } from '../../kit/requests.ts';

const RENEW = { ...WITH_SEED, renew: 'true', 'role-to-assume': ROLE } as const;
const MANY = { ...WITH_SEED, renew: 'true', roles: `staging = ${ROLE}` } as const;
type Given = Partial<RawInputs>;

describe('renewal', () => {
  test('takes a session for the longest hosted job, as far as the inputs say nothing else, and a role for an hour', async () => {
    for (const inputs of [RENEW, MANY]) {
      const { plan, roles, exports } = await requestOf(inputs);
      expect(plan).toMatchObject({ kind: 'session', sessionSeconds: 21_600 });
      expect(roles).toEqual([expect.objectContaining({ role: expect.objectContaining({ durationSeconds: 3600 }) })]);
      expect(exports).toMatchObject({
        environment: false,
        outputs: false,
        profile: undefined,
        profilesLocation: 'temp',
      });
    }
    const given = { 'session-duration-seconds': '129600', 'profiles-location': 'home', 'role-duration-seconds': '900' };
    const { plan, roles, exports } = await requestOf({ ...RENEW, ...given });
    expect([plan, exports]).toMatchObject([{ sessionSeconds: 129_600 }, { profilesLocation: 'home' }]);
    expect(roles?.[0]?.role.durationSeconds).toBe(900);
  });

  test.each<[Given, object, readonly string[]]>([
    [RENEW, { sessionProfile: 'deploy-mfa-session', selected: 'deploy' }, ['deploy']],
    [{ ...RENEW, 'role-to-assume': 'x' }, { sessionProfile: 'x-mfa-session', selected: 'x' }, ['x']],
    [
      { ...RENEW, 'role-to-assume': 'arn:aws:iam::123456789012:role/team/a' },
      { sessionProfile: 'a-mfa-session', selected: 'a' },
      ['a'],
    ],
    [{ ...RENEW, 'aws-profile': 'own' }, { sessionProfile: 'own-mfa-session', selected: 'own' }, ['own']],
    [MANY, { sessionProfile: 'mfa-session', selected: undefined }, ['staging']],
    [{ ...MANY, 'aws-profile': 'own' }, { sessionProfile: 'own', selected: undefined }, ['staging']],
  ])('of %j has these names', async (given, renewal, names) => {
    const request = await requestOf(given);
    expect(request.renewal).toEqual(renewal);
    expect(request.roles?.map(({ name }) => name)).toEqual(names);
  });

  test('is without the tags of the run, which is a notice unless they were off', async () => {
    for (const inputs of [RENEW, MANY]) {
      expect((await requestOf(inputs)).roles?.map(({ role }) => role.sessionTags)).toEqual([undefined]);
      expect((await parse(inputs)).notices).toEqual([{ kind: 'tags-not-renewed' }]);
      expect((await parse({ ...inputs, 'role-skip-session-tagging': 'true' })).notices).toEqual([]);
    }
  });

  test.each<[InputName, string]>([
    ['custom-tags', '{"a":"b"}'],
    ['role-source-identity', 'me'],
    ['inline-session-policy', '{"Version":"2012-10-17","Statement":[]}'],
    ['managed-session-policies', 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
    ['special-characters-workaround', 'true'],
    ['output-env-credentials', 'true'],
    ['output-credentials', 'true'],
  ])('refuses %s', async (input, value) => {
    const problem = input.startsWith('output') ? ['conflict', { with: 'renew' }] : ['not-in-profile', {}];
    for (const inputs of [RENEW, MANY])
      expect(await problemsOf({ ...inputs, [input]: value })).toEqual([[input, ...problem]]);
  });

  test.each<[string, Given, readonly (readonly unknown[])[]]>([
    [
      'transitive tags',
      { ...RENEW, 'custom-tags': '{"a":"b"}', 'transitive-tag-keys': 'a' },
      [
        ['custom-tags', 'not-in-profile', {}],
        ['transitive-tag-keys', 'not-in-profile', {}],
      ],
    ],
    ['no role', { ...WITH_SEED, renew: 'true' }, [['renew', 'only-with', { any: ['role-to-assume', 'roles'] }]]],
    ['both kinds of roles', { ...RENEW, roles: MANY.roles }, [['role-to-assume', 'conflict', { with: 'roles' }]]],
    [
      'a role whose name is no profile',
      { ...RENEW, 'role-to-assume': 'a,b=c' },
      [['aws-profile', 'role-as-name', { value: 'a,b=c' }]],
    ],
    [
      'a role called DEFAULT',
      { ...RENEW, 'role-to-assume': 'DEFAULT' },
      [['aws-profile', 'role-as-name', { value: 'DEFAULT' }]],
    ],
    [
      'a profile that is not one',
      { ...RENEW, 'aws-profile': 'a b' },
      [['aws-profile', 'profile-name', { value: 'a b' }]],
    ],
    [
      'the name of the session',
      { ...MANY, roles: `mfa-session = ${ROLE}` },
      [['roles', 'profile-of-session', { value: 'mfa-session' }]],
    ],
    ['a name that both have', { ...MANY, 'aws-profile': 'staging' }, [['aws-profile', 'profile-of-roles', {}]]],
    [
      'a role for more than an hour',
      { ...RENEW, 'role-duration-seconds': '3601' },
      [['role-duration-seconds', 'duration-over-cap', expect.anything()]],
    ],
    [
      'another account',
      { ...RENEW, 'allowed-account-ids': '111122223333' },
      [['role-to-assume', 'account-not-allowed', { account: '123456789012' }]],
    ],
    ['a switch that is none', { ...RENEW, renew: 'yes' }, [['renew', 'not-boolean', { value: 'yes' }]]],
  ])('refuses %s', async (_, given, problems) => {
    expect(await problemsOf(given)).toEqual(problems);
  });

  test.each<[string, Given]>([
    [
      'switches that are off',
      { 'special-characters-workaround': 'false', 'output-credentials': 'false', 'output-env-credentials': 'false' },
    ],
    [
      'the account of the role alone',
      { 'role-to-assume': 'arn:aws:iam::444455556666:role/x', 'allowed-account-ids': '444455556666' },
    ],
    ['a bucket check of the one role', { 'list-buckets': 'true' }],
    ['mfa-session-first, which it does anyway', { 'mfa-session-first': 'true' }],
    ['an external ID', { 'role-external-id': 'xy' }],
  ])('goes with %s', async (_, given) => {
    expect(await problemsOf({ ...RENEW, ...given })).toEqual([]);
  });

  test('has a session that was sealed', async () => {
    const { plan } = await requestOf({ ...OPENING, renew: 'true', 'role-to-assume': ROLE });
    expect(plan).toMatchObject({ kind: 'sealed-session', role: undefined });
  });

  test('ignores tags and the workaround from variables', async () => {
    const values = { 'custom-tags': '{"a":"b"}', 'special-characters-workaround': 'true' } as const;
    const names = INPUT_NAMES.filter((name) => name in values);
    const variables = Object.fromEntries(names.map((name) => [name, name.toUpperCase().replaceAll('-', '_')]));
    const { ok, notices } = await parse({ ...RENEW, ...values, variables });
    expect(ok).toBe(true);
    expect(notices).toContainEqual(expect.objectContaining({ because: 'not-in-profile' }));
  });
});
