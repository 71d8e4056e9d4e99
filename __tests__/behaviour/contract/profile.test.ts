import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { StepResult } from '../../../lab/runner/job.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { failingFiles } from '../../kit/faults.ts';
import { testNeeding } from '../../kit/platform.ts';
import { HOMELESS } from '../../kit/preload.ts';
import { filesIn, modeOf, pathOf, read, write } from '../../kit/profile-files.ts';

const PROFILE = { ...SESSION, 'aws-profile': 'ci', 'output-credentials': 'true' };
const FOREIGN = '# mine\r\n[default]\r\naws_access_key_id = AKIAFOREIGN\r\n\r\n[other]\nraw = \xe9\xff';

/** The section of the credentials file, with the keys that the step also put out. */
function section({ outputs }: StepResult): string {
  return [
    '[ci]',
    `aws_access_key_id = ${outputs['aws-access-key-id']}`,
    `aws_secret_access_key = ${outputs['aws-secret-access-key']}`,
    `aws_session_token = ${outputs['aws-session-token']}`,
    '',
  ].join('\n');
}

describe('aws-profile', () => {
  test('writes the session into both files, and exports nothing', async () => {
    const { job } = await startJob();
    const result = await succeeded(job.step({ inputs: PROFILE }));
    const note = '# Written by aws-mfa-credentials; removed when the job ends, with this file.';
    expect(read(pathOf(job, 'credentials'))).toBe(`\n${note}\n${section(result)}`);
    expect(read(pathOf(job, 'config'))).toBe(`\n${note}\n[profile ci]\nregion = us-east-1\n`);
    expect(result.exported).toEqual({});
    expect(result.lines.at(-1)).toEqual(
      naming('ci', 'aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'),
    );
  });

  testNeeding('file modes')('writes for the owner alone, even if others could read the file before', async () => {
    const { job } = await startJob();
    write(job, 'credentials', FOREIGN);
    chmodSync(pathOf(job, 'credentials'), 0o644);
    await succeeded(job.step({ inputs: PROFILE }));
    expect(['credentials', 'config'].map((file) => modeOf(join(job.home, '.aws', file)))).toEqual(['600', '600']);
  });

  testNeeding('file modes')('makes a folder for the owner alone', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: PROFILE }));
    expect(modeOf(join(job.home, '.aws'))).toBe('700');
    expect(modeOf(pathOf(job, 'credentials'))).toBe('600');
  });

  test('exports AWS_PROFILE with the credentials, where output-env-credentials is on beside it', async () => {
    const { job } = await startJob({ env: { AWS_PROFILE: 'dev' } });
    const { exported, lines } = await succeeded(
      job.step({ inputs: { ...SESSION, 'aws-profile': 'ci', 'output-env-credentials': 'true' } }),
    );
    expect(exported).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_PROFILE: 'ci',
    });
    expect(lines.at(-1)).toEqual(
      naming(
        'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE',
        'ci',
      ),
    );
  });

  test('leaves every byte that was in the files before, and what it wrote goes away again', async () => {
    const { job } = await startJob();
    write(job, 'credentials', FOREIGN);
    await succeeded(job.step({ inputs: PROFILE }));
    expect(read(pathOf(job, 'credentials')).startsWith(FOREIGN)).toBe(true);
    expect(read(pathOf(job, 'credentials'))).toContain('aws_session_token = IQoJ');
    const [post] = await job.post();
    expect(read(pathOf(job, 'credentials'))).toBe(FOREIGN);
    expect(existsSync(pathOf(job, 'config'))).toBe(false);
    expect(post?.lines).toEqual([naming('ci')]);
  });

  test('takes the files and the folder that it made away again', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: PROFILE }));
    await job.post();
    expect(filesIn(job.home, '.aws')).toEqual([]);
  });

  test('does not touch a profile of that name, and sends no code then', async () => {
    const { emulator, job } = await startJob();
    write(job, 'credentials', '[ci]\naws_access_key_id = AKIAMINE\n');
    const { exitCode } = await job.step({ inputs: PROFILE });
    expect(exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expect(read(pathOf(job, 'credentials'))).toBe('[ci]\naws_access_key_id = AKIAMINE\n');
  });

  test('replaces what gives credentials to a profile of that name with overwrite-aws-profile, and keeps the rest', async () => {
    const { job } = await startJob();
    write(job, 'credentials', '[a]\nx = 1\n[ci]\naws_access_key_id = AKIAMINE\n[b]\ny = 2\n');
    write(
      job,
      'config',
      '[profile ci]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/old\ns3 =\n  a = 1\n',
    );
    const result = await succeeded(job.step({ inputs: { ...PROFILE, 'overwrite-aws-profile': 'true' } }));
    const note = '# Written by aws-mfa-credentials; removed when the job ends.';
    expect(read(pathOf(job, 'credentials'))).toBe(`[a]\nx = 1\n[b]\ny = 2\n\n${note}\n${section(result)}`);
    expect(read(pathOf(job, 'config'))).toBe(`[profile ci]\n${note}\nregion = us-east-1\ns3 =\n  a = 1\n`);
    const [post] = await job.post();
    expect(post?.lines).toEqual([naming('ci')]);
    expect(read(pathOf(job, 'credentials'))).toBe('[a]\nx = 1\n[b]\ny = 2\n');
    expect(read(pathOf(job, 'config'))).toBe('[profile ci]\nregion = eu-west-1\ns3 =\n  a = 1\n');
  });

  test('does not touch a bare [ci] in the config file, which some tools take for the profile', async () => {
    const { emulator, job } = await startJob();
    write(job, 'config', '[ci]\nrole_arn = arn:aws:iam::111122223333:role/old\n');
    const result = await job.step({ inputs: PROFILE });
    expect({ exitCode: result.exitCode, calls: emulator.calls }).toEqual({ exitCode: 1, calls: [] });
    expectFailure(annotationOf(result), 'profile-exists', pathOf(job, 'config'), 'ci');
  });

  test.each([
    ['[a]\nx = 1\n[a]\n', ['line 3', '[a]']],
    ['\xef\xbb\xbf[a]\n', ['byte order mark']],
    ['region = x\n', ['line 1']],
  ])('warns of a file that the AWS CLI can’t read: %j', async (text, facts) => {
    const { job } = await startJob();
    write(job, 'config', text);
    const { lines } = await succeeded(job.step({ inputs: PROFILE }));
    expect(lines.filter((line) => line.startsWith('Warning'))).toEqual([naming(pathOf(job, 'config'), ...facts)]);
  });

  test('goes into the files that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name', async () => {
    const { job } = await startJob();
    const files = {
      AWS_CONFIG_FILE: join(job.temp, 'aws/config'),
      AWS_SHARED_CREDENTIALS_FILE: join(job.temp, 'aws/credentials'),
    };
    await succeeded(job.step({ inputs: PROFILE, env: files }));
    expect(read(files.AWS_CONFIG_FILE)).toContain('[profile ci]\nregion = us-east-1\n');
    expect(read(files.AWS_SHARED_CREDENTIALS_FILE)).toContain('[ci]\naws_access_key_id = ASIA');
    expect(filesIn(job.home, '.aws')).toEqual([]);
    await job.post();
    expect(filesIn(job.temp, 'aws')).toEqual([]);
  });

  test('of a user without a home folder goes into files of the job, and away again', async () => {
    const { job } = await startJob();
    const inputs = { ...PROFILE, 'profiles-location': 'temp' };
    const result = await succeeded(job.step({ inputs, env: HOMELESS }));
    const folder = join(job.temp, 'aws-mfa-credentials');
    expect(result.exported).toEqual({
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    });
    expect(read(join(folder, 'credentials'))).toContain(section(result));
    const [post] = await job.post();
    expect(post?.lines).toEqual([naming('AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE'), naming('ci')]);
    // There is no place where tools would look without them.
    expect(post?.exported).toEqual({ AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' });
    expect(filesIn(folder)).toEqual([]);
  });

  test('of two uses in one job both are there, and both go', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: PROFILE }));
    await succeeded(
      job.step({
        inputs: { ...PROFILE, 'aws-profile': 'deploy', 'role-to-assume': 'deploy', 'aws-region': 'eu-west-1' },
      }),
    );
    const config = read(pathOf(job, 'config'));
    expect(config).toContain('[profile ci]\nregion = us-east-1\n');
    expect(config).toContain('[profile deploy]\nregion = eu-west-1\n');
    const posts = await job.post();
    expect(posts.map(({ lines }) => lines)).toEqual([[naming('deploy')], [naming('ci')]]);
    expect(filesIn(job.home, '.aws')).toEqual([]);
  });

  test('that somebody has changed since is left there, with a warning', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: PROFILE }));
    const config = pathOf(job, 'config');
    writeFileSync(config, `${read(config)}output = json\n`, 'latin1');
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    expect(post?.lines).toEqual([naming('Warning: ', config, 'ci')]);
    expect(read(config)).toContain('output = json');
    expect(existsSync(pathOf(job, 'credentials'))).toBe(false);
  });
});

