import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { jobFor, operations, SESSION, succeeded, withoutTimes } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { HOME, PROD, STAGING, TWENTY, TWENTY_LINES, TWO, trusting } from '../../kit/many-accounts.ts';
import { testNeeding } from '../../kit/platform.ts';
import { modeOf, pathOf, read, whoIsIn, write } from '../../kit/profile-files.ts';
import {
  AS_DEPLOY,
  configOf,
  DEPLOY,
  EXPORTED,
  jobFiles,
  linesIn,
  namesInCredentials,
  RENEW,
  since,
  startRenewing,
} from '../../kit/renewing.ts';
import { SEALING_KEY } from '../../kit/sealed-text.ts';
import { expectNoSecretIn, filesOf, sentSecrets } from '../../kit/secrets.ts';

const KEYS = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'];
const ROLES = { ...SESSION, roles: TWO, renew: 'true' };

describe('renew: true with role-to-assume', () => {
  test('writes the role as a profile without credentials, and the session as its source', async () => {
    const { emulator, job } = await startRenewing();
    const inputs = {
      ...RENEW,
      'role-external-id': 'x:y',
      'role-session-name': 'nightly',
      'role-duration-seconds': '900',
    };
    await succeeded(job.step({ inputs }));
    const files = jobFiles(job);
    const note = '# Written by aws-mfa-credentials; removed when the job ends, with this file.';
    expect(read(files.AWS_CONFIG_FILE).split('\n')).toEqual([
      '',
      note,
      '[profile deploy-mfa-session]',
      'region = us-east-1',
      '',
      note,
      '[profile deploy]',
      'region = us-east-1',
      `role_arn = ${DEPLOY}`,
      'source_profile = deploy-mfa-session',
      'role_session_name = nightly',
      'duration_seconds = 900',
      'external_id = x:y',
      '',
    ]);
    expect(namesInCredentials(job)).toEqual(['[deploy-mfa-session]', ...KEYS]);
    expect(await whoIsIn(files.AWS_SHARED_CREDENTIALS_FILE, emulator)).toEqual({
      'deploy-mfa-session': `arn:aws:iam::${HOME}:user/ci`,
    });
  });

  test('proves the role as tools will assume it: without tags and without a code', async () => {
    const { emulator, job } = await startRenewing();
    await succeeded(job.step({ inputs: { ...RENEW, 'role-external-id': 'x:y' } }));
    expect(operations(emulator).toSorted()).toEqual(['AssumeRole', 'GetCallerIdentity', 'GetSessionToken']);
    const [minted, proof] = ['GetSessionToken', 'AssumeRole'].map((name) =>
      emulator.calls.find(({ operation }) => operation === name),
    );
    expect(minted?.params).toMatchObject({ DurationSeconds: '21600', TokenCode: expect.any(String) });
    expect(proof?.params).toEqual({
      Action: 'AssumeRole',
      Version: expect.any(String),
      RoleArn: DEPLOY,
      RoleSessionName: 'GitHubActions',
      DurationSeconds: '3600',
      ExternalId: 'x:y',
    });
  });

  test('exports the profile and where it is, and the outputs are those of the role until the session ends', async () => {
    const { job } = await startRenewing();
    const { exported, outputs } = await succeeded(job.step({ inputs: RENEW }));
    expect(exported).toEqual(EXPORTED(job));
    const expiration = outputs['aws-expiration'] ?? '';
    expect(Date.parse(expiration) - Date.now()).toBeGreaterThan(5.9 * 3_600_000);
    expect(outputs).toEqual({
      'aws-account-id': HOME,
      'authenticated-arn': AS_DEPLOY,
      'aws-expiration': expiration,
      'mfa-serial': DEMO.serial,
      profiles: JSON.stringify([{ name: 'deploy', account: HOME, arn: AS_DEPLOY, expiration, renewable: true }]),
    });
  });

  test('says so in the log and in the summary', async () => {
    const { job } = await startRenewing();
    const { lines, summary } = await succeeded(job.step({ inputs: { ...RENEW, summary: 'true' } }));
    expect(withoutTimes(lines)).toEqual([
      naming('tags', 'renew'),
      naming('user/ci', 'GetSessionToken', DEMO.serial),
      naming('TIME', '6 hours'),
      naming('deploy', AS_DEPLOY, 'renewed'),
      naming('TIME'),
      naming('aws:MultiFactorAuthAge'),
      naming('AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'deploy-mfa-session, deploy'),
    ]);
    for (const fact of ['6 hours', 'deploy-mfa-session', AS_DEPLOY, 'aws:MultiFactorAuthAge', 'AWS_PROFILE'])
      expect(summary).toContain(fact);
  });

  test('is named by aws-profile, also if that is default', async () => {
    const { job } = await startRenewing();
    const { exported } = await succeeded(job.step({ inputs: { ...RENEW, 'aws-profile': 'default' } }));
    expect(exported['AWS_PROFILE']).toBe('default');
    const headers = configOf(job).filter((line) => line.startsWith('['));
    expect(headers).toEqual(['[profile default-mfa-session]', '[default]']);
  });

  testNeeding('file modes')('writes for the owner alone', async () => {
    const { job } = await startRenewing();
    await succeeded(job.step({ inputs: RENEW }));
    const files = Object.values(jobFiles(job));
    expect([...files.map(modeOf), modeOf(dirname(files[0] ?? ''))]).toEqual(['600', '600', '700']);
  });

  test('writes nothing from which a later step could make more sessions', async () => {
    const { emulator, job } = await startRenewing();
    const result = await succeeded(job.step({ inputs: { ...RENEW, summary: 'true' } }));
    const [session] = emulator.calls.filter(({ operation }) => operation === 'AssumeRole');
    const codes = sentSecrets(emulator.calls).filter((sent) => sent !== session?.headers['x-amz-security-token']);
    const { exported, outputs, state, summary } = result;
    const readable = [...filesOf(job).values(), JSON.stringify({ exported, outputs, state, summary, env: job.env })];
    expect(codes).toEqual([expect.stringMatching(/^\d{6}$/)]);
    expectNoSecretIn(readable.join('\n'), [DEMO.secretAccessKey, DEMO.accessKeyId, DEMO.seed, ...codes], 'the job');
  });
});

describe('renew: true with roles', () => {
  test('takes one code for 20 roles in 5 accounts, and exports no profile', async () => {
    const { emulator, job } = await startRenewing();
    const inputs = { ...SESSION, roles: TWENTY_LINES, renew: 'true' };
    const { exported, outputs } = await succeeded(job.step({ inputs }));
    expect(emulator.calls.filter(({ mfa }) => mfa !== undefined)).toHaveLength(1);
    expect(operations(emulator).filter((name) => name === 'AssumeRole')).toHaveLength(20);
    expect(exported).toEqual({ ...jobFiles(job), AWS_SDK_LOAD_CONFIG: '1' });
    const own = ['[profile mfa-session]', 'region = us-east-1'];
    expect(configOf(job)).toEqual([
      ...own,
      ...TWENTY.flatMap(({ name, role, account, region }) => [
        `[profile ${name}]`,
        `region = ${region}`,
        `role_arn = arn:aws:iam::${account}:role/${role}`,
        'source_profile = mfa-session',
        'role_session_name = GitHubActions',
        'duration_seconds = 3600',
      ]),
    ]);
    expect(namesInCredentials(job)).toEqual(['[mfa-session]', ...KEYS]);
    expect(outputs).toMatchObject({ 'aws-account-id': HOME, 'authenticated-arn': `arn:aws:iam::${HOME}:user/ci` });
    expect(JSON.parse(outputs['profiles'] ?? '')).toEqual(
      TWENTY.map(({ name, account }) =>
        expect.objectContaining({ name, account, renewable: true, expiration: outputs['aws-expiration'] }),
      ),
    );
  });

  test('writes chains as they are, and proves them in their order', async () => {
    const { emulator, job } = await startRenewing();
    const roles = `prod = ${PROD} source_profile=staging\nstaging = ${STAGING}`;
    const trusted = emulator.world.accounts
      .find(({ id }) => id === '333344445555')
      ?.roles.find(({ name }) => name === 'deploy');
    if (trusted !== undefined) trusted.trustPolicy = trusting(STAGING);
    await succeeded(job.step({ inputs: { ...ROLES, roles, 'aws-profile': 'own' } }));
    expect(since(emulator, 0).filter((call) => call.startsWith('AssumeRole'))).toEqual([
      `AssumeRole ${STAGING}`,
      `AssumeRole ${PROD}`,
    ]);
    expect(configOf(job).filter((line) => /^(\[|source)/.test(line))).toEqual([
      '[profile own]',
      '[profile prod]',
      'source_profile = staging',
      '[profile staging]',
      'source_profile = own',
    ]);
  });
});

describe('renew: true from a session', () => {
  test('that another job sealed takes no code', async () => {
    const { emulator, job } = await startRenewing();
    const sealing = { 'seal-session': 'true', 'sealing-key': SEALING_KEY };
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, ...sealing } }));
    const other = jobFor(emulator);
    const before = emulator.calls.length;
    const inputs = {
      'aws-region': 'us-east-1',
      'role-to-assume': 'deploy',
      renew: 'true',
      'sealing-key': SEALING_KEY,
      'sealed-session': outputs['sealed-session'] ?? '',
    };
    const opened = await succeeded(other.step({ inputs }));
    expect(since(emulator, before)).toEqual([`AssumeRole ${DEPLOY}`]);
    expect(opened.exported).toEqual(EXPORTED(other));
    expect(opened.outputs['aws-expiration']).toBe(outputs['aws-expiration']);
    expect(Object.keys(await whoIsIn(jobFiles(other).AWS_SHARED_CREDENTIALS_FILE, emulator))).toEqual([
      'deploy-mfa-session',
    ]);
  });

  test('that an earlier step exported takes no code, and its variables come back', async () => {
    const { emulator, job } = await startRenewing();
    const { exported: first } = await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    const inputs = { 'aws-region': 'us-east-1', 'role-chaining': 'true', 'role-to-assume': 'deploy', renew: 'true' };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(since(emulator, before)).toEqual(['GetCallerIdentity', `AssumeRole ${DEPLOY}`]);
    const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
    expect(exported).toEqual({ ...EXPORTED(job), ...Object.fromEntries(keys.map((name) => [name, ''])) });
    const [post] = await job.post();
    expect(post?.exported).toMatchObject(Object.fromEntries(keys.map((name) => [name, first[name]])));
  });

  test.each([
    [
      'role-chaining',
      async (job: Job) => {
        await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': 'deploy' } }));
        return { 'role-chaining': 'true' };
      },
    ],
    [
      'sealed-session',
      async (job: Job) => {
        const sealing = { 'seal-session': 'true', 'sealing-key': SEALING_KEY, 'output-env-credentials': 'false' };
        const { outputs } = await succeeded(
          job.step({ inputs: { ...SESSION, ...sealing, 'role-to-assume': 'deploy' } }),
        );
        return { 'sealing-key': SEALING_KEY, 'sealed-session': outputs['sealed-session'] ?? '' };
      },
    ],
  ])('of a role is refused, with %s', async (_, prepare) => {
    const { job } = await startRenewing();
    const from = await prepare(job);
    const env = { ...job.env };
    const result = await job.step({ inputs: { 'aws-region': 'us-east-1', ...from, roles: TWO, renew: 'true' } });
    expectFailure(annotationOf(result), 'session-not-renewing', AS_DEPLOY);
    expect(job.env).toEqual(env);
  });
});

