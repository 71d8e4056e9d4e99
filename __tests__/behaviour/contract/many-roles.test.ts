import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  build,
  DEMO,
  demoWorld,
  type Emulator,
  OffsetClock,
  type PolicyDocument,
  type World,
} from '../../../emulator/index.ts';
import type { Job, StepResult } from '../../../local-runner/job.ts';
import { call } from '../../emulator/wire.ts';
import {
  closeAfterTest,
  jobFor,
  operations,
  SESSION,
  startJob,
  succeeded,
  withoutTimes,
} from '../../support/action.ts';
import { arrived, interrupt } from '../../support/failure-interrupt.ts';

const HOME = '111122223333';
const STAGING = 'arn:aws:iam::222233334444:role/deploy';
const PROD = 'arn:aws:iam::333344445555:role/deploy';
/** Two roles in two accounts. */
const TWO = `staging = ${STAGING}\nprod = ${PROD} region=eu-west-1`;
const ROLES = { ...SESSION, roles: TWO };
const SEALING_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const KEY_NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
/** The region of each account's roles; the first is the step's own. */
const ACCOUNTS: readonly (readonly [account: string, region: string])[] = [
  [HOME, 'us-east-1'],
  ['222233334444', 'eu-west-1'],
  ['333344445555', 'eu-central-1'],
  ['444455556666', 'ap-southeast-2'],
  ['555566667777', 'sa-east-1'],
];
const NAMES = ['audit', 'build', 'deploy', 'report'];
/** 20 profiles: `audit-1` to `report-5`. */
const TWENTY = ACCOUNTS.flatMap(([account, region], index) =>
  NAMES.map((role) => ({ name: `${role}-${index + 1}`, role, account, region })),
);
const TWENTY_LINES = TWENTY.map(
  ({ name, role, account, region }) =>
    `${name} = arn:aws:iam::${account}:role/${role}${account === HOME ? '' : ` region=${region}`}`,
).join('\n');

function trusting(principal: string, condition?: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const statement = { Effect: 'Allow', Principal: { AWS: principal }, Action: ACTIONS } as const;
  return { Statement: condition === undefined ? statement : { ...statement, Condition: condition } };
}

const WITH_MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const ASSUMING: PolicyDocument = { Statement: { Effect: 'Allow', Action: ACTIONS, Resource: '*' } };

/** Five accounts with four roles each, which trust the demo's user where it has shown a code. */
function manyAccounts(change: (world: World) => void = () => undefined): World {
  const world = demoWorld();
  const [home] = world.accounts;
  home?.users[0]?.policies.push(ASSUMING);
  home?.roles.splice(0);
  for (const [id] of ACCOUNTS.slice(1)) world.accounts.push(build.account({ id }));
  for (const account of world.accounts) {
    const trustPolicy = trusting(`arn:aws:iam::${HOME}:root`, WITH_MFA);
    for (const name of NAMES) account.roles.push(build.role({ name, trustPolicy, policies: [ASSUMING] }));
  }
  change(world);
  return world;
}

/** Takes roles out of the world, so that they are refused. */
function without(...arns: readonly string[]): World {
  return manyAccounts(({ accounts }) => {
    for (const account of accounts)
      account.roles = account.roles.filter(({ name }) => !arns.includes(`arn:aws:iam::${account.id}:role/${name}`));
  });
}

type File = 'config' | 'credentials';
const FILES: readonly File[] = ['config', 'credentials'];

function pathOf({ home }: Job, file: File): string {
  return join(home, '.aws', file);
}

function write(job: Job, file: File, latin1: string): void {
  mkdirSync(join(job.home, '.aws'), { recursive: true });
  writeFileSync(pathOf(job, file), latin1, 'latin1');
}

