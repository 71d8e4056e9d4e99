import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  build,
  codeOfStep,
  type Emulator,
  type PolicyDocument,
  type PolicyStatement,
  SettableClock,
  type User,
} from '../../lab/aws/index.ts';
import { type Credentials, call, emulate, type Reply } from './wire.ts';

const { account, device, role, user, world } = build;

const KEY: Credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const SERIAL = 'arn:aws:iam::111122223333:mfa/dev';
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const DEV = 'arn:aws:iam::111122223333:user/dev';
const HOME = '111122223333';
const ABROAD = '444455556666';
const ALL_THREE = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

let clock: SettableClock;
let emulator: Emulator;
let dev: User;

const policy = (...Statement: PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const trust = (statement: Partial<PolicyStatement>) =>
  policy({ Effect: 'Allow', Principal: { AWS: DEV }, Action: 'sts:AssumeRole', ...statement });

/** A role with this trust policy, in the home account or another. */
function addRole(name: string, trustPolicy: PolicyDocument, accountId = HOME): string {
  const owner = emulator.world.accounts.find(({ id }) => id === accountId);
  owner?.roles.push(role({ name, trustPolicy, maxSessionDuration: 43_200 }));
  return `arn:aws:iam::${accountId}:role/${name}`;
}

const may = (action: string | string[], resource: string) =>
  dev.policies.push(policy({ Effect: 'Allow', Action: action, Resource: resource }));

beforeEach(async () => {
  clock = new SettableClock(Date.parse('2026-09-01T12:00:00Z'));
  dev = user({
    name: 'dev',
    accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }],
    devices: [device({ serial: SERIAL, seed: SEED })],
  });
  const accounts = [account({ id: HOME, users: [dev] }), account({ id: ABROAD })];
  emulator = await emulate({ clock, world: world({ accounts }) });
});

const code = (offset = 0) => codeOfStep(SEED, Math.floor(clock.now() / 30_000) + offset);
const withCode = (offset = 0) => ({ SerialNumber: SERIAL, TokenCode: code(offset) });

const assume = (credentials: Credentials, roleArn: string, params: Record<string, string> = {}) =>
  call(emulator, credentials, 'AssumeRole', { RoleArn: roleArn, RoleSessionName: 'ci', ...params });

const session = async (params: Record<string, string> = {}) =>
  (await call(emulator, KEY, 'GetSessionToken', params)).credentials;

function expectRefusal(reply: Reply, message: string): void {
  expect([reply.status, reply.code, reply.message]).toEqual([403, 'AccessDenied', message]);
}

const refusal = (roleArn: string, action = 'sts:AssumeRole', who = DEV) =>
  `User: ${who} is not authorized to perform: ${action} on resource: ${roleArn}`;

