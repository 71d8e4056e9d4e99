import { describe, expect, test } from '@jest/globals';
import { INPUT_NAMES, type InputName } from '../../../src/inputs/names.ts';
import { CHAINED, OPENING, WITH_SEED as PLAIN, parse, ROLE, SEALING_KEY, SEED, SERIAL } from '../../kit/requests.ts';

type Values = Partial<Record<InputName, string>>;

/** What becomes of inputs and of values from variables, each from the one of its name. */
async function read(given: Values, fromVariables: Values) {
  const names = INPUT_NAMES.filter((name) => fromVariables[name] !== undefined);
  const variables = Object.fromEntries(names.map((name) => [name, name.toUpperCase().replaceAll('-', '_')]));
  const parsed = await parse({ ...given, ...fromVariables, variables });
  return {
    request: parsed.ok ? parsed.request : undefined,
    problems: parsed.ok ? [] : parsed.problems.map(({ input, message }) => `${input} ${message}`),
    notes: parsed.notes.map(({ text }) => text),
  };
}

const KEYS = { 'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE', 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCY' };
const REGION = { 'aws-region': 'eu-central-1' };
const NO_ROLE = 'there is no role to assume';
const NO_CODE = 'role-chaining uses the session of an earlier step and sends no code';
const OWN_CODE = 'this step is given keys, a seed or a code of its own';

describe('a value from a variable yields where it does not fit:', () => {
  test.each<[string, Values, Values, string, readonly string[]]>([
    [
      'a seed and its serial with role-chaining',
      CHAINED,
      { 'mfa-seed': SEED, 'mfa-serial': SERIAL },
      'chained-role',
      [`MFA_SERIAL, MFA_SEED in the environment are ignored: ${NO_CODE}.`],
    ],
    [
      'all that mints, with role-chaining',
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
      'a seed with role-chaining, which is a variable as well',
      { ...REGION, 'role-to-assume': ROLE },
      { 'role-chaining': 'true', 'mfa-seed': SEED },
      'chained-role',
      [`MFA_SEED in the environment is ignored: ${NO_CODE}.`],
    ],
    [
      'role-chaining where the step has a seed',
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
      'overwriting and a place without a profile',
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
      "a role's duration that its session does not allow",
      { ...PLAIN, 'role-to-assume': ROLE, 'mfa-session-first': 'true' },
      { 'role-duration-seconds': '43200' },
      'role-after-session',
      [
        'ROLE_DURATION_SECONDS in the environment is ignored: a role assumed with a session lasts 3600 seconds at most.',
      ],
    ],
    [
      'the workaround where each attempt costs a code',
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'special-characters-workaround': 'true' },
      'role',
      ['SPECIAL_CHARACTERS_WORKAROUND in the environment is ignored: each attempt would cost a code.'],
    ],
    [
      'a seed and a pool where the step has a code',
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
      'a sealed session where the step has a seed',
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
      'a sealing key in a step that seals nothing, even if it is none',
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
      'what is not used, however wrong it is',
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

  test('what is off anyway is no matter for a note', async () => {
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
      'a sealed session beside a seed, with the fallback',
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

describe('a restriction never yields, and is told by the name of its variable:', () => {
  test.each<[string, Values, Values, readonly string[]]>([
    [
      'session policies and a source identity without a role',
      PLAIN,
      {
        'inline-session-policy': '{"Statement":[]}',
        'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        'role-source-identity': 'octocat',
      },
      [
        'ROLE_SOURCE_IDENTITY is given without role-to-assume, and a session token takes no such thing. Give a role, or leave it out',
        'INLINE_SESSION_POLICY is given without role-to-assume, and a session token takes no such thing. Give a role, or leave it out',
        'MANAGED_SESSION_POLICIES is given without role-to-assume, and a session token takes no such thing. Give a role, or leave it out',
      ],
    ],
    [
      'allowed accounts that are none',
      PLAIN,
      { 'allowed-account-ids': ',' },
      ['ALLOWED_ACCOUNT_IDS names no account, so it would allow every one; write account IDs, or leave it out'],
    ],
    [
      'allowed accounts of others',
      PLAIN,
      { 'allowed-account-ids': '999999999999' },
      ['mfa-serial is in the account 123456789012, which ALLOWED_ACCOUNT_IDS does not allow'],
    ],
  ])('%s', async (_, given, fromVariables, expected) => {
    expect((await read(given, fromVariables)).problems).toEqual(expected);
  });
});

describe('a value from a variable that is used and wrong is told by the name of its variable:', () => {
  test.each<[string, Values, Values, string]>([
    [
      'the region',
      { ...PLAIN, 'aws-region': '' },
      { 'aws-region': 'nowhere' },
      'AWS_REGION is "nowhere", which is no region of any AWS partition; write for instance eu-central-1, us-gov-west-1 or cn-north-1',
    ],
    [
      'the region, by which a serial is judged',
      { ...PLAIN, 'aws-region': '' },
      { 'aws-region': 'cn-north-1' },
      "mfa-serial is in the partition aws, and AWS_REGION is in aws-cn; write a region of the account's own partition",
    ],
    [
      'the region, by which a role is judged',
      { ...CHAINED, 'aws-region': '' },
      { 'aws-region': 'cn-north-1' },
      'role-to-assume is in the partition aws, and AWS_REGION is in aws-cn; no session of one reaches the other',
    ],
    [
      'the region, by which a policy is judged',
      {
        ...CHAINED,
        'aws-region': '',
        'role-to-assume': 'deploy',
        'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      },
      { 'aws-region': 'cn-north-1' },
      'managed-session-policies has "arn:aws:iam::aws:policy/ReadOnlyAccess", of another partition than AWS_REGION\'s aws-cn',
    ],
    [
      'the region, by which roles and their regions are judged',
      { ...PLAIN, 'aws-region': '', 'mfa-serial': 'GAHT12345678', roles: 'a = deploy region=us-east-1' },
      { 'aws-region': 'cn-north-1' },
      'roles has in line 1 region="us-east-1", which is no region of AWS_REGION\'s partition',
    ],
    ['a switch', PLAIN, { 'output-credentials': 'yes' }, 'OUTPUT_CREDENTIALS is "yes"; write true or false'],
    [
      'a number',
      { ...PLAIN, 'role-to-assume': ROLE },
      { 'role-duration-seconds': 'an hour' },
      'ROLE_DURATION_SECONDS is "an hour"; write a whole number of seconds from 900 to 43200',
    ],
    [
      'two sources of codes, neither of which the step chose',
      { ...REGION, ...KEYS },
      { 'mfa-seed': SEED, 'mfa-code': '123456' },
      'MFA_SEED is given together with MFA_CODE; give one of mfa-seed, mfa-code and mfa-devices',
    ],
    [
      'a key where a sealed session was lost on its way',
      REGION,
      { 'sealing-key': 'hunter2' },
      'SEALING_KEY has 5 bytes; write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them',
    ],
  ])('%s', async (_, given, fromVariables, problem) => {
    expect((await read(given, fromVariables)).problems).toEqual([problem]);
  });
});