function read(path: string): string {
  return readFileSync(path, 'latin1');
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

/** The keys in a credentials file, by the profile that they are of. */
function keysIn(
  text: string,
): ReadonlyMap<string, { accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
  const sections = text.matchAll(
    /^\[(.+)\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\naws_session_token = (\S+)\n/gm,
  );
  return new Map(
    [...sections].map(([, name = '', accessKeyId = '', secretAccessKey = '', sessionToken = '']) => [
      name,
      { accessKeyId, secretAccessKey, sessionToken },
    ]),
  );
}

/** Who the keys of each profile are, as STS sees it. */
async function whoIsIn(path: string, emulator: Emulator): Promise<Readonly<Record<string, string | undefined>>> {
  const who: Record<string, string | undefined> = {};
  for (const [name, keys] of keysIn(read(path)))
    who[name] = (await call(emulator, keys, 'GetCallerIdentity')).field('Arn');
  return who;
}

/** What a step that handed nothing over has written for the runner. */
function handedOver({ exported, outputs, state, summary }: StepResult) {
  return { exported, outputs, state, summary };
}

const NOTHING = { exported: {}, outputs: {}, state: {}, summary: '' };

describe('20 roles in 5 accounts', () => {
  test('cost one code: one call carries it, and 20 carry none', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const withCode = emulator.calls.filter(({ params }) => 'TokenCode' in params || 'SerialNumber' in params);
    expect(withCode.map(({ operation }) => operation)).toEqual(['GetSessionToken']);
    expect(operations(emulator).toSorted()).toEqual([
      ...TWENTY.map(() => 'AssumeRole'),
      'GetCallerIdentity',
      'GetSessionToken',
    ]);
    const assumed = emulator.calls.filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed.map(({ params }) => params['RoleArn']).toSorted()).toEqual(
      TWENTY.map(({ account, role }) => `arn:aws:iam::${account}:role/${role}`).toSorted(),
    );
    for (const { accessKeyId, params, region } of assumed) {
      expect(accessKeyId).toMatch(/^ASIA/);
      expect(params).toMatchObject({ DurationSeconds: '3600', RoleSessionName: 'GitHubActions' });
      expect(region).toBe('us-east-1');
    }
  });

  test('are assumed five at one time, and never more', async () => {
    const { emulator } = await startJob({ world: manyAccounts() });
    const gate = await startGate(emulator);
    const job = jobFor(emulator, { env: { AWS_ENDPOINT_URL: gate.endpoint } });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(gate.passed()).toBe(20);
    expect(gate.most()).toBe(5);
  });

  test('are each a profile in both files, with its own keys and region, for the owner alone', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const note = '# Written by aws-mfa-credentials; removed when the job ends, with this file and 1 folder.';
    expect(read(pathOf(job, 'config'))).toBe(
      TWENTY.map(({ name, region }) => `\n${note}\n[profile ${name}]\nregion = ${region}\n`).join(''),
    );
    expect(await whoIsIn(pathOf(job, 'credentials'), emulator)).toEqual(
      Object.fromEntries(
        TWENTY.map(({ name, role, account }) => [name, `arn:aws:sts::${account}:assumed-role/${role}/GitHubActions`]),
      ),
    );
    expect(FILES.map((file) => modeOf(pathOf(job, file)))).toEqual(['600', '600']);
    expect(modeOf(join(job.home, '.aws'))).toBe('700');
  });

  test('are outputs without a secret, and no variable is exported', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { outputs, exported } = await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(exported).toEqual({});
    expect(outputs).toEqual({
      'aws-account-id': HOME,
      'authenticated-arn': 'arn:aws:iam::111122223333:user/ci',
      'aws-expiration': expect.any(String),
      'mfa-serial': DEMO.serial,
      profiles: expect.any(String),
    });
    expect(JSON.parse(outputs['profiles'] ?? '')).toEqual(
      TWENTY.map(({ name, role, account }) => ({
        name,
        account,
        arn: `arn:aws:sts::${account}:assumed-role/${role}/GitHubActions`,
        expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      })),
    );
  });

  test('are told in the log, with every secret masked before', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { lines, stdout } = await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(withoutTimes(lines)).toEqual([
      'Authenticated as arn:aws:iam::111122223333:user/ci by GetSessionToken and the MFA device arn:aws:iam::111122223333:mfa/ci.',
      'Valid until TIME, in 59 minutes.',
      ...TWENTY.map(
        ({ name, role, account }) =>
          `Profile ${name}: arn:aws:sts::${account}:assumed-role/${role}/GitHubActions, until TIME.`,
      ),
      'Wrote the profiles audit-1, build-1, deploy-1, report-1, audit-2, build-2, deploy-2, report-2, audit-3, build-3, deploy-3, report-3, audit-4, build-4, deploy-4, report-4, audit-5, build-5, deploy-5, report-5.',
    ]);
    const printed = stdout.split('\n');
    const first = printed.findIndex((line) => !line.startsWith('::add-mask::'));
    const masks = printed.slice(0, first);
    const profiles = keysIn(read(pathOf(job, 'credentials')));
    expect(profiles.size).toBe(20);
    for (const keys of profiles.values())
      for (const secret of Object.values(keys)) expect(masks).toContain(`::add-mask::${secret}`);
  });

  test('are a table in the summary', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { summary } = await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES, summary: 'true' } }));
    expect(withoutTimes(summary.split('\n'))).toEqual([
      '### AWS credentials with MFA',
      '',
      '| | |',
      '|---|---|',
      '| **Who** | <code>arn:aws:iam::111122223333:user/ci</code> |',
      '| **Account** | <code>111122223333</code> |',
      '| **How** | <code>GetSessionToken</code> |',
      '| **MFA device** | <code>arn:aws:iam::111122223333:mfa/ci</code> |',
      '| **Valid until** | <code>TIME</code> (in 59 minutes) |',
      '| **Region** | <code>us-east-1</code> |',
      '| **Handed to later steps** | 20 profiles |',
      '',
      '| Profile | Account | Role | Region | Valid until |',
      '|---|---|---|---|---|',
      ...TWENTY.map(
        ({ name, role, account, region }) =>
          `| <code>${name}</code> | <code>${account}</code> | <code>arn:aws:sts::${account}:assumed-role/${role}/GitHubActions</code> | <code>${region}</code> | <code>TIME</code> |`,
      ),
      '',
      '',
    ]);
  });

  test('are all taken out by the post step', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    expect(post?.exported).toEqual({});
    expect(post?.lines).toEqual([
      'Removed the profiles audit-1, build-1, deploy-1, report-1, audit-2, build-2, deploy-2, report-2, audit-3, build-3, deploy-3, report-3, audit-4, build-4, deploy-4, report-4, audit-5, build-5, deploy-5, report-5.',
    ]);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
  });

  test('cost one code too where AWS asks to call less often, and where its clock is another', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts(), clock: new OffsetClock(-3_600_000) });
    emulator.faults.add({ kind: 'throttle', operation: 'AssumeRole', times: 3 });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const accepted = emulator.calls.filter(({ mfa }) => mfa !== undefined);
    expect(accepted.map(({ operation, mfa }) => [operation, mfa?.verdict])).toEqual([['GetSessionToken', 'accepted']]);
    expect(keysIn(read(pathOf(job, 'credentials'))).size).toBe(20);
  });
});

test('as many roles as a step takes, with the longest names, are all taken out by the post step', async () => {
  const count = process.platform === 'win32' ? 50 : 200;
  const names = Array.from({ length: count }, (_, index) => `p-${index}-`.padEnd(128, 'x'));
  const { job } = await startJob({ world: manyAccounts() });
  await succeeded(job.step({ inputs: { ...SESSION, roles: names.map((name) => `${name} = audit`).join('\n') } }));
  expect([...keysIn(read(pathOf(job, 'credentials'))).keys()]).toEqual(names);
  const [post] = await job.post();
  expect(post?.lines).toEqual([`Removed the profiles ${names.join(', ')}.`]);
  expect(existsSync(join(job.home, '.aws'))).toBe(false);
}, 60_000);

