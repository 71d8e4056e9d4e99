import { describe, expect, test } from '@jest/globals';
import { DEMO, type Emulator, type EmulatorOptions, type Fault } from '../../../lab/aws/index.ts';
import { emulate } from '../../aws/wire.ts';
import { type Failed, fail, succeed } from '../../kit/failing.ts';
import { REMEDY } from '../../kit/remedies.ts';
import { policy, roleThatAllows, worldWith } from '../../kit/worlds.ts';

const USER = 'arn:aws:iam::111122223333:user/ci';
const ROLE = 'arn:aws:sts::111122223333:assumed-role/checked/GitHubActions';
const TAKING_A_ROLE = ['sts:AssumeRole', 'sts:TagSession'];
const MFA_ROLE_HINT =
  "If a policy of the bucket or the role itself tests aws:MultiFactorAuthPresent, it refuses a role's credentials always: AWS puts no MFA information into them. " +
  "Test MFA in the role's trust policy instead, or leave role-to-assume out and use the session token, which carries it.";

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
    expect(run.error).toBe(
      `The bucket check as ${USER} failed. ListBuckets: authenticated, but not allowed to list buckets: s3:ListAllMyBuckets is missing (AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action).\n${REMEDY['buckets-denied']}`,
    );
    expect(askedOfS3(run)).toEqual(['ListBuckets']);
  });

  test('reach a bucket: why is asked for, since HEAD does not say', async () => {
    const run = await failing({ 'expected-buckets': 'example-logs' }, { world: userMay('s3:ListAllMyBuckets') });
    expect(run.error).toBe(
      `The bucket check as ${USER} failed. ListObjectsV2: authenticated, but not allowed to reach the bucket example-logs (AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::example-logs" because no identity-based policy allows the s3:ListBucket action).\n${REMEDY['bucket-denied']}`,
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
    expect(run.error).toMatch(
      /^The bucket check as \S+ failed\. ListObjectsV2: authenticated, but not allowed to reach the bucket example-artifacts \(AWS: AccessDenied: /,
    );
    expect(askedOfS3(run)).toEqual(['ListObjectsV2', 'ListObjectsV2']);
  });

  test('find a bucket', async () => {
    const run = await failing({ 'expected-buckets': 'example-logs\nexample-losg' });
    expect(run.error).toBe(
      `The bucket check as ${USER} failed. HeadBucket: there is no bucket example-losg (AWS: NotFound).\n${REMEDY['bucket-not-found']}`,
    );
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
    expect(run.error).toBe(
      `The bucket check as ${USER} failed. ListObjectsV2: authenticated, but not allowed to reach the bucket their-bucket (AWS: AccessDenied: Access Denied).\n${REMEDY['bucket-denied']}`,
    );
  });

  test('do so because a policy denies it outright', async () => {
    const world = worldWith((_account, user) => {
      user.policies.push(policy({ Effect: 'Deny', Action: ['s3:ListAllMyBuckets', 's3:ListBucket'], Resource: '*' }));
    });
    const run = await failing({ 'list-buckets': 'true', 'expected-buckets': 'example-logs' }, { world });
    expect(run.error).toBe(
      `The bucket check as ${USER} failed. ` +
        `ListBuckets: authenticated, but a policy denies this (AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListAllMyBuckets with an explicit deny in an identity-based policy). ` +
        `ListObjectsV2: authenticated, but a policy denies this (AWS: AccessDenied: User: ${USER} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::example-logs" with an explicit deny in an identity-based policy).\n` +
        REMEDY['explicit-deny'],
    );
  });

  test('all of it at once: everything is named, and each remedy once', async () => {
    const inputs = { 'list-buckets': 'true', 'expected-buckets': 'example-logs\nexample-site\nno-such-bucket' };
    const run = await failing(inputs, { world: userMay() });
    const [what = '', remedy] = run.error.split('\n');
    expect(what.match(/ListBuckets: |ListObjectsV2: |HeadBucket: /g)).toEqual([
      'ListBuckets: ',
      'ListObjectsV2: ',
      'ListObjectsV2: ',
      'HeadBucket: ',
    ]);
    expect(remedy).toBe(`${REMEDY['buckets-denied']} ${REMEDY['bucket-denied']} ${REMEDY['bucket-not-found']}`);
  });
});

describe('the verdict on credentials that S3 does not know', () => {
  test.each([
    ['ExpiredToken', 400, 'The provided token has expired.'],
    ['SignatureDoesNotMatch', 403, 'The request signature we calculated does not match the signature you provided.'],
  ])('%s', async (code, status, message) => {
    const fault: Fault = { kind: 'refuse-with', service: 's3', times: Infinity, status, code, message };
    const run = await failing({ 'list-buckets': 'true' }, {}, [fault]);
    expect(run.error).toBe(
      `The bucket check as ${USER} failed. ListBuckets: not authenticated; S3 does not know these credentials (AWS: ${code}: ${message}).\n${REMEDY['buckets-unauthenticated']}`,
    );
    expect(askedOfS3(run)).toEqual(['ListBuckets']);
  });
});

describe('the verdict on a role', () => {
  const toRole = { 'role-to-assume': 'checked' };

  test('whose own policy tests MFA: that no role can pass such a test is said', async () => {
    const world = roleMay({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
    const run = await failing({ ...toRole, 'list-buckets': 'true' }, { world });
    expect(run.error).toBe(
      `The bucket check as ${ROLE} failed. ListBuckets: authenticated, but not allowed to list buckets: s3:ListAllMyBuckets is missing (AWS: AccessDenied: User: ${ROLE} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action).\n${REMEDY['buckets-denied']} ${MFA_ROLE_HINT}`,
    );
  });

  test('and a bucket whose policy denies whoever has no MFA', async () => {
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
    expect(run.error).toBe(
      `The bucket check as ${ROLE} failed. ListObjectsV2: authenticated, but a policy denies this (AWS: AccessDenied: User: ${ROLE} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::example-artifacts" with an explicit deny in a resource-based policy).\n${REMEDY['explicit-deny']} ${MFA_ROLE_HINT}`,
    );
  });

  test('that misspells the bucket has nothing to do with MFA', async () => {
    const run = await failing({ ...toRole, 'expected-buckets': 'no-such-bucket' }, { world: roleMay({}) });
    expect(run.error).toBe(
      `The bucket check as ${ROLE} failed. HeadBucket: there is no bucket no-such-bucket (AWS: NotFound).\n${REMEDY['bucket-not-found']}`,
    );
  });
});

describe('where S3 itself has trouble', () => {
  test.each([
    [
      'it fails',
      { kind: 'status', status: 500 },
      'ListBuckets: AWS answered InternalFailure (HTTP 500): The request processing has failed because of an unknown error.',
      'service-unavailable',
    ],
    [
      'it is asked too often',
      { kind: 'throttle', as: 'SlowDown' },
      'ListBuckets: AWS asks to call less often. (AWS: SlowDown: Please reduce your request rate.)',
      'throttled',
    ],
    [
      'its answer ends in the middle',
      { kind: 'truncate' },
      "ListBuckets: AWS's answer could not be read (HTTP 200).",
      'incomplete-answer',
    ],
  ] as const)('%s: the code is spent and nothing is exported', async (_name, fault, says, code) => {
    const inputs = { 'list-buckets': 'true', 'disable-retry': 'true' };
    const run = await failing(inputs, {}, [{ service: 's3', times: Infinity, ...fault }]);
    expect(run.error).toBe(`The bucket check as ${USER} failed. ${says}\n${REMEDY[code]}`);
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
