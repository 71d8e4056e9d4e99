import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { build, DEMO, demoWorld, type Emulator, type World } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { ACTION, SESSION, startJob, succeeded } from '../../kit/action.ts';

// What later steps do with the profiles, in programs of their own: the AWS CLI, and the AWS SDK for JavaScript.

const found = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const required = process.env['REQUIRE_AWS_CLI'] === '1';
const skipped = found.status !== 0 && !required;
if (skipped)
  console.warn('The AWS CLI tests are skipped: there is no aws on PATH. REQUIRE_AWS_CLI=1 makes that a failure.');

const STAGING = 'arn:aws:sts::222233334444:assumed-role/deploy/GitHubActions';
const PROD = 'arn:aws:sts::333344445555:assumed-role/deploy/nightly';
const ROLES = {
  ...SESSION,
  roles: [
    'staging = arn:aws:iam::222233334444:role/deploy region=eu-west-1',
    'prod = arn:aws:iam::333344445555:role/deploy region=ap-southeast-2 role_session_name=nightly',
  ].join('\n'),
};

/** Two accounts beside the demo's, with a role and buckets each. */
function twoAccounts(): World {
  const world = demoWorld();
  const actions = ['sts:AssumeRole', 'sts:TagSession'];
  world.accounts[0]?.users[0]?.policies.push({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
  for (const [id, name] of [
    ['222233334444', 'staging'],
    ['333344445555', 'prod'],
  ] as const) {
    const principal = { AWS: `arn:aws:iam::${DEMO.accountId}:root` };
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    const trustPolicy = {
      Statement: { Effect: 'Allow', Principal: principal, Action: actions, Condition: condition },
    } as const;
    const listing = { Statement: { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' } } as const;
    const role = build.role({ name: 'deploy', trustPolicy, policies: [listing] });
    const buckets = [build.bucket({ name: `${name}-logs` }), build.bucket({ name: `${name}-site` })];
    world.accounts.push(build.account({ id, roles: [role], buckets }));
  }
  return world;
}

/** The two profiles of one code, in a job. */
async function startWithProfiles(inputs: Readonly<Record<string, string>> = {}) {
  const { emulator, job } = await startJob({ world: twoAccounts() });
  const { exported } = await succeeded(job.step({ inputs: { ...ROLES, ...inputs } }));
  const calls = emulator.calls.length;
  /** What the programs have called, each with the region that it was signed for. */
  const called = () => emulator.calls.slice(calls).map(({ operation, region }) => [operation, region]);
  return { emulator, job, exported, called };
}

/** What a program says with exactly this environment, beside where it is and where AWS is. */
async function run(
  program: string,
  args: readonly string[],
  job: Job,
  { endpoint }: Emulator,
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { PATH = '', HOME = '' } = job.env;
  const surroundings = { PATH, HOME, USERPROFILE: HOME, AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_DISABLED: 'true' };
  const options = { cwd: ACTION, env: { ...surroundings, ...env } };
  // Older releases of the AWS CLI do not know the variable.
  const where = program === 'aws' ? ['--endpoint-url', endpoint] : [];
  const { stdout } = await promisify(execFile)(program, [...where, ...args], options);
  return JSON.parse(stdout);
}

(skipped ? describe.skip : describe)('the AWS CLI', () => {
  const BUCKETS = ['s3api', 'list-buckets', '--query', 'Buckets[].Name', '--output', 'json'];
  const WHO = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'json'];

  test('is each of the roles with --profile, and uses its region', async () => {
    const { emulator, job, called } = await startWithProfiles();
    const aws = (...args: readonly string[]) => run('aws', args, job, emulator, {});
    const asked = [
      ['--profile', 'staging', ...WHO],
      ['--profile', 'prod', ...WHO],
      ['--profile', 'staging', ...BUCKETS],
      ['--profile', 'prod', ...BUCKETS],
    ];
    expect(await Promise.all(asked.map((args) => aws(...args)))).toEqual([
      STAGING,
      PROD,
      ['staging-logs', 'staging-site'],
      ['prod-logs', 'prod-site'],
    ]);
    // They are asked at the same time.
    expect(called().toSorted()).toEqual([
      ['GetCallerIdentity', 'ap-southeast-2'],
      ['GetCallerIdentity', 'eu-west-1'],
      ['ListBuckets', 'ap-southeast-2'],
      ['ListBuckets', 'eu-west-1'],
    ]);
  }, 60_000);

  test('finds the keys of a profile in the one file and its region in the other', async () => {
    const { job } = await startWithProfiles();
    const { PATH = '', HOME = '' } = job.env;
    const args = ['configure', 'list', '--profile', 'prod'];
    const { stdout } = await promisify(execFile)('aws', args, { env: { PATH, HOME } });
    expect(stdout).toMatch(/access_key\b.*shared-credentials-file/);
    expect(stdout).toMatch(/region\b.*ap-southeast-2.*config-file/);
  }, 60_000);

  test('finds them in the files of the job by the exported variables alone', async () => {
    const { emulator, job, exported } = await startWithProfiles({ 'profiles-location': 'temp' });
    expect(Object.keys(exported)).toEqual(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']);
    expect(await run('aws', ['--profile', 'prod', ...WHO], job, emulator, exported)).toBe(PROD);
    expect(await run('aws', [...BUCKETS], job, emulator, { ...exported, AWS_PROFILE: 'staging' })).toEqual([
      'staging-logs',
      'staging-site',
    ]);
  }, 60_000);

  test('does not find them any more after the post step', async () => {
    const { emulator, job } = await startWithProfiles();
    await job.post();
    await expect(run('aws', ['--profile', 'prod', ...WHO], job, emulator, {})).rejects.toThrow(
      'The config profile (prod) could not be found',
    );
  }, 60_000);

  test('reads the files of the home again after the post step of files of the job', async () => {
    const { emulator, job, exported } = await startWithProfiles({ 'profiles-location': 'temp' });
    const folder = join(job.home, '.aws');
    mkdirSync(folder);
    copyFileSync(exported['AWS_CONFIG_FILE'] ?? '', join(folder, 'config'));
    copyFileSync(exported['AWS_SHARED_CREDENTIALS_FILE'] ?? '', join(folder, 'credentials'));
    const [post] = await job.post();
    expect(await run('aws', ['--profile', 'prod', ...WHO], job, emulator, { ...exported, ...post?.exported })).toBe(
      PROD,
    );
    await expect(run('aws', ['--profile', 'prod', ...WHO], job, emulator, exported)).rejects.toThrow(
      'The config profile (prod) could not be found',
    );
  }, 60_000);
});

describe('the AWS SDK for JavaScript', () => {
  /** Prints who the credentials of each client are, and the buckets, as JSON. */
  const script = (given: string): string => `
    import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
    import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
    import { fromIni } from '@aws-sdk/credential-provider-ini';
    const given = ${given};
    const who = await new STSClient(given).send(new GetCallerIdentityCommand({}));
    const { Buckets } = await new S3Client(given).send(new ListBucketsCommand({}));
    console.log(JSON.stringify([who.Arn, Buckets.map(({ Name }) => Name)]));
  `;

  const node = (
    given: string,
    { job, emulator }: { job: Job; emulator: Emulator },
    env: Readonly<Record<string, string>>,
  ) => run(process.execPath, ['--input-type=module', '--eval', script(given)], job, emulator, env);

  test('is each of the roles with AWS_PROFILE, and uses its region', async () => {
    const started = await startWithProfiles();
    expect(await node('{}', started, { AWS_PROFILE: 'staging' })).toEqual([STAGING, ['staging-logs', 'staging-site']]);
    expect(await node('{}', started, { AWS_PROFILE: 'prod' })).toEqual([PROD, ['prod-logs', 'prod-site']]);
    expect(started.called()).toEqual([
      ['GetCallerIdentity', 'eu-west-1'],
      ['ListBuckets', 'eu-west-1'],
      ['GetCallerIdentity', 'ap-southeast-2'],
      ['ListBuckets', 'ap-southeast-2'],
    ]);
  });

  test('is each of the roles with the profile named in the program', async () => {
    const started = await startWithProfiles();
    expect(await node("{ profile: 'staging' }", started, {})).toEqual([STAGING, ['staging-logs', 'staging-site']]);
    expect(await node("{ profile: 'prod' }", started, {})).toEqual([PROD, ['prod-logs', 'prod-site']]);
    expect(started.called().map(([, region]) => region)).toEqual([
      'eu-west-1',
      'eu-west-1',
      'ap-southeast-2',
      'ap-southeast-2',
    ]);
  });

  test('is each of the roles with fromIni, in whatever region', async () => {
    const started = await startWithProfiles();
    const given = (profile: string) => `{ region: 'us-east-1', credentials: fromIni({ profile: '${profile}' }) }`;
    expect(await node(given('staging'), started, {})).toEqual([STAGING, ['staging-logs', 'staging-site']]);
    expect(await node(given('prod'), started, {})).toEqual([PROD, ['prod-logs', 'prod-site']]);
  });

  test('finds them in the files of the job by the exported variables', async () => {
    const started = await startWithProfiles({ 'profiles-location': 'temp' });
    const env = { ...started.exported, AWS_PROFILE: 'prod' };
    expect(await node('{}', started, env)).toEqual([PROD, ['prod-logs', 'prod-site']]);
    const without = { AWS_PROFILE: 'prod', AWS_REGION: 'us-east-1' };
    await expect(node('{}', started, without)).rejects.toThrow('Could not load credentials');
  });

  test('is the session itself beside them with aws-profile, which is no role', async () => {
    const started = await startWithProfiles({ 'aws-profile': 'ci' });
    expect(await node('{}', started, { AWS_PROFILE: 'ci' })).toEqual([
      'arn:aws:iam::111122223333:user/ci',
      ['example-artifacts', 'example-backups-eu', 'example-logs', 'example-site'],
    ]);
  });
});