describe('a role is assumed', () => {
  test('if its trust policy names the user: no other permission is needed', async () => {
    expect((await assume(KEY, addRole('mine', trust({})))).status).toBe(200);
  });

  test('if it names the account, but only with the user’s own permission', async () => {
    const arn = addRole('ours', trust({ Principal: { AWS: `arn:aws:iam::${HOME}:root` } }));
    expectRefusal(await assume(KEY, arn), refusal(arn));
    may('sts:AssumeRole', 'arn:aws:iam::111122223333:role/o*');
    expect((await assume(KEY, arn)).status).toBe(200);
  });

  test('not if it names somebody else', async () => {
    const arn = addRole('theirs', trust({ Principal: { AWS: 'arn:aws:iam::111122223333:user/ops' } }));
    may('sts:*', '*');
    expectRefusal(await assume(KEY, arn), refusal(arn));
  });

  test('not if it doesn’t exist, with the same refusal', async () => {
    may('sts:*', '*');
    const arn = 'arn:aws:iam::111122223333:role/nobody';
    expectRefusal(await assume(KEY, arn), refusal(arn));
  });

  test('across accounts only if both sides allow it', async () => {
    const arn = addRole('abroad', trust({}), ABROAD);
    expectRefusal(await assume(KEY, arn), refusal(arn));
    may('sts:AssumeRole', arn);
    expect((await assume(KEY, arn)).field('Arn')).toBe('arn:aws:sts::444455556666:assumed-role/abroad/ci');
  });

  test('not if the user’s policies explicitly deny it', async () => {
    const arn = addRole('mine', trust({}));
    dev.policies.push(policy({ Effect: 'Deny', Action: 'sts:*', Resource: '*' }));
    expectRefusal(await assume(KEY, arn), `${refusal(arn)} with an explicit deny in an identity-based policy`);
  });

  test('not if the trust policy explicitly denies it', async () => {
    const allow: PolicyStatement = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
    const arn = addRole('mine', policy(allow, { ...allow, Effect: 'Deny', Principal: { AWS: DEV } }));
    expectRefusal(await assume(KEY, arn), `${refusal(arn)} with an explicit deny in a resource-based policy`);
  });

  test('only with the external ID that it requires', async () => {
    const arn = addRole('vendor', trust({ Condition: { StringEquals: { 'sts:ExternalId': 'ticket-7' } } }));
    expectRefusal(await assume(KEY, arn), refusal(arn));
    expectRefusal(await assume(KEY, arn, { ExternalId: 'ticket-8' }), refusal(arn));
    expect((await assume(KEY, arn, { ExternalId: 'ticket-7' })).status).toBe(200);
  });

  test('only with the session name that it requires', async () => {
    const arn = addRole(
      'named',
      trust({ Condition: { StringLike: { 'sts:RoleSessionName': [`\${aws:username}-*`] } } }),
    );
    expectRefusal(await assume(KEY, arn), refusal(arn));
    expect((await assume(KEY, arn, { RoleSessionName: 'dev-42' })).status).toBe(200);
  });
});

