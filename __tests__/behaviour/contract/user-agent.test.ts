import { describe, expect, test } from '@jest/globals';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';

/** The parts of the user agent that say who calls, in all calls of a step. */
async function agentsOf(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { emulator, job } = await startJob({ env });
  const inputs = { ...SESSION, 'mfa-serial': '', 'list-buckets': 'true' };
  await succeeded(job.step({ inputs }));
  expect(new Set(emulator.calls.map(({ operation }) => operation))).toEqual(
    new Set(['ListMFADevices', 'GetSessionToken', 'GetCallerIdentity', 'ListBuckets']),
  );
  const agents = emulator.calls.map(
    ({ headers }) => /(?:app|md\/(?:action|run_id|attempt)).*$/.exec(`${headers['user-agent']}`)?.[0] ?? '',
  );
  return [...new Set(agents)];
}

describe('the user agent, which CloudTrail keeps', () => {
  test('names this action, the run and its attempt in every call', async () => {
    expect(await agentsOf({})).toEqual([
      'app/aws-mfa-credentials md/action#aws-mfa-credentials md/run_id#1658821493 md/attempt#1',
    ]);
  });

  test('keeps the application ID of the user', async () => {
    expect(await agentsOf({ AWS_SDK_UA_APP_ID: 'payments', GITHUB_RUN_ATTEMPT: '3' })).toEqual([
      'app/payments md/action#aws-mfa-credentials md/run_id#1658821493 md/attempt#3',
    ]);
  });

  test('leaves out what is not known', async () => {
    expect(await agentsOf({ GITHUB_RUN_ID: '', GITHUB_RUN_ATTEMPT: '' })).toEqual([
      'app/aws-mfa-credentials md/action#aws-mfa-credentials',
    ]);
  });

  test('holds nothing that a user agent cannot hold, and nothing long', async () => {
    expect(await agentsOf({ GITHUB_RUN_ID: 'a b/c(d)\né', GITHUB_RUN_ATTEMPT: '9'.repeat(5000) })).toEqual([
      `app/aws-mfa-credentials md/action#aws-mfa-credentials md/run_id#a-b-c-d--- md/attempt#${'9'.repeat(50)}`,
    ]);
  });

  test.each([
    ['with characters that it cannot hold', 'my app (ci)\r\nx', 'app/my-app--ci---x'],
    ['longer than the SDK takes', 'a'.repeat(60), `app/${'a'.repeat(50)}`],
  ])('keeps an application ID %s as far as it can', async (_, id, app) => {
    expect(await agentsOf({ AWS_SDK_UA_APP_ID: id })).toEqual([
      `${app} md/action#aws-mfa-credentials md/run_id#1658821493 md/attempt#1`,
    ]);
  });
});
