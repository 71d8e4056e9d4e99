import { describe, expect, test } from '@jest/globals';
import { INPUT_NAMES, type InputName } from '../../../src/inputs/names.ts';
import { listed } from '../../kit/raw-inputs.ts';
import { CHAINED, OPENING, WITH_SEED as PLAIN, parse, ROLE, SEALING_KEY, SEED, SERIAL } from '../../kit/requests.ts';

type Values = Partial<Record<InputName, string>>;

/** Reads inputs and values from variables, each from the variable of its name. */
async function read(given: Values, fromVariables: Values) {
  const names = INPUT_NAMES.filter((name) => fromVariables[name] !== undefined);
  const variables = Object.fromEntries(names.map((name) => [name, name.toUpperCase().replaceAll('-', '_')]));
  const parsed = await parse({ ...given, ...fromVariables, variables });
  return {
    request: parsed.ok ? parsed.request : undefined,
    problems: parsed.ok ? [] : listed(parsed.problems),
    notices: parsed.notices,
  };
}

const KEYS = { 'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE', 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCY' };
const REGION = { 'aws-region': 'eu-central-1' };
describe('a value from a variable is ignored if it doesn’t fit:', () => {
  test.each<[string, Values, Values, string, readonly (readonly string[])[]]>([
    [
      'a seed and its serial with role-chaining',
      CHAINED,
      { 'mfa-seed': SEED, 'mfa-serial': SERIAL },
      'chained-role',
      [['MFA_SERIAL', 'MFA_SEED', 'role-chaining-without-code']],
    ],
    [
      'everything for a code, with role-chaining',
      CHAINED,
      {
        'mfa-devices': `${SERIAL} ${SEED}`,
        'mfa-code': '123456',
        'mfa-slot': '0/2',
        'mfa-max-wait-seconds': 'x',
        'mfa-session-first': 'true',
        'session-duration-seconds': '900',
      },
      'chained-role',
      [
        [
          'MFA_CODE',
          'MFA_DEVICES',
          'MFA_SLOT',
          'SESSION_DURATION_SECONDS',
          'MFA_SESSION_FIRST',
          'MFA_MAX_WAIT_SECONDS',
          'role-chaining-without-code',
        ],
      ],
    ],
    [
      'a seed with role-chaining from a variable',
      { ...REGION, 'role-to-assume': ROLE },
      { 'role-chaining': 'true', 'mfa-seed': SEED },
      'chained-role',
      [['MFA_SEED', 'role-chaining-without-code']],
    ],
    [
      'role-chaining if the step has a seed',
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'role-chaining': 'true' },
      'role',
      [['ROLE_CHAINING', 'own-code-inputs']],
    ],
    ['role-chaining without a role', PLAIN, { 'role-chaining': 'true' }, 'session', [['ROLE_CHAINING', 'no-role']]],
    [
      'a session name, a duration and the rest of a role without one',
      PLAIN,
      {
        'role-session-name': 'ci',
        'role-duration-seconds': '900',
        'role-external-id': 'abc',
        'custom-tags': '{"Team":"blue"}',
        'transitive-tag-keys': 'Team',
        'mfa-session-first': 'true',
        'special-characters-workaround': 'true',
      },
      'session',
      [
        [
          'ROLE_DURATION_SECONDS',
          'ROLE_SESSION_NAME',
          'ROLE_EXTERNAL_ID',
          'CUSTOM_TAGS',
          'TRANSITIVE_TAG_KEYS',
          'MFA_SESSION_FIRST',
          'SPECIAL_CHARACTERS_WORKAROUND',
          'no-role',
        ],
      ],
    ],
    [
      'how to write profiles, without a profile',
      PLAIN,
      { 'overwrite-aws-profile': 'true', 'profiles-location': 'temp' },
      'session',
      [['PROFILES_LOCATION', 'OVERWRITE_AWS_PROFILE', 'no-profile']],
    ],
    [
      "a session's duration with a role",
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'session-duration-seconds': '900' },
      'role',
      [['SESSION_DURATION_SECONDS', 'role-duration']],
    ],
    [
      "a role's duration that is too long for its session",
      { ...PLAIN, 'role-to-assume': ROLE, 'mfa-session-first': 'true' },
      { 'role-duration-seconds': '43200' },
      'role-after-session',
      [['ROLE_DURATION_SECONDS', 'role-chaining-cap']],
    ],
    [
      'the workaround if each attempt costs a code',
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'special-characters-workaround': 'true' },
      'role',
      [['SPECIAL_CHARACTERS_WORKAROUND', 'repeat-costs-code']],
    ],
    [
      'a seed and a pool if the step has a code',
      { ...REGION, ...KEYS, 'mfa-serial': SERIAL, 'mfa-code': '123456' },
      { 'mfa-seed': SEED, 'mfa-devices': `${SERIAL} ${SEED}`, 'mfa-slot': '0/2', 'mfa-max-wait-seconds': 'x' },
      'session',
      [
        ['MFA_SEED', 'MFA_DEVICES', 'own-code'],
        ['MFA_SLOT', 'MFA_MAX_WAIT_SECONDS', 'single-code'],
      ],
    ],
    [
      'a key pair if the step has a key',
      PLAIN,
      { 'aws-access-key': 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCY' },
      'session',
      [['AWS_ACCESS_KEY', 'own-key']],
    ],
    [
      'a serial with a pool',
      { ...REGION, ...KEYS, 'mfa-devices': `${SERIAL} ${SEED}` },
      { 'mfa-serial': SERIAL },
      'session',
      [['MFA_SERIAL', 'pool-has-serials']],
    ],
    [
      'a role and a bucket check with many roles',
      { ...PLAIN, roles: 'a = deploy' },
      { 'role-to-assume': ROLE, 'list-buckets': 'true', 'expected-buckets': 'logs' },
      'session',
      [
        ['ROLE_TO_ASSUME', 'roles-names-roles'],
        ['LIST_BUCKETS', 'EXPECTED_BUCKETS', 'buckets-of-roles'],
      ],
    ],
    [
      'a seed with a sealed session',
      OPENING,
      { 'mfa-seed': SEED, 'mfa-serial': SERIAL, 'use-existing-credentials': 'true' },
      'sealed-session',
      [
        ['USE_EXISTING_CREDENTIALS', 'opens-session'],
        ['MFA_SERIAL', 'MFA_SEED', 'sealed-session-without-code'],
      ],
    ],
    [
      'a sealed session if the step has a seed',
      PLAIN,
      { 'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g', 'sealing-key': SEALING_KEY, 'sealed-session-scope': 'run' },
      'session',
      [
        ['SEALED_SESSION', 'own-code-inputs'],
        ['SEALING_KEY', 'SEALED_SESSION_SCOPE', 'nothing-sealed'],
      ],
    ],
    [
      'a sealed session with role-chaining',
      CHAINED,
      { 'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g', 'sealing-key': SEALING_KEY },
      'chained-role',
      [
        ['SEALED_SESSION', 'role-chaining-has-session'],
        ['SEALING_KEY', 'nothing-sealed'],
      ],
    ],
    [
      'role-chaining with a sealed session',
      { ...OPENING, 'role-to-assume': ROLE },
      { 'role-chaining': 'true' },
      'sealed-session',
      [['ROLE_CHAINING', 'own-sealed-session']],
    ],
    [
      'a sealing key in a step that seals nothing, even if it is wrong',
      PLAIN,
      { 'sealing-key': 'hunter2' },
      'session',
      [['SEALING_KEY', 'nothing-sealed']],
    ],
    [
      'a fallback without a key',
      PLAIN,
      { 'sealed-session-fallback': 'true' },
      'session',
      [['SEALED_SESSION_FALLBACK', 'nothing-opened']],
    ],
    [
      'anything that isn’t used, even if it is wrong',
      { ...PLAIN, 'disable-retry': 'true' },
      { 'minimum-remaining-seconds': 'x', 'retry-max-attempts': 'x', 'role-session-name': '?', 'role-chaining': 'yes' },
      'session',
      [
        ['ROLE_CHAINING', 'no-role'],
        ['ROLE_SESSION_NAME', 'no-role'],
        ['MINIMUM_REMAINING_SECONDS', 'no-existing-session'],
        ['RETRY_MAX_ATTEMPTS', 'no-retries'],
      ],
    ],
  ])('%s', async (_, given, fromVariables, kind, ignored) => {
    const { request, problems, notices } = await read(given, fromVariables);
    expect(problems).toEqual([]);
    expect(request?.plan.kind).toBe(kind);
    const expected = ignored.map((names) => ({
      kind: 'variables-ignored',
      variables: names.slice(0, -1),
      because: names.at(-1),
    }));
    expect(notices).toEqual(expected);
  });

  test('without a note if it is false', async () => {
    const { notices, problems } = await read(PLAIN, { 'role-chaining': 'false', 'mfa-session-first': 'False' });
    expect({ notices, problems }).toEqual({ notices: [], problems: [] });
  });
});

