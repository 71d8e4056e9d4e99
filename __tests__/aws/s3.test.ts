import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Account,
  build,
  codeOfStep,
  type Emulator,
  type PolicyDocument,
  type PolicyStatement,
  SettableClock,
  type User,
} from '../../lab/aws/index.ts';
import { type Credentials, call, emulate, s3, send, signed } from './wire.ts';

const { account, bucket, device, role, user, world } = build;

const NOON = Date.parse('2026-09-01T12:00:00Z');
const KEY: Credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const SERIAL = 'arn:aws:iam::111122223333:mfa/dev';
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const ROLE = 'arn:aws:iam::111122223333:role/app';
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

const policy = (...Statement: PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const LISTING: PolicyStatement = { Effect: 'Allow', Action: ['s3:ListAllMyBuckets', 's3:ListBucket'], Resource: '*' };

let emulator: Emulator;
let home: Account;
let abroad: Account;
let dev: User;

beforeEach(async () => {
  dev = user({
    name: 'dev',
    accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }],
    devices: [device({ serial: SERIAL, seed: SEED })],
    policies: [policy(LISTING)],
  });
  const trustPolicy = policy({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:user/dev' },
    Action: 'sts:AssumeRole',
  });
  home = account({
    id: '111122223333',
    users: [dev],
    roles: [role({ name: 'app', trustPolicy, policies: [policy(LISTING)] })],
    buckets: [
      bucket({ name: 'logs', objects: ['2026/08/a.log', '2026/09/b.log', '2026/09/c d&.log', 'index'] }),
      bucket({ name: 'europe', region: 'eu-central-1' }),
    ],
  });
  abroad = account({ id: '444455556666', buckets: [bucket({ name: 'foreign' })] });
  emulator = await emulate({ clock: new SettableClock(NOON), world: world({ accounts: [home, abroad] }) });
});

const code = () => codeOfStep(SEED, 59_608_800);
const plainSession = async () => (await call(emulator, KEY, 'GetSessionToken')).credentials;
const mfaSession = async () =>
  (await call(emulator, KEY, 'GetSessionToken', { SerialNumber: SERIAL, TokenCode: code() })).credentials;
const roleSession = async (params: Record<string, string> = {}) =>
  (await call(emulator, KEY, 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'ci', ...params })).credentials;

describe('the list of buckets', () => {
  test('contains the account’s buckets, of all regions, by name', async () => {
    const reply = await s3(emulator, KEY, '/');
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/xml');
    expect(reply.body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<ListAllMyBucketsResult xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/"><Owner><ID>[0-9a-f]{64}<\/ID><\/Owner><Buckets><Bucket><Name>europe<\/Name><CreationDate>2025-03-14T09:26:53\.000Z<\/CreationDate><\/Bucket><Bucket><Name>logs<\/Name>/,
    );
    expect(reply.fields('Name')).toEqual(['europe', 'logs']);
  });

  test('can be filtered by prefix and by region, and then includes the region', async () => {
    const byPrefix = await s3(emulator, KEY, '/?prefix=lo');
    expect(byPrefix.fields('Name')).toEqual(['logs']);
    expect(byPrefix.fields('BucketRegion')).toEqual(['us-east-1']);
    expect(byPrefix.field('Prefix')).toBe('lo');
    const byRegion = await s3(emulator, KEY, '/?bucket-region=eu-central-1', { region: 'eu-central-1' });
    expect(byRegion.fields('Name')).toEqual(['europe']);
  });

  test('can’t be filtered by another region than the endpoint’s', async () => {
    expect((await s3(emulator, KEY, '/?bucket-region=eu-central-1')).code).toBe('InvalidArgument');
  });

  test('of 2,500 comes in pages that contain each bucket once', async () => {
    home.buckets = Array.from({ length: 2500 }, (_, i) => bucket({ name: `b-${2500 - i}` }));
    const names: string[] = [];
    const sizes: number[] = [];
    let token: string | undefined;
    do {
      const next = token === undefined ? '' : `&continuation-token=${encodeURIComponent(token)}`;
      const reply = await s3(emulator, KEY, `/?max-buckets=1000${next}`);
      names.push(...reply.fields('Name'));
      sizes.push(reply.fields('Name').length);
      token = reply.field('ContinuationToken');
    } while (token !== undefined);
    expect(sizes).toEqual([1000, 1000, 500]);
    expect(new Set(names).size).toBe(2500);
    expect(names).toEqual(names.toSorted());
  });

  test('of 2,500 comes complete without paging', async () => {
    home.buckets = Array.from({ length: 2500 }, (_, i) => bucket({ name: `b-${i}` }));
    const reply = await s3(emulator, KEY, '/');
    expect(reply.fields('Name')).toHaveLength(2500);
    expect(reply.field('ContinuationToken')).toBeUndefined();
  });

  test('has no next page after a page with all buckets', async () => {
    const reply = await s3(emulator, KEY, '/?max-buckets=2');
    expect(reply.fields('Name')).toEqual(['europe', 'logs']);
    expect(reply.field('ContinuationToken')).toBeUndefined();
  });

  test.each(['max-buckets=0', 'max-buckets=10001', 'max-buckets=x', 'continuation-token=bG9ncw%3D%3D'])(
    'is refused with %s',
    async (query) => {
      const reply = await s3(emulator, KEY, `/?${query}`);
      expect(reply.status).toBe(400);
      expect(reply.code).toBe('InvalidArgument');
    },
  );

  test('is refused without permission, in S3’s XML', async () => {
    dev.policies = [];
    const reply = await s3(emulator, KEY, '/');
    expect(reply.status).toBe(403);
    expect(reply.body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>User: arn:aws:iam::111122223333:user\/dev is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action<\/Message><RequestId>[0-9a-f-]{36}<\/RequestId><HostId>[A-Za-z0-9+/=]+<\/HostId><\/Error>$/,
    );
  });
});