describe('the session itself', () => {
  test('is exported too with output-env-credentials: true', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const { exported, lines } = await succeeded(job.step({ inputs: { ...ROLES, 'output-env-credentials': 'true' } }));
    expect(exported).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    });
    const keys = {
      accessKeyId: exported['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: exported['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: exported['AWS_SESSION_TOKEN'] ?? '',
    };
    expect((await call(emulator, keys, 'GetCallerIdentity')).field('Arn')).toBe('arn:aws:iam::111122223333:user/ci');
    expect([...keysIn(read(pathOf(job, 'credentials'))).keys()]).toEqual(['staging', 'prod']);
    expect(lines.at(-1)).toBe(
      'Exported AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION; wrote the profiles staging, prod.',
    );
  });

  test('is put out with output-credentials: true, and not one of the roles', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const { outputs, exported } = await succeeded(job.step({ inputs: { ...ROLES, 'output-credentials': 'true' } }));
    expect(exported).toEqual({});
    const session = emulator.calls.find(({ operation }) => operation === 'AssumeRole');
    expect(outputs['aws-access-key-id']).toBe(session?.accessKeyId);
  });

  test('is one more profile with aws-profile, before those of the roles', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const { exported, outputs, lines } = await succeeded(job.step({ inputs: { ...ROLES, 'aws-profile': 'ci' } }));
    expect(exported).toEqual({});
    expect(await whoIsIn(pathOf(job, 'credentials'), emulator)).toEqual({
      ci: 'arn:aws:iam::111122223333:user/ci',
      staging: 'arn:aws:sts::222233334444:assumed-role/deploy/GitHubActions',
      prod: 'arn:aws:sts::333344445555:assumed-role/deploy/GitHubActions',
    });
    expect(read(pathOf(job, 'config')).match(/^[^#\n].*$/gm)).toEqual([
      '[profile ci]',
      'region = us-east-1',
      '[profile staging]',
      'region = us-east-1',
      '[profile prod]',
      'region = eu-west-1',
    ]);
    expect(JSON.parse(outputs['profiles'] ?? '')).toHaveLength(2);
    expect(lines.at(-1)).toBe('Wrote the profiles ci, staging, prod.');
    const [post] = await job.post();
    expect(post?.lines).toEqual(['Removed the profiles ci, staging, prod.']);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
  });

  test('may be the profile that is exported by its name', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const inputs = { ...ROLES, 'aws-profile': 'ci', 'output-env-credentials': 'true' };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(exported['AWS_PROFILE']).toBe('ci');
  });

  test('may be sealed in the same step, and opened for roles in another job, without a code', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const sealing = { ...ROLES, 'seal-session': 'true', 'sealing-key': SEALING_KEY };
    const { outputs, exported } = await succeeded(job.step({ inputs: sealing }));
    expect(exported).toEqual({});
    const before = emulator.calls.length;
    const other = jobFor(emulator);
    const inputs = {
      'aws-region': 'us-east-1',
      'sealing-key': SEALING_KEY,
      'sealed-session': outputs['sealed-session'] ?? '',
      roles: `audit = arn:aws:iam::444455556666:role/audit\nbuild = build`,
    };
    const opened = await succeeded(other.step({ inputs }));
    expect(operations(emulator).slice(before)).toEqual(['AssumeRole', 'AssumeRole']);
    for (const { params } of emulator.calls.slice(before)) expect(params).not.toHaveProperty('TokenCode');
    expect(opened.exported).toEqual({});
    expect(opened.outputs['authenticated-arn']).toBe('arn:aws:iam::111122223333:user/ci');
    expect(withoutTimes(opened.lines)).toEqual([
      'Authenticated as arn:aws:iam::111122223333:user/ci by a sealed session and the MFA device arn:aws:iam::111122223333:mfa/ci.',
      'Valid until TIME, in 59 minutes.',
      'Profile audit: arn:aws:sts::444455556666:assumed-role/audit/GitHubActions, until TIME.',
      'Profile build: arn:aws:sts::111122223333:assumed-role/build/GitHubActions, until TIME.',
      'Wrote the profiles audit, build.',
    ]);
    expect(await whoIsIn(pathOf(other, 'credentials'), emulator)).toEqual({
      audit: 'arn:aws:sts::444455556666:assumed-role/audit/GitHubActions',
      build: 'arn:aws:sts::111122223333:assumed-role/build/GitHubActions',
    });
  });

  test('may be that of an earlier step, with role-chaining: its keys stay, and that they hide the profiles is said', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const first = await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    const inputs = { 'aws-region': 'us-east-1', 'role-chaining': 'true', roles: TWO };
    const { exported, outputs, lines } = await succeeded(job.step({ inputs }));
    const calls = emulator.calls.slice(before);
    expect(calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity', 'AssumeRole', 'AssumeRole']);
    for (const one of calls) {
      expect(one.accessKeyId).toBe(first.exported['AWS_ACCESS_KEY_ID']);
      expect(one.params).not.toHaveProperty('TokenCode');
    }
    expect(exported).toEqual({});
    expect(outputs).toEqual({
      'aws-account-id': HOME,
      'authenticated-arn': 'arn:aws:iam::111122223333:user/ci',
      profiles: expect.any(String),
    });
    expect(withoutTimes(lines)).toEqual([
      'Authenticated as arn:aws:iam::111122223333:user/ci by the environment.',
      'Profile staging: arn:aws:sts::222233334444:assumed-role/deploy/GitHubActions, until TIME.',
      'Profile prod: arn:aws:sts::333344445555:assumed-role/deploy/GitHubActions, until TIME.',
      'Wrote the profiles staging, prod.',
      'Warning: AWS_ACCESS_KEY_ID is set in the environment, and tools prefer such keys to AWS_PROFILE: take them out of `env:`, or set unset-current-credentials: true.',
    ]);
  });

  test('may be one that is still valid, with use-existing-credentials, and no code is spent then', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    await succeeded(job.step({ inputs: { ...ROLES, 'use-existing-credentials': 'true' } }));
    expect(operations(emulator).slice(before)).toEqual(['GetCallerIdentity', 'AssumeRole', 'AssumeRole']);
    expect([...keysIn(read(pathOf(job, 'credentials'))).keys()]).toEqual(['staging', 'prod']);
  });

  test('may be one that is still valid though only the accounts of the roles are allowed: it goes nowhere itself', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    const given = { 'use-existing-credentials': 'true', 'allowed-account-ids': '222233334444, 333344445555' };
    const { lines } = await succeeded(job.step({ inputs: { ...ROLES, ...given } }));
    expect(operations(emulator).slice(before)).toEqual(['GetCallerIdentity', 'AssumeRole', 'AssumeRole']);
    expect(lines[0]).toBe(
      'Using the session in the environment; whether it was made with MFA cannot be told from outside.',
    );
  });

  test('of the environment is emptied where that is asked for, and comes back', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const first = await succeeded(job.step({ inputs: SESSION }));
    const { exported } = await succeeded(job.step({ inputs: { ...ROLES, 'unset-current-credentials': 'true' } }));
    expect(exported).toEqual(Object.fromEntries(KEY_NAMES.map((name) => [name, ''])));
    const [post] = await job.post();
    expect(post?.exported).toEqual(Object.fromEntries(KEY_NAMES.map((name) => [name, first.exported[name]])));
  });
});

