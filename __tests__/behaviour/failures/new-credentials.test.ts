import { expect, test } from '@jest/globals';
import type { Fault } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { fail, succeed } from '../../kit/failing.ts';

// AWS's servers do not know a session everywhere the moment that STS has made it.

const unknown = (code: string, times: number): Fault => ({
  kind: 'refuse-with',
  status: 403,
  code,
  message: 'It is not known.',
  times,
});

const WAITS = {
  'a role that is assumed with the session of this step': {
    fault: { operation: 'AssumeRole', ...unknown('InvalidClientTokenId', 3) },
    inputs: { 'role-to-assume': 'deploy', 'mfa-session-first': 'true' },
    facts: ['AssumeRole', 'AWS: InvalidClientTokenId: It is not known.'],
  },
  'the list of buckets': {
    fault: { service: 's3', ...unknown('InvalidAccessKeyId', 3) },
    inputs: { 'list-buckets': 'true' },
    facts: ['ListBuckets', 'AWS: InvalidAccessKeyId: It is not known.'],
  },
  'the list of buckets, in other words': {
    fault: { service: 's3', ...unknown('InvalidToken', 3) },
    inputs: { 'list-buckets': 'true' },
    facts: ['ListBuckets', 'AWS: InvalidToken: It is not known.'],
  },
} as const;

test.each(Object.entries(WAITS))('%s is requested again for some seconds', async (_, { fault, inputs, facts }) => {
  const time = timeInBucket(72.5, 40);
  const emulator = await emulate({ clock: time.clock });
  emulator.faults.add(fault);
  const { infos, calls } = await succeed(emulator, { inputs, stepEnv: time.env });
  const retries = infos.filter((line) => facts.every((fact) => line.includes(fact)));
  expect(retries.map((line) => /\b(\d) of 6\b/.exec(line)?.[1])).toEqual(['2', '3', '4']);
  expect(calls.filter(({ mfa }) => mfa !== undefined)).toHaveLength(1);
});

test('credentials that stay unknown end the step after seconds, with the failure that they are', async () => {
  const time = timeInBucket(72.5, 40);
  const emulator = await emulate({ clock: time.clock });
  emulator.faults.add({ service: 's3', ...unknown('InvalidAccessKeyId', 99) });
  const failed = await fail(emulator, { inputs: { 'list-buckets': 'true' }, stepEnv: time.env });
  expectFailure(failed, 'buckets-unauthenticated', 'ListBuckets', 'AWS: InvalidAccessKeyId: It is not known.');
});

test('a long-term key that AWS does not know is not asked for again', async () => {
  const emulator = await emulate();
  emulator.faults.add({ operation: 'GetSessionToken', ...unknown('InvalidClientTokenId', 99) });
  const { calls, infos } = await fail(emulator);
  expect(calls.filter(({ operation }) => operation === 'GetSessionToken')).toHaveLength(1);
  expect(infos).toEqual([]);
});

test('with disable-retry nothing is asked for again', async () => {
  const emulator = await emulate();
  emulator.faults.add({ service: 's3', ...unknown('InvalidAccessKeyId', 99) });
  const { calls } = await fail(emulator, { inputs: { 'list-buckets': 'true', 'disable-retry': 'true' } });
  expect(calls.filter(({ service }) => service === 's3')).toHaveLength(1);
});
