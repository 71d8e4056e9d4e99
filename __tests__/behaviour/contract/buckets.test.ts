import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build, demoWorld, type World } from '../../../lab/aws/index.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';
import { testNeeding } from '../../kit/platform.ts';

const LIST = { ...SESSION, 'list-buckets': 'true' };

/** The demo world with so many buckets in place of its own. */
function worldWithBuckets(count: number, nameOf: (index: number) => string): World {
  const world = demoWorld();
  const buckets = Array.from({ length: count }, (_, index) => build.bucket({ name: nameOf(index) }));
  world.accounts[0]?.buckets.splice(0, Infinity, ...buckets);
  return world;
}

describe('list-buckets', () => {
  test('puts out how many there are and their names', async () => {
    const { job } = await startJob();
    const { outputs, lines } = await succeeded(job.step({ inputs: LIST }));
    expect(outputs['bucket-count']).toBe('4');
    expect(outputs['buckets']).toBe('["example-artifacts","example-backups-eu","example-logs","example-site"]');
    expect(outputs).not.toHaveProperty('buckets-file');
    expect(lines).toContainEqual(naming('4 bucket'));
  });

  test('asks with the new credentials, and with no others', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...LIST, 'expected-buckets': 'example-logs\nexample-site/index' };
    const { exported } = await succeeded(job.step({ inputs }));
    const calls = emulator.calls.filter(({ service }) => service === 's3');
    expect(calls.map(({ operation }) => operation).toSorted()).toEqual(['HeadBucket', 'ListBuckets', 'ListObjectsV2']);
    for (const { accessKeyId, headers } of calls) {
      expect(accessKeyId).toBe(exported['AWS_ACCESS_KEY_ID']);
      expect(headers['x-amz-security-token']).toBe(exported['AWS_SESSION_TOKEN']);
    }
  });

  test("asks with a role's credentials where one was assumed", async () => {
    const { emulator, job } = await startJob();
    const { outputs } = await succeeded(job.step({ inputs: { ...LIST, 'role-to-assume': 'deploy' } }));
    expect(emulator.calls.map(({ operation, accessKeyId }) => [operation, accessKeyId?.slice(0, 4)])).toEqual([
      ['AssumeRole', 'AKIA'],
      ['ListBuckets', 'ASIA'],
    ]);
    expect(outputs['bucket-count']).toBe('4');
  });

  test('says none where there are none', async () => {
    const { job } = await startJob({ world: worldWithBuckets(0, String) });
    const { outputs } = await succeeded(job.step({ inputs: LIST }));
    expect(outputs).toMatchObject({ 'bucket-count': '0', buckets: '[]' });
  });

  test('says "1 bucket" of one', async () => {
    const { job } = await startJob({ world: worldWithBuckets(1, () => 'the-only-one') });
    const { lines } = await succeeded(job.step({ inputs: LIST }));
    expect(lines).toContainEqual(naming('1 bucket'));
  });

  test('reads page after page', async () => {
    const world = worldWithBuckets(2500, (index) => `bucket-${String(index).padStart(4, '0')}`);
    const { emulator, job } = await startJob({ world });
    const { outputs } = await succeeded(job.step({ inputs: LIST }));
    const pages = emulator.calls.filter(({ operation }) => operation === 'ListBuckets');
    expect(pages.map(({ params }) => 'continuation-token' in params)).toEqual([false, true, true]);
    expect(outputs['bucket-count']).toBe('2500');
    const names: unknown = JSON.parse(outputs['buckets'] ?? '');
    expect(names).toHaveLength(2500);
    expect(names).toEqual(expect.arrayContaining(['bucket-0000', 'bucket-1000', 'bucket-2499']));
  });

  test('puts a list that no output can bear into a file of its own, and its beginning into the output', async () => {
    const nameOf = (index: number) => `${'x'.repeat(58)}-${String(index).padStart(4, '0')}`;
    const { job } = await startJob({ world: worldWithBuckets(2500, nameOf) });
    const { outputs, state } = await succeeded(job.step({ inputs: LIST }));
    expect(outputs['bucket-count']).toBe('2500');
    expect(Buffer.byteLength(outputs['buckets'] ?? '')).toBeLessThanOrEqual(65_536);
    const shown: string[] = JSON.parse(outputs['buckets'] ?? '');
    expect(shown).toHaveLength(992);
    expect(shown.at(-1)).toBe(nameOf(991));
    const file = outputs['buckets-file'] ?? '';
    expect(dirname(file)).toBe(job.temp);
    const all: string[] = JSON.parse(readFileSync(file, 'utf8'));
    expect(all).toHaveLength(2500);
    expect(all.at(-1)).toBe(nameOf(2499));
    expect(JSON.stringify(state)).not.toContain('xxxx');
  });

  testNeeding('file modes')('keeps that file for its owner alone', async () => {
    const { job } = await startJob({ world: worldWithBuckets(2500, (index) => `${'x'.repeat(58)}-${index}`) });
    const { outputs } = await succeeded(job.step({ inputs: LIST }));
    expect(statSync(outputs['buckets-file'] ?? '').mode & 0o777).toBe(0o600);
  });
});