describe('a value from a variable that fits is used like an input:', () => {
  test.each<[string, Values, Values, string]>([
    ['a seed', { ...REGION, ...KEYS }, { 'mfa-seed': SEED, 'mfa-serial': SERIAL }, 'session'],
    ['a role and its terms', PLAIN, { 'role-to-assume': ROLE, 'role-session-name': 'ci' }, 'role'],
    ['role-chaining', { ...REGION, 'role-to-assume': ROLE }, { 'role-chaining': 'true' }, 'chained-role'],
    [
      'a sealed session and its key',
      REGION,
      { 'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g', 'sealing-key': SEALING_KEY },
      'sealed-session',
    ],
    [
      'a sealed session next to a seed, with the fallback',
      PLAIN,
      { 'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g', 'sealing-key': SEALING_KEY, 'sealed-session-fallback': 'true' },
      'sealed-session',
    ],
    ['a key to seal with', { ...PLAIN, 'seal-session': 'true' }, { 'sealing-key': SEALING_KEY }, 'session'],
  ])('%s', async (_, given, fromVariables, kind) => {
    const { request, problems, notices } = await read(given, fromVariables);
    expect({ problems, notices }).toEqual({ problems: [], notices: [] });
    expect(request?.plan.kind).toBe(kind);
  });
});

