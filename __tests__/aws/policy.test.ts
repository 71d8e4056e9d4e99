import { describe, expect, test } from '@jest/globals';
import { build, type PolicyDocument, type PolicyStatement, startEmulator } from '../../lab/aws/index.ts';
import { decide } from '../../lab/aws/policy/decide.ts';
import { Context } from '../../lab/aws/policy/keys.ts';
import { readPolicy } from '../../lab/aws/policy/statement.ts';

const { account, bucket, device, role, user, world } = build;

const CALLER = {
  accountId: '111122223333',
  arn: 'arn:aws:iam::111122223333:role/app',
  sessionArn: 'arn:aws:sts::111122223333:assumed-role/app/ci',
};

interface Asked {
  readonly action?: string;
  readonly resource?: string;
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
}

/** The verdict of a statement: allow, deny, or nothing. */
function ask(statement: Partial<PolicyStatement>, { action = 's3:ListBucket', resource = '*', keys = {} }: Asked = {}) {
  const document: PolicyDocument = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      ...(statement.NotAction === undefined && { Action: '*' }),
      ...(statement.NotResource === undefined && { Resource: '*' }),
      ...statement,
    },
  };
  const context = new Context();
  for (const [key, value] of Object.entries(keys)) context.set(key, value);
  const verdict = decide(readPolicy(document, 'identity'), { action, resource, caller: CALLER, context });
  return verdict.effect === 'allow' ? 'allow' : verdict.explicit ? 'deny' : 'nothing';
}

const condition = (Condition: PolicyStatement['Condition'] & object, keys: Asked['keys'] = {}) =>
  ask({ Condition }, { keys });