describe('HeadBucket', () => {
  const head = (path: string, credentials = KEY, region = 'us-east-1') =>
    s3(emulator, credentials, path, { method: 'HEAD', region });

  test('returns the region of a bucket that the caller may list', async () => {
    const reply = await head('/logs');
    expect(reply.status).toBe(200);
    expect(reply.headers['x-amz-bucket-region']).toBe('us-east-1');
    expect(reply.body).toBe('');
  });

  test('is 404 for a bucket that doesn’t exist', async () => {
    const reply = await head('/nothing');
    expect(reply.status).toBe(404);
    expect(reply.body).toBe('');
  });

  test('is 403 without a reason for a bucket that the caller may not list', async () => {
    dev.policies = [];
    const reply = await head('/logs');
    expect(reply.status).toBe(403);
    expect(reply.body).toBe('');
    expect(emulator.calls.at(-1)).toMatchObject({ operation: 'HeadBucket', status: 403, errorCode: 'AccessDenied' });
  });

  test('is 301 with the region for a bucket in another one, and 200 if signed for that', async () => {
    const reply = await head('/europe');
    expect(reply.status).toBe(301);
    expect(reply.headers['x-amz-bucket-region']).toBe('eu-central-1');
    expect(reply.body).toBe('');
    expect((await head('/europe', KEY, 'eu-central-1')).status).toBe(200);
  });

  test.each(['logs.localhost', 'logs.s3.us-east-1.amazonaws.com', 'logs.s3.amazonaws.com'])(
    'finds the bucket in the host %s',
    async (host) => {
      const reply = await send(
        signed(emulator, KEY, { service: 's3', method: 'HEAD', path: '/', headers: { Host: host } }),
      );
      expect(reply.status).toBe(200);
      expect(emulator.calls.at(-1)?.operation).toBe('HeadBucket');
    },
  );
});

describe('the objects of a bucket', () => {
  const list = (query: string, credentials = KEY) => s3(emulator, credentials, `/logs?list-type=2${query}`);

  test('are listed by prefix', async () => {
    const reply = await list('&prefix=2026%2F09%2F');
    expect(reply.status).toBe(200);
    expect(reply.fields('Key')).toEqual(['2026/09/b.log', '2026/09/c d&.log']);
    expect(reply.field('KeyCount')).toBe('2');
    expect(reply.field('IsTruncated')).toBe('false');
  });

  test('come in pages', async () => {
    const first = await list('&max-keys=3');
    expect(first.fields('Key')).toHaveLength(3);
    expect(first.field('IsTruncated')).toBe('true');
    const rest = await list(`&continuation-token=${encodeURIComponent(first.field('NextContinuationToken') ?? '')}`);
    expect(rest.fields('Key')).toEqual(['index']);
  });

  test('can be grouped by a delimiter, and encoded', async () => {
    const reply = await list('&delimiter=%2F&prefix=2026%2F');
    expect(reply.fields('Prefix')).toEqual(['2026/', '2026/08/', '2026/09/']);
    expect((await list('&encoding-type=url&start-after=2026%2F09%2Fb.log')).fields('Key')).toEqual([
      '2026/09/c%20d%26.log',
      'index',
    ]);
  });

  test('are none if nothing matches', async () => {
    expect((await list('&prefix=nothing&max-keys=1')).field('KeyCount')).toBe('0');
  });

  test('get a redirect if the bucket is in another region', async () => {
    const reply = await s3(emulator, KEY, '/europe?list-type=2');
    expect(reply.status).toBe(301);
    expect(reply.code).toBe('PermanentRedirect');
    expect(reply.headers['x-amz-bucket-region']).toBe('eu-central-1');
    expect(reply.field('Endpoint')).toBe('europe.s3.eu-central-1.amazonaws.com');
    expect(reply.field('Bucket')).toBe('europe');
  });

  test('get NoSuchBucket if the bucket doesn’t exist', async () => {
    const reply = await s3(emulator, KEY, '/nothing?list-type=2');
    expect(reply.status).toBe(404);
    expect(reply.code).toBe('NoSuchBucket');
    expect(reply.field('BucketName')).toBe('nothing');
  });

  test('can be limited to a prefix by a policy', async () => {
    dev.policies = [policy({ ...LISTING, Condition: { StringLike: { 's3:prefix': '2026/*' } } })];
    expect((await list('&prefix=2026%2F08')).status).toBe(200);
    const reply = await list('&prefix=index');
    expect(reply.status).toBe(403);
    expect(reply.message).toBe(
      'User: arn:aws:iam::111122223333:user/dev is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::logs" because no identity-based policy allows the s3:ListBucket action',
    );
  });
});

