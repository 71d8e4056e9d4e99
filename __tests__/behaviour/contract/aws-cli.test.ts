import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';

// The AWS CLI is another program, on another SDK: what it can use, later steps can.

const found = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const required = process.env['REQUIRE_AWS_CLI'] === '1';
const skipped = found.status !== 0 && !required;
if (skipped)
  console.warn('The AWS CLI tests are skipped: there is no aws on PATH. REQUIRE_AWS_CLI=1 makes that a failure.');

const BUCKETS = ['example-artifacts', 'example-backups-eu', 'example-logs', 'example-site'];
const QUERY = ['--query', 'Buckets[].Name', '--output', 'json'];

/** What the CLI says with exactly this environment, beside where it is. */
async function aws(
  job: Job,
  { endpoint }: Emulator,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const { PATH = '', HOME = '', USERPROFILE = '' } = job.env;
  const options = { env: { PATH, HOME, USERPROFILE, AWS_EC2_METADATA_DISABLED: 'true', ...env } };
  const { stdout } = await promisify(execFile)('aws', ['--endpoint-url', endpoint, ...args], options);
  return stdout;
}

(skipped ? describe.skip : describe)('the AWS CLI', () => {
  test('lists the buckets with the exported variables and nothing else', async () => {
    const { emulator, job } = await startJob();
    const { exported } = await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    const names: unknown = JSON.parse(await aws(job, emulator, exported, ['s3api', 'list-buckets', ...QUERY]));
    expect(names).toEqual(BUCKETS);
    expect(emulator.calls.slice(before).map(({ operation, accessKeyId }) => [operation, accessKeyId])).toEqual([
      ['ListBuckets', exported['AWS_ACCESS_KEY_ID']],
    ]);
  });

  test('lists the buckets with the profile, and takes its region', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'aws-profile': 'ci', 'role-to-assume': 'deploy', 'aws-region': 'eu-west-1' };
    await succeeded(job.step({ inputs }));
    const args = ['--profile', 'ci', 's3api', 'list-buckets', ...QUERY];
    expect(JSON.parse(await aws(job, emulator, {}, args))).toEqual(BUCKETS);
    expect(emulator.calls.at(-1)?.region).toBe('eu-west-1');
  });

  test('is not held up by a time of expiry or a token that an earlier action has left', async () => {
    const { emulator, job } = await startJob({
      env: { AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z', AWS_SECURITY_TOKEN: 'stale' },
    });
    await succeeded(job.step({ inputs: SESSION }));
    const aboutAws = Object.entries(job.env).filter(([name]) => name.startsWith('AWS_') && name !== 'AWS_ENDPOINT_URL');
    const names: unknown = JSON.parse(
      await aws(job, emulator, Object.fromEntries(aboutAws), ['s3api', 'list-buckets', ...QUERY]),
    );
    expect(names).toEqual(BUCKETS);
  });
});
