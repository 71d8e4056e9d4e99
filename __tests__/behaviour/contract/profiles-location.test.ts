import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '../../../lab/runner/job.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { manyAccounts, ROLES } from '../../kit/many-accounts.ts';
import { testNeeding } from '../../kit/platform.ts';
import { filesIn, keysIn, modeOf, pathOf, read, whoIsIn, write } from '../../kit/profile-files.ts';

describe('profiles-location: temp', () => {
  const TEMP = { ...ROLES, 'profiles-location': 'temp' };
  const jobFiles = (job: Job) => ({
    AWS_CONFIG_FILE: join(job.temp, 'aws-mfa-credentials', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(job.temp, 'aws-mfa-credentials', 'credentials'),
  });
  const filesAtHome = (job: Job) => ({
    AWS_CONFIG_FILE: pathOf(job, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: pathOf(job, 'credentials'),
  });
  const MINE = { AWS_CONFIG_FILE: '/somewhere/config', AWS_SHARED_CREDENTIALS_FILE: '/somewhere/credentials' };

  test('writes files of the job alone, and exports where they are and nothing else', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const { exported, lines } = await succeeded(job.step({ inputs: TEMP }));
    const files = jobFiles(job);
    expect(exported).toEqual(files);
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
    expect(filesIn(job.home, '.aws')).toEqual([]);
    expect(lines.at(-1)).toEqual(naming('AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE', 'staging, prod'));
  });

  testNeeding('file modes')('writes them for the owner alone', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    const files = jobFiles(job);
    expect(Object.values(files).map(modeOf)).toEqual(['600', '600']);
    expect(modeOf(dirname(files.AWS_CONFIG_FILE))).toBe('700');
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
    expect(await whoIsIn(jobFiles(job).AWS_SHARED_CREDENTIALS_FILE, emulator)).toEqual({
      ci: 'arn:aws:iam::111122223333:user/ci',
    });
    const { exported } = await succeeded(
      job.step({ inputs: { ...TEMP, 'aws-profile': 'ci2', 'output-env-credentials': 'true' } }),
    );
    expect(exported).toMatchObject({ ...jobFiles(job), AWS_PROFILE: 'ci2', AWS_REGION: 'us-east-1' });
    expect([...keysIn(read(jobFiles(job).AWS_SHARED_CREDENTIALS_FILE)).keys()]).toEqual([
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
    expect(post?.lines).toEqual([naming('AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE'), naming('staging, prod')]);
    expect(post?.exported).toEqual(filesAtHome(job));
    expect(filesIn(job.temp, 'aws-mfa-credentials')).toEqual([]);
  });

  test('gives back the variables that were set before', async () => {
    const { job } = await startJob({ world: manyAccounts(), env: MINE });
    await succeeded(job.step({ inputs: TEMP }));
    expect(job.env).toMatchObject(jobFiles(job));
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
    expect(job.env).toMatchObject(jobFiles(job));
    const [post] = await job.post();
    for (const path of Object.values(MINE)) expect(Object.values(job.env)).not.toContain(path);
    expect(filesIn(job.temp, 'aws-mfa-credentials')).toEqual([]);
    expect(post?.exported).toEqual(filesAtHome(job));
  });

  test('leaves alone a variable that somebody else has set since', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    job.env['AWS_CONFIG_FILE'] = '/theirs';
    const [post] = await job.post();
    expect(post?.exported).toEqual({ AWS_SHARED_CREDENTIALS_FILE: pathOf(job, 'credentials') });
    expect(job.env['AWS_CONFIG_FILE']).toBe('/theirs');
    expect(filesIn(job.temp, 'aws-mfa-credentials')).toEqual([]);
  });

  test('is shared by two steps of a job, whose post steps leave nothing', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    const second = await succeeded(
      job.step({ inputs: { ...SESSION, roles: 'audit = audit\nbuild = build', 'profiles-location': 'temp' } }),
    );
    const files = jobFiles(job);
    expect(second.exported).toEqual(files);
    expect(Object.keys(await whoIsIn(files.AWS_SHARED_CREDENTIALS_FILE, emulator))).toEqual([
      'staging',
      'prod',
      'audit',
      'build',
    ]);
    const posts = await job.post();
    expect(posts.map(({ lines }) => lines)).toEqual([
      [naming('audit, build')],
      [naming('AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE'), naming('staging, prod')],
    ]);
    expect(posts.map(({ exported }) => exported)).toEqual([{}, filesAtHome(job)]);
    expect(filesIn(job.temp, 'aws-mfa-credentials')).toEqual([]);
    expect(filesIn(job.home, '.aws')).toEqual([]);
  });

  test('is where a later step without it writes too, since the variables say so, and nothing is left of both', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: TEMP }));
    await succeeded(job.step({ inputs: { ...SESSION, 'aws-profile': 'ci' } }));
    expect([...keysIn(read(jobFiles(job).AWS_SHARED_CREDENTIALS_FILE)).keys()]).toEqual(['staging', 'prod', 'ci']);
    await job.post();
    expect(filesIn(job.temp, 'aws-mfa-credentials')).toEqual([]);
    expect(filesIn(job.home, '.aws')).toEqual([]);
  });

  test('needs RUNNER_TEMP, which is seen before a code is spent', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const result = await job.step({ inputs: TEMP, env: { RUNNER_TEMP: '' } });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'profile-unwritable', 'profiles-location', 'RUNNER_TEMP');
  });
});
