import { describe, expect, test } from '@jest/globals';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { type RoleContext, readRole } from '../../../src/inputs/role.ts';
import { listed, rawInputs } from '../../kit/raw-inputs.ts';
import { RUN } from '../../kit/requests.ts';

const ARN = 'arn:aws:iam::123456789012:role/deploy';
const DIRECT: RoleContext = { partition: 'aws', chained: false, run: RUN, plainSecretOnly: false };
const CHAINED = { ...DIRECT, chained: true };

function read(given: Partial<RawInputs>, context = DIRECT) {
  const problems = new ProblemList();
  const role = readRole(rawInputs({ 'role-to-assume': ARN, ...given }), context, problems);
  return { role, problems: listed(problems.found) };
}

describe('a role', () => {
  test.each([
    ['alone', ARN],
    ['with a path', 'arn:aws:iam::123456789012:role/team/a/deploy'],
    ['with every character that a name may have', 'arn:aws:iam::123456789012:role/a_b+c=d,e.f@g-h'],
  ])('is given by its ARN %s', (_, arn) => {
    const { role, problems } = read({ 'role-to-assume': arn });
    expect(problems).toEqual([]);
    expect(role?.role).toEqual({ kind: 'arn', arn, partition: 'aws', account: '123456789012' });
  });

  test.each(['deploy', 'team/deploy', 'a_b+c=d,e.f@g-h'])('is given by its name: %s', (name) => {
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
  ])('is not %s', (_, value) => {
    expect(read({ 'role-to-assume': value })).toEqual({
      role: undefined,
      problems: [['role-to-assume', 'role', { value }]],
    });
  });

  test('is in the partition of the region', () => {
    const other = { 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy' };
    expect(read(other).problems).toEqual([['role-to-assume', 'partition', { partition: 'aws-cn', expected: 'aws' }]]);
    // If the region is wrong, that is the only problem.
    expect(read(other, { ...DIRECT, partition: undefined }).problems).toEqual([]);
  });

  test('has a session name and an hour by default, and nothing else', () => {
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
  test.each<[string, RoleContext]>([
    ['900', DIRECT],
    ['43200', DIRECT],
    ['3600', CHAINED],
  ])('may be %s s', (text, context) => {
    expect(read({ 'role-duration-seconds': text }, context).role?.durationSeconds).toBe(Number(text));
  });

  test.each(['899', '43201', '1h'])('may not be %s', (value) => {
    expect(read({ 'role-duration-seconds': value })).toEqual({
      role: undefined,
      problems: [['role-duration-seconds', 'not-integer', { value, unit: 'seconds', min: 900, max: 43_200 }]],
    });
  });

  test('is at most an hour with a session', () => {
    expect(read({ 'role-duration-seconds': '3601' }, CHAINED)).toEqual({
      role: undefined,
      problems: [['role-duration-seconds', 'duration-over-cap', { seconds: 3601, cap: 3600 }]],
    });
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
    expect(problems).toEqual([]);
    expect(role?.[field]).toBe(text);
  });

  const NAME = { max: 64, punctuation: '_+=,.@-' };
  const ID = { max: 1224, punctuation: '_+=,.@:/-' };

  test.each([
    ['role-session-name', 'a', NAME],
    ['role-session-name', 'x'.repeat(65), NAME],
    ['role-session-name', 'my session', NAME],
    ['role-session-name', 'a:b', NAME],
    ['role-session-name', 'a/b', NAME],
    ['role-session-name', 'ab\n', NAME],
    ['role-external-id', 'a', ID],
    ['role-external-id', 'x'.repeat(1225), ID],
    ['role-external-id', 'a b', ID],
    ['role-source-identity', 'a', NAME],
    ['role-source-identity', 'x'.repeat(65), NAME],
    ['role-source-identity', 'müller', NAME],
  ] as const)('%s may not be %j', (input, text, allowed) => {
    expect(read({ [input]: text }).problems).toEqual([[input, 'characters', { length: text.length, ...allowed }]]);
  });
});

describe('a session policy', () => {
  const POLICY = '{"Version":"2012-10-17","Statement":[]}';
  const SPACED = `{ "Version": "2012-10-17",\n  "Statement": [] }`;
  /** A policy of so many characters, without whitespace. */
  const long = (length: number): string => JSON.stringify({ Statement: [{ Sid: 'x'.repeat(length - 26) }] });

  test.each([
    ['is sent as it was written', SPACED, SPACED],
    ['may have 2048 characters', SPACED.padEnd(2048), SPACED.padEnd(2048)],
    ['is sent without whitespace if it has more', SPACED.padEnd(2049), POLICY],
    ['may have 2048 characters without whitespace', `${long(2048)} `, long(2048)],
  ])('%s', (_, text, sent) => {
    expect(read({ 'inline-session-policy': text })).toMatchObject({ role: { policy: sent }, problems: [] });
  });

  test.each([
    ['too long without whitespace', long(2049), 'policy-too-long', { length: 2049, max: 2048 }],
    ['not JSON', 'Statement: []', 'not-json', {}],
    ['not an object', '[]', 'not-object', {}],
    ['without a statement', '{"Version": "2012-10-17"}', 'no-statement', {}],
  ])('is refused if it is %s', (_, text, kind, facts) => {
    expect(read({ 'inline-session-policy': text }).problems).toEqual([
      ['inline-session-policy', kind, expect.objectContaining(facts)],
    ]);
  });
});

describe('managed session policies', () => {
  const arns = (count: number): string =>
    Array.from({ length: count }, (_, index) => `arn:aws:iam::aws:policy/P${index}`).join('\n');

  test('are ARNs, comma-separated or one per line, up to ten', () => {
    const text =
      'arn:aws:iam::aws:policy/ReadOnlyAccess\narn:aws:iam::123456789012:policy/a/b, arn:aws:iam::aws:policy/job-function/Billing';
    expect(read({ 'managed-session-policies': text })).toMatchObject({
      role: {
        policyArns: [
          'arn:aws:iam::aws:policy/ReadOnlyAccess',
          'arn:aws:iam::123456789012:policy/a/b',
          'arn:aws:iam::aws:policy/job-function/Billing',
        ],
      },
      problems: [],
    });
    expect(read({ 'managed-session-policies': arns(10) }).problems).toEqual([]);
  });

  const OTHER = 'arn:aws-cn:iam::aws:policy/x';

  test.each([
    ['eleven ARNs', arns(11), 'too-many', { count: 11, max: 10 }],
    ['a name', 'ReadOnlyAccess', 'policy-arn', { value: 'ReadOnlyAccess' }],
    ['the ARN of a role', ARN, 'policy-arn', { value: ARN }],
    ['an ARN of another partition', OTHER, 'partition', { partition: 'aws-cn', expected: 'aws', arn: OTHER }],
    ['nothing but a comma, which would restrict nothing', ',', 'list-empty', {}],
  ])('are not %s', (_, text, kind, facts) => {
    expect(read({ 'managed-session-policies': text }).problems).toEqual([['managed-session-policies', kind, facts]]);
  });
});

test('everything that is wrong with a role is reported at once', () => {
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
  expect(problems.map(([input]) => input).toSorted()).toEqual([
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