describe('in another partition', () => {
  const CN_KEY: Credentials = {
    accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
    secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
  };
  const CN_ROLE = 'arn:aws-cn:iam::777788889999:role/deploy';
  const cnTrust = trust({ Principal: '*' });

  beforeEach(() => {
    const owner = user({
      name: 'dev',
      accessKeys: [{ id: CN_KEY.accessKeyId, secret: CN_KEY.secretAccessKey }],
      devices: [device({ serial: 'arn:aws-cn:iam::777788889999:mfa/dev', seed: SEED })],
    });
    const roles = [role({ name: 'deploy', trustPolicy: cnTrust })];
    emulator.world.accounts.push(account({ id: '777788889999', partition: 'aws-cn', users: [owner], roles }));
  });

  test('all ARNs and regions are in that partition', async () => {
    const params = {
      RoleArn: CN_ROLE,
      RoleSessionName: 'ci',
      SerialNumber: 'arn:aws-cn:iam::777788889999:mfa/dev',
      TokenCode: code(),
    };
    const reply = await call(emulator, CN_KEY, 'AssumeRole', params, { region: 'cn-northwest-1' });
    expect(reply.field('Arn')).toBe('arn:aws-cn:sts::777788889999:assumed-role/deploy/ci');
    expect((await call(emulator, CN_KEY, 'GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  });

  test('a role can’t be assumed from this partition, even if it trusts everybody', async () => {
    may('sts:*', '*');
    expectRefusal(await assume(KEY, CN_ROLE), refusal(CN_ROLE));
  });
});

describe('a role that requires MFA', () => {
  const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

  test('refuses a long-term key without a code', async () => {
    const arn = addRole('deploy', trust({ Condition: MFA }));
    expectRefusal(await assume(KEY, arn), refusal(arn));
  });

  test('accepts a key with a code, for up to twelve hours', async () => {
    const arn = addRole('deploy', trust({ Condition: MFA }));
    const reply = await assume(KEY, arn, { ...withCode(), DurationSeconds: '43200' });
    expect(reply.field('Expiration')).toBe('2026-09-02T00:00:00Z');
    expect(emulator.calls.at(-1)?.mfa).toMatchObject({ verdict: 'accepted', step: 59_608_800 });
  });

  test('accepts a session with MFA, any number of times', async () => {
    const arn = addRole('deploy', trust({ Condition: MFA }));
    const withMfa = await session(withCode());
    for (let i = 0; i < 3; i++) expect((await assume(withMfa, arn)).status).toBe(200);
  });

  test('refuses a session without MFA', async () => {
    const arn = addRole('deploy', trust({ Condition: MFA }));
    expectRefusal(await assume(await session(), arn), refusal(arn));
  });

  test('refuses a role’s session, even if the role was assumed with a code', async () => {
    const first = addRole('first', trust({ Condition: MFA }));
    const jump = 'arn:aws:iam::111122223333:role/first';
    const second = addRole('second', trust({ Principal: { AWS: jump }, Condition: MFA }));
    const { credentials } = await assume(KEY, first, withCode());
    const who = 'arn:aws:sts::111122223333:assumed-role/first/ci';
    expectRefusal(await assume(credentials, second), refusal(second, 'sts:AssumeRole', who));
  });

  test('uses the code even if it then refuses', async () => {
    const arn = addRole('theirs', trust({ Principal: { AWS: 'arn:aws:iam::111122223333:user/ops' } }));
    expectRefusal(await assume(KEY, arn, withCode()), refusal(arn));
    expectRefusal(
      await assume(KEY, arn, withCode()),
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    );
  });

  test('doesn’t use the code if a parameter is wrong', async () => {
    const arn = addRole('deploy', trust({ Condition: MFA }));
    expect((await assume(KEY, arn, { ...withCode(), DurationSeconds: '1' })).code).toBe('ValidationError');
    expect((await assume(KEY, arn, withCode())).status).toBe(200);
  });

  test('can require recent MFA: the age of a session’s MFA grows, the age of a code is zero', async () => {
    const fresh = { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } };
    const arn = addRole('fresh', trust({ Condition: fresh }));
    const withMfa = await session(withCode());
    clock.advance(299_000);
    expect((await assume(withMfa, arn)).status).toBe(200);
    clock.advance(1000);
    expectRefusal(await assume(withMfa, arn), refusal(arn));
    expectRefusal(await assume(KEY, arn), refusal(arn));
    expect((await assume(KEY, arn, withCode())).status).toBe(200);
  });

  test('refuses a code with temporary credentials, and doesn’t use it', async () => {
    const arn = addRole('mine', trust({}));
    const plain = await session();
    expectRefusal(
      await assume(plain, arn, withCode()),
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
    expect((await assume(KEY, arn, withCode())).status).toBe(200);
  });
});

describe('a user under "deny without MFA"', () => {
  beforeEach(() => {
    dev.policies.push(
      policy(
        {
          Effect: 'Deny',
          NotAction: ['sts:GetSessionToken', 'iam:ListMFADevices', 'iam:ResyncMFADevice'],
          Resource: '*',
          Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
        },
        { Effect: 'Allow', Action: ALL_THREE, Resource: '*' },
      ),
    );
  });

  test('assumes a role directly with a code', async () => {
    expect((await assume(KEY, addRole('mine', trust({})), withCode())).status).toBe(200);
  });

  test('can’t assume one without', async () => {
    const arn = addRole('mine', trust({}));
    expectRefusal(await assume(KEY, arn), `${refusal(arn)} with an explicit deny in an identity-based policy`);
  });

  test('is only denied by a plain Bool with a session: for a key, the condition key is absent, not false', async () => {
    dev.policies = [
      policy({
        Effect: 'Deny',
        Action: 'sts:AssumeRole',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
      }),
    ];
    const arn = addRole('mine', trust({}));
    expect((await assume(KEY, arn)).status).toBe(200);
    expect((await assume(await session(), arn)).status).toBe(403);
  });

  test('is allowed by BoolIfExists true without MFA, which is the trap in an allow', async () => {
    dev.policies = [];
    const arn = addRole('trap', trust({ Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } }));
    expect((await assume(KEY, arn)).status).toBe(200);
  });
});

describe('role chaining is limited to an hour', () => {
  const CAP = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';

  test('for a session of GetSessionToken', async () => {
    const arn = addRole('mine', trust({}));
    const withMfa = await session(withCode());
    expect((await assume(withMfa, arn, { DurationSeconds: '3600' })).status).toBe(200);
    const reply = await assume(withMfa, arn, { DurationSeconds: '3601' });
    expect([reply.status, reply.code, reply.message]).toEqual([400, 'ValidationError', CAP]);
  });

  test('for the session of a role', async () => {
    const first = addRole('first', trust({}));
    const second = addRole('second', trust({ Principal: { AWS: first } }));
    const { credentials } = await assume(KEY, first);
    expect((await assume(credentials, second, { DurationSeconds: '3600' })).status).toBe(200);
    expect((await assume(credentials, second, { DurationSeconds: '43200' })).message).toBe(CAP);
  });
});

describe('session tags', () => {
  const TAG = { 'Tags.member.1.Key': 'Team', 'Tags.member.1.Value': 'core' };

  test('need sts:TagSession', async () => {
    const arn = addRole('mine', trust({}));
    expectRefusal(await assume(KEY, arn, TAG), refusal(arn, 'sts:TagSession'));
    expect((await assume(KEY, arn)).status).toBe(200);
    expect((await assume(KEY, addRole('tagged', trust({ Action: ALL_THREE })), TAG)).status).toBe(200);
  });

  test('can be required and limited by the trust policy', async () => {
    const Condition = {
      StringEquals: { 'aws:RequestTag/Team': ['core', 'web'] },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'Project'] },
    };
    const arn = addRole('tagged', trust({ Action: ALL_THREE, Condition }));
    expect((await assume(KEY, arn, TAG)).status).toBe(200);
    expectRefusal(await assume(KEY, arn), refusal(arn));
    const more = { 'Tags.member.2.Key': 'Cost', 'Tags.member.2.Value': '1' };
    expectRefusal(await assume(KEY, arn, { ...TAG, ...more }), refusal(arn));
  });

  test('pass to the next role if they’re transitive, and can’t be set again there', async () => {
    const first = addRole('first', trust({ Action: ALL_THREE }));
    const second = addRole(
      'second',
      trust({
        Principal: { AWS: first },
        Action: ALL_THREE,
        Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'core', 'aws:RequestTag/Team': 'core' } },
      }),
    );
    const plain = (await assume(KEY, first, TAG)).credentials;
    expect((await assume(plain, second)).status).toBe(403);
    const { credentials } = await assume(KEY, first, { ...TAG, 'TransitiveTagKeys.member.1': 'Team' });
    expect((await assume(credentials, second)).status).toBe(200);
    const again = await assume(credentials, second, TAG);
    expect([again.status, again.code, again.message]).toEqual([
      400,
      'InvalidParameterValue',
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    ]);
  });
});

describe('a source identity', () => {
  test('needs sts:SetSourceIdentity', async () => {
    const arn = addRole('mine', trust({}));
    expectRefusal(await assume(KEY, arn, { SourceIdentity: 'alice' }), refusal(arn, 'sts:SetSourceIdentity'));
  });

  test('stays for the whole chain, and can’t be changed', async () => {
    const first = addRole('first', trust({ Action: ALL_THREE }));
    const second = addRole('second', trust({ Principal: { AWS: first }, Action: ALL_THREE }));
    const third = addRole('third', trust({ Principal: { AWS: first } }));
    const who = 'arn:aws:sts::111122223333:assumed-role/first/ci';
    const { credentials } = await assume(KEY, first, { SourceIdentity: 'alice' });
    expect((await assume(credentials, second)).field('SourceIdentity')).toBe('alice');
    expectRefusal(
      await assume(credentials, second, { SourceIdentity: 'mallory' }),
      refusal(second, 'sts:SetSourceIdentity', who),
    );
    expectRefusal(await assume(credentials, third), refusal(third, 'sts:SetSourceIdentity', who));
  });
});