describe('a line', () => {
  test('says on what terms its role is assumed', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const own = 'duration_seconds=900 role_session_name=nightly external_id=x:y';
    const inputs = { ...SESSION, 'role-external-id': 'ours', roles: `staging = ${STAGING} ${own}\nprod = ${PROD}` };
    const { outputs } = await succeeded(job.step({ inputs }));
    const [staging, prod] = ['222233334444', '333344445555'].map((account) =>
      emulator.calls.find(({ params }) => params['RoleArn']?.includes(account)),
    );
    expect(staging?.params).toMatchObject({ DurationSeconds: '900', RoleSessionName: 'nightly', ExternalId: 'x:y' });
    expect(prod?.params).toMatchObject({
      DurationSeconds: '3600',
      RoleSessionName: 'GitHubActions',
      ExternalId: 'ours',
    });
    const ends: readonly { readonly expiration: string }[] = JSON.parse(outputs['profiles'] ?? '');
    const [first = Number.NaN, second = Number.NaN] = ends.map(({ expiration }) => Date.parse(expiration));
    expect(Math.round((second - first) / 60_000)).toBe(45);
  });

  test("may name a role of the session's account by its name", async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, roles: 'a = audit' } }));
    expect(JSON.parse(outputs['profiles'] ?? '')).toMatchObject([
      { name: 'a', account: HOME, arn: 'arn:aws:sts::111122223333:assumed-role/audit/GitHubActions' },
    ]);
  });

  test('may be alone', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { lines } = await succeeded(job.step({ inputs: { ...SESSION, roles: `prod = ${PROD}` } }));
    expect(lines.at(-1)).toBe('Wrote the profile prod.');
    const [post] = await job.post();
    expect(post?.lines).toEqual(['Removed the profile prod.']);
  });

  test('can have a secret key without special characters, at no further code', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...ROLES, 'special-characters-workaround': 'true' } }));
    for (const { secretAccessKey } of keysIn(read(pathOf(job, 'credentials'))).values())
      expect(secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(emulator.calls.filter(({ params }) => 'TokenCode' in params)).toHaveLength(1);
  });
});

describe('source_profile', () => {
  /** Production may be reached only from the role of staging. */
  const chained = () =>
    manyAccounts(({ accounts }) => {
      const role = accounts.find(({ id }) => id === '333344445555')?.roles.find(({ name }) => name === 'deploy');
      if (role !== undefined) role.trustPolicy = trusting(STAGING);
    });
  const CHAIN = `prod = ${PROD} source_profile=staging\nstaging = ${STAGING}\naudit = audit`;

  test('makes a chain: the one role is assumed with the keys of the other, which come first', async () => {
    const { emulator, job } = await startJob({ world: chained() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: CHAIN } }));
    const assumed = emulator.calls.filter(({ operation }) => operation === 'AssumeRole');
    const prod = assumed.findIndex(({ params }) => params['RoleArn'] === PROD);
    const staging = assumed.findIndex(({ params }) => params['RoleArn'] === STAGING);
    expect(prod).toBeGreaterThan(staging);
    const keys = keysIn(read(pathOf(job, 'credentials')));
    expect([...keys.keys()]).toEqual(['prod', 'staging', 'audit']);
    expect(assumed[prod]?.accessKeyId).toBe(keys.get('staging')?.accessKeyId);
    expect(await whoIsIn(pathOf(job, 'credentials'), emulator)).toMatchObject({
      prod: 'arn:aws:sts::333344445555:assumed-role/deploy/GitHubActions',
    });
  });

  test('leaves no role_arn and no source_profile in the config file: each profile stands by itself', async () => {
    const { job } = await startJob({ world: chained() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: CHAIN } }));
    expect(read(pathOf(job, 'config')).match(/^[^#\n].*$/gm)).toEqual([
      '[profile prod]',
      'region = us-east-1',
      '[profile staging]',
      'region = us-east-1',
      '[profile audit]',
      'region = us-east-1',
    ]);
  });

  test('goes with transitive tags, which a role passes on by itself', async () => {
    const { job } = await startJob({ world: chained() });
    const inputs = { ...SESSION, roles: CHAIN, 'custom-tags': '{"Team":"blue"}', 'transitive-tag-keys': 'Team' };
    await succeeded(job.step({ inputs }));
  });

  test('of a role that is refused leaves the other unasked for, and the message names the one', async () => {
    const { emulator, job } = await startJob({ world: without(STAGING) });
    const result = await job.step({ inputs: { ...SESSION, roles: CHAIN } });
    expect(result.exitCode).toBe(1);
    const asked = emulator.calls.map(({ params }) => params['RoleArn']);
    expect(asked).toContain(STAGING);
    expect(asked).not.toContain(PROD);
    expect(result.lines[0]).toMatch(
      /^Error: 1 of 3 roles could not be assumed, so no profile was written\. staging \(arn:aws:iam::222233334444:role\/deploy\): AssumeRole: /,
    );
    expect(handedOver(result)).toEqual(NOTHING);
  });
});

