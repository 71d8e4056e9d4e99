import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { fail } from '../../kit/failing.ts';
import { arrived, interrupt } from '../../kit/interrupt.ts';
import { describeNeeding } from '../../kit/platform.ts';
import { spend } from '../../kit/worlds.ts';

const WITHIN_MS = 1000;

describeNeeding('signals')('a step that is cancelled ends within a second', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s while STS does not answer', async (signal) => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'GetSessionToken' });
    const { started, elapsed } = interrupt([signal], arrived(emulator.calls, 'GetSessionToken'));
    const { code, message } = await fail(emulator, { started });
    expect(elapsed()).toBeLessThan(WITHIN_MS);
    expectFailure({ code, message }, 'cancelled', signal);
  });

  test('while STS answers too late: the credentials that come are not used', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'slow', ms: 300, operation: 'AssumeRole' });
    const { started, elapsed } = interrupt(['SIGINT'], arrived(emulator.calls, 'AssumeRole'));
    const { code, message } = await fail(emulator, { started, inputs: { 'role-to-assume': 'deploy' } });
    expect(elapsed()).toBeLessThan(WITHIN_MS);
    expectFailure({ code, message }, 'cancelled', 'SIGINT');
  });

  test('both signals, one after the other: it is reported once', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'GetSessionToken' });
    const { started } = interrupt(['SIGINT', 'SIGTERM'], arrived(emulator.calls, 'GetSessionToken'));
    const { code, message } = await fail(emulator, { started });
    expectFailure({ code, message }, 'cancelled', 'SIG');
  });

  test('while the buckets are checked, with the credentials at hand', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'ListBuckets' });
    const { started, elapsed } = interrupt(['SIGINT'], arrived(emulator.calls, 'ListBuckets'));
    const { code, message } = await fail(emulator, {
      started,
      inputs: { 'list-buckets': 'true', 'aws-profile': 'mine' },
    });
    expect(elapsed()).toBeLessThan(WITHIN_MS);
    expectFailure({ code, message }, 'cancelled', 'SIGINT');
  });

  test('while IAM is asked for the device', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'ListMFADevices' });
    const { started, elapsed } = interrupt(['SIGTERM'], arrived(emulator.calls, 'ListMFADevices'));
    const { code, message } = await fail(emulator, { started, inputs: { 'mfa-serial': '' } });
    expect(elapsed()).toBeLessThan(WITHIN_MS);
    expectFailure({ code, message }, 'cancelled', 'SIGTERM');
  });

  test('while it waits for a code', async () => {
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: time.clock });
    const [device] = emulator.world.accounts[0]?.users[0]?.devices ?? [];
    if (device !== undefined) device.budget = 20;
    await spend(emulator, [-2, -1, 0, 1, 2]);
    const before = emulator.calls.length;
    // The fifth refusal is behind it.
    const waiting = () => emulator.calls.slice(before).filter(({ status }) => status === 403).length === 5;
    const { started, elapsed } = interrupt(['SIGINT'], waiting);
    const { code, message, calls } = await fail(emulator, { started, stepEnv: time.env });
    expect(elapsed()).toBeLessThan(WITHIN_MS);
    expectFailure({ code, message }, 'cancelled', 'SIGINT');
    expect(calls.filter(({ operation }) => operation === 'GetSessionToken')).toHaveLength(5);
  });

  test('while another process holds the lock of a profile file', async () => {
    const emulator = await emulate();
    let folder = '';
    // The lock on the other file is taken first: the step is waiting for the second.
    const { started, elapsed } = interrupt(['SIGINT'], () => existsSync(join(folder, 'config.lock')));
    const { code, message } = await fail(emulator, {
      inputs: { 'aws-profile': 'mine' },
      prepare: ({ home }) => {
        folder = join(home, '.aws');
        // Its time is in the future, so nobody takes it for the lock of a dead process.
        mkdirSync(join(folder, 'credentials.lock'));
        utimesSync(join(folder, 'credentials.lock'), Date.now() / 1000 + 60, Date.now() / 1000 + 60);
      },
      started,
    });
    expect(elapsed()).toBeLessThan(WITHIN_MS);
    expectFailure({ code, message }, 'cancelled', 'SIGINT');
  });
});

describe('a step that takes longer than action-timeout-s', () => {
  test('ends in the middle of a call', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'hang', operation: 'AssumeRole', handled: true });
    const inputs = { 'action-timeout-s': '1', 'role-to-assume': 'deploy' };
    const { code, message, calls } = await fail(emulator, { inputs });
    expectFailure({ code, message }, 'timed-out', '1 s', 'action-timeout-s');
    expect(calls).toHaveLength(1);
  });

  test('ends in the middle of a wait for a code', async () => {
    const time = timeInBucket(72.5);
    const emulator = await emulate({ clock: time.clock });
    const { code, message, calls } = await fail(emulator, {
      inputs: { 'action-timeout-s': '1', 'mfa-slot': '19/20', 'mfa-max-wait-seconds': '3600' },
      stepEnv: time.env,
    });
    expectFailure({ code, message }, 'timed-out', '1 s', 'action-timeout-s');
    expect(calls).toEqual([]);
  });
});
