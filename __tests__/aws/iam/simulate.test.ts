import { expect, test } from '@jest/globals';
import { build } from '../../../lab/aws/index.ts';
import { ACCOUNT, ADMIN, emulator, GUEST, guest, iam, said } from './account.ts';

const ARN = `arn:aws:iam::${ACCOUNT}:user/guest`;

const numbered = (list: string, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value, i) => [`${list}.member.${i + 1}`, value]));

const simulate = (actions: readonly string[], more: Record<string, string> = {}) =>
  iam(ADMIN, 'SimulatePrincipalPolicy', { PolicySourceArn: ARN, ...numbered('ActionNames', actions), ...more });

const decisions = async (actions: readonly string[], more: Record<string, string> = {}) => {
  const reply = await simulate(actions, more);
  const names = reply.fields('EvalActionName');
  return reply.fields('EvalDecision').map((decision, i) => [names[i], reply.fields('EvalResourceName')[i], decision]);
};

test('each action is decided on each resource', async () => {
  guest.policies = [
    {
      Statement: [
        { Effect: 'Allow', Action: 'iam:*', Resource: ARN },
        { Effect: 'Deny', Action: 'iam:DeleteUser', Resource: '*' },
      ],
    },
  ];
  const resources = numbered('ResourceArns', [ARN, 'arn:aws:iam::111122223333:user/ci']);
  expect(await decisions(['iam:CreateUser', 'iam:DeleteUser'], resources)).toEqual([
    ['iam:CreateUser', ARN, 'allowed'],
    ['iam:CreateUser', 'arn:aws:iam::111122223333:user/ci', 'implicitDeny'],
    ['iam:DeleteUser', ARN, 'explicitDeny'],
    ['iam:DeleteUser', 'arn:aws:iam::111122223333:user/ci', 'explicitDeny'],
  ]);
  expect(await decisions(['iam:CreateUser'])).toEqual([['iam:CreateUser', '*', 'implicitDeny']]);
});

test('conditions hold if the request says so, and are missing otherwise', async () => {
  guest.policies = [
    {
      Statement: {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, StringEquals: { 'aws:username': 'guest' } },
      },
    },
  ];
  const without = await simulate(['iam:CreateUser']);
  expect(without.body).toContain(
    '<EvalDecision>implicitDeny</EvalDecision><MatchedStatements></MatchedStatements><MissingContextValues><member>aws:MultiFactorAuthPresent</member></MissingContextValues>',
  );
  const mfa = {
    'ContextEntries.member.1.ContextKeyName': 'aws:MultiFactorAuthPresent',
    'ContextEntries.member.1.ContextKeyType': 'boolean',
    'ContextEntries.member.1.ContextKeyValues.member.1': 'true',
  };
  expect(await decisions(['iam:CreateUser'], mfa)).toEqual([['iam:CreateUser', '*', 'allowed']]);
});

test('policies in the request count, and so does the boundary', async () => {
  guest.policies = [];
  const policy = (Action: string) => JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*' } });
  const added = { 'PolicyInputList.member.1': policy('s3:*') };
  expect(await decisions(['s3:ListBucket'], added)).toEqual([['s3:ListBucket', '*', 'allowed']]);
  const limited = { ...added, 'PermissionsBoundaryPolicyInputList.member.1': policy('iam:*') };
  expect(await decisions(['s3:ListBucket'], limited)).toEqual([['s3:ListBucket', '*', 'implicitDeny']]);
  guest.boundary = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
  expect(await decisions(['s3:ListBucket', 's3:PutObject'], added)).toEqual([
    ['s3:ListBucket', '*', 'allowed'],
    ['s3:PutObject', '*', 'implicitDeny'],
  ]);
});

test('roles can be simulated, too, and results come in pages', async () => {
  emulator.world.accounts[0]?.roles.push(
    build.role({
      name: 'deploy',
      trustPolicy: { Statement: [] },
      attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
    }),
  );
  const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:role/deploy`;
  const first = await simulate(['s3:ListBucket', 's3:PutObject'], { PolicySourceArn, MaxItems: '1' });
  expect([first.fields('EvalDecision'), first.field('IsTruncated')]).toEqual([['allowed'], 'true']);
  const rest = await simulate(['s3:ListBucket', 's3:PutObject'], {
    PolicySourceArn,
    Marker: first.field('Marker') ?? '',
  });
  expect([rest.fields('EvalDecision'), rest.field('IsTruncated')]).toEqual([['implicitDeny'], 'false']);
});

test.each<[string, Record<string, string>, readonly unknown[]]>([
  [
    'no action',
    { PolicySourceArn: ARN },
    [
      400,
      'ValidationError',
      "1 validation error detected: Value null at 'actionNames' failed to satisfy constraint: Member must not be null",
    ],
  ],
  [
    'a wildcard',
    { PolicySourceArn: ARN, 'ActionNames.member.1': 'iam:*' },
    [400, 'InvalidInput', 'Invalid Action: iam:*'],
  ],
  [
    'a user who doesn’t exist',
    { PolicySourceArn: `${ARN}-2`, 'ActionNames.member.1': 'iam:GetUser' },
    [404, 'NoSuchEntity', `The entity with ARN ${ARN}-2 cannot be found.`],
  ],
  [
    'a resource policy',
    { PolicySourceArn: ARN, 'ActionNames.member.1': 'iam:GetUser', ResourcePolicy: '{}' },
    [501, 'NotImplemented', "The emulator doesn't know the parameter ResourcePolicy."],
  ],
])('%s is refused', async (_what, params, refusal) => {
  expect(await said(iam(ADMIN, 'SimulatePrincipalPolicy', params))).toEqual(refusal);
});

test('simulating needs a permission, which the simulated user needn’t have', async () => {
  guest.policies = [];
  const params = { PolicySourceArn: ARN, 'ActionNames.member.1': 'iam:GetUser' };
  expect(await said(iam(GUEST, 'SimulatePrincipalPolicy', params))).toEqual([
    403,
    'AccessDenied',
    `User: ${ARN} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: ${ARN} because no identity-based policy allows the iam:SimulatePrincipalPolicy action`,
  ]);
});