describe('all or nothing', () => {
  const FOREIGN = { config: '# mine\r\n[profile me]\r\nregion = x', credentials: '[me]\naws_access_key_id = AKIAME\n' };

  test.each([
    ['in the files of the home', {}],
    ['in files of the job', { 'profiles-location': 'temp' }],
    [
      'where all else is asked for',
      { 'output-env-credentials': 'true', 'output-credentials': 'true', 'aws-profile': 'ci' },
    ],
    ['where the session is sealed', { 'seal-session': 'true', 'sealing-key': SEALING_KEY }],
  ])('%s: one role that is refused leaves everything as it was, and is named', async (_, given) => {
    const { job } = await startJob({ world: without(PROD) });
    for (const file of FILES) write(job, file, FOREIGN[file]);
    const result = await job.step({ inputs: { ...ROLES, summary: 'true', ...given } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    for (const file of FILES) expect(read(pathOf(job, file))).toBe(FOREIGN[file]);
    expect(readdirSync(join(job.home, '.aws')).toSorted()).toEqual(['config', 'credentials']);
    expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
    expect(result.lines).toEqual([
      'Error: 1 of 2 roles could not be assumed, so no profile was written. prod (arn:aws:iam::333344445555:role/deploy): AssumeRole: Assuming the role is not allowed. (AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::333344445555:role/deploy)',
      "Check three things: the role's trust policy names this user or account; its conditions (MFA, external ID) are met; and the user's own policy allows sts:AssumeRole on this role.",
    ]);
    const [post] = await job.post();
    expect([post?.stdout, post?.stderr, post?.exported]).toEqual(['', '', {}]);
  });

  test('three roles that are refused are all named', async () => {
    const refused = [PROD, 'arn:aws:iam::444455556666:role/audit', 'arn:aws:iam::111122223333:role/build'];
    const { emulator, job } = await startJob({ world: without(...refused) });
    const roles = `${TWO}\naudit-4 = ${refused[1]}\nbuild-1 = build\nreport-1 = report`;
    const result = await job.step({ inputs: { ...SESSION, roles } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
    const [error = ''] = result.lines;
    expect(error).toMatch(/^Error: 3 of 5 roles could not be assumed, so no profile was written\. /);
    expect(error).toContain('prod (arn:aws:iam::333344445555:role/deploy): AssumeRole: ');
    expect(error).toContain('audit-4 (arn:aws:iam::444455556666:role/audit): AssumeRole: ');
    expect(error).toContain('build-1 (build): AssumeRole: ');
    expect(error).not.toContain('staging (');
    expect(operations(emulator).filter((operation) => operation === 'AssumeRole')).toHaveLength(5);
  });

  test('the sessions of the roles that were not refused are masked all the same', async () => {
    const { emulator, job } = await startJob({ world: without(PROD) });
    const result = await job.step({ inputs: ROLES });
    const masks = result.commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    // The session's three and those of staging.
    expect(masks.filter((mask) => /^ASIA/.test(mask))).toHaveLength(2);
    expect(masks).toContain(emulator.calls.find(({ operation }) => operation === 'AssumeRole')?.accessKeyId);
  });

  test('a step that is cancelled between the roles leaves everything as it was', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    emulator.faults.add({ kind: 'hang', operation: 'AssumeRole' });
    const { started } = interrupt(['SIGINT'], arrived(emulator.calls, 'AssumeRole'));
    const result = await job.step({ inputs: ROLES, started });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
    expect(result.lines[0]).toMatch(/^Error: The step was cancelled \(SIGINT\)/);
  });

  test('a step whose deadline passes between the roles leaves everything as it was', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    emulator.faults.add({ kind: 'hang', operation: 'AssumeRole' });
    const result = await job.step({ inputs: { ...ROLES, 'action-timeout-s': '3' } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(result.lines.at(-1)).toBe('Raise action-timeout-s, or find out what is slow with RUNNER_DEBUG=1.');
  });

  test('profiles that cannot be announced are taken back', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    for (const file of FILES) write(job, file, FOREIGN[file]);
    const folder = join(job.temp, 'a-folder');
    mkdirSync(folder);
    const result = await job.step({ inputs: ROLES, env: { GITHUB_OUTPUT: folder } });
    expect(result.exitCode).toBe(1);
    expect(result.exported).toEqual({});
    for (const file of FILES) expect(read(pathOf(job, file))).toBe(FOREIGN[file]);
  });
});

describe('refused before anything is sent', () => {
  async function refusedStep(inputs: Readonly<Record<string, string>>, job: Job, emulator: Emulator) {
    const before = emulator.calls.length;
    const result = await job.step({ inputs });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls.slice(before)).toEqual([]);
    expect(handedOver(result)).toEqual(NOTHING);
    return result.lines;
  }

  test('is more than an hour in a line', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const lines = await refusedStep({ ...SESSION, roles: `${TWO} duration_seconds=3601` }, job, emulator);
    expect(lines[0]).toBe(
      'Error: roles has in line 2 duration_seconds="3601"; write 900 to 3600: a role assumed with a session lasts an hour at most.',
    );
  });

  test('is more than an hour by role-duration-seconds', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const lines = await refusedStep({ ...ROLES, 'role-duration-seconds': '7200' }, job, emulator);
    expect(lines[0]).toBe(
      'Error: role-duration-seconds is 7200; a role assumed with a session (mfa-session-first, role-chaining, sealed-session, roles) lasts 3600 seconds at most. For longer, assume it directly with the code.',
    );
  });

  test('is everything that is wrong, told together', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const inputs = { ...SESSION, roles: `a = deploy duration_seconds=1\nb\na-c = user:x`, 'list-buckets': 'true' };
    expect(await refusedStep(inputs, job, emulator)).toEqual([
      'Error: 4 inputs are wrong.',
      '- roles has in line 1 duration_seconds="1"; write 900 to 3600: a role assumed with a session lasts an hour at most.',
      '- roles has in line 2 "b"; write profile = role ARN or name [key=value …].',
      `- roles has in line 3 a role that is "user:x"; write arn:PARTITION:iam::ACCOUNT:role/NAME or the role's name alone.`,
      '- list-buckets is given together with roles, and which of them should reach the buckets cannot be told; check in a later step, with aws --profile.',
      'Correct the inputs named above. Nothing was sent to AWS, and nothing was exported.',
    ]);
  });

  test('is a role in an account that is not allowed', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const lines = await refusedStep({ ...ROLES, 'allowed-account-ids': '222233334444' }, job, emulator);
    expect(lines[0]).toBe(
      'Error: roles has arn:aws:iam::333344445555:role/deploy, which is in the account 333344445555, which allowed-account-ids does not allow.',
    );
  });

  test.each<[string, File, string]>([
    ['in the credentials file', 'credentials', '[staging]\naws_access_key_id = AKIAMINE\n'],
    ['in the config file', 'config', '[profile staging]\nregion = eu-west-1\n'],
    ['in an odd spelling', 'config', '[ profile   staging ]  # mine\r\nregion=eu-west-1'],
  ])('is a profile that is there already %s', async (_, file, text) => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    write(job, file, text);
    const lines = await refusedStep(ROLES, job, emulator);
    expect(lines[0]).toBe(`Error: ${pathOf(job, file)} already has the profile staging.`);
    expect(read(pathOf(job, file))).toBe(text);
    expect(readdirSync(join(job.home, '.aws'))).toEqual([file]);
  });

  test('is a profile that is there already, and what to do about it is no other aws-profile: there is none', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    write(job, 'credentials', '[staging]\naws_access_key_id = AKIAMINE\n');
    const [, remedy] = await refusedStep(ROLES, job, emulator);
    expect(remedy).toMatch(/\broles\b/);
    expect(remedy).toContain('overwrite-aws-profile: true');
  });

  test('are several profiles that are there already, all named', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    write(job, 'credentials', '[prod]\nx = 1\n[staging]\ny = 2\n');
    const lines = await refusedStep({ ...ROLES, 'aws-profile': 'ci' }, job, emulator);
    expect(lines[0]).toBe(`Error: ${pathOf(job, 'credentials')} already has the profiles staging, prod.`);
  });

  test('is a profile that an earlier step of the job has written into the files of the job', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const inputs = { ...ROLES, 'profiles-location': 'temp' };
    await succeeded(job.step({ inputs }));
    const lines = await refusedStep(inputs, job, emulator);
    expect(lines[0]).toBe(
      `Error: ${join(job.temp, 'aws-mfa-credentials', 'credentials')} already has the profiles staging, prod.`,
    );
  });
});

