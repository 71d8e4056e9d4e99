import { describe, expect, test } from '@jest/globals';
import { DEMO, type Emulator, type EmulatorOptions, type Fault } from '../../../lab/aws/index.ts';
import { WORDING } from '../../../src/github/wording.ts';
import { generalRemedy } from '../../../src/inputs/messages/catalogue.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { type Failed, fail, succeed } from '../../kit/failing.ts';
import { policy, roleThatAllows, worldWith } from '../../kit/worlds.ts';

const USER = 'arn:aws:iam::111122223333:user/ci';
const ROLE = 'arn:aws:sts::111122223333:assumed-role/checked/GitHubActions';
const TAKING_A_ROLE = ['sts:AssumeRole', 'sts:TagSession'];
/** What remedies for a role say of MFA. */
const ABOUT_MFA = 'aws:MultiFactorAuthPresent';

async function failing(
  inputs: Readonly<Record<string, string>>,
  options: EmulatorOptions = {},
  faults: readonly Fault[] = [],
): Promise<Failed> {
  const emulator = await emulate(options);
  for (const fault of faults) emulator.faults.add(fault);
  return fail(emulator, { inputs });
}

/** What was asked of S3, in order. */
function askedOfS3({ calls }: Pick<Emulator, 'calls'>): readonly string[] {
  return calls.filter(({ service }) => service === 's3').map(({ operation }) => operation);
}

/** A world whose user may do nothing in S3 but this. */
const userMay = (...actions: readonly string[]) =>
  worldWith((_account, user) => {
    user.policies.splice(0);
    if (actions.length > 0) user.policies.push(policy({ Effect: 'Allow', Action: actions, Resource: '*' }));
  });

/** A world with a role that may do this, under this condition. */
const roleMay = (condition: Parameters<typeof roleThatAllows>[2] & {}, resource = '*') =>
  worldWith((account) => {
    const permission = policy({
      Effect: 'Allow',
      Action: ['s3:ListAllMyBuckets', 's3:ListBucket'],
      Resource: resource,
      Condition: condition,
    });
    account.roles.push(roleThatAllows('checked', TAKING_A_ROLE, undefined, { policies: [permission] }));
  });

