import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { codeOfStep, DEMO, type Emulator, type EmulatorOptions, type Fault, stepAt } from '../../../lab/aws/index.ts';
import { call, emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { type Failed, fail } from '../../kit/failing.ts';
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
    expectFailure(
      run,
      'secret-key-wrong',
      'AssumeRole',
      'AWS: SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('a wrong secret key, for a session token', async () => {
    const run = await failing({ 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYANOTHERKEY' });
    expectFailure(run, 'secret-key-wrong', 'GetSessionToken');
    // The step asks at the same time who the key belongs to.
    expect(operationsOf(run)).toEqual(['GetCallerIdentity', 'GetSessionToken']);
  });

  test.each([
    ['a key that doesn’t exist', { 'aws-access-key-id': 'AKIAI44QH8DHBEXAMPLE' }, {}],
    ['an opt-in region that is off', {}, { world: worldWith((account) => account.optInRegionsOff.push('us-east-1')) }],
    [
      'a region of another partition',
      { 'aws-region': 'cn-north-1', 'mfa-serial': 'arn:aws-cn:iam::111122223333:mfa/ci' },
      {},
    ],
  ])('%s', async (_name, inputs, options) => {
    const run = await failing(inputs, options);
    expectFailure(
      run,
      'access-key-unknown',
      'GetSessionToken',
      'AWS: InvalidClientTokenId: The security token included in the request is invalid.',
    );
    expect(operationsOf(run)).toEqual(['GetCallerIdentity', 'GetSessionToken']);
  });

  test('a region in which the account has turned STS off', async () => {
    const run = await failing(toRole('deploy'), {
      world: worldWith((account) => account.disabledRegions.push('us-east-1')),
    });
    expectFailure(
      run,
      'region-disabled',
      'AssumeRole',
      'AWS: RegionDisabledException: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.',
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });
});

describe('by STS, of a role', () => {
  test('whose trust policy doesn’t admit the user', async () => {
    const world = worldWith((account) => {
      const trust = policy({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/other' },
        Action: ALL_THREE,
      });
      account.roles.push(roleThatAllows('theirs', ALL_THREE, {}, { trustPolicy: trust }));
    });
    const run = await failing(toRole('theirs'), { world });
    expectFailure(
      run,
      'assume-role-denied',
      'AssumeRole',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('theirs')}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that does not exist', async () => {
    const run = await failing({ 'role-to-assume': 'deploi' });
    expectFailure(
      run,
      'assume-role-denied',
      'AssumeRole',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('deploi')}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that requires an external ID', async () => {
    const world = worldWith((account) => {
      const condition = {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        StringEquals: { 'sts:ExternalId': 'Tango-7' },
      };
      account.roles.push(roleThatAllows('partner', ALL_THREE, condition));
    });
    const without = await failing(toRole('partner'), { world });
    expectFailure(
      without,
      'assume-role-denied',
      'AssumeRole',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('partner')}`,
    );
    const wrong = await failing({ ...toRole('partner'), 'role-external-id': 'Tango-8' }, { world });
    expect(wrong.message).toBe(without.message);
    expect([operationsOf(without), operationsOf(wrong)]).toEqual([['AssumeRole'], ['AssumeRole']]);
  });

  test('that doesn’t allow session tags', async () => {
    const world = worldWith((account) => account.roles.push(roleThatAllows('untagged', ['sts:AssumeRole'])));
    const run = await failing(toRole('untagged'), { world });
    expectFailure(
      run,
      'tag-session-denied',
      'AssumeRole',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:TagSession on resource: ${roleArn('untagged')}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that doesn’t allow a source identity', async () => {
    const world = worldWith((account) =>
      account.roles.push(roleThatAllows('plain', ['sts:AssumeRole', 'sts:TagSession'])),
    );
    const run = await failing({ ...toRole('plain'), 'role-source-identity': 'octocat' }, { world });
    expectFailure(
      run,
      'source-identity-denied',
      'AssumeRole',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn('plain')}`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('that a policy denies outright', async () => {
    const world = worldWith((_account, user) => {
      user.policies.push(policy({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }));
    });
    const run = await failing(toRole('deploy'), { world });
    expectFailure(
      run,
      'explicit-deny',
      'AssumeRole',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${DEMO.roleArn} with an explicit deny in an identity-based policy`,
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('whose maximum is shorter than the requested duration', async () => {
    const world = worldWith((account) => account.roles.push(roleThatAllows('hourly', ALL_THREE)));
    const run = await failing({ ...toRole('hourly'), 'role-duration-seconds': '3601' }, { world });
    expectFailure(
      run,
      'role-duration-too-long',
      'AssumeRole',
      'AWS: ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a session policy that is JSON but not a policy', async () => {
    const inline = '{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"s3:*","Resource":"*"}}';
    const run = await failing({ ...toRole('deploy'), 'inline-session-policy': inline });
    expectFailure(run, 'malformed-policy', 'AssumeRole', 'AWS: MalformedPolicyDocument: Effect must be Allow or Deny');
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a managed policy that doesn’t exist', async () => {
    const run = await failing({ ...toRole('deploy'), 'managed-session-policies': 'arn:aws:iam::aws:policy/NoSuch' });
    expectFailure(
      run,
      'invalid-parameter',
      'AssumeRole',
      'AWS: ValidationError: Policy arn:aws:iam::aws:policy/NoSuch does not exist or is not attachable.',
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
    expectFailure(
      run,
      'packed-policy-too-large',
      'AssumeRole',
      'AWS: PackedPolicyTooLarge: Packed policy consumes 144% of allotted space, please use smaller policy.',
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with tags too large even without the optional ones: each try takes another code', async () => {
    const world = worldWith((_account, _user, all) => {
      all.packedSizeLimit = 60;
    });
    const run = await failing(toRole('deploy'), { world });
    expectFailure(
      run,
      'packed-policy-too-large',
      'AssumeRole',
      'AWS: PackedPolicyTooLarge: Packed size of session tags',
    );
    expect(run.infos).toHaveLength(1);
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
    expectFailure(
      run,
      'session-expired',
      'AssumeRole',
      'AWS: ExpiredToken: The security token included in the request is expired',
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('with a session token that belongs to another key', async () => {
    const emulator = await emulate();
    const env = { ...(await sessionOf(emulator)), AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjOfSomebodyElse' };
    const run = await fail(emulator, { inputs: chaining, env, secrets: Object.values(env) });
    expectFailure(
      run,
      'access-key-unknown',
      'AssumeRole',
      'AWS: InvalidClientTokenId: The security token included in the request is invalid.',
    );
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });
});

describe('by STS, in words that the emulator doesn’t use by itself', () => {
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
      'AWS: AccessDenied: MultiFactorAuthentication failed, must provide both',
      'mfa-incomplete',
    ],
    [
      'temporary credentials',
      refusal(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials'),
      'AWS: AccessDenied: Cannot call GetSessionToken with session credentials',
      'session-credentials-refused',
    ],
    [
      'a role by chaining for more than an hour',
      refusal(
        400,
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ),
      'AWS: ValidationError: The requested DurationSeconds exceeds the 1 hour session limit',
      'chained-duration-too-long',
    ],
    [
      'a denial by a service control policy',
      refusal(
        403,
        'AccessDenied',
        `User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${DEMO.roleArn} with an explicit deny in a service control policy`,
      ),
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: sts:AssumeRole`,
      'explicit-deny',
    ],
    [
      'a denial in words that nobody has seen yet',
      refusal(403, 'AccessDenied', 'The moon is in the wrong house'),
      'AWS: AccessDenied: The moon is in the wrong house',
      'access-denied',
    ],
    [
      'a code that nobody has seen yet',
      refusal(418, 'ImATeapot', 'short and stout'),
      'HTTP 418 (ImATeapot: short and stout)',
      'access-denied',
    ],
    [
      'a session that has ended',
      refusal(400, 'ExpiredTokenException', 'The security token included in the request is expired'),
      'AWS: ExpiredTokenException: The security token included in the request is expired',
      'session-expired',
    ],
  ] as const)('%s', async (_name, fault, fact, code) => {
    const run = await failing(toRole('deploy'), {}, [fault]);
    expectFailure(run, code, 'AssumeRole', fact);
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });

  test('a time that is too far off even after it was corrected', async () => {
    const message =
      'Signature expired: 20260901T114500Z is now earlier than 20260901T120000Z (20260901T121500Z - 15 min.)';
    const run = await failing(toRole('deploy'), {}, [refusal(403, 'SignatureDoesNotMatch', message)]);
    expectFailure(run, 'clock-off', 'AssumeRole', `AWS: SignatureDoesNotMatch: ${message}`);
    expect(operationsOf(run)).toEqual(['AssumeRole', 'AssumeRole']);
  });
});

describe('of a serial number', () => {
  test('of another account than the key: both accounts are named', async () => {
    const run = await failing({ 'mfa-serial': 'arn:aws:iam::444455556666:mfa/ci' });
    expectFailure(run, 'mfa-device-unknown', USER, '444455556666');
    expect(operationsOf(run)).toEqual(['GetCallerIdentity', 'GetSessionToken', 'ListMFADevices']);
  });

  test('of somebody else in the same account: the right one is named', async () => {
    const run = await failing({ ...toRole('deploy'), 'mfa-serial': 'arn:aws:iam::111122223333:mfa/other' });
    expectFailure(run, 'mfa-device-unknown', 'arn:aws:iam::111122223333:mfa/other', DEMO.serial);
    expect(operationsOf(run)).toEqual(['AssumeRole', 'GetCallerIdentity', 'ListMFADevices']);
  });

  test('that is not given, for a user without a device', async () => {
    const world = worldWith((_account, user) => user.devices.splice(0));
    const run = await failing({ 'mfa-serial': '' }, { world });
    expectFailure(run, 'mfa-device-not-found', 'mfa-serial');
    expect(operationsOf(run)).toEqual(['ListMFADevices']);
  });

  test('that is not given, for a user whose only device no API takes', async () => {
    const serial = 'arn:aws:iam::111122223333:u2f/user/ci/key-ABCDEF';
    const world = worldWith((_account, user) => {
      user.devices.splice(0);
      user.securityKeys.push({ serial });
    });
    const run = await failing({ 'mfa-serial': '' }, { world });
    expectFailure(run, 'mfa-device-not-found', 'mfa-serial');
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
    expectFailure(run, 'mfa-device-not-found', 'mfa-serial', DEMO.serial, 'GAHT12345678');
    expect(operationsOf(run)).toEqual(['ListMFADevices']);
  });

  test('that is not given, and IAM may not be asked', async () => {
    const world = worldWith((_account, user) => user.policies.splice(0));
    const run = await failing({ 'mfa-serial': '' }, { world });
    expectFailure(
      run,
      'mfa-device-not-found',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: iam:ListMFADevices on resource: user ci because no identity-based policy allows the iam:ListMFADevices action`,
      'mfa-serial',
    );
    expect(operationsOf(run)).toEqual(['ListMFADevices']);
  });
});

describe('of what lies between', () => {
  test('a machine that does not answer', async () => {
    const { calls, close, endpoint } = await emulate();
    await close();
    const run = await fail({ calls, endpoint }, { inputs: { ...toRole('deploy'), 'disable-retry': 'true' } });
    expectFailure(run, 'unreachable', 'AssumeRole', new URL(endpoint).host);
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
    const refused = `ECONNREFUSED ${new URL(endpoint).host}`;
    expect(run.infos.map((line) => line.includes(refused))).toEqual([true, true, true, true, true]);
    expect(run.infos.map((line) => / (\d) of 6\b/.exec(line)?.[1])).toEqual(['2', '3', '4', '5', '6']);
    expectFailure(run, 'unreachable', 'AssumeRole', refused);
  });

  test('a machine that doesn’t answer doesn’t spend a code made elsewhere', async () => {
    const { close, endpoint, calls } = await emulate();
    await close();
    const run = await fail(
      { calls, endpoint },
      {
        inputs: { ...toRole('deploy'), 'mfa-seed': '', 'mfa-code': '492039' },
        stepEnv: timeInBucket(72.5, 20).env,
      },
    );
    expectFailure(run, 'unreachable', 'AssumeRole', new URL(endpoint).host);
  });

  test('a certificate that nobody vouches for: no code is sent', async () => {
    const run = await failing({ ...toRole('deploy'), 'disable-retry': 'true' }, { tls: true });
    expectFailure(run, 'tls-untrusted', 'AssumeRole', 'localhost:', 'DEPTH_ZERO_SELF_SIGNED_CERT');
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
      expectFailure(run, 'proxy-refused', 'AssumeRole', 'localhost:', '407');
      expect(run.calls).toEqual([]);
      expect(asked).toBe(1);
    } finally {
      proxy.close();
    }
  });

  test('an endpoint that isn’t STS', async () => {
    const run = await failing({ ...toRole('deploy'), 'disable-retry': 'true' }, {}, [{ kind: 'truncate' }]);
    expectFailure(run, 'incomplete-answer', 'AssumeRole', '200');
    expect(operationsOf(run)).toEqual(['AssumeRole']);
  });
});