describe('allowed-account-ids', () => {
  test('need not name the account of a session that stays in the step', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const accounts = { 'allowed-account-ids': '222233334444, 333344445555' };
    await succeeded(job.step({ inputs: { ...ROLES, ...accounts } }));
  });

  test.each([
    ['variables', { 'output-env-credentials': 'true' }],
    ['outputs', { 'output-credentials': 'true' }],
    ['a profile', { 'aws-profile': 'ci' }],
    ['a sealed text', { 'seal-session': 'true', 'sealing-key': SEALING_KEY }],
  ])('have to where it leaves the step as %s', async (_, given) => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const accounts = { 'allowed-account-ids': '222233334444, 333344445555' };
    const result = await job.step({ inputs: { ...ROLES, ...accounts, ...given } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
    // The device tells its account before a code is spent.
    expect(operations(emulator)).toEqual([]);
    expect(result.lines[0]).toBe(
      'Error: mfa-serial is in the account 111122223333, which allowed-account-ids does not allow.',
    );
  });

  test('refuse a role that is given by its name, in an account that they do not name', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const result = await job.step({
      inputs: { ...SESSION, roles: `${TWO}\naudit = audit`, 'allowed-account-ids': '222233334444, 333344445555' },
    });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
    expect(result.lines[0]).toContain('111122223333');
    expect(result.lines[0]).toContain('allowed-account-ids does not allow');
  });
});

describe('mask-aws-account-id', () => {
  const MASKED = { ...SESSION, roles: `${TWO}\naudit = audit`, 'mask-aws-account-id': 'true', summary: 'true' };

  test('hides the account of every role in the log and in the summary', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { lines, summary } = await succeeded(job.step({ inputs: MASKED }));
    expect([...lines, summary].join('\n')).not.toMatch(/111122223333|222233334444|333344445555/);
    expect(lines.some((line) => line.startsWith('Profile prod: arn:aws:sts::***:assumed-role/deploy/'))).toBe(true);
  });

  test('hides them in a refusal too', async () => {
    const { job } = await startJob({ world: without(PROD) });
    const { lines } = await job.step({ inputs: MASKED });
    expect(lines[0]).toContain('prod (arn:aws:iam::***:role/deploy)');
    expect(lines.join('\n')).not.toMatch(/111122223333|222233334444|333344445555/);
  });
});

