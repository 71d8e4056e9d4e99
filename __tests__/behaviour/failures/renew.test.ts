import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { handedOver, KEYS, NOTHING, operations, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { HOME, manyAccounts, PROD, STAGING, TWO, trusting, without } from '../../kit/many-accounts.ts';
import { pathOf, read, write } from '../../kit/profile-files.ts';
import {
  AS_DEPLOY,
  configOf,
  DEPLOY,
  EXPORTED,
  jobFiles,
  linesIn,
  namesInCredentials,
  profileTexts,
  RENEW,
  since,
  startRenewing,
} from '../../kit/renewing.ts';
import { expectNoSecretIn } from '../../kit/secrets.ts';
import { worldWith } from '../../kit/worlds.ts';

const LONG_TERM = `[default]\naws_access_key_id = ${DEMO.accessKeyId}\naws_secret_access_key = ${DEMO.secretAccessKey}\n`;
/** Without keys: they are the runner's. */
const KEYLESS = { ...RENEW, 'aws-access-key-id': '', 'aws-secret-access-key': '' };
const KEY_VARIABLES = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };
const filesAtHome = (job: Job) => ({
  AWS_CONFIG_FILE: pathOf(job, 'config'),
  AWS_SHARED_CREDENTIALS_FILE: pathOf(job, 'credentials'),
});
const warningsIn = ({ commands }: Awaited<ReturnType<Job['step']>>) =>
  commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
/** Nothing gives credentials any more, in whatever file and by whatever setting. */
function expectNoCredentials(job: Pick<Job, 'temp' | 'home'>): void {
  expect(profileTexts(job)).not.toMatch(/aws_\w+ =|ASIA|role_arn|source_profile|credential_process/);
}

describe('a role that is refused at the proof', () => {
  test.each([
    ['because it is unknown', without(DEPLOY), 'deploy'],
    [
      'because its trust policy requires a tag',
      manyAccounts(({ accounts: [home] }) => {
        const role = home?.roles.find(({ name }) => name === 'deploy');
        const condition = { StringEquals: { 'aws:RequestTag/Repository': 'octo-org/octo-repo' } };
        if (role !== undefined) role.trustPolicy = trusting(`arn:aws:iam::${HOME}:root`, condition);
      }),
      'tags',
    ],
  ])('fails the step and leaves nothing, %s', async (_, world, fact) => {
    const { job } = await startJob({ world });
    const result = await job.step({ inputs: RENEW });
    const annotation = annotationOf(result);
    expectFailure(annotation, 'assume-role-denied', 'deploy', DEPLOY);
    expect(annotation.text).toContain(fact);
    expect(annotation.remedy).toContain('tags');
    expect(handedOver(result)).toEqual(NOTHING);
    expect(existsSync(jobFiles(job).AWS_CONFIG_FILE)).toBe(false);
  });

  test('is named among others, which are not written either', async () => {
    const { job } = await startJob({ world: without(PROD) });
    const result = await job.step({ inputs: { ...SESSION, roles: TWO, renew: 'true' } });
    const { message } = annotationOf(result);
    expectFailure(annotationOf(result), 'assume-role-denied', 'prod', PROD, '1 of 2');
    expect(message).not.toContain(STAGING);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(profileTexts(job).trim()).toBe('');
  });
});

