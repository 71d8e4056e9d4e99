import { describe, expect, test } from '@jest/globals';
import { build, demoWorld } from '../../../lab/aws/index.ts';
import { SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

const SUMMARY = { ...SESSION, summary: 'true' };

function linesOf(summary: string): readonly string[] {
  return withoutTimes(summary.split('\n'));
}

describe('the job summary', () => {
  test('is only written on request', async () => {
    const { job } = await startJob();
    expect((await succeeded(job.step({ inputs: SESSION }))).summary).toBe('');
    expect((await succeeded(job.step({ inputs: { ...SESSION, summary: 'false' } }))).summary).toBe('');
  });

  test('shows who, how, with which device, until when, and what was exported', async () => {
    const { job } = await startJob();
    const { summary } = await succeeded(job.step({ inputs: SUMMARY }));
    const variables = [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ];
    expect(linesOf(summary)).toEqual([
      expect.stringMatching(/^### /),
      '',
      naming('<code>arn:aws:iam::111122223333:user/ci</code>'),
      '| :-- | :-- |',
      naming('<code>111122223333</code>'),
      naming('GetSessionToken'),
      naming('<code>arn:aws:iam::111122223333:mfa/ci</code>'),
      naming('<code>TIME</code>', '1 hour'),
      naming('<code>us-east-1</code>'),
      naming(...variables.map((name) => `<code>${name}</code>`)),
      '',
      '',
    ]);
  });

  test('hides the account if the log does: the runner doesn’t mask a summary', async () => {
    const { job } = await startJob();
    const inputs = { ...SUMMARY, 'mask-aws-account-id': 'true', 'role-to-assume': 'deploy' };
    const { summary } = await succeeded(job.step({ inputs }));
    expect(summary).not.toContain('111122223333');
    expect(linesOf(summary)).toContainEqual(
      naming('<code>arn:aws:sts::&#42;&#42;&#42;:assumed-role/deploy/GitHubActions</code>'),
    );
  });

  test('names twenty buckets and counts the rest, and those that had to be reached', async () => {
    const world = demoWorld();
    const [account] = world.accounts;
    account?.buckets.splice(0);
    for (let number = 101; number <= 125; number += 1) {
      account?.buckets.push(build.bucket({ name: `bucket-${number}`, objects: ['a/b|c.txt'] }));
    }
    const { job } = await startJob({ world });
    const inputs = { ...SUMMARY, 'list-buckets': 'true', 'expected-buckets': 'bucket-101\nbucket-102/a/b|c' };
    const { summary } = await succeeded(job.step({ inputs }));
    const buckets = linesOf(summary).find((line) => line.includes('bucket-120'));
    expect(buckets).toEqual(naming('25', '<code>bucket-101</code>', '<code>bucket-120</code>', ' 5 '));
    expect(buckets).not.toContain('bucket-121');
    expect(linesOf(summary)).toContainEqual(naming('<code>bucket-101</code>', '<code>bucket-102/a/b&#124;c</code>'));
  });

  test('names the profile instead of variables', async () => {
    const { job } = await startJob();
    const { summary } = await succeeded(job.step({ inputs: { ...SUMMARY, 'aws-profile': 'ci' } }));
    expect(linesOf(summary)).toContainEqual(naming('profile <code>ci</code>'));
  });

  test('names the outputs that hold credentials', async () => {
    const { job } = await startJob();
    const inputs = { ...SUMMARY, 'output-env-credentials': 'false', 'output-credentials': 'true' };
    const { summary } = await succeeded(job.step({ inputs }));
    expect(linesOf(summary)).toContainEqual(
      naming('<code>aws-access-key-id</code>', '<code>aws-secret-access-key</code>', '<code>aws-session-token</code>'),
    );
  });

  test('that cannot be written costs a warning, and not the session', async () => {
    const { job } = await startJob();
    const env = { GITHUB_STEP_SUMMARY: '/nowhere/at/all' };
    const { lines, exported } = await succeeded(job.step({ inputs: SUMMARY, env }));
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(lines.at(-1)).toEqual(naming('Warning: ', 'summary'));
  });
});
