import { describe, expect, test } from '@jest/globals';
import { codeOfStep, DEMO, stepAt, type World } from '../../../lab/aws/index.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { codesSent, type Shell, script, startShell } from '../../kit/command.ts';
import { policy, roleThatAllows, worldWith } from '../../kit/worlds.ts';

// The command's long waits take no time, and move its clock and AWS's: a renewal after 40 minutes comes at once.

const SKIPPED_MS = 1000;
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession'];
/** Asks the server until it has had so many sessions, or an error. */
const ASK = (sessions: number): readonly string[] =>
  script(`(async () => {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
  const [seen, statuses] = [new Set(), new Set()];
  console.log('running');
  while (seen.size < ${sessions} && !statuses.has(503)) {
    const response = await fetch(url, { headers: { authorization } });
    const { AccessKeyId, message } = await response.json();
    if (AccessKeyId) seen.add(AccessKeyId);
    statuses.add(response.status);
    if (message) console.log(message);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log([...statuses].join());
})()`);

async function startTimed(world?: World): Promise<Shell & { readonly time: { readonly env: NodeJS.ProcessEnv } }> {
  const time = timeInBucket(0, SKIPPED_MS);
  const shell = await startShell({ clock: time.clock, ...(world && { world }) });
  return { ...shell, time: { env: { ...time.env, TEST_NAP: '120000' } } };
}

const operations = ({ emulator }: Shell): readonly string[] => [
  ...new Set(emulator.calls.map(({ operation }) => operation)),
];

describe('exec --serve renews', () => {
  test('a role from one session of the user: one code for all of them', async () => {
    const shell = await startTimed();
    const ran = await shell.run(['exec', '--serve', '--role-to-assume', 'deploy', ...ASK(5)], { env: shell.time.env });
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'running\n200\n' });
    expect(codesSent(shell.emulator)).toHaveLength(1);
    expect(shell.emulator.calls[0]).toMatchObject({
      operation: 'GetSessionToken',
      params: { DurationSeconds: '129600' },
    });
  });

  test('a role with a new code each time if asked', async () => {
    const shell = await startTimed();
    const args = ['--role-to-assume', 'deploy', '--role-duration-seconds', '7200', '--mfa-session-first', 'false'];
    const ran = await shell.run(['exec', '--serve', ...args, ...ASK(3)], { env: shell.time.env });
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'running\n200\n' });
    expect(operations(shell)).toEqual(['AssumeRole']);
    expect(new Set(codesSent(shell.emulator)).size).toBeGreaterThanOrEqual(3);
    expect(ran.stderr.match(/Using the keys from/g)).toHaveLength(1);
  });

  test('a role whose trust policy limits the age of the MFA: with a new code as soon as AWS refuses', async () => {
    const young = { NumericLessThan: { 'aws:MultiFactorAuthAge': '5400' } };
    const shell = await startTimed(
      worldWith((account) => account.roles.push(roleThatAllows('young', ACTIONS, young, { policies: [] }))),
    );
    const ran = await shell.run(['exec', '--serve', '--role-to-assume', 'young', ...ASK(6)], { env: shell.time.env });
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'running\n200\n' });
    const { calls } = shell.emulator;
    const refused = calls.filter(({ status }) => status === 403).length;
    expect(refused).toBeGreaterThan(0);
    expect(codesSent(shell.emulator).length).toBeLessThanOrEqual(refused + 1);
  });

  test('with a single code, for as long as the session that it gave lasts', async () => {
    const shell = await startTimed();
    const code = codeOfStep(DEMO.seed, stepAt(shell.emulator.clock.now()));
    const args = ['--role-to-assume', 'deploy', '--session-duration-seconds', '7200', ...ASK(100)];
    const isOver = (): boolean => shell.emulator.calls.some(({ status }) => status === 403);
    const { stderr } = await shell.run(['exec', '--serve', ...args], {
      env: { ...shell.time.env, MFA_SEED: undefined, MFA_CODE: code },
      onStart: (child) => {
        const looking = setInterval(() => {
          if (!isOver()) return;
          clearInterval(looking);
          setTimeout(() => child.kill('SIGTERM'), 200);
        }, 20);
      },
    });
    expect(stderr).toMatch(/couldn't be renewed, and end at .*: the session has expired\./);
    expect(codesSent(shell.emulator)).toEqual([code]);
  });

  test('a role that may no longer be assumed: it wastes one code and no more, and says why', async () => {
    const role = roleThatAllows('deploy2', ACTIONS);
    const shell = await startTimed(worldWith((account) => account.roles.push(role)));
    const ran = await shell.run(['exec', '--serve', '--role-to-assume', 'deploy2', ...ASK(100)], {
      env: shell.time.env,
      onOutput: () => {
        role.trustPolicy = policy({ Effect: 'Deny', Principal: { AWS: DEMO.accountId }, Action: ACTIONS });
      },
    });
    expect(ran.stdout).toMatch(/^running\nAssumeRole: a policy explicitly denies this call\./);
    expect(ran.stderr).toContain("The credentials couldn't be renewed");
    expect(codesSent(shell.emulator)).toHaveLength(2);
  });
});