describe('the files of others', () => {
  const CONTENTS: readonly (readonly [what: string, config: string, credentials: string])[] = [
    [
      'with other profiles',
      '[default]\nregion = x\n\n[profile me]\nregion = y\n',
      '[me]\naws_access_key_id = AKIAME\n',
    ],
    [
      'with comments',
      '# mine\n[profile me] ; about me\n; more\nregion = y # why\n\n# the end\n',
      '; mine\n[me]\n# key\naws_access_key_id = AKIAME\n# the end',
    ],
    ['with Windows line ends', '[profile me]\r\nregion = y\r\n', '[me]\r\naws_access_key_id = AKIAME\r\n\r\n'],
    [
      'with both line ends',
      '[profile me]\r\nregion = y\n[profile it]\nregion = z\r\n',
      '[me]\nx = 1\r\n[it]\r\ny = 2\n',
    ],
    ['without a last line end', '[profile me]\nregion = y', '[me]\r\naws_access_key_id = AKIAME'],
    [
      'with odd spacing',
      '\n\n\n[ profile   me ]\n   region=y\n\t\n  s3 =\n    max_queue_size = 1\n   ',
      '   \n[me]   \naws_access_key_id=AKIAME\t\n\n\n\n',
    ],
    [
      'with other sections',
      '[sso-session s]\nsso_region = x\n[services t]\ns3 =\n  endpoint_url = http://x\n',
      '[a.b]\nz\n',
    ],
    [
      'with names that begin alike',
      '[profile staging2]\nregion = y\n[profile prod-eu]\nregion = z\n',
      '[staging2]\nx = 1\n',
    ],
    ['that are not in UTF-8', '# \xe9\xff\n[profile me]\nregion = y\n', '\xff\xfe[me]\nx = \xe9'],
    ['that are empty', '', ''],
  ];

  test.each(CONTENTS)('%s are byte for byte as they were after the post step', async (_, config, credentials) => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const before = { config, credentials };
    for (const file of FILES) write(job, file, before[file]);
    await succeeded(job.step({ inputs: { ...ROLES, 'aws-profile': 'ci' } }));
    for (const file of FILES) expect(read(pathOf(job, file)).startsWith(before[file])).toBe(true);
    expect(keysIn(read(pathOf(job, 'credentials')).replaceAll('\r\n', '\n')).size).toBe(3);
    expect(emulator.calls.filter(({ params }) => 'TokenCode' in params)).toHaveLength(1);
    const [post] = await job.post();
    expect(post?.lines).toEqual(['Removed the profiles ci, staging, prod.']);
    for (const file of FILES) expect(read(pathOf(job, file))).toBe(before[file]);
    expect(readdirSync(join(job.home, '.aws')).toSorted()).toEqual(['config', 'credentials']);
  });

  test('keep what was written into them meanwhile, before and behind ours', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    write(job, 'config', '[profile me]\nregion = y');
    await succeeded(job.step({ inputs: ROLES }));
    writeFileSync(pathOf(job, 'config'), `# first\n${read(pathOf(job, 'config'))}[profile it]\nregion = z\n`, 'latin1');
    await job.post();
    expect(read(pathOf(job, 'config'))).toBe('# first\n[profile me]\nregion = y\n[profile it]\nregion = z\n');
  });

  test('keep one profile that somebody has changed since, and lose the others', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: ROLES }));
    const config = pathOf(job, 'config');
    writeFileSync(config, read(config).replace('region = eu-west-1', 'region = eu-west-2'), 'latin1');
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    expect(post?.lines).toEqual([
      `Warning: ${config}: what this step wrote as profile prod has changed since, so it was left there. Remove it by hand when nobody needs it.`,
    ]);
    expect(read(config)).toContain('[profile prod]\nregion = eu-west-2\n');
    expect(read(config)).not.toContain('staging');
    expect(existsSync(pathOf(job, 'credentials'))).toBe(false);
  });

  test('lose profiles of the same names with overwrite-aws-profile', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    write(
      job,
      'config',
      '[profile a]\nx = 1\n[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/old\n[profile b]\ny = 2\n',
    );
    await succeeded(job.step({ inputs: { ...ROLES, 'overwrite-aws-profile': 'true' } }));
    expect(read(pathOf(job, 'config')).match(/^[^#\n].*$/gm)).toEqual([
      '[profile a]',
      'x = 1',
      '[profile b]',
      'y = 2',
      '[profile staging]',
      'region = us-east-1',
      '[profile prod]',
      'region = eu-west-1',
    ]);
  });
});

