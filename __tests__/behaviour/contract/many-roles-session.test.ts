import { describe, expect, test } from '@jest/globals';
import { call } from '../../aws/wire.ts';
import { jobFor, operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';
import { HOME, manyAccounts, ROLES, TWO } from '../../kit/many-accounts.ts';
import { filesIn, keysIn, pathOf, read, whoIsIn } from '../../kit/profile-files.ts';

const SEALING_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';
const KEY_NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

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
    expect(lines.at(-1)).toEqual(
      naming(
        'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION',
        'staging, prod',
      ),
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
    expect(lines.at(-1)).toEqual(naming('ci, staging, prod'));
    const [post] = await job.post();
    expect(post?.lines).toEqual([naming('ci, staging, prod')]);
    expect(filesIn(job.home, '.aws')).toEqual([]);
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
      naming('arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      naming('audit', 'arn:aws:sts::444455556666:assumed-role/audit/GitHubActions', 'TIME'),
      naming('build', 'arn:aws:sts::111122223333:assumed-role/build/GitHubActions', 'TIME'),
      naming('audit, build'),
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
      naming('AWS_ACCESS_KEY_ID'),
      naming('arn:aws:iam::111122223333:user/ci'),
      naming('staging', 'arn:aws:sts::222233334444:assumed-role/deploy/GitHubActions', 'TIME'),
      naming('prod', 'arn:aws:sts::333344445555:assumed-role/deploy/GitHubActions', 'TIME'),
      naming('staging, prod'),
      'Warning: AWS_ACCESS_KEY_ID is set in the environment, and tools prefer it to AWS_PROFILE. Remove it from `env:`, or set unset-current-credentials: true.',
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
    expect(lines[0]).toContain('MFA');
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
