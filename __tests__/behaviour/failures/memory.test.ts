import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '../../../lab/runner/job.ts';
import { emulate } from '../../aws/wire.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { fail, jobWithProfiles, succeed } from '../../kit/failing.ts';
import { testNeeding } from '../../kit/platform.ts';

// What the steps of one job remember of their codes lies in a folder that every step of the job may write to. Whatever stands
// there, a step gets on with it.

const FILE = 'aws-mfa-credentials.json';

test('a second step of the job does not begin with a code that the first one has spent', async () => {
  const time = timeInBucket(72.5);
  const emulator = await emulate({ clock: time.clock });
  const job = jobWithProfiles();
  for (let step = 0; step < 5; step += 1) {
    const { calls } = await succeed(emulator, { stepEnv: time.env }, job);
    expect(calls.map(({ mfa }) => mfa?.verdict).filter((verdict) => verdict !== undefined)).toEqual(['accepted']);
  }
});

test('a step that failed is remembered, too', async () => {
  const time = timeInBucket(72.5);
  const emulator = await emulate({ clock: time.clock });
  const { job } = await fail(emulator, { inputs: { 'expected-buckets': 'no-such-bucket' }, stepEnv: time.env });
  expect(JSON.parse(readFileSync(join(job.temp, FILE), 'utf8')).attempts).toHaveLength(1);
});

testNeeding('file modes')('what is remembered is for the owner alone', async () => {
  const { job } = await succeed(await emulate());
  expect((statSync(join(job.temp, FILE)).mode & 0o777).toString(8)).toBe('600');
});

describe('what is no memory is ignored', () => {
  const attempt = { serial: 'arn:aws:iam::111122223333:mfa/ci', step: 1, at: 1, verdict: 'accepted' };
  const put =
    (content: unknown) =>
    ({ temp }: Job): void =>
      writeFileSync(join(temp, FILE), typeof content === 'string' ? content : JSON.stringify(content));

  test.each<readonly [string, (job: Job) => void]>([
    ['no JSON', put('{"clockOffset":')],
    ['nothing', put('')],
    ['a list', put([])],
    ['a number for the attempts', put({ clockOffset: 0, attempts: 3 })],
    ['an attempt without a step', put({ clockOffset: 0, attempts: [{ ...attempt, step: undefined }] })],
    ['a verdict that is none', put({ clockOffset: 0, attempts: [{ ...attempt, verdict: 'fine' }] })],
    [
      'a moment that is none',
      put(`{"clockOffset":0,"attempts":[${JSON.stringify(attempt).replace('"at":1', '"at":1e999')}]}`),
    ],
    ['a clock that no date can hold', put({ clockOffset: 1e300, attempts: [] })],
    ['a clock that no date can hold, in the past', put({ clockOffset: -1e300, attempts: [] })],
    ['a step before all time', put({ clockOffset: 0, attempts: [{ ...attempt, step: -5 }] })],
    ['a folder in its place', ({ temp }) => mkdirSync(join(temp, FILE))],
    ['a clock that is an hour off', put({ clockOffset: 3_600_000, attempts: [] })],
    ['a clock that is a day off', put({ clockOffset: -86_400_000, attempts: [] })],
  ])('%s', async (_name, prepare) => {
    await ignored(prepare);
  });

  test('a thousand codes of steps that no job has sent', async () => {
    const [now, step] = [Date.now(), Math.floor(Date.now() / 30_000)];
    const attempts = Array.from({ length: 1000 }, (_, index) => ({ ...attempt, step: step + 15 + index, at: now }));
    await ignored(put({ clockOffset: 0, attempts }));
  });

  testNeeding('symbolic links')('a link in its place, which is not followed', async () => {
    const link = ({ temp, home }: Job): void => symlinkSync(join(home, '.aws/credentials'), join(temp, FILE));
    const job = await ignored(link);
    expect(readFileSync(join(job.home, '.aws/credentials'), 'utf8')).toMatch(/^\[other\]\n/);
  });

  async function ignored(prepare: (job: Job) => void): Promise<Job> {
    const emulator = await emulate();
    const { job, calls } = await succeed(emulator, { inputs: { 'mfa-max-wait-seconds': '0' }, prepare });
    expect(calls.filter(({ operation }) => operation === 'GetSessionToken').length).toBeLessThanOrEqual(2);
    return job;
  }
});
