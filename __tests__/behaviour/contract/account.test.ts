import { describe, expect, test } from '@jest/globals';
import { build, DEMO, demoWorld, type World } from '../../../lab/aws/index.ts';
import type { StepResult } from '../../../lab/runner/job.ts';
import { jobFor, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

const MASKED = { ...SESSION, 'mask-aws-account-id': 'true' };
const TOKEN = 'GAHT12345678';

/** The demo world, whose user holds a hardware token: nothing that the step is given tells its account. */
function worldWithHardwareToken(): World {
  const world = demoWorld();
  const [user] = world.accounts[0]?.users ?? [];
  user?.devices.splice(0, Infinity, build.device({ serial: TOKEN, seed: DEMO.seed }));
  return world;
}

/** What was printed that is no mask, as it would be seen. */
function seen({ lines }: StepResult): string {
  return lines.join('\n');
}

describe('mask-aws-account-id', () => {
  test('is off by default', async () => {
    const { job } = await startJob();
    const { commands } = await succeeded(job.step({ inputs: SESSION }));
    expect(commands).not.toContainEqual({ name: 'add-mask', message: '111122223333' });
  });

  test('hides the account in every line', async () => {
    const { job } = await startJob();
    const { lines } = await succeeded(job.step({ inputs: MASKED }));
    expect(withoutTimes(lines)).toEqual([
      naming('arn:aws:iam::***:user/ci', 'arn:aws:iam::***:mfa/ci'),
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
  });

  test('hides an account that only AWS knows', async () => {
    const { job } = await startJob({ world: worldWithHardwareToken() });
    const { lines } = await succeeded(job.step({ inputs: { ...MASKED, 'mfa-serial': TOKEN } }));
    expect(lines[0]).toEqual(naming('arn:aws:iam::***:user/ci', 'GAHT12345678'));
  });

  test.each([
    ['that is not allowed', { 'mfa-serial': TOKEN, 'allowed-account-ids': '444455556666' }],
    ["in AWS's own words", { 'mfa-serial': TOKEN, 'role-to-assume': 'nobody-knows-this' }],
    ["in the user's devices", { 'mfa-serial': '' }],
  ])('hides an account %s, where the step fails', async (_, inputs) => {
    const world = worldWithHardwareToken();
    const [user] = world.accounts[0]?.users ?? [];
    const seed = 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK';
    user?.devices.push(build.device({ serial: DEMO.serial, seed }));
    const { job } = await startJob({ world, debug: true });
    const result = await job.step({ inputs: { ...MASKED, ...inputs } });
    expect(result.exitCode).toBe(1);
    expect(seen(result)).toContain('***');
    expect(seen(result)).not.toContain('111122223333');
  });

  test('hides the account of a session in the environment that is not used', async () => {
    const { emulator, job } = await startJob();
    const { exported } = await succeeded(job.step({ inputs: SESSION }));
    const trustPolicy = {
      Statement: {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      },
    } as const;
    const roles = [build.role({ name: 'partner', trustPolicy })];
    emulator.world.accounts.push(build.account({ id: '444455556666', roles }));
    emulator.world.accounts[0]?.users[0]?.policies.push({
      Statement: { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: '*' },
    });
    const result = await succeeded(
      jobFor(emulator, { env: exported }).step({
        inputs: {
          'aws-region': 'us-east-1',
          'mask-aws-account-id': 'true',
          'role-chaining': 'true',
          'role-to-assume': 'arn:aws:iam::444455556666:role/partner',
          'use-existing-credentials': 'true',
        },
      }),
    );
    expect(result.lines.slice(0, 3)).toEqual([
      naming('arn:aws:iam::***:user/ci'),
      naming('AWS_ACCESS_KEY_ID'),
      naming('arn:aws:sts::***:assumed-role/partner/GitHubActions'),
    ]);
  });
});
