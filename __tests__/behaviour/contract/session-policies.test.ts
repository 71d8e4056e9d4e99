import { describe, expect, test } from '@jest/globals';
import { demoWorld, type World } from '../../../lab/aws/index.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';

const ROLE = { ...SESSION, 'role-to-assume': 'arn:aws:iam::111122223333:role/deploy' };
const LISTING = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
const NOTHING = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** The demo world with AWS's policy of this name and one of the account's own. */
function worldWithPolicies(): World {
  const world = demoWorld();
  const Statement = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' } as const;
  world.accounts[0]?.managedPolicies.push(
    { arn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess', document: { Statement } },
    { arn: 'arn:aws:iam::111122223333:policy/team/deploy-only', document: { Statement } },
  );
  return world;
}

describe('an inline session policy', () => {
  test('is sent as it was written, and narrows what the session may do', async () => {
    const { emulator, job } = await startJob();
    const text = policy(LISTING);
    const inputs = { ...ROLE, 'inline-session-policy': text, 'list-buckets': 'true' };
    const { outputs } = await succeeded(job.step({ inputs }));
    expect(emulator.calls[0]?.params['Policy']).toBe(text);
    expect(outputs['bucket-count']).toBe('4');

    const { job: narrow } = await startJob();
    const denied = await narrow.step({
      inputs: { ...ROLE, 'inline-session-policy': policy(NOTHING), 'list-buckets': 'true' },
    });
    expect(denied.exitCode).toBe(1);
    expect(denied.exported).toEqual({});
  });

  test('loses its white space where only that makes it too long', async () => {
    const { emulator, job } = await startJob();
    const indented = policy(LISTING).replaceAll(',', `,${'\n'.repeat(1000)}`);
    expect(indented.length).toBeGreaterThan(2048);
    await succeeded(job.step({ inputs: { ...ROLE, 'inline-session-policy': indented } }));
    expect(emulator.calls[0]?.params['Policy']).toBe(policy(LISTING));
  });
});

describe('managed session policies', () => {
  test.each([
    ['lines', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\narn:aws:iam::111122223333:policy/team/deploy-only\n'],
    ['a list', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess, arn:aws:iam::111122223333:policy/team/deploy-only'],
  ])('are sent in their order, given as %s', async (_, text) => {
    const { emulator, job } = await startJob({ world: worldWithPolicies() });
    await succeeded(job.step({ inputs: { ...ROLE, 'managed-session-policies': text, 'list-buckets': 'true' } }));
    expect(emulator.calls[0]?.params).toMatchObject({
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
      'PolicyArns.member.2.arn': 'arn:aws:iam::111122223333:policy/team/deploy-only',
    });
  });
});
