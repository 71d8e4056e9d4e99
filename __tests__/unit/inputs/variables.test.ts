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
    notes: parsed.notes.map(({ text }) => text),
  };
}

const KEYS = { 'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE', 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCY' };
const REGION = { 'aws-region': 'eu-central-1' };
const NO_ROLE = 'there is no role to assume';
const NO_CODE = 'role-chaining uses the session of an earlier step and sends no code';
const OWN_CODE = 'this step is given keys, a seed or a code of its own';

describe('a value from a variable is ignored if it doesn’t fit:', () => {
  test.each<[string, Values, Values, string, readonly string[]]>([
    [
      'a seed and its serial with role-chaining',
      CHAINED,
      { 'mfa-seed': SEED, 'mfa-serial': SERIAL },
      'chained-role',
      [`MFA_SERIAL, MFA_SEED in the environment are ignored: ${NO_CODE}.`],
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
        `MFA_CODE, MFA_DEVICES, MFA_SLOT, SESSION_DURATION_SECONDS, MFA_SESSION_FIRST, MFA_MAX_WAIT_SECONDS in the environment are ignored: ${NO_CODE}.`,
      ],
    ],
    [
      'a seed with role-chaining from a variable',
      { ...REGION, 'role-to-assume': ROLE },
      { 'role-chaining': 'true', 'mfa-seed': SEED },
      'chained-role',
      [`MFA_SEED in the environment is ignored: ${NO_CODE}.`],
    ],
    [
      'role-chaining if the step has a seed',
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'role-chaining': 'true' },
      'role',
      [`ROLE_CHAINING in the environment is ignored: ${OWN_CODE}.`],
    ],
    [
      'role-chaining without a role',
      PLAIN,
      { 'role-chaining': 'true' },
      'session',
      [`ROLE_CHAINING in the environment is ignored: ${NO_ROLE}.`],
    ],
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
        `ROLE_DURATION_SECONDS, ROLE_SESSION_NAME, ROLE_EXTERNAL_ID, CUSTOM_TAGS, TRANSITIVE_TAG_KEYS, MFA_SESSION_FIRST, SPECIAL_CHARACTERS_WORKAROUND in the environment are ignored: ${NO_ROLE}.`,
      ],
    ],
    [
      'how to write profiles, without a profile',
      PLAIN,
      { 'overwrite-aws-profile': 'true', 'profiles-location': 'temp' },
      'session',
      ['PROFILES_LOCATION, OVERWRITE_AWS_PROFILE in the environment are ignored: no profile is written.'],
    ],
    [
      "a session's duration with a role",
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'session-duration-seconds': '900' },
      'role',
      ['SESSION_DURATION_SECONDS in the environment is ignored: a role takes role-duration-seconds.'],
    ],
    [
      "a role's duration that is too long for its session",
      { ...PLAIN, 'role-to-assume': ROLE, 'mfa-session-first': 'true' },
      { 'role-duration-seconds': '43200' },
      'role-after-session',
      [
        'ROLE_DURATION_SECONDS in the environment is ignored: a role assumed with a session lasts 3600 seconds at most.',
      ],
    ],
    [
      'the workaround if each attempt costs a code',
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'special-characters-workaround': 'true' },
      'role',
      ['SPECIAL_CHARACTERS_WORKAROUND in the environment is ignored: each attempt would cost a code.'],
    ],
    [
      'a seed and a pool if the step has a code',
      { ...REGION, ...KEYS, 'mfa-serial': SERIAL, 'mfa-code': '123456' },
      { 'mfa-seed': SEED, 'mfa-devices': `${SERIAL} ${SEED}`, 'mfa-slot': '0/2', 'mfa-max-wait-seconds': 'x' },
      'session',
      [
        'MFA_SEED, MFA_DEVICES in the environment are ignored: this step is given a code or a seed of its own.',
        'MFA_SLOT, MFA_MAX_WAIT_SECONDS in the environment are ignored: mfa-code is one code, and is sent at once.',
      ],
    ],
    [
      'a serial with a pool',
      { ...REGION, ...KEYS, 'mfa-devices': `${SERIAL} ${SEED}` },
      { 'mfa-serial': SERIAL },
      'session',
      ['MFA_SERIAL in the environment is ignored: mfa-devices names its own serials.'],
    ],
    [
      'a role and a bucket check with many roles',
      { ...PLAIN, roles: 'a = deploy' },
      { 'role-to-assume': ROLE, 'list-buckets': 'true', 'expected-buckets': 'logs' },
      'session',
      [
        'ROLE_TO_ASSUME in the environment is ignored: roles names the roles to assume.',
        'LIST_BUCKETS, EXPECTED_BUCKETS in the environment are ignored: it is not known which of roles should reach the buckets.',
      ],
    ],
    [
      'a seed with a sealed session',
      OPENING,
      { 'mfa-seed': SEED, 'mfa-serial': SERIAL, 'use-existing-credentials': 'true' },
      'sealed-session',
      [
        'USE_EXISTING_CREDENTIALS in the environment is ignored: this step opens a sealed session.',
        'MFA_SERIAL, MFA_SEED in the environment are ignored: a sealed session needs no code.',
      ],
    ],
    [
      'a sealed session if the step has a seed',
      PLAIN,
      { 'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g', 'sealing-key': SEALING_KEY, 'sealed-session-scope': 'run' },
      'session',
      [
        `SEALED_SESSION in the environment is ignored: ${OWN_CODE}.`,
        'SEALING_KEY, SEALED_SESSION_SCOPE in the environment are ignored: no session is to be sealed or opened.',
      ],
    ],
    [
      'a sealed session with role-chaining',
      CHAINED,
      { 'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g', 'sealing-key': SEALING_KEY },
      'chained-role',
      [
        'SEALED_SESSION in the environment is ignored: role-chaining uses the session in the environment.',
        'SEALING_KEY in the environment is ignored: no session is to be sealed or opened.',
      ],
    ],
    [
      'role-chaining with a sealed session',
      { ...OPENING, 'role-to-assume': ROLE },
      { 'role-chaining': 'true' },
      'sealed-session',
      ['ROLE_CHAINING in the environment is ignored: this step is given a sealed session.'],
    ],
    [
      'a sealing key in a step that seals nothing, even if it is wrong',
      PLAIN,
      { 'sealing-key': 'hunter2' },
      'session',
      ['SEALING_KEY in the environment is ignored: no session is to be sealed or opened.'],
    ],
    [
      'a fallback without a key',
      PLAIN,
      { 'sealed-session-fallback': 'true' },
      'session',
      ['SEALED_SESSION_FALLBACK in the environment is ignored: no session is to be opened.'],
    ],
    [
      'anything that isn’t used, even if it is wrong',
      { ...PLAIN, 'disable-retry': 'true' },
      { 'minimum-remaining-seconds': 'x', 'retry-max-attempts': 'x', 'role-session-name': '?', 'role-chaining': 'yes' },
      'session',
      [
        `ROLE_CHAINING in the environment is ignored: ${NO_ROLE}.`,
        `ROLE_SESSION_NAME in the environment is ignored: ${NO_ROLE}.`,
        'MINIMUM_REMAINING_SECONDS in the environment is ignored: no existing session is used.',
        'RETRY_MAX_ATTEMPTS in the environment is ignored: disable-retry is true.',
      ],
    ],
  ])('%s', async (_, given, fromVariables, kind, notes) => {
    const { request, problems, notes: told } = await read(given, fromVariables);
    expect(problems).toEqual([]);
    expect(request?.plan.kind).toBe(kind);
    expect(told).toEqual(notes);
  });

  test('without a note if it is false', async () => {
    const { notes, problems } = await read(PLAIN, { 'role-chaining': 'false', 'mfa-session-first': 'False' });
    expect({ notes, problems }).toEqual({ notes: [], problems: [] });
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
    const { request, problems, notes } = await read(given, fromVariables);
    expect({ problems, notes }).toEqual({ problems: [], notes: [] });
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
