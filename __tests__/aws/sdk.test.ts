import { Agent } from 'node:https';
import {
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  paginateListBuckets,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { build, codeOfStep, DEMO, type Emulator, OffsetClock, stepAt } from '../../lab/aws/index.ts';
import { type Credentials, emulate } from './wire.ts';

// The JavaScript SDK, unchanged.

const KEY: Credentials = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };

const common = ({ endpoint, caPem }: Emulator, credentials: Credentials) => ({
  endpoint,
  credentials,
  region: 'us-east-1',
  maxAttempts: 1,
  ...(caPem !== undefined && { requestHandler: { httpsAgent: new Agent({ ca: caPem }) } }),
});
const stsOf = (emulator: Emulator, credentials = KEY) => new STSClient(common(emulator, credentials));
const s3Of = (emulator: Emulator, credentials = KEY) => new S3Client(common(emulator, credentials));

const code = ({ clock }: Emulator, offset = 0) => codeOfStep(DEMO.seed, stepAt(clock.now()) + offset);

const mfa = (emulator: Emulator, offset = 0) => ({ SerialNumber: DEMO.serial, TokenCode: code(emulator, offset) });

async function mfaSession(emulator: Emulator): Promise<Credentials> {
  const { Credentials: given } = await stsOf(emulator).send(new GetSessionTokenCommand(mfa(emulator)));
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

describe('the SDK’s STS client', () => {
  test.each([false, true])('gets a session token, and an error if the code is used (TLS: %s)', async (tls) => {
    const emulator = await emulate({ tls });
    const command = new GetSessionTokenCommand({ ...mfa(emulator), DurationSeconds: 900 });
    const { Credentials: given } = await stsOf(emulator).send(command);
    expect(given?.AccessKeyId).toMatch(/^ASIA/);
    const left = (given?.Expiration?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(890_000);
    expect(left).toBeLessThanOrEqual(900_000);
    await expect(stsOf(emulator).send(command)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
      $metadata: { httpStatusCode: 403, attempts: 1 },
    });
  });

  test.each([false, true])('fails if the connection is reset, and the code is used (TLS: %s)', async (tls) => {
    const emulator = await emulate({ tls });
    emulator.faults.add({ kind: 'reset-after' });
    const lost = stsOf(emulator).send(new GetSessionTokenCommand(mfa(emulator)));
    // With Jest, the SDK wraps Node's errors, because they're from another realm.
    await expect(lost).rejects.toThrow(/TimeoutError: (read ECONNRESET|socket hang up)/);
    expect(emulator.calls[0]).toMatchObject({ status: 0, mfa: { verdict: 'accepted' } });
  });

  test('assumes a role with a code, tags and a policy', async () => {
    const emulator = await emulate();
    const reply = await stsOf(emulator).send(
      new AssumeRoleCommand({
        ...mfa(emulator),
        RoleArn: DEMO.roleArn,
        RoleSessionName: 'GitHubActions',
        DurationSeconds: 43_200,
        SourceIdentity: 'octocat',
        Tags: [
          { Key: 'Repository', Value: 'octo-org/octo repo' },
          { Key: 'Größe', Value: '' },
        ],
        TransitiveTagKeys: ['Repository'],
        Policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
      }),
    );
    expect(reply.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions');
    expect(reply.SourceIdentity).toBe('octocat');
    expect(reply.PackedPolicySize).toBeGreaterThan(0);
    expect(emulator.calls[0]?.params).toMatchObject({ 'Tags.member.2.Key': 'Größe', 'Tags.member.2.Value': '' });
  });

  test('learns the time from a refusal, and signs again', async () => {
    const emulator = await emulate({ clock: new OffsetClock(3_600_000) });
    const client = new STSClient({ ...common(emulator, KEY), maxAttempts: 2 });
    expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::111122223333:user/ci');
    expect(emulator.calls.map(({ errorCode }) => errorCode)).toEqual(['SignatureDoesNotMatch', undefined]);
    expect(client.config.systemClockOffset).toBeGreaterThan(3_590_000);
  });

  test('recognizes each refusal by its name', async () => {
    const emulator = await emulate();
    const unknown = stsOf(emulator, { ...KEY, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' });
    await expect(unknown.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    const wrong = stsOf(emulator, { ...KEY, secretAccessKey: 'x' });
    await expect(wrong.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    const short = new GetSessionTokenCommand({ DurationSeconds: 1 });
    await expect(stsOf(emulator).send(short)).rejects.toMatchObject({ name: 'ValidationError' });
    emulator.faults.add({ kind: 'throttle' });
    await expect(stsOf(emulator).send(short)).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
  });
});

describe('the SDK’s S3 client', () => {
  test('only lists the buckets with an MFA session', async () => {
    const emulator = await emulate();
    await expect(s3Of(emulator).send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    const { Buckets = [] } = await s3Of(emulator, await mfaSession(emulator)).send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual([
      'example-artifacts',
      'example-backups-eu',
      'example-logs',
      'example-site',
    ]);
    expect(Buckets[0]?.CreationDate).toEqual(new Date('2025-03-14T09:26:53Z'));
  });

  test('pages through 2,500 buckets', async () => {
    const emulator = await emulate();
    const [home] = emulator.world.accounts;
    if (home !== undefined) home.buckets = Array.from({ length: 2500 }, (_, i) => build.bucket({ name: `b-${i}` }));
    const client = s3Of(emulator, await mfaSession(emulator));
    let found = 0;
    for await (const page of paginateListBuckets({ client, pageSize: 1000 }, {})) found += page.Buckets?.length ?? 0;
    expect(found).toBe(2500);
    expect(emulator.calls.filter(({ operation }) => operation === 'ListBuckets')).toHaveLength(3);
  });

  test('heads a bucket, follows it to its region, and distinguishes missing from forbidden', async () => {
    const emulator = await emulate();
    const credentials = await mfaSession(emulator);
    const head = (Bucket: string, client = s3Of(emulator, credentials)) =>
      client.send(new HeadBucketCommand({ Bucket }));
    expect((await head('example-logs')).BucketRegion).toBe('us-east-1');
    await expect(head('example-nothing')).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    await expect(head('example-logs', s3Of(emulator))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(head('example-backups-eu')).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
    const following = new S3Client({ ...common(emulator, credentials), followRegionRedirects: true });
    expect((await head('example-backups-eu', following)).BucketRegion).toBe('eu-central-1');
    expect(emulator.calls.at(-1)?.region).toBe('eu-central-1');
  });

  test('lists objects by a prefix with odd characters', async () => {
    const emulator = await emulate();
    const Prefix = 'a b/c+d(e)*\'!~é&="/';
    emulator.world.accounts[0]?.buckets.push(build.bucket({ name: 'example-odd', objects: [`${Prefix}key`] }));
    const client = s3Of(emulator, await mfaSession(emulator));
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'example-odd', Prefix, MaxKeys: 1 }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual([`${Prefix}key`]);
  });
});
