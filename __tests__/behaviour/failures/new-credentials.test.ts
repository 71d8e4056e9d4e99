import { expect, test } from '@jest/globals';
import type { Fault } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
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
    says: 'AssumeRole: AWS does not know these new credentials everywhere yet. (AWS: InvalidClientTokenId: It is not known.)',
  },
  'the list of buckets': {
    fault: { service: 's3', ...unknown('InvalidAccessKeyId', 3) },
    inputs: { 'list-buckets': 'true' },
    says: 'ListBuckets: AWS does not know these new credentials everywhere yet. (AWS: InvalidAccessKeyId: It is not known.)',
  },
  'the list of buckets, in other words': {
    fault: { service: 's3', ...unknown('InvalidToken', 3) },
    inputs: { 'list-buckets': 'true' },
    says: 'ListBuckets: AWS does not know these new credentials everywhere yet. (AWS: InvalidToken: It is not known.)',
  },
} as const;

test.each(Object.entries(WAITS))('%s is asked for again for some seconds', async (_, { fault, inputs, says }) => {
  const time = timeInBucket(72.5, 40);
  const emulator = await emulate({ clock: time.clock });
  emulator.faults.add(fault);
  const { infos, calls } = await succeed(emulator, { inputs, stepEnv: time.env });
  expect(infos.filter((line) => line.includes('Trying again'))).toEqual([
    `${says} Trying again (attempt 2 of 6).`,
    `${says} Trying again (attempt 3 of 6).`,
    `${says} Trying again (attempt 4 of 6).`,
  ]);
  expect(calls.filter(({ mfa }) => mfa !== undefined)).toHaveLength(1);
});

test('credentials that stay unknown end the step after seconds, with the failure that they are', async () => {
  const time = timeInBucket(72.5, 40);
  const emulator = await emulate({ clock: time.clock });
  emulator.faults.add({ service: 's3', ...unknown('InvalidAccessKeyId', 99) });
  const { code, message, result } = await fail(emulator, { inputs: { 'list-buckets': 'true' }, stepEnv: time.env });
  expect(result.stdout).toContain('::error title=buckets-unauthenticated::');
  expect(error).toContain('AWS does not know these new credentials everywhere yet.');
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
