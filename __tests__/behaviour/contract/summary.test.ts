import { describe, expect, test } from '@jest/globals';
import { build, demoWorld } from '../../../lab/aws/index.ts';
import { SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';

const SUMMARY = { ...SESSION, summary: 'true' };

function linesOf(summary: string): readonly string[] {
  return withoutTimes(summary.split('\n'));
}

describe('the job summary', () => {
  test('is not written unless asked for', async () => {
    const { job } = await startJob();
    expect((await succeeded(job.step({ inputs: SESSION }))).summary).toBe('');
    expect((await succeeded(job.step({ inputs: { ...SESSION, summary: 'false' } }))).summary).toBe('');
  });

  test('shows who, how, with which device, until when, and what was handed on', async () => {
    const { job } = await startJob();
    const { summary } = await succeeded(job.step({ inputs: SUMMARY }));
    expect(linesOf(summary)).toEqual([
      '### AWS credentials with MFA',
      '',
      '| **Who** | <code>arn:aws:iam::111122223333:user/ci</code> |',
      '| :-- | :-- |',
      '| **Account** | <code>111122223333</code> |',
      '| **How** | <code>GetSessionToken</code> |',
      '| **MFA device** | <code>arn:aws:iam::111122223333:mfa/ci</code> |',
      '| **Valid until** | <code>TIME</code> (in 1 hour) |',
      '| **Region** | <code>us-east-1</code> |',
      '| **Exported to later steps** | <code>AWS_ACCESS_KEY_ID</code>, <code>AWS_SECRET_ACCESS_KEY</code>, <code>AWS_SESSION_TOKEN</code>, <code>AWS_REGION</code>, <code>AWS_DEFAULT_REGION</code> |',
      '',
      '',
    ]);
  });

  test('hides the account where the log does: a summary is not masked by itself', async () => {
    const { job } = await startJob();
    const inputs = { ...SUMMARY, 'mask-aws-account-id': 'true', 'role-to-assume': 'deploy' };
    const { summary } = await succeeded(job.step({ inputs }));
    expect(summary).not.toContain('111122223333');
    expect(linesOf(summary)).toContain(
      '| **Who** | <code>arn:aws:sts::&#42;&#42;&#42;:assumed-role/deploy/GitHubActions</code> |',
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
    const [buckets, reached] = linesOf(summary).filter((line) => /Buckets|Reached/.test(line));
    expect(buckets).toMatch(/^\| \*\*Buckets\*\* \| 25 listed: <code>bucket-101<\/code>, .* and 5 more \|$/);
    expect(buckets).toContain('<code>bucket-120</code> and 5 more');
    expect(buckets).not.toContain('bucket-121');
    expect(reached).toBe('| **Reached** | <code>bucket-101</code>, <code>bucket-102/a/b&#124;c</code> |');
  });

  test('names the profile instead of variables', async () => {
    const { job } = await startJob();
    const { summary } = await succeeded(job.step({ inputs: { ...SUMMARY, 'aws-profile': 'ci' } }));
    expect(linesOf(summary)).toContain('| **Exported to later steps** | profile <code>ci</code> |');
  });

  test('names the outputs that hold credentials', async () => {
    const { job } = await startJob();
    const inputs = { ...SUMMARY, 'output-env-credentials': 'false', 'output-credentials': 'true' };
    const { summary } = await succeeded(job.step({ inputs }));
    expect(linesOf(summary)).toContain(
      '| **Exported to later steps** | output <code>aws-access-key-id</code>, output <code>aws-secret-access-key</code>, output <code>aws-session-token</code> |',
    );
  });

  test('that cannot be written costs a warning, and not the session', async () => {
    const { job } = await startJob();
    const env = { GITHUB_STEP_SUMMARY: '/nowhere/at/all' };
    const { lines, exported } = await succeeded(job.step({ inputs: SUMMARY, env }));
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(lines.at(-1)).toMatch(/^Warning: The job summary could not be written \(.+\); everything else was done\.$/);
  });
});
