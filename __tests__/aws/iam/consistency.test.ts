import { describe, expect, test } from '@jest/globals';
import { codeOfStep, type Delay } from '../../../lab/aws/index.ts';
import { type Credentials, call } from '../wire.ts';
import {
  ACCOUNT,
  ADMIN,
  clock,
  codes,
  createDevice,
  DONE,
  emulator,
  enableDevice,
  GUEST,
  guest,
  iam,
  said,
  step,
} from './account.ts';

// Each delay is set, then the same call is made until it succeeds.

type Call = () => Promise<readonly [number, string | undefined, string | undefined]>;

/** The first answer, and those of three more calls; before each, five seconds pass. */
async function fourAnswers(ask: Call) {
  const first = await ask();
  const later = [];
  for (let i = 0; i < 3; i++) {
    clock.advance(5_000);
    later.push((await ask())[0]);
  }
  return { first, later };
}

const DELAYS: [string, Delay, number][] = [
  ['12 seconds', { ms: 12_000 }, 3],
  ['two calls', { calls: 2 }, 2],
  ['no time', { ms: 0 }, 0],
];

/** The statuses after the first one: refused until the delay ends. */
const statuses = (refused: number, status: number) => [0, 1, 2, 3].map((i) => (i < refused ? status : 200)).slice(1);

const identity = (keys: Credentials) => said(call(emulator, keys, 'GetCallerIdentity'));

async function createKey(): Promise<Credentials> {
  const reply = await iam(ADMIN, 'CreateAccessKey', { UserName: 'guest' });
  return { accessKeyId: reply.field('AccessKeyId') ?? '', secretAccessKey: reply.field('SecretAccessKey') ?? '' };
}

const POLICY = (Effect: string) => JSON.stringify({ Statement: { Effect, Action: 'iam:GetUser', Resource: '*' } });

const put = (Effect: string) =>
  iam(ADMIN, 'PutUserPolicy', { UserName: 'guest', PolicyName: 'own', PolicyDocument: POLICY(Effect) });

describe.each(DELAYS)('if it takes %s,', (_how, delay, refused) => {
  test('no service knows a new access key until then', async () => {
    emulator.world.delays = { accessKey: delay };
    const key = await createKey();
    const { first, later } = await fourAnswers(() => identity(key));
    const unknown = [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'];
    expect(first).toEqual(refused === 0 ? DONE : unknown);
    expect(later).toEqual(statuses(refused, 403));
  });

  test('STS doesn’t know a new device until then', async () => {
    emulator.world.delays = { device: delay };
    guest.devices = [];
    const { serial, seed } = await enableDevice(ADMIN, 'guest-ci', 'guest');
    let offset = -2;
    const { first, later } = await fourAnswers(() => {
      const TokenCode = codeOfStep(seed, step() + offset++);
      return said(call(emulator, GUEST, 'GetSessionToken', { SerialNumber: serial, TokenCode }));
    });
    const unknown = [
      403,
      'AccessDenied',
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    ];
    expect(first).toEqual(refused === 0 ? DONE : unknown);
    expect(later).toEqual(statuses(refused, 403));
  });

  test('IAM doesn’t find a new user until then', async () => {
    emulator.world.delays = { iam: delay };
    await iam(ADMIN, 'CreateUser', { UserName: 'ci' });
    const { first, later } = await fourAnswers(() => said(iam(ADMIN, 'GetUser', { UserName: 'ci' })));
    expect(first).toEqual(refused === 0 ? DONE : [404, 'NoSuchEntity', 'The user with name ci cannot be found.']);
    expect(later).toEqual(statuses(refused, 404));
  });

  test('IAM doesn’t find a new inline policy until then', async () => {
    emulator.world.delays = { iam: delay };
    await put('Allow');
    const { first, later } = await fourAnswers(() =>
      said(iam(ADMIN, 'GetUserPolicy', { UserName: 'guest', PolicyName: 'own' })),
    );
    const missing = [404, 'NoSuchEntity', 'The user policy with name own cannot be found.'];
    expect(first).toEqual(refused === 0 ? DONE : missing);
    expect(later).toEqual(statuses(refused, 404));
  });

  test('IAM can’t enable a new device until then', async () => {
    emulator.world.delays = { iam: delay };
    const { serial, seed } = await createDevice(ADMIN, 'guest-ci');
    const enable = () => {
      const params = { UserName: 'guest', SerialNumber: serial, ...codes(seed, step() - 1) };
      return said(iam(ADMIN, 'EnableMFADevice', params));
    };
    for (let i = 0; i < refused; i++) {
      expect(await enable()).toEqual([
        404,
        'NoSuchEntity',
        `VirtualMFADevice with serial number ${serial} doesn't exist.`,
      ]);
      clock.advance(5_000);
    }
    expect(await enable()).toEqual(DONE);
  });

  test('a new inline policy has no effect until then', async () => {
    emulator.world.delays = { policy: delay };
    guest.policies = [];
    await put('Allow');
    const { first, later } = await fourAnswers(() => said(iam(GUEST, 'GetUser')));
    expect(first[0]).toBe(refused === 0 ? 200 : 403);
    expect(later).toEqual(statuses(refused, 403));
  });
});

test('until a changed policy has effect, the previous one has', async () => {
  emulator.world.delays = { policy: { ms: 5_000 } };
  await put('Allow');
  await put('Deny');
  expect(await said(iam(GUEST, 'GetUser'))).toEqual(DONE);
  clock.advance(5_000);
  expect((await said(iam(GUEST, 'GetUser')))[2]).toContain('with an explicit deny in an identity-based policy');
});

test('lists don’t contain what IAM doesn’t find yet', async () => {
  emulator.world.delays = { iam: { ms: 5_000 } };
  const key = await createKey();
  const { serial } = await createDevice(ADMIN, 'guest-ci');
  await put('Allow');
  const lists = async () => [
    (await iam(ADMIN, 'ListAccessKeys', { UserName: 'guest' })).fields('AccessKeyId'),
    (await iam(ADMIN, 'ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' })).fields('SerialNumber'),
    (await iam(ADMIN, 'ListUserPolicies', { UserName: 'guest' })).fields('member'),
  ];
  expect(await lists()).toEqual([[GUEST.accessKeyId], [], []]);
  clock.advance(5_000);
  expect(await lists()).toEqual([[GUEST.accessKeyId, key.accessKeyId], [serial], ['own']]);
});

test('a name is taken, and counts towards the limits, before IAM finds it', async () => {
  emulator.world.delays = { iam: { ms: 5_000 } };
  await iam(ADMIN, 'CreateUser', { UserName: 'ci' });
  expect((await said(iam(ADMIN, 'CreateUser', { UserName: 'ci' })))[1]).toBe('EntityAlreadyExists');
  await createDevice(ADMIN, 'guest-ci');
  expect((await said(iam(ADMIN, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'guest-ci' })))[1]).toBe(
    'EntityAlreadyExists',
  );
  await createKey();
  expect((await said(iam(ADMIN, 'CreateAccessKey', { UserName: 'guest' })))[1]).toBe('LimitExceeded');
});

test('a trust policy can’t name a user that IAM doesn’t find yet', async () => {
  emulator.world.delays = { iam: { ms: 5_000 } };
  await iam(ADMIN, 'CreateUser', { UserName: 'ci' });
  const AWS = `arn:aws:iam::${ACCOUNT}:user/ci`;
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' },
  });
  const create = () => said(iam(ADMIN, 'CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument }));
  expect(await create()).toEqual([400, 'MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${AWS}"`]);
  clock.advance(5_000);
  expect(await create()).toEqual(DONE);
});
