import { describe, expect, test } from '@jest/globals';
import { device } from '../../../lab/aws/build.ts';
import type { PolicyStatement } from '../../../lab/aws/index.ts';
import type { Answer } from '../../../src/core/ports.ts';
import {
  ACCOUNT,
  ALL,
  ARN,
  administrate,
  BOUNDARY,
  codeOf,
  codesBy,
  DOCUMENT,
  OF_CI,
  PLAIN,
  SEED,
  SERIAL,
  type Setting,
  told,
  withoutUser,
} from '../../kit/iam-admin.ts';
import { policy } from '../../kit/worlds.ts';

const KEY = OF_CI.accessKeyId;
const key = (id: string) => ({ id, secret: 's' });
const mine = device({ serial: SERIAL, seed: SEED });

/** IAM for the user `ci`, who may do this. */
const asUser = (...statements: readonly PolicyStatement[]) =>
  administrate((ci) => {
    ci.accessKeys.push(key(KEY));
    ci.policies.push(...statements.map(policy));
  }, OF_CI);

test('a name that is taken says so, in any case of its letters', async () => {
  const { iam } = await administrate((ci, account) => {
    ci.devices.push(mine);
    account.unassignedDevices.push(device({ serial: `${SERIAL}-old`, seed: SEED }));
  });
  expect(told(await iam.createUser({ ...PLAIN, name: 'CI' }))).toEqual({
    'iam-already-exists': { call: 'CreateUser', aws: 'EntityAlreadyExists: User with name CI already exists.' },
  });
  for (const name of ['ci', 'ci-old']) expect(codeOf(await iam.createDevice(name))).toBe('iam-already-exists');
  expect(told(await iam.enableDevice('demo', SERIAL, () => ['123456', '654321']))).toEqual({
    'iam-already-exists': { call: 'EnableMFADevice', aws: 'EntityAlreadyExists: MFA Device is already in use.' },
  });
});

describe('what doesn’t exist', () => {
  const CALLS: Readonly<Record<string, (setting: Setting) => Promise<Answer<unknown>>>> = {
    deleteUser: ({ iam }) => iam.deleteUser('ci'),
    tagUser: ({ iam }) => iam.tagUser('ci', { a: '1' }),
    untagUser: ({ iam }) => iam.untagUser('ci', ['a']),
    listPolicies: ({ iam }) => iam.listPolicies('ci'),
    putPolicy: ({ iam }) => iam.putPolicy('ci', 'mfa', DOCUMENT),
    deletePolicy: ({ iam }) => iam.deletePolicy('ci', 'mfa'),
    listAttachedPolicies: ({ iam }) => iam.listAttachedPolicies('ci'),
    listGroups: ({ iam }) => iam.listGroups('ci'),
    listDevices: ({ iam }) => iam.listDevices('ci'),
    enableDevice: ({ iam, emulator }) => iam.enableDevice('demo', SERIAL, codesBy(emulator)),
    deactivateDevice: ({ iam }) => iam.deactivateDevice('demo', SERIAL),
    deleteDevice: ({ iam }) => iam.deleteDevice(SERIAL),
    listKeys: ({ iam }) => iam.listKeys('ci'),
    createKey: ({ iam }) => iam.createKey('ci'),
    setKeyStatus: ({ iam }) => iam.setKeyStatus('demo', KEY, 'Inactive'),
    deleteKey: ({ iam }) => iam.deleteKey('demo', KEY),
    lastUse: ({ iam }) => iam.lastUse(KEY),
    putRolePolicy: ({ iam }) => iam.putRolePolicy('nobody', 'revoked', DOCUMENT),
    deleteRolePolicy: ({ iam }) => iam.deleteRolePolicy('deploy', 'revoked'),
  };

  test.each(Object.entries(CALLS))('fails at once, if this port hasn’t created it: %s', async (_, act) => {
    const setting = await withoutUser();
    expect(codeOf(await act(setting))).toBe('iam-not-found');
    expect(setting.emulator.calls).toHaveLength(1);
  });
});

describe('a limit', () => {
  test('of two keys, eight devices and 2,048 characters of policies', async () => {
    const { iam, emulator } = await administrate((ci, account) => {
      ci.accessKeys.push(key('AKIA0000000000000001'), { ...key('AKIA0000000000000002'), inactive: true });
      for (let i = 0; i < 8; i += 1) ci.devices.push(device({ serial: `${SERIAL}-${i}`, seed: SEED }));
      account.unassignedDevices.push(mine);
    });
    expect(told(await iam.createKey('ci'))).toEqual({
      'iam-limit-exceeded': {
        call: 'CreateAccessKey',
        limit: 'keys',
        aws: 'LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2',
      },
    });
    expect(told(await iam.enableDevice('ci', SERIAL, codesBy(emulator)))).toMatchObject({
      'iam-limit-exceeded': { limit: 'devices' },
    });
    expect(told(await iam.putPolicy('ci', 'mfa', DOCUMENT.replace('50%', 'x'.repeat(2048))))).toMatchObject({
      'iam-limit-exceeded': { limit: 'policies' },
    });
  });

  test.each([
    ['Cannot exceed quota for UsersPerAccount: 5000', 'users'],
    ['Cannot exceed quota for something new: 1', 'other'],
  ])('of the account: %s', async (message, limit) => {
    const { iam, emulator } = await withoutUser();
    emulator.faults.add({ kind: 'refuse-with', status: 409, code: 'LimitExceeded', message });
    expect(told(await iam.createUser(PLAIN))).toMatchObject({ 'iam-limit-exceeded': { limit } });
    expect(emulator.calls).toHaveLength(1);
  });
});