describe('expected-buckets', () => {
  test('asks for each by HeadBucket, and lists nothing', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'expected-buckets': 'example-artifacts\n\n  s3://example-logs/  \n' };
    const { outputs, lines } = await succeeded(job.step({ inputs }));
    const calls = emulator.calls.filter(({ service }) => service === 's3');
    expect(calls.map(({ operation }) => operation)).toEqual(['HeadBucket', 'HeadBucket']);
    expect(lines).toContainEqual(naming('example-artifacts, example-logs'));
    for (const name of ['bucket-count', 'buckets', 'buckets-file']) expect(outputs).not.toHaveProperty(name);
  });

  test('asks for the objects under a prefix', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'expected-buckets': 'example-artifacts/releases/1.0.0/' };
    const { lines } = await succeeded(job.step({ inputs }));
    expect(emulator.calls.filter(({ service }) => service === 's3').map(({ params }) => params)).toEqual([
      { 'list-type': '2', 'max-keys': '1', prefix: 'releases/1.0.0/' },
    ]);
    expect(lines).toContainEqual(naming('example-artifacts/releases/1.0.0/'));
  });

  test('needs no permission to list all buckets, only those on the bucket or the prefix', async () => {
    const world = demoWorld();
    const [role] = world.accounts[0]?.roles ?? [];
    const resource = 'arn:aws:s3:::example-artifacts';
    role?.policies.splice(0, Infinity, {
      Statement: [
        { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::example-logs' },
        {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: resource,
          Condition: { StringLike: { 's3:prefix': 'releases/*' } },
        },
      ],
    });
    const { job } = await startJob({ world });
    const inputs = {
      ...SESSION,
      'role-to-assume': 'deploy',
      'expected-buckets': 'example-logs\nexample-artifacts/releases/',
    };
    expect((await job.step({ inputs })).exitCode).toBe(0);
  });

  test('follows a bucket into its region', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'expected-buckets': 'example-backups-eu' };
    const { lines } = await succeeded(job.step({ inputs }));
    const calls = emulator.calls.filter(({ service }) => service === 's3');
    expect(calls.map(({ operation, region, status }) => [operation, region, status])).toEqual([
      ['HeadBucket', 'us-east-1', 301],
      ['HeadBucket', 'eu-central-1', 200],
    ]);
    expect(lines).toContainEqual(naming('example-backups-eu'));
  });

  test('goes together with list-buckets', async () => {
    const { job } = await startJob();
    const { outputs, lines } = await succeeded(job.step({ inputs: { ...LIST, 'expected-buckets': 'example-logs' } }));
    expect(outputs['bucket-count']).toBe('4');
    expect(lines.slice(2, 4)).toEqual([naming('4 bucket'), naming('example-logs')]);
  });
});
