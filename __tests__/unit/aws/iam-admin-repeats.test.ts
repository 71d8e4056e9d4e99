import { describe, expect, test } from '@jest/globals';
import { device } from '../../../lab/aws/build.ts';
import { PLAYGROUND } from '../../../lab/aws/demo-world.ts';
import type { Account, Fault, FaultKind, World } from '../../../lab/aws/index.ts';
import { createIamAdmin } from '../../../src/aws/iam-admin.ts';
import { mayHaveWorked } from '../../../src/core/failure.ts';
import type { Answer } from '../../../src/core/ports.ts';
import type { CodePair } from '../../../src/setup/ports.ts';
import {
  ALL,
  ARN,
  administrate,
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

const KEY = OF_CI.accessKeyId;
const FREE = `${SERIAL}-free`;

type Act = (setting: Setting) => Promise<Answer<unknown>>;

const READS: Readonly<Record<string, Act>> = {
  GetUser: ({ iam }) => iam.findUser('ci'),
  ListUserPolicies: ({ iam }) => iam.listPolicies('ci'),
  GetUserPolicy: ({ iam }) => iam.findPolicy('ci', 'mfa'),
  ListAttachedUserPolicies: ({ iam }) => iam.listAttachedPolicies('ci'),
  ListGroupsForUser: ({ iam }) => iam.listGroups('ci'),
  ListMFADevices: ({ iam }) => iam.listDevices('ci'),
  ListVirtualMFADevices: ({ iam }) => iam.listUnassignedDevices(),
  ListAccessKeys: ({ iam }) => iam.listKeys('ci'),
  GetAccessKeyLastUsed: ({ iam }) => iam.lastUse(KEY),
  GetRolePolicy: ({ iam }) => iam.findRolePolicy('deploy', 'mfa'),
  SimulatePrincipalPolicy: ({ iam }) => iam.deniedActions(ARN, ['iam:GetUser']),
};
const CHANGES: Readonly<Record<string, Act>> = {
  TagUser: ({ iam }) => iam.tagUser('ci', { a: '1' }),
  UntagUser: ({ iam }) => iam.untagUser('ci', ['a']),
  PutUserPolicy: ({ iam }) => iam.putPolicy('ci', 'new', DOCUMENT),
  UpdateAccessKey: ({ iam }) => iam.setKeyStatus('ci', KEY, 'Inactive'),
  PutRolePolicy: ({ iam }) => iam.putRolePolicy('deploy', 'new', DOCUMENT),
};
const REMOVALS: Readonly<Record<string, Act>> = {
  DeleteUser: ({ iam }) => iam.deleteUser('leaver'),
  DeleteUserPolicy: ({ iam }) => iam.deletePolicy('ci', 'mfa'),
  DeactivateMFADevice: ({ iam }) => iam.deactivateDevice('ci', SERIAL),
  DeleteVirtualMFADevice: ({ iam }) => iam.deleteDevice(FREE),
  DeleteAccessKey: ({ iam }) => iam.deleteKey('ci', KEY),
  DeleteRolePolicy: ({ iam }) => iam.deleteRolePolicy('deploy', 'mfa'),
};
const CREATIONS: Readonly<Record<string, Act>> = {
  CreateUser: ({ iam }) => iam.createUser({ ...PLAIN, name: 'new' }),
  CreateVirtualMFADevice: ({ iam }) => iam.createDevice('new'),
  EnableMFADevice: ({ iam, emulator }) => iam.enableDevice('ci', FREE, codesBy(emulator)),
  CreateAccessKey: ({ iam }) => iam.createKey('ci'),
};
const HARMLESS = Object.entries({ ...READS, ...CHANGES, ...REMOVALS });
const EVERY = [...HARMLESS, ...Object.entries(CREATIONS)];

/** A user who has one of everything, and something that can be deleted. */
function complete(): Promise<Setting> {
  return administrate((ci, account) => {
    ci.accessKeys.push({ id: KEY, secret: 's' });
    ci.devices.push(device({ serial: SERIAL, seed: SEED }));
    ci.namedPolicies['mfa'] = ALL;
    account.unassignedDevices.push(device({ serial: FREE, seed: SEED }));
    account.users.push({ ...ci, name: 'leaver', accessKeys: [], devices: [], namedPolicies: {} });
    for (const role of account.roles) role.namedPolicies['mfa'] = ALL;
  });
}

/** What comes of a call if this goes wrong with it, and how often it was sent. */
async function callWith(fault: FaultKind & Pick<Fault, 'times'>, operation: string, act: Act) {
  const setting = await complete();
  setting.emulator.faults.add({ ...fault, operation });
  const answer = await act(setting);
  return { answer, sent: setting.emulator.calls.length, setting };
}

describe('a call is sent again', () => {
  test.each(EVERY)('while AWS is throttling, or busy with another change: %s', async (operation, act) => {
    for (const fault of [
      { kind: 'throttle' },
      { kind: 'throttle', as: 'TooManyRequestsException' },
      { kind: 'busy', as: 'EntityTemporarilyUnmodifiable' },
      { kind: 'busy', as: 'ConcurrentModification' },
    ] as const) {
      const { answer, sent } = await callWith({ ...fault, times: 2 }, operation, act);
      expect(codeOf(answer)).toBe('no failure');
      expect(sent).toBe(3);
    }
  });

  test.each(HARMLESS)('if it got no answer, and it does no harm: %s', async (operation, act) => {
    for (const fault of [
      { kind: 'reset-before' },
      { kind: 'reset-after' },
      { kind: 'status', status: 500 },
      { kind: 'status', status: 503, handled: true },
      { kind: 'status', status: 502, body: 'html', handled: true },
    ] as const) {
      const { answer, sent } = await callWith(fault, operation, act);
      expect(codeOf(answer)).toBe('no failure');
      expect(sent).toBe(2);
    }
  });

  test('with the same notice as any other', async () => {
    const { setting } = await callWith({ kind: 'busy', as: 'ConcurrentModification' }, 'PutUserPolicy', ({ iam }) =>
      iam.putPolicy('ci', 'new', DOCUMENT),
    );
    expect(setting.shared.reporter.notices).toMatchObject([
      { kind: 'retrying', failure: { code: 'iam-busy' }, attempt: 2, most: 12, withAnotherCode: false },
    ]);
  });

  test('for about a minute, and at most for two', async () => {
    for (const [random, seconds] of [
      [0.5, 53],
      [0.999, 105],
    ] as const) {
      const { emulator, shared } = await complete();
      emulator.faults.add({ kind: 'busy', as: 'ConcurrentModification', times: Number.POSITIVE_INFINITY });
      let slept = 0;
      const clock = {
        now: Date.now,
        sleep: async (ms: number) => {
          slept += ms;
        },
      };
      const retry = { ...shared.retry, clock, random: () => random, maxAttempts: undefined };
      const iam = createIamAdmin({ ...shared, retry }, PLAYGROUND.admin);
      expect(codeOf(await iam.deleteUser('leaver'))).toBe('iam-busy');
      expect(Math.round(slept / 1000)).toBe(seconds);
    }
  });
});

describe('a call that creates something is not sent again', () => {
  test.each(Object.entries(CREATIONS))('if it may have worked: %s', async (operation, act) => {
    for (const [fault, code] of [
      [{ kind: 'reset-before' }, 'network'],
      [{ kind: 'reset-after' }, 'network'],
      [{ kind: 'status', status: 500 }, 'service-unavailable'],
      [{ kind: 'status', status: 503, handled: true }, 'service-unavailable'],
      [{ kind: 'truncate' }, 'incomplete-answer'],
    ] as const) {
      const { answer, sent } = await callWith(fault, operation, act);
      expect(codeOf(answer)).toBe(code);
      expect(answer.ok || mayHaveWorked(answer.failure)).toBe(true);
      expect(sent).toBe(1);
    }
  });

  test('and what it created is there', async () => {
    const { setting } = await callWith({ kind: 'reset-after' }, 'CreateUser', ({ iam }) =>
      iam.createUser({ ...PLAIN, name: 'new' }),
    );
    expect(told(await setting.iam.findUser('new'))).toMatchObject({ name: 'new' });
  });

  test('although it was, if nothing could be sent', async () => {
    const { iam, emulator } = await withoutUser();
    await emulator.close();
    const answer = await iam.createUser(PLAIN);
    expect(codeOf(answer)).toBe('unreachable');
    expect(!answer.ok && mayHaveWorked(answer.failure)).toBe(false);
  });
});

test('a refusal can’t have worked', async () => {
  const { iam } = await complete();
  const answer = await iam.createUser(PLAIN);
  expect(!answer.ok && mayHaveWorked(answer.failure)).toBe(false);
});

test.each(Object.entries(REMOVALS))(
  'what is gone after a lost answer was removed by it: %s',
  async (operation, act) => {
    const { answer, sent, setting } = await callWith({ kind: 'reset-after' }, operation, act);
    expect(told(answer)).toBeUndefined();
    expect(sent).toBe(2);
    expect(codeOf(await act(setting))).toBe('iam-not-found');
  },
);

test('codes are made again for each attempt', async () => {
  const { iam, emulator, shared } = await complete();
  emulator.faults.add({ kind: 'busy', as: 'EntityTemporarilyUnmodifiable' });
  const pairs: CodePair[] = [['000001', '000002'], codesBy(emulator)()];
  const made = [...pairs];
  expect(codeOf(await iam.enableDevice('ci', FREE, () => made.shift() ?? ['', '']))).toBe('no failure');
  expect(shared.concealed).toEqual(pairs.flat());
});

describe('what this port has just created', () => {
  const slow = (_: Account, world: World) => Object.assign(world, { delays: { iam: { calls: 2 } } });

  test('is waited for, until IAM finds it', async () => {
    const { iam, emulator, shared } = await withoutUser(slow);
    await iam.createUser(PLAIN);
    expect(codeOf(await iam.putPolicy('ci', 'mfa', DOCUMENT))).toBe('no failure');
    expect(emulator.calls.map(({ errorCode }) => errorCode)).toEqual([
      undefined,
      'NoSuchEntity',
      'NoSuchEntity',
      undefined,
    ]);
    expect(shared.reporter.notices).toMatchObject([{ most: 12 }, { most: 12 }]);
    const created = await iam.createDevice('ci');
    const seed = created.ok ? created.value.seed : '';
    expect(codeOf(await iam.enableDevice('ci', SERIAL, codesBy(emulator, seed)))).toBe('no failure');
    const key = await iam.createKey('ci');
    const id = key.ok ? key.value.accessKeyId : '';
    expect(codeOf(await iam.setKeyStatus('ci', id, 'Inactive'))).toBe('no failure');
  });

  test('can be removed again before IAM finds it', async () => {
    const { iam, account, emulator } = await withoutUser(slow);
    await iam.createUser(PLAIN);
    await iam.putPolicy('ci', 'mfa', DOCUMENT);
    await iam.createDevice('ci');
    await iam.createKey('ci');
    const id = account.users.at(-1)?.accessKeys[0]?.id ?? '';
    expect(codeOf(await iam.deleteKey('ci', id))).toBe('no failure');
    expect(codeOf(await iam.deleteDevice(SERIAL))).toBe('no failure');
    expect(codeOf(await iam.deletePolicy('ci', 'mfa'))).toBe('no failure');
    expect(codeOf(await iam.deleteUser('ci'))).toBe('no failure');
    expect(account.users.some(({ name }) => name === 'ci')).toBe(false);
    const sent = emulator.calls.length;
    expect(codeOf(await iam.deleteUser('ci'))).toBe('iam-not-found');
    expect(emulator.calls.length - sent).toBe(1);
  });

  test('is not waited for by a question whether it is there', async () => {
    const { iam, emulator } = await withoutUser(slow);
    await iam.createUser(PLAIN);
    expect(told(await iam.findUser('ci'))).toBeUndefined();
    expect(emulator.calls).toHaveLength(2);
  });
});
