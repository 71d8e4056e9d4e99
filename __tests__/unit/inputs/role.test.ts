import { describe, expect, test } from '@jest/globals';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { readRole, refuseRoleInputs } from '../../../src/inputs/role.ts';
import { problemList, rawInputs } from '../../kit/raw-inputs.ts';

const ARN = 'arn:aws:iam::123456789012:role/deploy';
const DIRECT = { partition: 'aws', chained: false, facts: {}, plainSecretOnly: false };
const CHAINED = { ...DIRECT, chained: true };

function read(given: Partial<RawInputs>, setting: Parameters<typeof readRole>[1] = DIRECT) {
  const problems = problemList();
  const role = readRole(rawInputs({ 'role-to-assume': ARN, ...given }), setting, problems);
  return { role, problems };
}

describe('a role', () => {
  test('is given by its ARN', () => {
    const { role, problems } = read({});
    expect(problems.found).toEqual([]);
    expect(role?.role).toEqual({ kind: 'arn', arn: ARN, partition: 'aws', account: '123456789012' });
  });

  test.each([
    ['with a path', 'arn:aws:iam::123456789012:role/team/a/deploy'],
    ['with every character that a name may have', 'arn:aws:iam::123456789012:role/a_b+c=d,e.f@g-h'],
  ])('is given by its ARN %s', (_, arn) => {
    expect(read({ 'role-to-assume': arn }).role?.role).toMatchObject({ kind: 'arn', arn });
  });

  test.each(['deploy', 'team/deploy', 'a_b+c=d,e.f@g-h'])('is given by its name alone: %s', (name) => {
    expect(read({ 'role-to-assume': name }).role?.role).toEqual({ kind: 'name', name });
  });

  test.each([
    ['the ARN of a user', 'arn:aws:iam::123456789012:user/deploy'],
    ['the ARN of a session', 'arn:aws:sts::123456789012:assumed-role/deploy/x'],
    ['an account of eleven digits', 'arn:aws:iam::12345678901:role/deploy'],
    ['an ARN without a name', 'arn:aws:iam::123456789012:role/'],
    ['an ARN with a line end', `${ARN}\n`],
    ['a name with a space', 'my role'],
    ['a path without a name', '/'],
    ['a name with a colon', 'aws:deploy'],
  ])('is not %s', (_, text) => {
    const { role, problems } = read({ 'role-to-assume': text });
    expect(role).toBeUndefined();
    expect(problems.inputs).toEqual(['role-to-assume']);
    expect(problems.text).toContain("write arn:PARTITION:iam::ACCOUNT:role/NAME or the role's name alone");
  });

  test('of another partition is refused', () => {
    const { problems } = read({ 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy' });
    expect(problems.text).toBe(
      'role-to-assume is in the partition aws-cn, and aws-region is in aws; no session of one reaches the other',
    );
  });

  test('of any partition is taken where the region is not known, which is a problem of its own', () => {
    const { problems } = read(
      { 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy' },
      {
        ...DIRECT,
        partition: undefined,
      },
    );
    expect(problems.found).toEqual([]);
  });

  test('has a name for its session, an hour, and nothing else where nothing else is given', () => {
    expect(read({ 'role-skip-session-tagging': 'true' }).role).toEqual({
      role: { kind: 'arn', arn: ARN, partition: 'aws', account: '123456789012' },
      durationSeconds: 3600,
      sessionName: 'GitHubActions',
      externalId: undefined,
      sourceIdentity: undefined,
      policy: undefined,
      policyArns: [],
      sessionTags: undefined,
      plainSecretOnly: false,
    });
  });
});

describe('the duration of a role', () => {
  test.each(['900', '43200'])('may be %s s', (text) => {
    expect(read({ 'role-duration-seconds': text }).role?.durationSeconds).toBe(Number(text));
  });

  test.each(['899', '43201', '1h'])('may not be %s', (text) => {
    const { role, problems } = read({ 'role-duration-seconds': text });
    expect(role).toBeUndefined();
    expect(problems.text).toContain('write a whole number of seconds from 900 to 43200');
  });

  test('may be an hour with a session', () => {
    expect(read({ 'role-duration-seconds': '3600' }, CHAINED).role?.durationSeconds).toBe(3600);
  });

  test('is an hour at most with a session, and the message says how to have more', () => {
    const { role, problems } = read({ 'role-duration-seconds': '3601' }, CHAINED);
    expect(role).toBeUndefined();
    expect(problems.text).toBe(
      'role-duration-seconds is 3601; a role assumed with a session (mfa-session-first, role-chaining, sealed-session, roles) lasts 3600 seconds at most. For longer, assume it directly with the code',
    );
  });
});

// STS API reference, AssumeRole: RoleSessionName, ExternalId, SourceIdentity.
describe('the names that go with a role', () => {
  test.each([
    ['role-session-name', 'ab', 'sessionName'],
    ['role-session-name', 'x'.repeat(64), 'sessionName'],
    ['role-session-name', 'a_b+c=d,e.f@g-h', 'sessionName'],
    ['role-external-id', 'ab', 'externalId'],
    ['role-external-id', 'x'.repeat(1224), 'externalId'],
    ['role-external-id', 'a_b+c=d,e.f@g:h/i-j', 'externalId'],
    ['role-source-identity', 'ab', 'sourceIdentity'],
    ['role-source-identity', 'x'.repeat(64), 'sourceIdentity'],
  ] as const)('%s may be %s', (input, text, field) => {
    const { role, problems } = read({ [input]: text });
    expect(problems.found).toEqual([]);
    expect(role?.[field]).toBe(text);
  });

  test.each([
    ['role-session-name', 'a'],
    ['role-session-name', 'x'.repeat(65)],
    ['role-session-name', 'my session'],
    ['role-session-name', 'a:b'],
    ['role-session-name', 'a/b'],
    ['role-session-name', 'ab\n'],
    ['role-external-id', 'a'],
    ['role-external-id', 'x'.repeat(1225)],
    ['role-external-id', 'a b'],
    ['role-source-identity', 'a'],
    ['role-source-identity', 'x'.repeat(65)],
    ['role-source-identity', 'müller'],
  ] as const)('%s may not be %j', (input, text) => {
    const { problems } = read({ [input]: text });
    expect(problems.inputs).toEqual([input]);
    expect(problems.text).toContain(`has ${text.length} characters or one that STS refuses; write 2 to `);
  });
});

describe('a session policy', () => {
  const POLICY = '{"Version":"2012-10-17","Statement":[]}';

  test('is sent as it was written', () => {
    const text = `{ "Version": "2012-10-17",\n  "Statement": [] }`;
    expect(read({ 'inline-session-policy': text }).role?.policy).toBe(text);
  });

  test('may have 2048 characters', () => {
    const text = `${POLICY.slice(0, -1)}${' '.repeat(2048 - POLICY.length)}}`;
    expect(text).toHaveLength(2048);
    expect(read({ 'inline-session-policy': text }).role?.policy).toBe(text);
  });

  test('loses its white space where it has more', () => {
    const text = `${POLICY.slice(0, -1)}${' '.repeat(2048)}}`;
    expect(read({ 'inline-session-policy': text }).role?.policy).toBe(POLICY);
  });

  test('may have 2048 characters without its white space', () => {
    const text = JSON.stringify({ Statement: [{ Sid: 'x'.repeat(2022) }] });
    expect(text).toHaveLength(2048);
    expect(read({ 'inline-session-policy': `${text} ` }).role?.policy).toBe(text);
  });

  test('that is too long without its white space is refused', () => {
    const text = JSON.stringify({ Statement: [{ Sid: 'x'.repeat(2048) }] });
    const { problems } = read({ 'inline-session-policy': text });
    expect(problems.text).toBe(
      'inline-session-policy has 2074 characters without its white space; STS takes 2048. Use a managed policy instead',
    );
  });

  test.each([
    ['no JSON', 'Statement: []', 'is not valid JSON'],
    ['no object', '[]', 'must be a JSON object'],
    ['no statement', '{"Version": "2012-10-17"}', 'has no "Statement"'],
  ])('that is %s is refused', (_, text, problem) => {
    const { problems } = read({ 'inline-session-policy': text });
    expect(problems.inputs).toEqual(['inline-session-policy']);
    expect(problems.text).toContain(problem);
  });
});

describe('managed session policies', () => {
  test('are ARNs, in lines or with commas', () => {
    const { role, problems } = read({
      'managed-session-policies':
        'arn:aws:iam::aws:policy/ReadOnlyAccess\narn:aws:iam::123456789012:policy/a/b, arn:aws:iam::aws:policy/job-function/Billing',
    });
    expect(problems.found).toEqual([]);
    expect(role?.policyArns).toEqual([
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
      'arn:aws:iam::123456789012:policy/a/b',
      'arn:aws:iam::aws:policy/job-function/Billing',
    ]);
  });

  test('may be ten, and not eleven', () => {
    const arns = (count: number): string =>
      Array.from({ length: count }, (_, index) => `arn:aws:iam::aws:policy/P${index}`).join('\n');
    expect(read({ 'managed-session-policies': arns(10) }).problems.found).toEqual([]);
    expect(read({ 'managed-session-policies': arns(11) }).problems.text).toBe(
      'managed-session-policies has 11 ARNs; STS takes 10',
    );
  });

  test.each([
    ['a name', 'ReadOnlyAccess', 'write ARNs'],
    ['the ARN of a role', ARN, 'write ARNs'],
    ['an ARN of another partition', 'arn:aws-cn:iam::aws:policy/x', "of another partition than aws-region's aws"],
  ])('may not be %s', (_, text, problem) => {
    const { problems } = read({ 'managed-session-policies': text });
    expect(problems.inputs).toEqual(['managed-session-policies']);
    expect(problems.text).toContain(`has "${text}"`);
    expect(problems.text).toContain(problem);
  });

  test('that are none although something is written would widen the session, so they are refused', () => {
    expect(read({ 'managed-session-policies': ',' }).problems.inputs).toEqual(['managed-session-policies']);
  });
});

test('everything that is wrong with a role is told at once', () => {
  const { role, problems } = read({
    'role-to-assume': 'not a role',
    'role-duration-seconds': '1',
    'role-session-name': '?',
    'role-external-id': '?',
    'role-source-identity': '?',
    'inline-session-policy': '?',
    'managed-session-policies': '?',
    'custom-tags': '?',
  });
  expect(role).toBeUndefined();
  expect(problems.inputs.toSorted()).toEqual([
    'custom-tags',
    'inline-session-policy',
    'managed-session-policies',
    'role-duration-seconds',
    'role-external-id',
    'role-session-name',
    'role-source-identity',
    'role-to-assume',
  ]);
});

describe('without a role', () => {
  test.each([
    'role-session-name',
    'role-external-id',
    'role-source-identity',
    'inline-session-policy',
    'managed-session-policies',
    'custom-tags',
    'transitive-tag-keys',
  ] as const)('%s is refused, since to ignore it would widen the session', (input) => {
    const problems = problemList();
    refuseRoleInputs(rawInputs({ [input]: 'anything' }), problems);
    expect(problems.text).toBe(
      `${input} is given without role-to-assume, and a session token takes no such thing. Give a role, or leave it out`,
    );
  });

  test('role-duration-seconds is refused with the name of the input that a session token takes', () => {
    const problems = problemList();
    refuseRoleInputs(rawInputs({ 'role-duration-seconds': '900' }), problems);
    expect(problems.text).toContain('a session token takes session-duration-seconds');
  });

  test('nothing is refused where nothing is given', () => {
    const problems = problemList();
    refuseRoleInputs(rawInputs(), problems);
    expect(problems.found).toEqual([]);
  });
});
