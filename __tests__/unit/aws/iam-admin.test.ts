import { describe, expect, test } from '@jest/globals';
import { device } from '../../../lab/aws/build.ts';
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
  told,
  withoutUser,
} from '../../kit/iam-admin.ts';
import { policy } from '../../kit/worlds.ts';

const KEY = OF_CI.accessKeyId;

const numbered = (count: number, name: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

describe('a user', () => {
  test('is created with tags and a boundary, found, and deleted', async () => {
    const { iam } = await withoutUser();
    const made = { name: 'ci', arn: ARN, tags: { by: 'us', empty: '' }, boundary: BOUNDARY };
    expect(told(await iam.findUser('ci'))).toBeUndefined();
    expect(told(await iam.createUser({ name: 'ci', tags: { by: 'us', empty: '' }, boundary: BOUNDARY }))).toEqual(made);
    expect(told(await iam.findUser('ci'))).toEqual(made);
    expect(told(await iam.deleteUser('ci'))).toBeUndefined();
    expect(told(await iam.findUser('ci'))).toBeUndefined();
  });

  test('gets tags, other values of them, and loses them', async () => {
    const { iam, ci } = await administrate((ci) => Object.assign(ci, { tags: { a: '1', b: '2' } }));
    expect(told(await iam.tagUser('ci', { b: '3', c: '' }))).toBeUndefined();
    expect(ci.tags).toEqual({ a: '1', b: '3', c: '' });
    expect(told(await iam.untagUser('ci', ['a', 'c', 'unknown']))).toBeUndefined();
    expect(ci.tags).toEqual({ b: '3' });
  });

  test('may have no tags and no boundary', async () => {
    const { iam } = await withoutUser();
    expect(told(await iam.createUser(PLAIN))).toEqual({ name: 'ci', arn: ARN, tags: {}, boundary: undefined });
  });
});

describe('an inline policy', () => {
  test('of a user is written, read back unchanged, listed and deleted', async () => {
    const { iam } = await administrate();
    expect(told(await iam.findPolicy('ci', 'mfa'))).toBeUndefined();
    expect(told(await iam.putPolicy('ci', 'mfa', DOCUMENT))).toBeUndefined();
    expect(told(await iam.findPolicy('ci', 'mfa'))).toBe(DOCUMENT);
    expect(told(await iam.listPolicies('ci'))).toEqual(['mfa']);
    expect(told(await iam.deletePolicy('ci', 'mfa'))).toBeUndefined();
    expect(told(await iam.listPolicies('ci'))).toEqual([]);
  });

  test('of a role is written, read back unchanged and deleted', async () => {
    const { iam } = await administrate();
    expect(told(await iam.findRolePolicy('deploy', 'revoked'))).toBeUndefined();
    expect(told(await iam.putRolePolicy('deploy', 'revoked', DOCUMENT))).toBeUndefined();
    expect(told(await iam.findRolePolicy('deploy', 'revoked'))).toBe(DOCUMENT);
    expect(told(await iam.deleteRolePolicy('deploy', 'revoked'))).toBeUndefined();
    expect(told(await iam.findRolePolicy('deploy', 'revoked'))).toBeUndefined();
  });

  test('of a user or a role that doesn’t exist isn’t there either', async () => {
    const { iam } = await withoutUser();
    expect(told(await iam.findPolicy('ci', 'mfa'))).toBeUndefined();
    expect(told(await iam.findRolePolicy('nobody', 'mfa'))).toBeUndefined();
  });
});

test('what a user is attached to is listed', async () => {
  const { iam } = await administrate((ci) => Object.assign(ci, { attachedPolicies: [BOUNDARY], groups: ['staff'] }));
  expect(told(await iam.listAttachedPolicies('ci'))).toEqual([BOUNDARY]);
  expect(told(await iam.listGroups('ci'))).toEqual(['staff']);
});

describe('a device', () => {
  test('is created, enabled with two codes, deactivated and deleted', async () => {
    const { iam, emulator, account, ci } = await administrate();
    const created = await iam.createDevice('ci');
    const seed = account.unassignedDevices[0]?.seed ?? '';
    expect(told(created)).toEqual({ serial: SERIAL, seed });
    expect(told(await iam.listUnassignedDevices())).toEqual([SERIAL]);
    expect(told(await iam.listDevices('ci'))).toEqual([]);
    expect(told(await iam.enableDevice('ci', SERIAL, codesBy(emulator, seed)))).toBeUndefined();
    expect(ci.devices).toMatchObject([{ adjustmentSteps: 0 }]);
    expect(told(await iam.listUnassignedDevices())).toEqual([]);
    expect(told(await iam.listDevices('ci'))).toEqual([SERIAL]);
    expect(told(await iam.deactivateDevice('ci', SERIAL))).toBeUndefined();
    expect(told(await iam.listUnassignedDevices())).toEqual([SERIAL]);
    expect(told(await iam.deleteDevice(SERIAL))).toBeUndefined();
    expect(told(await iam.listUnassignedDevices())).toEqual([]);
  });
});

describe('a key', () => {
  test('is created, listed, deactivated, activated and deleted', async () => {
    const { iam, ci } = await administrate();
    const created = await iam.createKey('ci');
    const [{ id, secret, createdAt = 0 } = { id: '', secret: '' }] = ci.accessKeys;
    const listed = { accessKeyId: id, active: true, created: new Date(Math.floor(createdAt / 1000) * 1000) };
    expect(told(created)).toEqual({ accessKeyId: id, secretAccessKey: secret });
    expect(told(await iam.listKeys('ci'))).toEqual([listed]);
    expect(told(await iam.setKeyStatus('ci', id, 'Inactive'))).toBeUndefined();
    expect(told(await iam.listKeys('ci'))).toEqual([{ ...listed, active: false }]);
    expect(told(await iam.setKeyStatus('ci', id, 'Active'))).toBeUndefined();
    expect(told(await iam.listKeys('ci'))).toEqual([listed]);
    expect(told(await iam.deleteKey('ci', id))).toBeUndefined();
    expect(told(await iam.listKeys('ci'))).toEqual([]);
  });

  test('that was used says when, once AWS knows', async () => {
    const uses = [{ at: Date.UTC(2026, 7, 1, 12), service: 'sts', region: 'eu-central-1' }];
    const { iam } = await administrate((ci) => ci.accessKeys.push({ id: KEY, secret: 's', uses }));
    expect(told(await iam.lastUse(KEY))).toEqual(new Date('2026-08-01T12:00:00Z'));
  });

  test('that was never used says so', async () => {
    const { iam } = await administrate((ci) => ci.accessKeys.push({ id: KEY, secret: 's' }));
    expect(told(await iam.lastUse(KEY))).toBeUndefined();
  });
});

describe('what policies deny', () => {
  test('is simulated for each action', async () => {
    const { iam } = await administrate((ci) =>
      ci.policies.push(policy({ Effect: 'Allow', Action: 'iam:Get*', Resource: '*' })),
    );
    const actions = ['iam:GetUser', 'iam:CreateUser', 'iam:DeleteUser'];
    expect(told(await iam.deniedActions(ARN, actions))).toEqual(['iam:CreateUser', 'iam:DeleteUser']);
    const admin = `arn:aws:iam::${ACCOUNT}:user/admin`;
    expect(told(await iam.deniedActions(admin, actions))).toEqual([]);
  });

  test('stays unknown if the caller may not ask, or the principal isn’t there', async () => {
    const { iam } = await administrate((ci) => ci.accessKeys.push({ id: KEY, secret: 's' }), OF_CI);
    expect(codeOf(await iam.deniedActions(ARN, ['iam:GetUser']))).toBe('access-denied');
    const { iam: another } = await withoutUser();
    expect(codeOf(await another.deniedActions(ARN, ['iam:GetUser']))).toBe('iam-not-found');
    expect(codeOf(await another.deniedActions(ARN, ['no action']))).toBe('invalid-parameter');
  });
});

describe('a list', () => {
  test('is collected from all pages', async () => {
    const serials = numbered(101, `arn:aws:iam::${ACCOUNT}:mfa/d`);
    const policies = numbered(101, 'p');
    const groups = numbered(101, 'g');
    const arns = numbered(101, BOUNDARY);
    const keys = numbered(101, KEY);
    const devices = serials.map((serial) => device({ serial, seed: SEED }));
    const { iam, emulator } = await administrate((ci, account) => {
      Object.assign(ci, {
        groups,
        attachedPolicies: arns,
        devices,
        accessKeys: keys.map((id) => ({ id, secret: 's' })),
      });
      ci.namedPolicies = Object.fromEntries(policies.map((name) => [name, ALL]));
      account.unassignedDevices = numbered(205, `${SERIAL}-`).map((serial) => device({ serial, seed: SEED }));
    });
    const actions = numbered(101, 'iam:Get');
    expect(told(await iam.listPolicies('ci'))).toEqual(policies);
    expect(told(await iam.listAttachedPolicies('ci'))).toEqual(arns);
    expect(told(await iam.listGroups('ci'))).toEqual(groups);
    expect(told(await iam.listDevices('ci'))).toEqual(serials);
    const listed = await iam.listKeys('ci');
    expect(listed.ok && listed.value.map(({ accessKeyId }) => accessKeyId)).toEqual(keys);
    expect(told(await iam.deniedActions(`arn:aws:iam::${ACCOUNT}:user/demo`, actions))).toEqual(actions);
    expect(emulator.calls).toHaveLength(12);
    expect(told(await iam.listUnassignedDevices())).toEqual(numbered(205, `${SERIAL}-`));
    expect(emulator.calls).toHaveLength(15);
  });
});