describe("the job's config file starts with the user's", () => {
  const MINE = `# my key: aws_secret_access_key = ${DEMO.secretAccessKey}
[default]
ca_bundle = /etc/ssl/mine.pem
aws_access_key_id = ${DEMO.accessKeyId}
aws_secret_access_key = ${DEMO.secretAccessKey}
services = local
[services local]
s3 =
  endpoint_url = http://localhost:9000
[profile deploy]
region = eu-west-3
output = text
external_id = old
credential_process = get
`;
  const KEPT = [
    '[default]',
    'ca_bundle = /etc/ssl/mine.pem',
    'services = local',
    '[services local]',
    's3 =',
    '  endpoint_url = http://localhost:9000',
    '[profile deploy]',
    'region = us-east-1',
    `role_arn = ${DEPLOY}`,
    'source_profile = deploy-mfa-session',
    'role_session_name = GitHubActions',
    'duration_seconds = 3600',
    'output = text',
    '[profile deploy-mfa-session]',
    'region = us-east-1',
  ];

  test.each(['\n', '\r\n'])('without what gives credentials, and that is said (line ends %j)', async (lineEnd) => {
    const { job } = await startRenewing();
    write(job, 'config', MINE.replaceAll('\n', lineEnd));
    const { lines } = await succeeded(job.step({ inputs: RENEW }));
    expect(configOf(job)).toEqual(KEPT);
    const text = read(jobFiles(job).AWS_CONFIG_FILE);
    expect(text.replaceAll(lineEnd, '')).not.toMatch(/[\r\n]/);
    expectNoSecretIn(text, [DEMO.accessKeyId, DEMO.secretAccessKey], 'the copy');
    expect(lines).toContainEqual(naming(pathOf(job, 'config')));
    expect(read(pathOf(job, 'config'))).toBe(MINE.replaceAll('\n', lineEnd));
    await job.post();
    expect(configOf(job)).toEqual(KEPT.filter((line) => !/^(role|source|duration)/.test(line)));
  });

  testNeeding('symbolic links')('also if that is a link, or a variable names it', async () => {
    for (const env of [{}, { AWS_CONFIG_FILE: '~/other' }]) {
      const { job } = await startRenewing(env);
      const real = join(job.home, 'other');
      writeFileSync(real, MINE);
      mkdirSync(join(job.home, '.aws'));
      symlinkSync(real, pathOf(job, 'config'));
      await succeeded(job.step({ inputs: RENEW }));
      expect(configOf(job)).toEqual(KEPT);
      expect(read(real)).toBe(MINE);
    }
  });

  testNeeding('FIFOs').each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['too large', (path: string) => writeFileSync(path, '#'.repeat(16 * 1024 * 1024 + 1))],
    ['unreadable', (path: string) => symlinkSync('config', path)],
  ])('unless that is %s, which is a warning', async (_, make) => {
    const { job } = await startRenewing();
    mkdirSync(join(job.home, '.aws'));
    make(pathOf(job, 'config'));
    const { commands } = await succeeded(job.step({ inputs: RENEW }));
    expect(commands.filter(({ name }) => name === 'warning').map(({ message }) => message)).toEqual([
      naming(pathOf(job, 'config')),
    ]);
    expect(configOf(job)).toHaveLength(8);
  });

  test("doesn't contain it with profiles-location: home, which keeps the user's settings anyway", async () => {
    const { job } = await startRenewing();
    write(job, 'config', '[profile mine]\ncredential_process = get\n');
    const { exported } = await succeeded(job.step({ inputs: { ...RENEW, 'profiles-location': 'home' } }));
    const { AWS_CONFIG_FILE: _, AWS_SHARED_CREDENTIALS_FILE: __, ...others } = EXPORTED(job);
    expect(exported).toEqual(others);
    expect(linesIn(pathOf(job, 'config')).slice(0, 3)).toEqual([
      '[profile mine]',
      'credential_process = get',
      '[profile deploy-mfa-session]',
    ]);
    await job.post();
    expect(read(pathOf(job, 'config'))).toBe('[profile mine]\ncredential_process = get\n');
  });
});