const WITHOUT_ROLE = { any: ['role-to-assume'] };

test.each<[string, Values, Values, readonly unknown[]]>([
  [
    'session policies and a source identity without a role',
    PLAIN,
    {
      'inline-session-policy': '{"Statement":[]}',
      'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      'role-source-identity': 'octocat',
    },
    [
      ['role-source-identity', 'only-with', WITHOUT_ROLE],
      ['inline-session-policy', 'only-with', WITHOUT_ROLE],
      ['managed-session-policies', 'only-with', WITHOUT_ROLE],
    ],
  ],
  ['no allowed account', PLAIN, { 'allowed-account-ids': ',' }, [['allowed-account-ids', 'list-empty', {}]]],
  [
    'other allowed accounts',
    PLAIN,
    { 'allowed-account-ids': '999999999999' },
    [['mfa-serial', 'account-not-allowed', { account: '123456789012' }]],
  ],
])('a restriction from a variable is never ignored: %s', async (_, given, fromVariables, expected) => {
  expect((await read(given, fromVariables)).problems).toEqual(expected);
});

test.each<[string, Values, Values, readonly unknown[]]>([
  ['a boolean', PLAIN, { 'output-credentials': 'yes' }, ['output-credentials', 'not-boolean', { value: 'yes' }]],
  [
    'two sources of codes, neither of which the step chose',
    { ...REGION, ...KEYS },
    { 'mfa-seed': SEED, 'mfa-code': '123456' },
    ['mfa-seed', 'one-of', { others: ['mfa-code'], all: ['mfa-seed', 'mfa-code', 'mfa-devices'] }],
  ],
  [
    'a key if a sealed session was lost on its way',
    REGION,
    { 'sealing-key': 'hunter2' },
    ['sealing-key', 'sealing-key', { reason: 'short', bytes: 5 }],
  ],
])('a value from a variable that is used and wrong is a problem: %s', async (_, given, fromVariables, problem) => {
  expect((await read(given, fromVariables)).problems).toEqual([problem]);
});
