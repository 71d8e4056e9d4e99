import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { codeOfStep, DEMO, type Emulator, type EmulatorOptions, type Fault, stepAt } from '../../../lab/aws/index.ts';
import { call, emulate } from '../../aws/wire.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { type Failed, fail } from '../../kit/failing.ts';
import { REMEDY } from '../../kit/remedies.ts';
import { policy, roleThatAllows, worldWith } from '../../kit/worlds.ts';

const USER = 'arn:aws:iam::111122223333:user/ci';
const ALL_THREE = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
const roleArn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const toRole = (name: string) => ({ 'role-to-assume': roleArn(name) });

/** A run against an emulator of its own. */
async function failing(
  inputs: Readonly<Record<string, string>>,
  options: EmulatorOptions = {},
  faults: readonly Fault[] = [],
): Promise<Failed> {
  const emulator = await emulate(options);
  for (const fault of faults) emulator.faults.add(fault);
  return fail(emulator, { inputs });
}

function operationsOf({ calls }: Failed): readonly string[] {
  return calls.map(({ operation }) => operation).sort();
}

describe('by STS, of keys', () => {
  test('a wrong secret key', async () => {
    const run = await failing({
      ...toRole('deploy'),
      'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYANOTHERKEY',
    });
    expect(run.error).toBe(
      `AssumeRole: The signature is wrong. (AWS: SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.)\n${REMEDY['secret-key-wrong']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('a wrong secret key, for a session token', async () => {
    const run = await failing({ 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYANOTHERKEY' });
    expect(run.error).toMatch(/^GetSessionToken: The signature is wrong\. /);
    // Who the key belongs to is asked beside it.
    expect(operationsOf(run)).toEqual(['GetCallerIdentity', 'GetSessionToken']);
  });

  test.each([
    ['a key that is not there', { 'aws-access-key-id': 'AKIAI44QH8DHBEXAMPLE' }, {}],
    ['an opt-in region that is off', {}, { world: worldWith((account) => account.optInRegionsOff.push('us-east-1')) }],
    [
      'a region of another partition',
      { 'aws-region': 'cn-north-1', 'mfa-serial': 'arn:aws-cn:iam::111122223333:mfa/ci' },
      {},
    ],
  ])('%s', async (_name, inputs, options) => {
    const run = await failing(inputs, options);
    expect(run.error).toBe(
      `GetSessionToken: AWS does not know this access key here. (AWS: InvalidClientTokenId: The security token included in the request is invalid.)\n${REMEDY['access-key-unknown']}`,
    );
    expect(operationsOf(run)).toEqual(['GetCallerIdentity', 'GetSessionToken']);
  });

  test('a region in which the account has turned STS off', async () => {
    const run = await failing(toRole('deploy'), {
      world: worldWith((account) => account.disabledRegions.push('us-east-1')),
    });
    expect(run.error).toBe(
      `AssumeRole: STS is turned off for this region in this account. (AWS: RegionDisabledException: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.)\n${REMEDY['region-disabled']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });
});

describe('by STS, of a role', () => {
  test('whose trust policy does not let the user in', async () => {
    const world = worldWith((account) => {
      const trust = policy({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/other' },
        Action: ALL_THREE,
      });
      account.roles.push(roleThatAllows('theirs', ALL_THREE, {}, { trustPolicy: trust }));
    });
    const run = await failing(toRole('theirs'), { world });
    expect(run.error).toBe(
      `AssumeRole: Assuming the role is not allowed. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('theirs')})\n${REMEDY['assume-role-denied']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that does not exist', async () => {
    const run = await failing({ 'role-to-assume': 'deploi' });
    expect(run.error).toBe(
      `AssumeRole: Assuming the role is not allowed. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('deploi')})\n${REMEDY['assume-role-denied']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that wants an external ID', async () => {
    const world = worldWith((account) => {
      const condition = {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        StringEquals: { 'sts:ExternalId': 'Tango-7' },
      };
      account.roles.push(roleThatAllows('partner', ALL_THREE, condition));
    });
    const without = await failing(toRole('partner'), { world });
    expect(without.error).toBe(
      `AssumeRole: Assuming the role is not allowed. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('partner')})\n${REMEDY['assume-role-denied']}`,
    );
    const wrong = await failing({ ...toRole('partner'), 'role-external-id': 'Tango-8' }, { world });
    expect(wrong.error).toBe(without.error);
    expect([operationsOf(without), operationsOf(wrong)]).toEqual([['AssumeRole'], ['AssumeRole']]);
  });

  test('that does not let session tags be passed', async () => {
    const world = worldWith((account) => account.roles.push(roleThatAllows('untagged', ['sts:AssumeRole'])));
    const run = await failing(toRole('untagged'), { world });
    expect(run.error).toBe(
      `AssumeRole: Passing session tags is not allowed. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:TagSession on resource: ${roleArn('untagged')})\n${REMEDY['tag-session-denied']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that does not let a source identity be set', async () => {
    const world = worldWith((account) =>
      account.roles.push(roleThatAllows('plain', ['sts:AssumeRole', 'sts:TagSession'])),
    );
    const run = await failing({ ...toRole('plain'), 'role-source-identity': 'octocat' }, { world });
    expect(run.error).toBe(
      `AssumeRole: Setting a source identity is not allowed. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn('plain')})\n${REMEDY['source-identity-denied']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that a policy denies outright', async () => {
    const world = worldWith((_account, user) => {
      user.policies.push(policy({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }));
    });
    const run = await failing(toRole('deploy'), { world });
    expect(run.error).toBe(
      `AssumeRole: A policy denies this call. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${DEMO.roleArn} with an explicit deny in an identity-based policy)\n${REMEDY['explicit-deny']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('whose own maximum is shorter than what is asked for', async () => {
    const world = worldWith((account) => account.roles.push(roleThatAllows('hourly', ALL_THREE)));
    const run = await failing({ ...toRole('hourly'), 'role-duration-seconds': '3601' }, { world });
    expect(run.error).toBe(
      `AssumeRole: The role does not allow sessions of this length. (AWS: ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.)\n${REMEDY['role-duration-too-long']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a session policy that is JSON and no policy', async () => {
    const inline = '{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"s3:*","Resource":"*"}}';
    const run = await failing({ ...toRole('deploy'), 'inline-session-policy': inline });
    expect(run.error).toBe(
      `AssumeRole: A session policy cannot be read by AWS. (AWS: MalformedPolicyDocument: Effect must be Allow or Deny)\n${REMEDY['malformed-policy']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a managed policy that is not there', async () => {
    const run = await failing({ ...toRole('deploy'), 'managed-session-policies': 'arn:aws:iam::aws:policy/NoSuch' });
    expect(run.error).toBe(
      `AssumeRole: STS does not accept a value of the request. (AWS: ValidationError: Policy arn:aws:iam::aws:policy/NoSuch does not exist or is not attachable.)\n${REMEDY['invalid-parameter']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a policy too large, and no tag to leave out', async () => {
    const world = worldWith((_account, _user, all) => {
      all.packedSizeLimit = 60;
    });
    const inline = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
    const run = await failing(
      { ...toRole('deploy'), 'inline-session-policy': inline, 'role-skip-session-tagging': 'true' },
      { world },
    );
    expect(run.error).toBe(
      `AssumeRole: The session policies and tags are too large together. (AWS: PackedPolicyTooLarge: Packed policy consumes 144% of allotted space, please use smaller policy.)\n${REMEDY['packed-policy-too-large']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with tags too large even without the optional ones: each try takes another code', async () => {
    const world = worldWith((_account, _user, all) => {
      all.packedSizeLimit = 60;
    });
    const run = await failing(toRole('deploy'), { world });
    expect(run.error).toMatch(
      /^AssumeRole: The session policies and tags are too large together\. \(AWS: PackedPolicyTooLarge: Packed size of session tags consumes \d+% of allotted space\.\)\n/,
    );
    expect(run.error.split('\n').at(-1)).toBe(REMEDY['packed-policy-too-large']);
    expect(run.infos).toEqual([
      'STS found the session tags and policies too large; trying again without the optional tags.',
    ]);
    expect(run.calls.map(({ operation, mfa }) => `${operation} ${mfa?.verdict}`)).toEqual([
      'AssumeRole accepted',
      'AssumeRole accepted',
    ]);
    expect(new Set(run.calls.map(({ params }) => params['TokenCode'])).size).toBe(2);
  });
});

describe('by STS, of a chained role', () => {
  const chaining = {
    ...toRole('deploy'),
    'aws-access-key-id': '',
    'aws-secret-access-key': '',
    'mfa-serial': '',
    'mfa-seed': '',
    'role-chaining': 'true',
  };

  async function sessionOf(emulator: Emulator): Promise<Readonly<Record<string, string>>> {
    const keys = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };
    const { credentials } = await call(emulator, keys, 'GetSessionToken', {
      SerialNumber: DEMO.serial,
      TokenCode: codeOfStep(DEMO.seed, stepAt(emulator.clock.now())),
      DurationSeconds: '900',
    });
    return {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    };
  }

  test('with a session that has ended', async () => {
    const clock = { shift: -1_000_000, now: () => Date.now() + clock.shift };
    const emulator = await emulate({ clock });
    const env = await sessionOf(emulator);
    clock.shift = 0;
    const run = await fail(emulator, { inputs: chaining, env, secrets: Object.values(env) });
    expect(run.error).toBe(
      `AssumeRole: The session has ended. (AWS: ExpiredToken: The security token included in the request is expired)\n${REMEDY['session-expired']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a session token that belongs to another key', async () => {
    const emulator = await emulate();
    const env = { ...(await sessionOf(emulator)), AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjOfSomebodyElse' };
    const run = await fail(emulator, { inputs: chaining, env, secrets: Object.values(env) });
    expect(run.error).toBe(
      `AssumeRole: AWS does not know this access key here. (AWS: InvalidClientTokenId: The security token included in the request is invalid.)\n${REMEDY['access-key-unknown']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });
});

describe('by STS, in words that a test of its own has to put into its mouth', () => {
  const refusal = (status: number, code: string, message: string): Fault => ({
    kind: 'refuse-with',
    operation: 'AssumeRole',
    times: Infinity,
    status,
    code,
    message,
  });
  test.each([
    [
      'only one of serial number and code',
      refusal(
        403,
        'AccessDenied',
        'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
      ),
      'AssumeRole: STS got only one of serial number and code. (AWS: AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.)',
      'mfa-incomplete',
    ],
    [
      'temporary credentials',
      refusal(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials'),
      'AssumeRole: The access key is a temporary one. (AWS: AccessDenied: Cannot call GetSessionToken with session credentials)',
      'session-credentials-refused',
    ],
    [
      'a role by chaining for more than an hour',
      refusal(
        400,
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ),
      'AssumeRole: A role assumed with a session lasts an hour at most. (AWS: ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.)',
      'chained-duration-too-long',
    ],
    [
      'a denial by a service control policy',
      refusal(
        403,
        'AccessDenied',
        `User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${DEMO.roleArn} with an explicit deny in a service control policy`,
      ),
      `AssumeRole: A policy denies this call. (AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${DEMO.roleArn} with an explicit deny in a service control policy)`,
      'explicit-deny',
    ],
    [
      'a denial in words that nobody has seen yet',
      refusal(403, 'AccessDenied', 'The moon is in the wrong house'),
      'AssumeRole: AWS denies this call. (AWS: AccessDenied: The moon is in the wrong house)',
      'access-denied',
    ],
    [
      'a code that nobody has seen yet',
      refusal(418, 'ImATeapot', 'short and stout'),
      'AssumeRole: AWS answered ImATeapot (HTTP 418): short and stout',
      'access-denied',
    ],
    [
      'a session that has ended',
      refusal(400, 'ExpiredTokenException', 'The security token included in the request is expired'),
      'AssumeRole: The session has ended. (AWS: ExpiredTokenException: The security token included in the request is expired)',
      'session-expired',
    ],
  ] as const)('%s', async (_name, fault, says, code) => {
    const run = await failing(toRole('deploy'), {}, [fault]);
    expect(run.error).toBe(`${says}\n${REMEDY[code]}`);
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('a time that is too far off even after it was corrected', async () => {
    const message =
      'Signature expired: 20260901T114500Z is now earlier than 20260901T120000Z (20260901T121500Z - 15 min.)';
    const run = await failing(toRole('deploy'), {}, [refusal(403, 'SignatureDoesNotMatch', message)]);
    expect(run.error).toBe(
      `AssumeRole: The request's time is too far from AWS's. (AWS: SignatureDoesNotMatch: ${message})\n${REMEDY['clock-off']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole', 'AssumeRole']);
  });
});

describe('of a serial number', () => {
  test('of another account than the key: both accounts are named', async () => {
    const run = await failing({ 'mfa-serial': 'arn:aws:iam::444455556666:mfa/ci' });
    expect(run.error).toBe(
      `The device arn:aws:iam::444455556666:mfa/ci is in the account 444455556666, and the access key is of ${USER}.\n${REMEDY['mfa-device-unknown']}`,
    );
    expect(operationsOf(run)).toEqual(['GetCallerIdentity', 'GetSessionToken', 'ListMFADevices']);
  });

  test('of somebody else in the same account: the right one is named', async () => {
    const run = await failing({ ...toRole('deploy'), 'mfa-serial': 'arn:aws:iam::111122223333:mfa/other' });
    expect(run.error).toBe(
      `This user has no MFA device arn:aws:iam::111122223333:mfa/other; it has ${DEMO.serial}.\n${REMEDY['mfa-device-unknown']}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole', 'GetCallerIdentity', 'ListMFADevices']);
  });

  test('that is not given, for a user without a device', async () => {
    const world = worldWith((_account, user) => user.devices.splice(0));
    const run = await failing({ 'mfa-serial': '' }, { world });
    expect(run.error).toBe(
      `mfa-serial is not given, and this user has no MFA device.\n${REMEDY['mfa-device-not-found']}`,
    );
    expect(operationsOf(run)).toEqual(['ListMFADevices']);
  });

  test('that is not given, for a user whose only device no API takes', async () => {
    const serial = 'arn:aws:iam::111122223333:u2f/user/ci/key-ABCDEF';
    const world = worldWith((_account, user) => {
      user.devices.splice(0);
      user.securityKeys.push({ serial });
    });
    const run = await failing({ 'mfa-serial': '' }, { world });
    expect(run.error).toBe(
      `mfa-serial is not given, and this user has no MFA device that can be used with the API (security keys and passkeys cannot).\n${REMEDY['mfa-device-not-found']}`,
    );
  });

  test('that is not given, for a user with two', async () => {
    const world = worldWith((_account, user) => {
      user.devices.push({
        serial: 'GAHT12345678',
        seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        adjustmentSteps: 0,
        budget: 9,
      });
    });
    const run = await failing({ 'mfa-serial': '' }, { world });
    expect(run.error).toBe(
      `mfa-serial is not given, and this user has several MFA devices: ${DEMO.serial}, GAHT12345678.\nWrite the one whose seed this is as mfa-serial, or give them all with their seeds as mfa-devices.`,
    );
    expect(operationsOf(run)).toEqual(['ListMFADevices']);
  });

  test('that is not given, where IAM may not be asked', async () => {
    const world = worldWith((_account, user) => user.policies.splice(0));
    const run = await failing({ 'mfa-serial': '' }, { world });
    expect(run.error).toBe(
      `mfa-serial is not given, and asking IAM for the user's devices failed: ListMFADevices: AWS denies this call. (AWS: AccessDenied: User: ${USER} is not authorized to perform: iam:ListMFADevices on resource: user ci because no identity-based policy allows the iam:ListMFADevices action)\n${REMEDY['mfa-device-not-found']}`,
    );
    expect(operationsOf(run)).toEqual(['ListMFADevices']);
  });
});

describe('of what lies between', () => {
  test('a machine that does not answer', async () => {
    const { calls, close, endpoint } = await emulate();
    await close();
    const run = await fail({ calls, endpoint }, { inputs: { ...toRole('deploy'), 'disable-retry': 'true' } });
    expect(run.error).toBe(
      `AssumeRole: no connection could be made (ECONNREFUSED: connect ECONNREFUSED ${new URL(endpoint).host}).\n${REMEDY.unreachable}`,
    );
  });

  test('a machine that does not answer yet: the attempts cost no codes', async () => {
    const { close, endpoint, calls } = await emulate();
    await close();
    // One attempt more than there are codes at hand.
    const run = await fail(
      { calls, endpoint },
      {
        inputs: { ...toRole('deploy'), 'retry-max-attempts': '6', 'mfa-max-wait-seconds': '0' },
        stepEnv: timeInBucket(72.5, 20).env,
      },
    );
    const says = `AssumeRole: no connection could be made (ECONNREFUSED: connect ECONNREFUSED ${new URL(endpoint).host}).`;
    expect(run.infos).toEqual([2, 3, 4, 5, 6].map((attempt) => `${says} Trying again (attempt ${attempt} of 6).`));
    expect(run.error).toBe(`${says}\n${REMEDY.unreachable}`);
  });

  test('a machine that does not answer does not spend a code made elsewhere', async () => {
    const { close, endpoint, calls } = await emulate();
    await close();
    const run = await fail(
      { calls, endpoint },
      { inputs: { ...toRole('deploy'), 'mfa-seed': '', 'mfa-code': '492039' } },
    );
    expect(run.error).toBe(
      `AssumeRole: no connection could be made (ECONNREFUSED: connect ECONNREFUSED ${new URL(endpoint).host}).\n${REMEDY.unreachable}`,
    );
  });

  test('a certificate that nobody vouches for: no code is sent', async () => {
    const run = await failing({ ...toRole('deploy'), 'disable-retry': 'true' }, { tls: true });
    expect(run.error).toMatch(
      /^AssumeRole: the certificate of localhost:\d+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT: .{1,200}\)\.\n/,
    );
    expect(run.error.split('\n').at(-1)).toBe(REMEDY['tls-untrusted']);
    expect(run.calls).toEqual([]);
  });

  test('a proxy that wants a password: it is asked once, and the one given is not shown', async () => {
    let asked = 0;
    const proxy = createServer().on('connect', (_request, socket) => {
      asked += 1;
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const url = `http://ci:hunter2hunter2@127.0.0.1:${port}`;
    try {
      const run = await failing({ ...toRole('deploy'), 'http-proxy': url, 'action-timeout-s': '5' }, { tls: true });
      expect(run.error.replace(/localhost:\d+/, 'HOST')).toBe(
        `AssumeRole: the proxy refused HOST (HTTP 407): it wants a user name and a password.\nWrite the user name and the password into the proxy's URL, http://USER:PASSWORD@HOST:PORT, from a secret.`,
      );
      expect(run.calls).toEqual([]);
      expect(asked).toBe(1);
    } finally {
      proxy.close();
    }
  });

  test('an endpoint that is no STS', async () => {
    const run = await failing({ ...toRole('deploy'), 'disable-retry': 'true' }, {}, [{ kind: 'truncate' }]);
    expect(run.error).toBe(`AssumeRole: AWS's answer could not be read (HTTP 200).\n${REMEDY['incomplete-answer']}`);
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });
});
