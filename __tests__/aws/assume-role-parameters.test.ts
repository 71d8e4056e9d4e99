import { beforeEach, describe, expect, test } from '@jest/globals';
import { build, DEMO, type Emulator, type Role, SettableClock } from '../../lab/aws/index.ts';
import { type Credentials, call, emulate } from './wire.ts';

const { account, role, user, world } = build;
const KEY: Credentials = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };
const ROLE = 'arn:aws:iam::111122223333:role/open';

let emulator: Emulator;
let openRole: Role;

beforeEach(async () => {
  openRole = role({
    name: 'open',
    maxSessionDuration: 7200,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/dev' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      },
    },
  });
  const dev = user({ name: 'dev', accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }] });
  emulator = await emulate({
    clock: new SettableClock(Date.parse('2026-09-01T12:00:00Z')),
    world: world({ accounts: [account({ id: '111122223333', users: [dev], roles: [openRole] })] }),
  });
});

const assume = (params: Record<string, string> = {}) =>
  call(emulator, KEY, 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'ci', ...params });

const violation = (value: string, at: string, constraint: string) =>
  `1 validation error detected: Value ${value} at '${at}' failed to satisfy constraint: Member must ${constraint}`;

describe('a parameter of AssumeRole is refused', () => {
  const X = (count: number) => 'x'.repeat(count);
  test.each<[string, Record<string, string>, string]>([
    [
      'a name of one character',
      { RoleSessionName: 'x' },
      violation("'x'", 'roleSessionName', 'have length greater than or equal to 2'),
    ],
    [
      'a name of 65 characters',
      { RoleSessionName: X(65) },
      violation(`'${X(65)}'`, 'roleSessionName', 'have length less than or equal to 64'),
    ],
    [
      'a name with a space',
      { RoleSessionName: 'my job' },
      violation("'my job'", 'roleSessionName', 'satisfy regular expression pattern: [\\w+=,.@-]*'),
    ],
    ['a short role', { RoleArn: 'open' }, violation("'open'", 'roleArn', 'have length greater than or equal to 20')],
    [
      '899 seconds',
      { DurationSeconds: '899' },
      violation("'899'", 'durationSeconds', 'have value greater than or equal to 900'),
    ],
    [
      '43201 seconds',
      { DurationSeconds: '43201' },
      violation("'43201'", 'durationSeconds', 'have value less than or equal to 43200'),
    ],
    [
      'a short external ID',
      { ExternalId: 'x' },
      violation("'x'", 'externalId', 'have length greater than or equal to 2'),
    ],
    [
      'an external ID with a space',
      { ExternalId: 'a b' },
      violation("'a b'", 'externalId', 'satisfy regular expression pattern: [\\w+=,.@:\\/-]*'),
    ],
    [
      'a source identity of 65 characters',
      { SourceIdentity: X(65) },
      violation(`'${X(65)}'`, 'sourceIdentity', 'have length less than or equal to 64'),
    ],
    [
      'a source identity with a slash',
      { SourceIdentity: 'a/b' },
      violation("'a/b'", 'sourceIdentity', 'satisfy regular expression pattern: [\\w+=,.@-]*'),
    ],
    ['an empty policy', { Policy: '' }, violation("''", 'policy', 'have length greater than or equal to 1')],
    [
      'an empty tag key',
      { 'Tags.member.1.Key': '', 'Tags.member.1.Value': 'v' },
      violation("''", 'tags.1.member.key', 'have length greater than or equal to 1'),
    ],
    [
      'a tag key of 129 characters',
      { 'Tags.member.1.Key': X(129), 'Tags.member.1.Value': '' },
      violation(`'${X(129)}'`, 'tags.1.member.key', 'have length less than or equal to 128'),
    ],
    [
      'a tag value of 257 characters',
      { 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': X(257) },
      violation(`'${X(257)}'`, 'tags.1.member.value', 'have length less than or equal to 256'),
    ],
    [
      'a tag value with a star',
      { 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': '*' },
      violation("'*'", 'tags.1.member.value', 'satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'),
    ],
    ['a tag without a value', { 'Tags.member.1.Key': 'k' }, violation('null', 'tags.1.member.value', 'not be null')],
    [
      'a short policy ARN',
      { 'PolicyArns.member.1.arn': 'x' },
      violation("'x'", 'policyArns.1.member.arn', 'have length greater than or equal to 20'),
    ],
  ])('%s', async (_name, params, message) => {
    const reply = await assume(params);
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('ValidationError');
    expect(reply.message).toBe(message);
  });

  test('a missing role and a missing session name, together', async () => {
    expect((await call(emulator, KEY, 'AssumeRole')).message).toBe(
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    );
  });

  test('a role that isn’t an ARN', async () => {
    const reply = await assume({ RoleArn: 'the-role-of-deployments' });
    expect(reply.code).toBe('ValidationError');
    expect(reply.message).toBe('the-role-of-deployments is invalid');
  });

  test('a policy of 2049 characters', async () => {
    const reply = await assume({ Policy: X(2049) });
    expect(reply.code).toBe('ValidationError');
    expect(reply.message).toContain(
      "at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
    );
  });

  test('the eleventh policy ARN', async () => {
    const arns = Array.from({ length: 11 }, (_, i) => [
      `PolicyArns.member.${i + 1}.arn`,
      `arn:aws:iam::aws:policy/P${i}`,
    ]);
    expect((await assume(Object.fromEntries(arns))).message).toContain(
      "at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
  });
});

describe('a session policy', () => {
  test('that isn’t JSON is malformed', async () => {
    const reply = await assume({ Policy: '{"Statement": [' });
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('MalformedPolicyDocument');
  });

  test.each([
    '[]',
    '"text"',
    '{"Statement":[{"Effect":"Maybe","Action":"s3:*","Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Action":5,"Resource":"*"}]}',
    '{"Statement":[null]}',
    '{"Statement":[{"Effect":"Allow","Action":"s3:*"}]}',
    '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringMatches":{"aws:username":"x"}}}]}',
  ])('that isn’t a policy is malformed: %s', async (policy) => {
    expect((await assume({ Policy: policy })).code).toBe('MalformedPolicyDocument');
  });

  test('with an unknown ARN is refused', async () => {
    const reply = await assume({ 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/Unheard' });
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('ValidationError');
  });
});

describe('session tags', () => {
  const tags = (entries: readonly (readonly [string, string])[]) =>
    Object.fromEntries(
      entries.flatMap(([key, value], i) => [
        [`Tags.member.${i + 1}.Key`, key],
        [`Tags.member.${i + 1}.Value`, value],
      ]),
    );

  test('can be fifty, but not fifty-one', async () => {
    const many = (count: number) => tags(Array.from({ length: count }, (_, i) => [`k${i}`, '']));
    expect((await assume(many(50))).status).toBe(200);
    const reply = await assume(many(51));
    expect(reply.code).toBe('ValidationError');
    expect(reply.message).toContain(
      "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    );
  });

  test('can contain letters of any script, spaces and punctuation', async () => {
    expect((await assume(tags([['Größe 1', 'a.b:c/d=e+f-g@h_ i']]))).status).toBe(200);
  });

  test('can’t differ only in case', async () => {
    const reply = await assume(
      tags([
        ['Team', 'a'],
        ['team', 'b'],
      ]),
    );
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('InvalidParameterValue');
    expect(reply.message).toBe('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  });

  test('can’t begin with aws:', async () => {
    expect((await assume(tags([['aws:team', 'a']]))).code).toBe('InvalidParameterValue');
  });

  test('can only be transitive if the call sets them', async () => {
    const reply = await assume({ ...tags([['Team', 'a']]), 'TransitiveTagKeys.member.1': 'Project' });
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('InvalidParameterValue');
    expect(reply.message).toBe('The specified transitive tag key must be included in the requested tags.');
  });

  test('can together exceed the size limit', async () => {
    emulator.world.packedSizeLimit = 100;
    expect((await assume(tags([['k'.repeat(49), 'v'.repeat(49)]]))).field('PackedPolicySize')).toBe('100');
    const reply = await assume(tags([['k'.repeat(49), 'v'.repeat(50)]]));
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('PackedPolicyTooLarge');
    expect(reply.message).toBe('Packed size of session tags consumes 101% of allotted space.');
  });

  test('can exceed it together with a policy', async () => {
    emulator.world.packedSizeLimit = 50;
    const reply = await assume({ Policy: '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}' });
    expect(reply.code).toBe('PackedPolicyTooLarge');
    expect(reply.message).toBe('Packed policy consumes 130% of allotted space, please use smaller policy.');
  });
});

describe('the answer of AssumeRole', () => {
  test('names the session, which lasts an hour by default', async () => {
    const reply = await assume({ SourceIdentity: 'alice' });
    expect(reply.field('Arn')).toBe('arn:aws:sts::111122223333:assumed-role/open/ci');
    expect(reply.field('AssumedRoleId')).toMatch(/^AROA[A-Z2-7]{17}:ci$/);
    expect(reply.field('SourceIdentity')).toBe('alice');
    expect(reply.field('Expiration')).toBe('2026-09-01T13:00:00Z');
    expect(reply.field('PackedPolicySize')).toBeUndefined();
    const identity = await call(emulator, reply.credentials, 'GetCallerIdentity');
    expect(identity.field('Arn')).toBe('arn:aws:sts::111122223333:assumed-role/open/ci');
    expect(identity.field('UserId')).toBe(reply.field('AssumedRoleId'));
  });

  test('allows at most the role’s maximum duration', async () => {
    expect((await assume({ DurationSeconds: '7200' })).field('Expiration')).toBe('2026-09-01T14:00:00Z');
    const reply = await assume({ DurationSeconds: '7201' });
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('ValidationError');
    expect(reply.message).toBe('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  });
});