describe('a policy that requires MFA', () => {
  const buckets = async (credentials: Credentials) => (await s3(emulator, credentials, '/')).status;

  test('only allows a session with MFA', async () => {
    dev.policies = [policy({ ...LISTING, Condition: MFA })];
    expect(await buckets(KEY)).toBe(403);
    expect(await buckets(await plainSession())).toBe(403);
    expect(await buckets(await mfaSession())).toBe(200);
  });

  test('refuses a role that was assumed with a code, because its session has no MFA', async () => {
    const inRole = home.roles[0];
    if (inRole !== undefined) inRole.policies = [policy({ ...LISTING, Condition: MFA })];
    expect(await buckets(await roleSession({ SerialNumber: SERIAL, TokenCode: code() }))).toBe(403);
  });

  test('can be a bucket policy, which also refuses a role’s session', async () => {
    const logs = home.buckets[0];
    if (logs !== undefined) {
      logs.policy = policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::logs',
        Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' } },
      });
    }
    const head = async (credentials: Credentials) => (await s3(emulator, credentials, '/logs?list-type=2')).message;
    const denied = (who: string) =>
      `User: ${who} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::logs" with an explicit deny in a resource-based policy`;
    expect(await head(KEY)).toBe(denied('arn:aws:iam::111122223333:user/dev'));
    expect(await head(await roleSession())).toBe(denied('arn:aws:sts::111122223333:assumed-role/app/ci'));
    expect(await head(await mfaSession())).toBeUndefined();
  });
});

describe('a role’s session', () => {
  test('may do what the role may do', async () => {
    expect((await s3(emulator, await roleSession(), '/')).status).toBe(200);
  });

  test('may only do what its session policy also allows', async () => {
    const Policy = JSON.stringify(policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }));
    const limited = await roleSession({ Policy });
    expect((await s3(emulator, limited, '/logs?list-type=2')).status).toBe(200);
    const reply = await s3(emulator, limited, '/');
    expect(reply.status).toBe(403);
    expect(reply.message).toContain('because no session policy allows the s3:ListAllMyBuckets action');
  });

  test('gets no additional permissions from its session policy', async () => {
    const inRole = home.roles[0];
    if (inRole !== undefined) inRole.policies = [];
    const Policy = JSON.stringify(policy({ Effect: 'Allow', Action: '*', Resource: '*' }));
    expect((await s3(emulator, await roleSession({ Policy }), '/')).status).toBe(403);
  });

  test('may do what a managed policy allows', async () => {
    const arn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
    home.managedPolicies.push({ arn, document: policy(LISTING) });
    expect((await s3(emulator, await roleSession({ 'PolicyArns.member.1.arn': arn }), '/')).status).toBe(200);
  });
});

describe('a bucket of another account', () => {
  test('is refused if its policy doesn’t allow it, and S3 doesn’t say why', async () => {
    const reply = await s3(emulator, KEY, '/foreign?list-type=2');
    expect([reply.status, reply.code, reply.message]).toEqual([403, 'AccessDenied', 'Access Denied']);
  });

  test('is allowed if both sides allow it', async () => {
    const foreign = abroad.buckets[0];
    const Principal = { AWS: 'arn:aws:iam::111122223333:root' };
    if (foreign !== undefined) foreign.policy = policy({ ...LISTING, Principal });
    expect((await s3(emulator, KEY, '/foreign?list-type=2')).status).toBe(200);
    dev.policies = [];
    expect((await s3(emulator, KEY, '/foreign?list-type=2')).status).toBe(403);
  });
});

describe('an unknown operation', () => {
  test('gets 501', async () => {
    const reply = await s3(emulator, KEY, '/logs/index');
    expect(reply.status).toBe(501);
    expect(reply.code).toBe('NotImplemented');
    expect(emulator.calls.at(-1)?.operation).toBe('Unknown');
  });
});
