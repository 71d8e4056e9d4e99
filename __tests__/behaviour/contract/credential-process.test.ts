import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';
import { testNeeding } from '../../kit/platform.ts';

const KEYLESS = { 'aws-region': 'us-east-1', 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
const ANSWER = { Version: 1, AccessKeyId: DEMO.accessKeyId, SecretAccessKey: DEMO.secretAccessKey };

/** Sets up a credential_process that runs this, and notes each run in the file `runs` of its home folder. */
function setUp(job: Job, script: string): void {
  const path = join(job.home, 'keys.cjs');
  const note = `require('fs').appendFileSync(${JSON.stringify(join(job.home, 'runs'))}, process.pid + '\\n');`;
  writeFileSync(path, `${note}\n${script}\n`);
  mkdirSync(join(job.home, '.aws'));
  writeFileSync(join(job.home, '.aws', 'config'), `[default]\ncredential_process = "${process.execPath}" "${path}"\n`);
}

function runsOf(job: Job): readonly number[] {
  const path = join(job.home, 'runs');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : [];
}

const GIVE_KEYS = `console.log(${JSON.stringify(JSON.stringify(ANSWER))});`;

describe('a credential_process', () => {
  test.each([
    ['gives keys', GIVE_KEYS, 0],
    ['fails', 'process.exit(1)', 1],
    ['prints something else', "console.log('keys')", 1],
  ] as const)('that %s runs once', async (_, script, exitCode) => {
    const { job } = await startJob();
    setUp(job, script);
    expect((await job.step({ inputs: KEYLESS })).exitCode).toBe(exitCode);
    expect(runsOf(job)).toHaveLength(1);
  });

  test('sees the environment that a shell of the step would see, and no inputs', async () => {
    const proxy = 'http://corp-user:p%40ssword-of-the-proxy@127.0.0.1:9';
    const env = {
      HTTPS_PROXY: proxy,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_TLS_REJECT_UNAUTHORIZED: '1',
      SOME_TOKEN: 'of the step',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'for shells too',
    };
    const { job } = await startJob({
      env: { ...env, MFA_SEED: DEMO.seed, MFA_SERIAL: DEMO.serial, ACTIONS_RUNTIME_TOKEN: 'for actions alone' },
    });
    const path = join(job.home, 'seen.json');
    setUp(job, `require('fs').writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.env));${GIVE_KEYS}`);
    await succeeded(job.step({ inputs: { 'aws-region': 'us-east-1', 'mfa-serial': DEMO.serial } }));
    const seen: Readonly<Record<string, string>> = JSON.parse(readFileSync(path, 'utf8'));
    expect(seen).toMatchObject({ ...env, HOME: job.home, GITHUB_JOB: 'deploy' });
    expect(seen).not.toHaveProperty('https_proxy');
    expect(seen).not.toHaveProperty('no_proxy');
    for (const name of ['MFA_SEED', 'ACTIONS_RUNTIME_TOKEN', 'INPUT_MFA-SERIAL'])
      expect(seen).not.toHaveProperty([name]);
    expect(JSON.stringify(seen)).not.toContain(DEMO.seed);
  });

  test('does not see the credentials that unset-current-credentials takes away', async () => {
    const { job } = await startJob({
      env: { AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'old' },
    });
    const path = join(job.home, 'seen.json');
    setUp(job, `require('fs').writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.env));${GIVE_KEYS}`);
    await succeeded(job.step({ inputs: { ...KEYLESS, 'unset-current-credentials': 'true' } }));
    expect(JSON.parse(readFileSync(path, 'utf8'))).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  });

  testNeeding('signals').each([
    ['the step has its keys', GIVE_KEYS, {}],
    ['action-timeout-s is over', 'setInterval(() => undefined, 1000);', { 'action-timeout-s': '1' }],
  ])('has ended, and what it started too, when %s', async (_, script, inputs) => {
    const { job } = await startJob();
    const child = "setInterval(() => undefined, 1000); process.on('SIGTERM', () => undefined)";
    setUp(
      job,
      `const { pid } = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
      require('fs').appendFileSync(${JSON.stringify(join(job.home, 'runs'))}, pid + '\\n');
      ${script} setTimeout(() => process.exit(0), ${script === GIVE_KEYS ? 50 : 60_000});`,
    );
    await job.step({ inputs: { ...KEYLESS, ...inputs } });
    const pids = runsOf(job);
    expect(pids).toHaveLength(2);
    const isRunning = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        // Killed, but nobody has asked for its exit code.
        return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      } catch {
        return false;
      }
    };
    const begin = performance.now();
    while (pids.some(isRunning) && performance.now() - begin < 1000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(pids.filter(isRunning)).toEqual([]);
  });

  test('is not run if keys are given', async () => {
    const { job } = await startJob();
    setUp(job, GIVE_KEYS);
    await succeeded(job.step({ inputs: SESSION }));
    expect(runsOf(job)).toEqual([]);
  });
});
