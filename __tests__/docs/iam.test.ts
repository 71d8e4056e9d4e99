import { beforeEach, describe, expect, test } from '@jest/globals';
import { build, codeOfStep, type Emulator, type PolicyDocument, SettableClock } from '../../lab/aws/index.ts';
import { type Credentials, call, emulate, type Reply, s3 } from '../aws/wire.ts';
import { fencesOf, read } from './markdown.ts';

// The policies of docs/iam.md, letter for letter, in a local AWS: what each must let through, and what it must refuse.

const { account, bucket, device, role, user, world } = build;

const TEXT = read('docs/iam.md');
const HOME = '111122223333';
const ABROAD = '444455556666';
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const KEYS = {
  /** The guest. */
  alex: { accessKeyId: 'AKIAGUEST2345EXAMPLE', secretAccessKey: 'aaaaXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  ci: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  /** May do anything with S3 and STS, with or without MFA. */
  ops: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' },
};

/** The section of the document that each JSON stands in. */
const SECTIONS = {
  guest: 'What the owner has to allow',
  user: "The user's policy",
  rotation: 'Keys and devices that rotate',
  check: 'What the bucket check needs',
  trust: "A role's trust policy",
  trustAbroad: 'A role in another account',
  bucket: 'A bucket that wants MFA',
} as const;

const PARTITIONS = [
  ['aws', 'eu-central-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-cn', 'cn-north-1'],
] as const;

let emulator: Emulator;
let clock: SettableClock;
let partition: string;
let region: string;

const json = fencesOf(TEXT).filter(({ language }) => language === 'json');

/** The document's policy of that section, in the partition at hand. */
function policy(section: keyof typeof SECTIONS): PolicyDocument {
  const found = json.find(({ headings }) => headings.at(-1) === SECTIONS[section]);
  return JSON.parse((found?.text ?? '').replaceAll('arn:aws:', `arn:${partition}:`));
}

const allow = (Action: string | string[], Resource = '*'): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action, Resource },
});

async function start(where: (typeof PARTITIONS)[number]): Promise<void> {
  [partition, region] = where;
  clock = new SettableClock(Date.parse('2026-09-01T12:00:00Z'));
  const owned = (name: keyof typeof KEYS, policies: PolicyDocument[]) =>
    user({
      name,
      accessKeys: [{ id: KEYS[name].accessKeyId, secret: KEYS[name].secretAccessKey }],
      devices: [device({ serial: serialOf(name), seed: SEED })],
      policies,
    });
  const mayList = [allow('s3:*')];
  const objects = ['2026/01.log', 'index.html'];
  const bucketOf = (name: string) => bucket({ name, region, objects });
  emulator = await emulate({
    clock,
    world: world({
      accounts: [
        account({
          id: HOME,
          partition,
          users: [
            owned('ci', [policy('user'), policy('rotation'), policy('check')]),
            owned('ops', [allow(['s3:*', 'sts:*'])]),
            owned('alex', [policy('guest')]),
          ],
          roles: [
            role({ name: 'deploy', trustPolicy: policy('trust'), policies: mayList, maxSessionDuration: 7200 }),
            role({ name: 'other', trustPolicy: trustFor('ops'), policies: mayList }),
          ],
          buckets: [
            bucketOf('example-artifacts'),
            bucketOf('example-logs'),
            bucketOf('example-site'),
            { ...bucketOf('example-vault'), policy: policy('bucket') },
          ],
        }),
        account({
          id: ABROAD,
          partition,
          roles: [role({ name: 'deploy', trustPolicy: policy('trustAbroad') })],
        }),
      ],
    }),
  });
}

const serialOf = (name: string) => `arn:${partition}:iam::${HOME}:mfa/${name}`;
const roleArn = (name: string, owner = HOME) => `arn:${partition}:iam::${owner}:role/${name}`;

function trustFor(name: string): PolicyDocument {
  const Principal = { AWS: `arn:${partition}:iam::${HOME}:user/${name}` };
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } };
}

/** A code of the user's device that was not used yet. */
function code(name: keyof typeof KEYS): Readonly<Record<string, string>> {
  clock.advance(30_000);
  return { SerialNumber: serialOf(name), TokenCode: codeOfStep(SEED, Math.floor(clock.now() / 30_000)) };
}

const session = async (name: keyof typeof KEYS, params: Readonly<Record<string, string>> = {}) =>
  (await call(emulator, KEYS[name], 'GetSessionToken', params, { region })).credentials;