describe('the verdict on a session that may not', () => {
  test('list the buckets', async () => {
    const run = await failing({ 'list-buckets': 'true' }, { world: userMay() });
    expectFailure(
      run,
      'buckets-denied',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
      USER,
    );
    expect(askedOfS3(run)).toEqual(['ListBuckets']);
  });

  test('reach a bucket: S3 is asked why, because HEAD doesn’t say', async () => {
    const run = await failing({ 'expected-buckets': 'example-logs' }, { world: userMay('s3:ListAllMyBuckets') });
    expectFailure(
      run,
      'bucket-denied',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::example-logs" because no identity-based policy allows the s3:ListBucket action`,
      USER,
    );
    expect(askedOfS3(run)).toEqual(['HeadBucket', 'ListObjectsV2']);
  });

  test('reach what is under a prefix', async () => {
    const world = worldWith((_account, user) => {
      user.policies.splice(0);
      const condition = { StringEquals: { 's3:prefix': 'releases/' } };
      user.policies.push(policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*', Condition: condition }));
    });
    const run = await failing(
      { 'expected-buckets': 'example-artifacts/releases/\nexample-artifacts/private/' },
      { world },
    );
    expectFailure(run, 'bucket-denied', 'ListObjectsV2', 'example-artifacts', 'AWS: AccessDenied: ');
    expect(askedOfS3(run)).toEqual(['ListObjectsV2', 'ListObjectsV2']);
  });

  test('find a bucket', async () => {
    const run = await failing({ 'expected-buckets': 'example-logs\nexample-losg' });
    expectFailure(run, 'bucket-not-found', 'HeadBucket', 'example-losg', 'AWS: NotFound', USER);
    expect([...askedOfS3(run)].sort()).toEqual(['HeadBucket', 'HeadBucket']);
  });

  test('reach a bucket of another account, which does not say why', async () => {
    const world = worldWith((account, _user, all) => {
      all.accounts.push({ ...account, id: '444455556666', users: [], roles: [], buckets: [] });
      all.accounts[1]?.buckets.push({
        name: 'their-bucket',
        region: DEMO.region,
        created: '2025-01-01T00:00:00.000Z',
        objects: [],
      });
    });
    const run = await failing({ 'expected-buckets': 'their-bucket' }, { world });
    expectFailure(run, 'bucket-denied', 'their-bucket', 'AWS: AccessDenied: Access Denied', USER);
  });

  test('do so because a policy denies it outright', async () => {
    const world = worldWith((_account, user) => {
      user.policies.push(policy({ Effect: 'Deny', Action: ['s3:ListAllMyBuckets', 's3:ListBucket'], Resource: '*' }));
    });
    const run = await failing({ 'list-buckets': 'true', 'expected-buckets': 'example-logs' }, { world });
    const denied = 'with an explicit deny in an identity-based policy';
    expectFailure(
      run,
      'explicit-deny',
      `ListBuckets: `,
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListAllMyBuckets ${denied}`,
      'ListObjectsV2: ',
      `AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::example-logs" ${denied}`,
    );
  });

  test('all of it at once: everything is named, and each remedy once', async () => {
    const inputs = { 'list-buckets': 'true', 'expected-buckets': 'example-logs\nexample-site\nno-such-bucket' };
    const run = await failing(inputs, { world: userMay() });
    expect(run.message.match(/ListBuckets: |ListObjectsV2: |HeadBucket: /g)).toEqual([
      'ListBuckets: ',
      'ListObjectsV2: ',
      'ListObjectsV2: ',
      'HeadBucket: ',
    ]);
    const codes = ['buckets-denied', 'bucket-denied', 'bucket-not-found'] as const;
    const remedies = codes.map((code) => generalRemedy(code, WORDING));
    expect(remedies.map((remedy) => run.remedy.split(remedy).length - 1)).toEqual([1, 1, 1]);
  });
});

describe('the verdict on credentials that S3 doesn’t know', () => {
  test.each([
    ['ExpiredToken', 400, 'The provided token has expired.'],
    ['SignatureDoesNotMatch', 403, 'The request signature we calculated does not match the signature you provided.'],
  ])('%s', async (code, status, message) => {
    const fault: Fault = { kind: 'refuse-with', service: 's3', times: Infinity, status, code, message };
    const run = await failing({ 'list-buckets': 'true' }, {}, [fault]);
    expectFailure(run, 'buckets-unauthenticated', `AWS: ${code}: ${message}`, USER);
    expect(askedOfS3(run)).toEqual(['ListBuckets']);
  });
});

describe('the verdict on a role', () => {
  const toRole = { 'role-to-assume': 'checked' };

  test('whose own policy tests MFA: the remedy says that no role can pass such a test', async () => {
    const world = roleMay({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
    const run = await failing({ ...toRole, 'list-buckets': 'true' }, { world });
    expectFailure(run, 'buckets-denied', ROLE, 's3:ListAllMyBuckets');
    expect(run.remedy).toContain(ABOUT_MFA);
  });

  test('and a bucket whose policy denies whoever doesn’t have MFA', async () => {
    const world = worldWith((account) => {
      const permission = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' });
      account.roles.push(roleThatAllows('checked', TAKING_A_ROLE, undefined, { policies: [permission] }));
      const [bucket] = account.buckets;
      if (bucket === undefined) throw new Error('the demo has buckets');
      bucket.policy = policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: `arn:aws:s3:::${bucket.name}`,
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      });
    });
    const run = await failing({ ...toRole, 'expected-buckets': 'example-artifacts' }, { world });
    expectFailure(run, 'explicit-deny', ROLE, 'an explicit deny in a resource-based policy');
    expect(run.remedy).toContain(ABOUT_MFA);
  });

  test('that misspells the bucket has nothing to do with MFA', async () => {
    const run = await failing({ ...toRole, 'expected-buckets': 'no-such-bucket' }, { world: roleMay({}) });
    expectFailure(run, 'bucket-not-found', 'no-such-bucket', 'AWS: NotFound', ROLE);
    expect(run.remedy).not.toContain(ABOUT_MFA);
  });
});

describe('if S3 itself has trouble', () => {
  test.each([
    ['it fails', { kind: 'status', status: 500 }, 'HTTP 500 (InternalFailure: ', 'service-unavailable'],
    ['it is asked too often', { kind: 'throttle', as: 'SlowDown' }, 'AWS: SlowDown', 'throttled'],
    ['its answer ends in the middle', { kind: 'truncate' }, 'HTTP 200', 'incomplete-answer'],
  ] as const)('%s: the code is spent and nothing is exported', async (_name, fault, fact, code) => {
    const inputs = { 'list-buckets': 'true', 'disable-retry': 'true' };
    const run = await failing(inputs, {}, [{ service: 's3', times: Infinity, ...fault }]);
    expectFailure(run, code, USER, 'ListBuckets', fact);
    expect(askedOfS3(run)).toEqual(['ListBuckets']);
  });

  test('a clock that is off does not matter to it, with or without further attempts', async () => {
    for (const disabled of ['false', 'true']) {
      const emulator = await emulate({ clock: { now: () => Date.now() + 20 * 60_000 } });
      const inputs = { 'list-buckets': 'true', 'expected-buckets': 'example-logs', 'disable-retry': disabled };
      const { result } = await succeed(emulator, { inputs });
      expect(result.outputs['bucket-count']).toBe('4');
    }
  });
});