describe('what else gives credentials', () => {
  test("in the runner's files is not copied, and stays as it is", async () => {
    const { job } = await startRenewing();
    write(job, 'credentials', LONG_TERM);
    await succeeded(job.step({ inputs: KEYLESS }));
    expectNoSecretIn(read(jobFiles(job).AWS_SHARED_CREDENTIALS_FILE), Object.values(KEYS), 'the file');
    await job.post();
    expect(read(pathOf(job, 'credentials'))).toBe(LONG_TERM);
  });

  test.each([
    ['the job', { env: KEY_VARIABLES }, {}],
    ['the step', {}, { env: KEY_VARIABLES }],
  ])('in `env:` of %s is emptied for later steps, and a key does not come back', async (_, setting, step) => {
    const { job } = await startJob({ world: manyAccounts(), ...setting });
    const { exported } = await succeeded(job.step({ inputs: KEYLESS, ...step }));
    expect(exported).toEqual({ ...EXPORTED(job), AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    await job.post();
    expect([job.env['AWS_ACCESS_KEY_ID'], job.env['AWS_SECRET_ACCESS_KEY']]).toEqual(['', '']);
  });

  test('is only warned of with roles, since no profile is exported, unless it is to be emptied', async () => {
    const { job } = await startRenewing(KEY_VARIABLES);
    const inputs = { ...SESSION, roles: TWO, renew: 'true' };
    const result = await succeeded(job.step({ inputs }));
    expect(result.exported).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    expect(warningsIn(result)).toEqual([naming('AWS_ACCESS_KEY_ID')]);
    const emptying = { 'unset-current-credentials': 'true', 'overwrite-aws-profile': 'true' };
    const { exported } = await succeeded(job.step({ inputs: { ...inputs, ...emptying } }));
    expect(exported).toMatchObject({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  });
});

describe('the post step', () => {
  test('leaves an empty profile of the name that it cannot unset, where tools find it', async () => {
    const { job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const [post] = await job.post();
    expect(post?.lines).toEqual([naming('AWS_REGION', 'AWS_SDK_LOAD_CONFIG'), naming('deploy-mfa-session, deploy')]);
    expect(post?.exported).toEqual({ AWS_SDK_LOAD_CONFIG: '', AWS_REGION: '', AWS_DEFAULT_REGION: '' });
    expect(job.env).toMatchObject({ ...jobFiles(job), AWS_PROFILE: 'deploy' });
    expect(configOf(job)).toEqual([
      '[profile deploy-mfa-session]',
      'region = us-east-1',
      '[profile deploy]',
      'region = us-east-1',
    ]);
    expectNoCredentials(job);
  });

  test('points to the files at home again with roles, and leaves empty profiles', async () => {
    const { job } = await startRenewing();
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWO, renew: 'true' } }));
    const [post] = await job.post();
    expect(post?.exported).toEqual({ ...filesAtHome(job), AWS_SDK_LOAD_CONFIG: '' });
    expectNoCredentials(job);
  });

  test.each([
    ['AWS_PROFILE', 'the job', 'temp', 'mine'],
    ['AWS_DEFAULT_PROFILE', 'the job', 'temp', 'deploy'],
    ['AWS_PROFILE', 'the step', 'temp', 'deploy'],
    ['AWS_DEFAULT_PROFILE', 'the step', 'temp', 'deploy'],
    ['AWS_PROFILE', 'the job', 'home', 'mine'],
    ['AWS_DEFAULT_PROFILE', 'the job', 'home', 'mine'],
  ])('if %s was set for %s, leaves boto3 a profile that exists (%s)', async (name, whose, place, chosen) => {
    const env = { [name]: 'mine' };
    const { job } = await startRenewing(whose === 'the job' ? env : {});
    write(job, 'credentials', LONG_TERM.replace('default', 'mine'));
    const inputs = { ...RENEW, 'profiles-location': place };
    const { exported } = await succeeded(job.step({ inputs, env: whose === 'the step' ? env : {} }));
    expect(exported).toMatchObject({ AWS_PROFILE: 'deploy', [name]: 'deploy' });
    await job.post();
    expect(job.env['AWS_DEFAULT_PROFILE'] || job.env['AWS_PROFILE']).toBe(chosen);
    const files = { ...filesAtHome(job), ...job.env };
    if (chosen === 'mine') expect(linesIn(files.AWS_SHARED_CREDENTIALS_FILE)).toContain('[mine]');
    else expect(linesIn(files.AWS_CONFIG_FILE)).toContain('[profile deploy]');
  });

  test('removes whatever gives credentials, even if a tool has changed the files', async () => {
    const { job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials } = jobFiles(job);
    writeFileSync(
      config,
      read(config)
        .replace('duration_seconds = 3600', 'duration_seconds = 900\noutput = json\ncredential_process = get')
        .replace(/^# .*\n/gm, ''),
    );
    writeFileSync(
      credentials,
      `${read(credentials).replace(/(aws_session_token) = (\S{9})/, '$1 =\n  $2\n# Written by aws-mfa-credentials; removed when the job ends, with this file.\n  ')}\n[deploy]\naws_access_key_id = ASIAX\n`,
    );
    const [post] = await job.post();
    expect(post && warningsIn(post)).toEqual([]);
    expect(namesInCredentials(job)).toEqual(['[deploy-mfa-session]', '[deploy]']);
    expect(configOf(job)).toContain('output = json');
    expectNoCredentials(job);
  });

  test.each([{}, { 'role-external-id': 'a=b:c/d' }])(
    'removes what the AWS CLI has cached of the role',
    async (given) => {
      const { job } = await startRenewing();
      await succeeded(job.step({ inputs: { ...RENEW, ...given } }));
      // As botocore has it: the parameters by their names, with Python's separators.
      const external = given['role-external-id'] === undefined ? '' : `"ExternalId": "${given['role-external-id']}", `;
      const json = `{"DurationSeconds": 3600, ${external}"RoleArn": "${DEPLOY}", "RoleSessionName": "GitHubActions"}`;
      const cache = join(job.home, '.aws', 'cli', 'cache');
      mkdirSync(cache, { recursive: true });
      const [ours, other] = [`${createHash('sha1').update(json).digest('hex')}.json`, `${'0'.repeat(40)}.json`];
      for (const name of [ours, other]) writeFileSync(join(cache, name), '{}');
      await job.post();
      expect([ours, other].map((name) => existsSync(join(cache, name)))).toEqual([false, true]);
    },
  );
});

describe('a later use of the action in the job', () => {
  test.each([
    ['a session', 'temp', { renew: '', 'role-to-assume': '' }],
    ['a role', 'temp', { renew: '', 'role-to-assume': 'build' }],
    ['a session', 'home', { renew: '', 'role-to-assume': '' }],
  ])("finds the user's own keys and gets %s (%s)", async (_, place, inputs) => {
    const { emulator, job } = await startRenewing();
    write(job, 'credentials', LONG_TERM);
    await succeeded(job.step({ inputs: { ...KEYLESS, 'profiles-location': place } }));
    const before = emulator.calls.length;
    const { exported } = await succeeded(job.step({ inputs: { ...KEYLESS, ...inputs } }));
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(emulator.calls.slice(before).find(({ mfa }) => mfa !== undefined)?.accessKeyId).toBe(DEMO.accessKeyId);
    await job.post();
    expectNoCredentials({ temp: job.temp, home: job.temp });
  });

  test('finds them in the profile that its step names, though the job has a copy of its settings', async () => {
    const { job } = await startRenewing();
    write(job, 'config', '[profile mine]\nregion = us-east-1\n');
    write(job, 'credentials', LONG_TERM.replace('default', 'mine'));
    await succeeded(job.step({ inputs: KEYLESS, env: { AWS_PROFILE: 'mine' } }));
    await succeeded(
      job.step({ inputs: { ...KEYLESS, renew: '', 'role-to-assume': '' }, env: { AWS_PROFILE: 'mine' } }),
    );
  });

  test('starts from the role with role-chaining', async () => {
    const { emulator, job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const before = emulator.calls.length;
    const inputs = { 'aws-region': 'us-east-1', 'role-chaining': 'true', 'role-to-assume': STAGING };
    emulator.world.accounts[1]?.roles.forEach((role) => {
      role.trustPolicy = trusting(DEPLOY);
    });
    const { outputs } = await succeeded(job.step({ inputs }));
    expect(since(emulator, before)).toEqual([`AssumeRole ${DEPLOY}`, `AssumeRole ${STAGING}`]);
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::222233334444:assumed-role/deploy/GitHubActions');
  });

  test('renews another role from the session that the first one wrote', async () => {
    const { emulator, job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const before = emulator.calls.length;
    const inputs = { 'aws-region': 'us-east-1', 'role-chaining': 'true', 'role-to-assume': STAGING, renew: 'true' };
    const given = { inputs: { ...inputs, 'aws-profile': 'staging' }, env: { AWS_PROFILE: 'deploy-mfa-session' } };
    const { outputs } = await succeeded(job.step(given));
    expect(since(emulator, before)).toEqual(['GetCallerIdentity', `AssumeRole ${STAGING}`]);
    expect(outputs).not.toHaveProperty('aws-expiration');
    await job.post();
    expectNoCredentials(job);
  });

  test('takes its own way with use-existing-credentials: the environment has no session', async () => {
    const { emulator, job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const before = emulator.calls.length;
    await succeeded(job.step({ inputs: { ...SESSION, 'use-existing-credentials': 'true' } }));
    expect(operations(emulator).slice(before)).toContain('GetSessionToken');
  });

  test('renews another role next to the first, and their post steps leave nothing', async () => {
    const { job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const { exported } = await succeeded(job.step({ inputs: { ...RENEW, 'role-to-assume': 'audit' } }));
    expect(exported).toEqual({ ...EXPORTED(job), AWS_PROFILE: 'audit' });
    expect(configOf(job).filter((line) => line.startsWith('['))).toEqual([
      '[profile deploy-mfa-session]',
      '[profile deploy]',
      '[profile audit-mfa-session]',
      '[profile audit]',
    ]);
    for (const { exitCode, lines } of await job.post()) expect([exitCode, lines.join()]).toEqual([0, naming('mfa')]);
    expect(job.env).toMatchObject({ ...jobFiles(job), AWS_PROFILE: 'deploy' });
    expect(configOf(job)).toContain('[profile deploy]');
    expectNoCredentials(job);
  });

  test.each(['true', ''])('leaves its profile where tools find it, after one with roles (renew: %j)', async (renew) => {
    const { job } = await startRenewing();
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWO, 'profiles-location': 'temp', renew } }));
    await succeeded(job.step({ inputs: RENEW }));
    await job.post();
    expect(job.env).toMatchObject({ ...jobFiles(job), AWS_PROFILE: 'deploy' });
    expect(configOf(job)).toContain('[profile deploy]');
    expectNoCredentials(job);
  });

  test('is refused for the same role before a code is spent, and replaces it if it may', async () => {
    const { emulator, job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const before = emulator.calls.length;
    const result = await job.step({ inputs: RENEW });
    expectFailure(annotationOf(result), 'profile-exists', 'deploy', 'deploy-mfa-session');
    expect(emulator.calls).toHaveLength(before);
    await succeeded(job.step({ inputs: { ...RENEW, 'overwrite-aws-profile': 'true' } }));
    await job.post();
    expect(job.env).toMatchObject({ ...jobFiles(job), AWS_PROFILE: 'deploy' });
    expect(configOf(job)).toContain('[profile deploy]');
    expectNoCredentials(job);
  });

  test('with use-existing-credentials, renews from a user’s session that the job already has', async () => {
    const { emulator, job } = await startRenewing();
    await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    await succeeded(job.step({ inputs: { ...RENEW, 'use-existing-credentials': 'true' } }));
    expect(since(emulator, before)).toEqual(['GetCallerIdentity', `AssumeRole ${DEPLOY}`]);
  });
});

describe('with other inputs', () => {
  test('a session that ends before the role would is a warning', async () => {
    const { job } = await startRenewing();
    const result = await succeeded(job.step({ inputs: { ...RENEW, 'session-duration-seconds': '900' } }));
    expect(warningsIn(result)).toEqual([naming('deploy')]);
  });

  test("allowed-account-ids is about the role, not about the user's session", async () => {
    const { job } = await startRenewing();
    const inputs = { ...RENEW, 'role-to-assume': STAGING, 'allowed-account-ids': '222233334444' };
    await succeeded(job.step({ inputs }));
    const roles = { ...SESSION, roles: TWO, renew: 'true', 'aws-profile': 'own' };
    await succeeded(job.step({ inputs: { ...roles, 'allowed-account-ids': '222233334444, 333344445555' } }));
    const refused = await job.step({ inputs: { ...inputs, 'role-to-assume': PROD } });
    expectFailure(annotationOf(refused), 'invalid-input', 'role-to-assume', '333344445555', 'allowed-account-ids');
    const byName = await job.step({ inputs: { ...inputs, 'role-to-assume': 'audit' } });
    expectFailure(annotationOf(byName), 'invalid-input', 'role-to-assume', HOME, 'allowed-account-ids');
  });

  test('the bucket check is made as the role', async () => {
    const world = worldWith(({ roles }) => {
      for (const { policies } of roles) policies.splice(0);
    });
    const { job } = await startJob({ world });
    const result = await job.step({ inputs: { ...RENEW, 'expected-buckets': 'example-logs' } });
    expectFailure(annotationOf(result), 'bucket-denied', AS_DEPLOY);
    expect(handedOver(result)).toEqual(NOTHING);
    const { job: other } = await startJob();
    const { lines } = await succeeded(other.step({ inputs: { ...RENEW, 'expected-buckets': 'example-logs' } }));
    expect(lines).toContainEqual(naming('example-logs'));
  });

  test('mask-aws-account-id hides the accounts in the log and in the summary', async () => {
    const { job } = await startRenewing();
    const inputs = { ...RENEW, 'role-to-assume': STAGING, 'mask-aws-account-id': 'true', summary: 'true' };
    const { lines, summary } = await succeeded(job.step({ inputs }));
    expect(`${lines.join('\n')}\n${summary}`).not.toMatch(/111122223333|222233334444/);
  });
});