describe('a post step that cannot see the files', () => {
  test.each(['EACCES', 'ELOOP', 'ENOTDIR', 'EIO'])('says so, and not that the profile is removed: %s', async (code) => {
    const { job } = await startJob();
    const env = failingFiles([{ call: 'lstatSync', path: 'home/.aws', code }], '', 'post.js');
    await succeeded(job.step({ inputs: PROFILE, env }));
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    const path = join(job.home, '.aws');
    const left = (file: string) => naming('Warning: ', 'ci', join(path, file), `${code}: injected, lstat`);
    expect(post?.lines).toEqual([left('credentials'), left('config')]);
    expect(read(pathOf(job, 'credentials'))).toContain('[ci]');
  });

  testNeeding('users without permissions')('as it may not enter their folder', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: PROFILE }));
    chmodSync(job.home, 0o000);
    const [post] = await job.post();
    chmodSync(job.home, 0o700);
    expect(post?.lines).toEqual([
      expect.stringMatching(/^Warning: .+EACCES/),
      expect.stringMatching(/^Warning: .+EACCES/),
    ]);
  });

  test('says nothing if the profile is gone', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: PROFILE }));
    rmSync(join(job.home, '.aws'), { recursive: true });
    const [post] = await job.post();
    expect(post).toMatchObject({ exitCode: 0, lines: [] });
  });
});