const assume = (keys: Credentials, arn: string, params: Readonly<Record<string, string>> = {}) =>
  call(emulator, keys, 'AssumeRole', { RoleArn: arn, RoleSessionName: 'ci', ...params }, { region });

const devices = (keys: Credentials, params: Readonly<Record<string, string>> = {}) =>
  call(emulator, keys, 'ListMFADevices', params, { service: 'iam', region });

const list = (keys: Credentials, path: string) => s3(emulator, keys, path, { region });

/** "allowed", or the code of the refusal. */
async function outcome(reply: Promise<Reply>): Promise<string> {
  const { status, code: refusal } = await reply;
  return status === 200 ? 'allowed' : (refusal ?? `HTTP ${status}`);
}

const TAGS = { 'Tags.member.1.Key': 'Repository', 'Tags.member.1.Value': 'octo/app', SourceIdentity: 'octocat' };
const REFUSED = 'AccessDenied';

test('every JSON of the document is tried here', () => {
  expect(json.map(({ headings }) => headings.at(-1))).toEqual(Object.values(SECTIONS));
});

describe.each(PARTITIONS)('in the partition %s', (...where) => {
  beforeEach(() => start(where));

  test('the key alone gets a session and sees its own devices, and nothing else', async () => {
    expect(await outcome(call(emulator, KEYS.ci, 'GetSessionToken', code('ci'), { region }))).toBe('allowed');
    expect((await devices(KEYS.ci)).fields('SerialNumber')).toEqual([serialOf('ci')]);
    expect(await outcome(devices(KEYS.ci, { UserName: 'ops' }))).toBe(REFUSED);
    expect(await outcome(list(KEYS.ci, '/'))).toBe(REFUSED);
    expect(await outcome(list(KEYS.ci, '/example-artifacts?list-type=2'))).toBe(REFUSED);
    expect(await outcome(assume(KEYS.ci, roleArn('deploy')))).toBe(REFUSED);
  });

  describe('the guest', () => {
    const iam = (keys: Credentials, action: string, params: Readonly<Record<string, string>> = {}) =>
      call(emulator, keys, action, params, { service: 'iam', region });

    /** The calls of the guide's steps, with the arguments of one device and one user. */
    async function outcomes(keys: Credentials, name: string, user: string): Promise<readonly string[]> {
      const created = await iam(keys, 'CreateVirtualMFADevice', { VirtualMFADeviceName: name });
      const seed = Buffer.from(created.field('Base32StringSeed') ?? '', 'base64').toString();
      const step = Math.floor(clock.now() / 30_000);
      const device = { UserName: user, SerialNumber: serialOf(name) };
      const codes = { AuthenticationCode1: codeOfStep(seed, step - 1), AuthenticationCode2: codeOfStep(seed, step) };
      return [
        await outcome(Promise.resolve(created)),
        await outcome(iam(keys, 'EnableMFADevice', { ...device, ...codes })),
        await outcome(iam(keys, 'CreateAccessKey', { UserName: user })),
        await outcome(iam(keys, 'DeactivateMFADevice', device)),
        await outcome(iam(keys, 'DeleteVirtualMFADevice', { SerialNumber: serialOf(name) })),
      ];
    }

    test('may look after their own devices and keys with MFA, and only see them without', async () => {
      expect((await devices(KEYS.alex)).fields('SerialNumber')).toEqual([serialOf('alex')]);
      expect(await outcomes(KEYS.alex, 'alex-ci', 'alex')).toEqual(Array(5).fill(REFUSED));
      expect(await outcomes(await session('alex', code('alex')), 'alex-ci', 'alex')).toEqual(Array(5).fill('allowed'));
    });

    test('may not touch a user, a device or a name that is not theirs', async () => {
      const keys = await session('alex', code('alex'));
      expect(await outcomes(keys, 'ops-ci', 'ops')).toEqual(Array(5).fill(REFUSED));
      expect(await outcome(iam(keys, 'DeleteVirtualMFADevice', { SerialNumber: serialOf('alex') }))).toBe(REFUSED);
      expect(
        await outcome(iam(keys, 'PutUserPolicy', { UserName: 'alex', PolicyName: 'p', PolicyDocument: '{}' })),
      ).toBe(REFUSED);
    });

    test('may not add a second device under a policy of the time when a user had one', async () => {
      const [home] = emulator.world.accounts;
      const [, name = ''] = /allow `mfa\/([^`]+)` alone/.exec(TEXT) ?? [];
      const old: PolicyDocument = JSON.parse(JSON.stringify(policy('guest')).replace('mfa/alex-ci', `mfa/${name}`));
      for (const user of home?.users ?? []) if (user.name === 'alex') user.policies = [old];
      const keys = await session('alex', code('alex'));
      expect((await outcomes(keys, 'alex-ci', 'alex'))[0]).toBe(REFUSED);
    });
  });

  test('the rotation may replace the own keys with MFA, and nobody else’s, and nothing without', async () => {
    const key = (keys: Credentials, action: string, UserName: string, more: Readonly<Record<string, string>> = {}) =>
      call(emulator, keys, action, { UserName, ...more }, { service: 'iam', region });
    const outcomes = async (keys: Credentials, user: 'ci' | 'ops'): Promise<readonly string[]> => {
      const AccessKeyId = KEYS[user].accessKeyId;
      return [
        await outcome(key(keys, 'ListAccessKeys', user)),
        await outcome(call(emulator, keys, 'GetAccessKeyLastUsed', { AccessKeyId }, { service: 'iam', region })),
        await outcome(key(keys, 'CreateAccessKey', user)),
        await outcome(key(keys, 'UpdateAccessKey', user, { AccessKeyId, Status: 'Inactive' })),
        await outcome(key(keys, 'DeleteAccessKey', user, { AccessKeyId })),
      ];
    };
    expect(await outcomes(KEYS.ci, 'ci')).toEqual(Array(5).fill(REFUSED));
    const keys = await session('ci', code('ci'));
    expect(await outcomes(keys, 'ops')).toEqual(Array(5).fill(REFUSED));
    expect(await outcomes(keys, 'ci')).toEqual(Array(5).fill('allowed'));
  });

  test('a session without a code is no better', async () => {
    const keys = await session('ci');
    expect(await outcome(list(keys, '/'))).toBe(REFUSED);
    expect(await outcome(assume(keys, roleArn('deploy')))).toBe(REFUSED);
  });

  test('a session with a code reaches the buckets that the bucket check is allowed, and no others', async () => {
    const keys = await session('ci', code('ci'));
    expect((await list(keys, '/')).fields('Name')).toContain('example-site');
    expect(await outcome(list(keys, '/example-artifacts?list-type=2'))).toBe('allowed');
    expect(await outcome(list(keys, '/example-logs?list-type=2&prefix=2026%2F'))).toBe('allowed');
    expect(await outcome(list(keys, '/example-logs?list-type=2'))).toBe(REFUSED);
    expect(await outcome(list(keys, '/example-site?list-type=2'))).toBe(REFUSED);
  });

  test('the role is assumed with a code, tagged, for longer than an hour', async () => {
    const params = { ...code('ci'), ...TAGS, DurationSeconds: '7200' };
    expect(await outcome(assume(KEYS.ci, roleArn('deploy'), params))).toBe('allowed');
  });

  test('the role is assumed with a session that has MFA, and by nobody else', async () => {
    expect(await outcome(assume(await session('ci', code('ci')), roleArn('deploy'), TAGS))).toBe('allowed');
    expect(await outcome(assume(KEYS.ops, roleArn('deploy'), code('ops')))).toBe(REFUSED);
  });

  test('each side refuses a call without MFA by itself', async () => {
    const [home] = emulator.world.accounts;
    const [ci] = home?.users ?? [];
    // A role that asks for nothing: what refuses is the user's policy.
    home?.roles.push(role({ name: 'open', trustPolicy: trustFor('ci') }));
    expect(await outcome(assume(KEYS.ci, roleArn('open')))).toBe(REFUSED);
    // A user who is denied nothing: what refuses is the trust policy.
    Object.assign(ci ?? {}, { policies: [allow('sts:*')] });
    expect(await outcome(assume(KEYS.ci, roleArn('open')))).toBe('allowed');
    expect(await outcome(assume(KEYS.ci, roleArn('deploy')))).toBe(REFUSED);
    expect(await outcome(assume(KEYS.ci, roleArn('deploy', ABROAD), { ExternalId: 'ticket-4711' }))).toBe(REFUSED);
  });

  test('the role of the other account wants MFA and the external ID, and the consent of the user’s own policy', async () => {
    const there = roleArn('deploy', ABROAD);
    const ExternalId = 'ticket-4711';
    expect(await outcome(assume(KEYS.ci, there, { ...code('ci'), ...TAGS, ExternalId }))).toBe('allowed');
    expect(await outcome(assume(await session('ci', code('ci')), there, { ...TAGS, ExternalId }))).toBe('allowed');
    expect(await outcome(assume(KEYS.ci, there, code('ci')))).toBe(REFUSED);
    expect(await outcome(assume(KEYS.ci, there, { ...code('ci'), ExternalId: 'ticket-4712' }))).toBe(REFUSED);
    expect(await outcome(assume(KEYS.ci, there, { ExternalId }))).toBe(REFUSED);
    emulator.world.accounts[0]?.users[0]?.policies.shift();
    expect(await outcome(assume(KEYS.ci, there, { ...code('ci'), ExternalId }))).toBe(REFUSED);
  });

  test('the bucket lets in a session with MFA and the one role, and no key, no other role', async () => {
    const vault = '/example-vault?list-type=2';
    const deploy = (await assume(KEYS.ci, roleArn('deploy'), code('ci'))).credentials;
    const other = (await assume(KEYS.ops, roleArn('other'), code('ops'))).credentials;
    expect(await outcome(list(await session('ops', code('ops')), vault))).toBe('allowed');
    expect(await outcome(list(deploy, vault))).toBe('allowed');
    expect(await outcome(list(KEYS.ops, vault))).toBe(REFUSED);
    expect(await outcome(list(await session('ops'), vault))).toBe(REFUSED);
    expect(await outcome(list(other, vault))).toBe(REFUSED);
    expect(await outcome(list(other, '/example-site?list-type=2'))).toBe('allowed');
  });
});

/** The rows of the table of conditions: the condition, and for whom it holds. */
const CONDITIONS = [...TEXT.matchAll(/^\| `("(?:Bool|Null)[^`]*)` \| (.+) \|$/gm)].map(
  ([, condition = '', cells = '']) => [condition, cells.split(' | ').map((cell) => cell.includes('holds'))] as const,
);

describe('the table of conditions', () => {
  test('has five of them', () => {
    expect(CONDITIONS).toHaveLength(5);
  });

  test.each(CONDITIONS)('%s', async (condition, expected) => {
    await start(PARTITIONS[0]);
    const [home] = emulator.world.accounts;
    const allowing: PolicyDocument = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: JSON.parse(`{${condition}}`) },
    };
    const callers = [
      KEYS.ops,
      await session('ops'),
      await session('ops', code('ops')),
      (await assume(KEYS.ops, roleArn('other'), code('ops'))).credentials,
    ];
    for (const owner of [...(home?.users ?? []), ...(home?.roles ?? [])]) owner.policies = [allowing];
    const outcomes = await Promise.all(callers.map((keys) => outcome(list(keys, '/'))));
    expect(outcomes.map((said) => said === 'allowed')).toEqual(expected);
  });
});

describe('of the traps', () => {
  test.each([
    ['/', 'allowed'],
    ['/automation/', REFUSED],
  ])('AWS’s sample finds the devices of a user with the path %s: %s', async (path, expected) => {
    await start(PARTITIONS[0]);
    const resource = `user/\${aws:username}`;
    expect(TEXT).toContain(resource);
    const [ci] = emulator.world.accounts[0]?.users ?? [];
    Object.assign(ci ?? {}, { path, policies: [allow('iam:ListMFADevices', `arn:aws:iam::*:${resource}`)] });
    expect(await outcome(devices(KEYS.ci))).toBe(expected);
  });

  test('a fresh code is younger than what the trust policy may demand, and a session grows too old', async () => {
    await start(PARTITIONS[0]);
    const [, extra = ''] = /add `("NumericLessThan"[^`]*)`/.exec(TEXT) ?? [];
    const trust = policy('trust');
    const [deploy] = emulator.world.accounts[0]?.roles ?? [];
    const [statement] = Array.isArray(trust.Statement) ? trust.Statement : [];
    const Condition = { ...statement?.Condition, ...JSON.parse(`{${extra}}`) };
    Object.assign(deploy ?? {}, { trustPolicy: { ...trust, Statement: { ...statement, Condition } } });
    const keys = await session('ci', code('ci'));
    expect(await outcome(assume(KEYS.ci, roleArn('deploy'), code('ci')))).toBe('allowed');
    expect(await outcome(assume(keys, roleArn('deploy')))).toBe('allowed');
    clock.advance(900_000);
    expect(await outcome(assume(keys, roleArn('deploy')))).toBe(REFUSED);
  });

  test('a session with MFA may call IAM, and one without may not', async () => {
    await start(PARTITIONS[0]);
    expect(await outcome(devices(await session('ci', code('ci'))))).toBe('allowed');
    expect(await outcome(devices(await session('ci')))).toBe('InvalidClientTokenId');
    const again = call(emulator, await session('ci', code('ci')), 'GetSessionToken');
    expect(await outcome(again)).toBe(REFUSED);
  });
});