describe('a statement applies to', () => {
  test.each<[string, string, string]>([
    ['s3:ListBucket', 's3:ListBucket', 'allow'],
    ['s3:List*', 's3:ListBucket', 'allow'],
    ['S3:LISTBUCKET', 's3:ListBucket', 'allow'],
    ['s3:List?ucket', 's3:ListBucket', 'allow'],
    ['*', 's3:ListBucket', 'allow'],
    ['s3:*Bucket*s', 's3:ListAllMyBuckets', 'allow'],
    ['s3:List', 's3:ListBucket', 'nothing'],
    ['iam:*', 's3:ListBucket', 'nothing'],
  ])('action %s, request %s: %s', (Action, action, expected) => {
    expect(ask({ Action }, { action })).toBe(expected);
  });

  test('every action except for those in NotAction', () => {
    expect(ask({ NotAction: ['s3:*', 'iam:*'] }, { action: 'sts:AssumeRole' })).toBe('allow');
    expect(ask({ NotAction: ['s3:*', 'iam:*'] }, { action: 's3:ListBucket' })).toBe('nothing');
  });

  test.each<[string, string, string]>([
    ['arn:aws:s3:::logs', 'arn:aws:s3:::logs', 'allow'],
    ['arn:aws:s3:::l*', 'arn:aws:s3:::logs', 'allow'],
    ['arn:aws:s3:::LOGS', 'arn:aws:s3:::logs', 'nothing'],
    ['arn:aws:s3:::logs/*', 'arn:aws:s3:::logs', 'nothing'],
  ])('resource %s, request %s: %s', (Resource, resource, expected) => {
    expect(ask({ Resource }, { resource })).toBe(expected);
  });

  test('every resource except for those in NotResource', () => {
    expect(ask({ NotResource: 'arn:aws:s3:::logs' }, { resource: 'arn:aws:s3:::site' })).toBe('allow');
    expect(ask({ NotResource: 'arn:aws:s3:::logs' }, { resource: 'arn:aws:s3:::logs' })).toBe('nothing');
  });

  test('a resource with the caller’s name in it, literally', () => {
    const Resource = `arn:aws:s3:::home-\${aws:username}`;
    const at = (username: string, resource: string) =>
      ask({ Resource }, { resource, keys: { 'aws:username': username } });
    expect(at('ann', 'arn:aws:s3:::home-ann')).toBe('allow');
    expect(at('*', 'arn:aws:s3:::home-ann')).toBe('nothing');
    expect(ask({ Resource }, { resource: 'arn:aws:s3:::home-' })).toBe('nothing');
  });

  test('a star written as a variable', () => {
    expect(ask({ Resource: `a\${*}` }, { resource: 'a*' })).toBe('allow');
    expect(ask({ Resource: `a\${*}` }, { resource: 'ab' })).toBe('nothing');
  });

  test('no variable in a policy of the old version', () => {
    const Statement: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: `\${aws:username}` };
    const question = { action: 'a:b', caller: CALLER, context: new Context().set('aws:username', 'ann') };
    const old = readPolicy({ Statement }, 'identity');
    expect(decide(old, { ...question, resource: 'ann' }).effect).toBe('deny');
    expect(decide(old, { ...question, resource: `\${aws:username}` }).effect).toBe('allow');
  });

  test('a pattern of many stars, quickly', () => {
    const started = performance.now();
    expect(ask({ Resource: `${'a*'.repeat(200)}b` }, { resource: 'a'.repeat(5000) })).toBe('nothing');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('an explicit deny', () => {
  test('overrides every allow, in any order', () => {
    const both: PolicyStatement[] = [
      { Effect: 'Deny', Action: 's3:*', Resource: '*' },
      { Effect: 'Allow', Action: '*', Resource: '*' },
    ];
    const question = { action: 's3:ListBucket', resource: '*', caller: CALLER, context: new Context() };
    for (const Statement of [both, both.toReversed()]) {
      expect(decide(readPolicy({ Statement }, 'identity'), question)).toEqual({ effect: 'deny', explicit: true });
    }
  });
});

describe('a condition', () => {
  const MFA = 'aws:MultiFactorAuthPresent';

  test('Bool is false for an absent key, BoolIfExists true', () => {
    expect(condition({ Bool: { [MFA]: 'true' } }, { [MFA]: 'true' })).toBe('allow');
    expect(condition({ Bool: { [MFA]: true } }, { [MFA]: 'true' })).toBe('allow');
    expect(condition({ Bool: { [MFA]: 'true' } }, { [MFA]: 'false' })).toBe('nothing');
    expect(condition({ Bool: { [MFA]: 'true' } })).toBe('nothing');
    expect(condition({ Bool: { [MFA]: 'false' } })).toBe('nothing');
    expect(condition({ BoolIfExists: { [MFA]: 'false' } })).toBe('allow');
    expect(condition({ BoolIfExists: { [MFA]: 'false' } }, { [MFA]: 'true' })).toBe('nothing');
  });

  test('Null tests if a key is absent', () => {
    expect(condition({ Null: { 'aws:MultiFactorAuthAge': 'true' } })).toBe('allow');
    expect(condition({ Null: { 'aws:MultiFactorAuthAge': 'false' } })).toBe('nothing');
    expect(condition({ Null: { 'aws:MultiFactorAuthAge': 'false' } }, { 'aws:MultiFactorAuthAge': '5' })).toBe('allow');
  });

  test('StringEquals accepts one of several values, exactly', () => {
    const either = { StringEquals: { 'aws:username': ['ann', 'bob'] } };
    expect(condition(either, { 'aws:username': 'bob' })).toBe('allow');
    expect(condition(either, { 'aws:username': 'Bob' })).toBe('nothing');
    expect(condition(either, { 'aws:username': 'b*b' })).toBe('nothing');
    expect(condition(either)).toBe('nothing');
    expect(condition({ StringEqualsIfExists: { 'aws:username': 'ann' } })).toBe('allow');
    expect(condition({ StringEquals: { 'aws:username': '*' } }, { 'aws:username': 'ann' })).toBe('nothing');
  });

  test('StringNotEquals accepts none of the values, and an absent key', () => {
    const neither = { StringNotEquals: { 'aws:username': ['ann', 'bob'] } };
    expect(condition(neither, { 'aws:username': 'cleo' })).toBe('allow');
    expect(condition(neither, { 'aws:username': 'ann' })).toBe('nothing');
    expect(condition(neither)).toBe('allow');
  });

  test('StringLike supports wildcards', () => {
    expect(condition({ StringLike: { 'sts:RoleSessionName': 'ci-*' } }, { 'sts:RoleSessionName': 'ci-7' })).toBe(
      'allow',
    );
    expect(condition({ StringLike: { 'sts:RoleSessionName': 'ci-?' } }, { 'sts:RoleSessionName': 'ci-17' })).toBe(
      'nothing',
    );
  });

  test('ArnLike compares part by part, so a star doesn’t match a colon', () => {
    const Arn = 'aws:PrincipalArn';
    expect(condition({ ArnLike: { [Arn]: 'arn:aws:iam::*:role/a*' } }, { [Arn]: CALLER.arn })).toBe('allow');
    expect(condition({ ArnLike: { [Arn]: 'arn:*:role/app' } }, { [Arn]: CALLER.arn })).toBe('nothing');
  });

  test('numbers are compared as numbers', () => {
    const young = { NumericLessThan: { 'aws:MultiFactorAuthAge': '1000' } };
    expect(condition(young, { 'aws:MultiFactorAuthAge': '999' })).toBe('allow');
    expect(condition(young, { 'aws:MultiFactorAuthAge': '1000' })).toBe('nothing');
    expect(condition(young)).toBe('nothing');
    expect(condition({ NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': 1000 } })).toBe('allow');
    expect(
      condition({ NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': 1000 } }, { 'aws:MultiFactorAuthAge': '1000' }),
    ).toBe('allow');
  });

  test.each<[string, string, string]>([
    ['DateLessThan', '2026-09-01T12:00:00Z', 'nothing'],
    ['DateLessThan', '2026-09-01T12:00:00.001Z', 'allow'],
    ['DateLessThan', '2026-09-01T14:00:01+02:00', 'allow'],
    ['DateLessThan', '2026-09-02', 'allow'],
    ['DateLessThan', '1788264000', 'nothing'],
    ['DateLessThan', '1788264001', 'allow'],
    ['DateLessThanEquals', '2026-09-01T12:00:00Z', 'allow'],
    ['DateEquals', '2026-09-01T12:00:00Z', 'allow'],
    ['DateNotEquals', '2026-09-01T12:00:00Z', 'nothing'],
    ['DateGreaterThan', '2026-09-01T11:59:59Z', 'allow'],
    ['DateGreaterThanEquals', '2026-09-01T12:00:01Z', 'nothing'],
  ])('%s %s of a session of 2026-09-01T12:00:00Z: %s', (operator, wanted, expected) => {
    const keys = { 'aws:TokenIssueTime': '2026-09-01T12:00:00Z' };
    expect(condition({ [operator]: { 'aws:TokenIssueTime': wanted } }, keys)).toBe(expected);
  });

  test('DateLessThan is false for an absent date', () => {
    expect(condition({ DateLessThan: { 'aws:TokenIssueTime': '2026-09-01T12:00:00Z' } })).toBe('nothing');
  });

  test('ForAllValues is true without values, ForAnyValue isn’t', () => {
    const all = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'Cost'] } };
    const any = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['Team', 'Cost'] } };
    expect(condition(all, { 'aws:TagKeys': ['Team'] })).toBe('allow');
    expect(condition(all, { 'aws:TagKeys': ['Team', 'Other'] })).toBe('nothing');
    expect(condition(all)).toBe('allow');
    expect(condition(any, { 'aws:TagKeys': ['Other', 'Team'] })).toBe('allow');
    expect(condition(any, { 'aws:TagKeys': ['Other'] })).toBe('nothing');
    expect(condition(any)).toBe('nothing');
  });

  test('all of several conditions must hold', () => {
    const both = { StringEquals: { 'aws:username': 'ann' }, Bool: { [MFA]: 'true' } };
    expect(condition(both, { 'aws:username': 'ann', [MFA]: 'true' })).toBe('allow');
    expect(condition(both, { 'aws:username': 'ann', [MFA]: 'false' })).toBe('nothing');
  });

  test('operators and keys aren’t case-sensitive', () => {
    expect(condition({ bool: { 'AWS:multifactorauthpresent': 'TRUE' } }, { [MFA]: 'true' })).toBe('allow');
  });
});

describe('building a world refuses what the emulator doesn’t know:', () => {
  const identity = (statement: object) => () =>
    world({
      accounts: [
        account({
          id: '111122223333',
          users: [
            user({
              name: 'dev',
              policies: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...statement } }],
            }),
          ],
        }),
      ],
    });

  test.each<[string, object, string]>([
    ['an operator', { Condition: { IpAddress: { 'aws:username': 'x' } } }, 'condition operator IpAddress'],
    [
      'an operator',
      { Condition: { BinaryEqualsIfExists: { 'aws:username': 'x' } } },
      'condition operator BinaryEqualsIfExists',
    ],
    ['a key', { Condition: { StringEquals: { 'aws:SourceVpc': 'x' } } }, 'condition key aws:SourceVpc'],
    ['a key', { Condition: { StringEquals: { 'aws:RequestTag/': 'x' } } }, 'condition key aws:RequestTag/'],
    ['an element', { NotPrincipal: '*' }, 'policy element NotPrincipal'],
    ['a boolean', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'yes' } } }, 'must be true or false, not yes'],
    ['a number', { Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '1h' } } }, 'needs a number, not 1h'],
    ['a date', { Condition: { DateLessThan: { 'aws:TokenIssueTime': 'today' } } }, 'a date in ISO 8601, not today'],
    [
      'a list without a set operator',
      { Condition: { StringEquals: { 'aws:TagKeys': 'x' } } },
      'needs ForAllValues or ForAnyValue',
    ],
    ['a principal', { Principal: '*' }, 'should not specify a principal'],
  ])('%s: %j', (_what, statement, message) => {
    expect(identity(statement)).toThrow(message);
  });

  test('an unknown variable', () => {
    const policies: PolicyDocument[] = [
      { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: `\${aws:FederatedProvider}` } },
    ];
    expect(() =>
      world({ accounts: [account({ id: '111122223333', users: [user({ name: 'dev', policies })] })] }),
    ).toThrow('condition key aws:FederatedProvider');
  });

  test('all problems together, with their places', () => {
    const open: PolicyStatement = { Effect: 'Allow', Action: '*' };
    const build = () =>
      world({
        accounts: [
          account({
            id: '12',
            users: [user({ name: 'dev', devices: [device({ serial: 'GAHT12345678', seed: 'no seed!' })] })],
            roles: [
              role({
                name: 'deploy',
                trustPolicy: { Statement: { ...open, Principal: { AWS: 'arn:aws:iam::*:root' } } },
              }),
            ],
            buckets: [bucket({ name: 'logs', policy: { Statement: { ...open, Resource: '*' } } })],
          }),
        ],
      });
    expect(build).toThrow(
      "This world isn't valid:\n" +
        'account 12: an account ID has twelve digits\n' +
        'device GAHT12345678: a seed must be Base32: A–Z and 2–7\n' +
        'trust policy of role deploy: Invalid principal in policy: arn:aws:iam::*:root\n' +
        'bucket logs: Missing required field Principal',
    );
  });

  test('also in a world that build.ts didn’t make, when the emulator starts', async () => {
    await expect(startEmulator({ world: { packedSizeLimit: 4096, accounts: [account({ id: 'x' })] } })).rejects.toThrow(
      'account x: an account ID has twelve digits',
    );
  });
});
