import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';

/** The inputs without the keys. */
const KEYLESS = { 'aws-region': 'us-east-1', 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
const IN_ENVIRONMENT = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };

function writeAwsFile(job: Job, name: 'config' | 'credentials', lines: readonly string[]): void {
  mkdirSync(join(job.home, '.aws'), { recursive: true });
  writeFileSync(join(job.home, '.aws', name), `${lines.join('\n')}\n`, { mode: 0o600 });
}

const SECTION = [`aws_access_key_id = ${DEMO.accessKeyId}`, `aws_secret_access_key = ${DEMO.secretAccessKey}`];

describe('long-term keys that are not inputs', () => {
  test('come from the environment', async () => {
    const { emulator, job } = await startJob({ env: IN_ENVIRONMENT });
    const { exported } = await succeeded(job.step({ inputs: KEYLESS }));
    expect(new Set(emulator.calls.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([DEMO.accessKeyId]));
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });

  test('come from the shared credentials file in the home folder', async () => {
    const { emulator, job } = await startJob();
    writeAwsFile(job, 'credentials', ['[default]', ...SECTION]);
    await succeeded(job.step({ inputs: KEYLESS }));
    expect(emulator.calls[0]?.accessKeyId).toBe(DEMO.accessKeyId);
  });

  test('are looked for past a session in the environment with unset-current-credentials', async () => {
    const session = {
      AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'x'.repeat(40),
      AWS_SESSION_TOKEN: 'stale',
    };
    const { emulator, job } = await startJob({ env: session });
    writeAwsFile(job, 'credentials', ['[default]', ...SECTION]);
    await succeeded(job.step({ inputs: { ...KEYLESS, 'unset-current-credentials': 'true' } }));
    expect(emulator.calls[0]?.accessKeyId).toBe(DEMO.accessKeyId);
  });

  test('come from the profile that AWS_PROFILE names', async () => {
    const { emulator, job } = await startJob({ env: { AWS_PROFILE: 'ci-user' } });
    writeAwsFile(job, 'credentials', ['[default]', 'aws_access_key_id = AKIAWRONG', '[ci-user]', ...SECTION]);
    await succeeded(job.step({ inputs: KEYLESS }));
    expect(emulator.calls[0]?.accessKeyId).toBe(DEMO.accessKeyId);
  });

  test('come from a credential_process', async () => {
    const { emulator, job } = await startJob();
    const script = join(job.home, 'keys.cjs');
    const answer = { Version: 1, AccessKeyId: DEMO.accessKeyId, SecretAccessKey: DEMO.secretAccessKey };
    writeFileSync(script, `console.log(${JSON.stringify(JSON.stringify(answer))});\n`);
    writeAwsFile(job, 'config', ['[default]', `credential_process = "${process.execPath}" "${script}"`]);
    await succeeded(job.step({ inputs: KEYLESS }));
    expect(emulator.calls[0]?.accessKeyId).toBe(DEMO.accessKeyId);
  });

  test('are masked as soon as they are known', async () => {
    const { job } = await startJob();
    writeAwsFile(job, 'credentials', ['[default]', ...SECTION]);
    const { stdout } = await succeeded(job.step({ inputs: KEYLESS }));
    const lines = stdout.split('\n');
    const firstLine = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    expect(lines.slice(0, firstLine)).toEqual(
      expect.arrayContaining([`::add-mask::${DEMO.accessKeyId}`, `::add-mask::${DEMO.secretAccessKey}`]),
    );
  });

  test('are beaten by those that are inputs', async () => {
    const { emulator, job } = await startJob({
      env: { AWS_ACCESS_KEY_ID: 'AKIAWRONGWRONGWRONG1', AWS_SECRET_ACCESS_KEY: 'wrong' },
    });
    await succeeded(job.step({ inputs: SESSION }));
    expect(new Set(emulator.calls.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([DEMO.accessKeyId]));
  });

  test('do not come back when the job ends', async () => {
    const { job } = await startJob({ env: IN_ENVIRONMENT });
    await succeeded(job.step({ inputs: KEYLESS }));
    await job.post();
    expect(job.env).toMatchObject({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' });
  });
});