describe('profiles-location: temp', () => {
  const TEMP = { ...ROLES, 'profiles-location': 'temp' };
  const filesIn = (job: Job) => ({
    AWS_CONFIG_FILE: join(job.temp, 'aws-mfa-credentials', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(job.temp, 'aws-mfa-credentials', 'credentials'),
  });
  const filesAtHome = (job: Job) => ({
    AWS_CONFIG_FILE: pathOf(job, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: pathOf(job, 'credentials'),
  });
  const MINE = { AWS_CONFIG_FILE: '/somewhere/config', AWS_SHARED_CREDENTIALS_FILE: '/somewhere/credentials' };

  test('writes files of the job alone, for the owner alone, and exports where they are and nothing else', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const { exported, lines } = await succeeded(job.step({ inputs: TEMP }));
    const files = filesIn(job);
    expect(exported).toEqual(files);
    expect(Object.values(files).map(modeOf)).toEqual(['600', '600']);
    expect(modeOf(dirname(files.AWS_CONFIG_FILE))).toBe('700');
    expect(readdirSync(dirname(files.AWS_CONFIG_FILE)).toSorted()).toEqual(['config', 'credentials']);
    expect(read(files.AWS_CONFIG_FILE).match(/^[^#\n].*$/gm)).toEqual([
      '[profile staging]',
      'region = us-east-1',
      '[profile prod]',
      'region = eu-west-1',
    ]);
    expect(await whoIsIn(files.AWS_SHARED_CREDENTIALS_FILE, emulator)).toEqual({
      staging: 'arn:aws:sts::222233334444:assumed-role/deploy/GitHubActions',
      prod: 'arn:aws:sts::333344445555:assumed-role/deploy/GitHubActions',
    });
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
    expect(lines.at(-1)).toBe(
      'Exported AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE; wrote the profiles staging, prod.',
    );
  });

  test('does not touch the files of the home, nor those that the variables named', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    write(job, 'config', '[profile staging]\nregion = x\n');
    const mine = join(job.home, 'mine');
    writeFileSync(mine, '[prod]\nx = 1\n');
    await succeeded(job.step({ inputs: TEMP, env: { AWS_SHARED_CREDENTIALS_FILE: mine } }));
    await job.post();
    expect(read(pathOf(job, 'config'))).toBe('[profile staging]\nregion = x\n');
    expect(read(mine)).toBe('[prod]\nx = 1\n');
  });

  test('goes with the profile of the session, alone or beside roles', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, 'aws-profile': 'ci', 'profiles-location': 'temp' } }));
    expect(await whoIsIn(filesIn(job).AWS_SHARED_CREDENTIALS_FILE, emulator)).toEqual({
      ci: 'arn:aws:iam::111122223333:user/ci',
    });
    const { exported } = await succeeded(
      job.step({ inputs: { ...TEMP, 'aws-profile': 'ci2', 'output-env-credentials': 'true' } }),
    );
    expect(exported).toMatchObject({ ...filesIn(job), AWS_PROFILE: 'ci2', AWS_REGION: 'us-east-1' });
    expect([...keysIn(read(filesIn(job).AWS_SHARED_CREDENTIALS_FILE)).keys()]).toEqual([
      'ci',
      'ci2',
      'staging',
      'prod',
    ]);
  });

  test('is taken away by the post step, and tools look again where they look anyway', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    const [post] = await job.post();
    expect(post?.lines).toEqual([
      'Took back AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE.',
      'Removed the profiles staging, prod.',
    ]);
    expect(post?.exported).toEqual(filesAtHome(job));
    expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
  });

  test('gives back the variables that were set before', async () => {
    const { job } = await startJob({ world: manyAccounts(), env: MINE });
    await succeeded(job.step({ inputs: TEMP }));
    expect(job.env).toMatchObject(filesIn(job));
    const [post] = await job.post();
    expect(post?.exported).toEqual(MINE);
  });

  test('gives back one that was set before, and for the other what tools use anyway', async () => {
    const { job } = await startJob({ world: manyAccounts(), env: { AWS_CONFIG_FILE: '/somewhere/config' } });
    await succeeded(job.step({ inputs: TEMP }));
    const [post] = await job.post();
    expect(post?.exported).toEqual({
      AWS_CONFIG_FILE: '/somewhere/config',
      AWS_SHARED_CREDENTIALS_FILE: pathOf(job, 'credentials'),
    });
  });

  test('does not hand `env:` of the step to the whole job, and leaves it no file that is gone', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP, env: MINE }));
    expect(job.env).toMatchObject(filesIn(job));
    const [post] = await job.post();
    for (const path of Object.values(MINE)) expect(Object.values(job.env)).not.toContain(path);
    expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
    expect(post?.exported).toEqual(filesAtHome(job));
  });

  test('leaves alone a variable that somebody else has set since', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    job.env['AWS_CONFIG_FILE'] = '/theirs';
    const [post] = await job.post();
    expect(post?.exported).toEqual({ AWS_SHARED_CREDENTIALS_FILE: pathOf(job, 'credentials') });
    expect(job.env['AWS_CONFIG_FILE']).toBe('/theirs');
    expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
  });

  test('is shared by two steps of a job, whose post steps leave nothing', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    const second = await succeeded(
      job.step({ inputs: { ...SESSION, roles: 'audit = audit\nbuild = build', 'profiles-location': 'temp' } }),
    );
    const files = filesIn(job);
    expect(second.exported).toEqual(files);
    expect(Object.keys(await whoIsIn(files.AWS_SHARED_CREDENTIALS_FILE, emulator))).toEqual([
      'staging',
      'prod',
      'audit',
      'build',
    ]);
    const posts = await job.post();
    expect(posts.map(({ lines }) => lines)).toEqual([
      ['Removed the profiles audit, build.'],
      ['Took back AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE.', 'Removed the profiles staging, prod.'],
    ]);
    expect(posts.map(({ exported }) => exported)).toEqual([{}, filesAtHome(job)]);
    expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
  });

  test('is where a later step without it writes too, since the variables say so, and nothing is left of both', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    await succeeded(job.step({ inputs: { ...SESSION, 'aws-profile': 'ci' } }));
    expect([...keysIn(read(filesIn(job).AWS_SHARED_CREDENTIALS_FILE)).keys()]).toEqual(['staging', 'prod', 'ci']);
    await job.post();
    expect(existsSync(join(job.temp, 'aws-mfa-credentials'))).toBe(false);
    expect(existsSync(join(job.home, '.aws'))).toBe(false);
  });

  test('needs RUNNER_TEMP, which is seen before a code is spent', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const result = await job.step({ inputs: TEMP, env: { RUNNER_TEMP: '' } });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expect(result.lines).toEqual([
      'Error: profiles-location is temp, and RUNNER_TEMP is not set.',
      'Run this as a step of a workflow, or leave profiles-location out.',
    ]);
  });
});

interface Gate {
  readonly endpoint: string;
  /** How many AssumeRole calls were open at one time at most. */
  most(): number;
  /** How many have passed. */
  passed(): number;
}

/**
 * Stands before the emulator and holds every AssumeRole until five are open and a sixth has had the time to come; where so many
 * never come, it lets them go after a while. A call counts from its arrival until right before its answer goes out, so that
 * it is never counted for longer than the caller has it open.
 */
async function startGate(emulator: Emulator): Promise<Gate> {
  let open = 0;
  let most = 0;
  let passed = 0;
  let held: (() => void)[] = [];
  const letGo = (): void => {
    for (const go of held.splice(0)) go();
  };
  const wait = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.push(resolve);
    if (held.length === 1) setTimeout(letGo, 5000).unref();
    if (held.length === 5) setTimeout(letGo, 150).unref();
    await promise;
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const counted = body.includes('Action=AssumeRole');
    if (counted) {
      open += 1;
      most = Math.max(most, open);
      await wait();
    }
    const answer = await forward(emulator, incoming, body);
    if (counted) {
      open -= 1;
      passed += 1;
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    held = [];
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, most: () => most, passed: () => passed };
}

/** Sends a request on as it is, so that its signature holds. */
function forward(emulator: Emulator, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
    readonly body: Buffer;
  }>();
  const { hostname, port } = new URL(emulator.endpoint);
  const options = { hostname, port, method, path: url, headers: { ...headers, connection: 'close' } };
  const outgoing = httpRequest(options, async (answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const { connection: _, 'transfer-encoding': __, ...kept } = answer.headers;
    resolve({ status: answer.statusCode ?? 0, headers: kept, body: Buffer.concat(chunks) });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