test('what still has something can’t be deleted', async () => {
  const { iam } = await administrate((ci) => {
    ci.devices.push(mine);
    ci.accessKeys.push(key(KEY));
  });
  expect(told(await iam.deleteUser('ci'))).toEqual({
    'iam-delete-conflict': {
      call: 'DeleteUser',
      aws: 'DeleteConflict: Cannot delete entity, must delete access keys first.',
    },
  });
  expect(codeOf(await iam.deleteDevice(SERIAL))).toBe('iam-delete-conflict');
});

test('codes of another device are rejected, and not shown', async () => {
  const { iam, emulator, shared } = await administrate((_, account) => account.unassignedDevices.push(mine));
  const [previous, current] = codesBy(emulator)();
  expect(told(await iam.enableDevice('ci', SERIAL, () => [current, previous]))).toEqual({
    'device-codes-refused': {
      call: 'EnableMFADevice',
      aws: 'InvalidAuthenticationCode: Authentication code for device is not valid.',
    },
  });
  expect(shared.concealed).toEqual([current, previous]);
  expect(emulator.calls).toHaveLength(1);
});

describe('a policy', () => {
  test.each([
    ['{', 'MalformedPolicyDocument: This policy contains invalid Json'],
    ['{"Version":"2012-10-17"}', 'MalformedPolicyDocument: a policy needs a Statement'],
  ])('that can’t be read is refused: %s', async (document, aws) => {
    const { iam } = await administrate();
    const refused = (call: string) => ({ 'iam-policy-refused': { call, about: 'document', aws } });
    expect(told(await iam.putPolicy('ci', 'mfa', document))).toEqual(refused('PutUserPolicy'));
    expect(told(await iam.putRolePolicy('deploy', 'mfa', document))).toEqual(refused('PutRolePolicy'));
  });

  test.each([
    [`arn:aws:iam::${ACCOUNT}:policy/nowhere`, /^NoSuchEntity: Scope ARN: .* is not attachable\.$/],
    ['arn:aws:iam::aws:policy/aws-service-role/X', /^PolicyNotAttachable: /],
  ])('that can’t be a boundary is refused: %s', async (boundary, aws) => {
    const { iam } = await withoutUser();
    expect(told(await iam.createUser({ ...PLAIN, boundary }))).toEqual({
      'iam-policy-refused': { call: 'CreateUser', about: 'boundary', aws: expect.stringMatching(aws) },
    });
  });
});

describe('a denied call', () => {
  test('names the action that is missing', async () => {
    const { iam } = await asUser({ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' });
    expect(told(await iam.createUser({ ...PLAIN, name: 'new' }))).toEqual({
      'access-denied': {
        call: 'CreateUser',
        aws: `AccessDenied: User: ${ARN} is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${ACCOUNT}:user/new because no identity-based policy allows the iam:CreateUser action`,
      },
    });
    expect(codeOf(await iam.findUser('new'))).toBe('no failure');
  });

  test('says that a policy explicitly denies it', async () => {
    const { iam } = await asUser({ Effect: 'Deny', Action: '*', Resource: '*' });
    expect(codeOf(await iam.listUnassignedDevices())).toBe('explicit-deny');
  });

  test('is about the boundary, if the user must have one', async () => {
    const { iam } = await asUser({
      Effect: 'Allow',
      Action: 'iam:CreateUser',
      Resource: '*',
      Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } },
    });
    expect(codeOf(await iam.createUser({ ...PLAIN, name: 'new' }))).toBe('access-denied');
    expect(codeOf(await iam.createUser({ ...PLAIN, name: 'new', boundary: BOUNDARY }))).toBe('no failure');
  });
});

test.each([
  ['UnmodifiableEntity', 'unexpected'],
  ['PasswordPolicyViolation', 'unexpected'],
  ['ServiceNotSupported', 'unexpected'],
  ['InvalidInput', 'invalid-parameter'],
  ['ValidationError', 'invalid-parameter'],
  ['InvalidClientTokenId', 'access-key-unknown'],
  ['ExpiredToken', 'session-expired'],
])('%s is %s, with AWS’s words', async (code, failure) => {
  const { iam, emulator } = await administrate();
  emulator.faults.add({ kind: 'refuse-with', status: 400, code, message: 'No.' });
  const answer = await iam.deleteUser('ci');
  expect(codeOf(answer)).toBe(failure);
  expect(JSON.stringify(told(answer))).toContain(`${code}: No.`);
});

test('a name that no user can have is refused by AWS', async () => {
  const { iam } = await administrate((ci) => ci.policies.push(ALL));
  expect(codeOf(await iam.createUser({ ...PLAIN, name: 'c i' }))).toBe('invalid-parameter');
});
