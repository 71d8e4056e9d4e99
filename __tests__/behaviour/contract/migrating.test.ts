import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { operations, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';

// What docs/migrating.md promises to people of configure-aws-credentials: its recipes, and its table of what is refused.

describe('the recipes', () => {
  test('keys from an earlier step for a second role: outputs, and the environment of the next step alone', async () => {
    const { emulator, job } = await startJob();
    const first = await succeeded(
      job.step({ inputs: { ...SESSION, 'output-credentials': 'true', 'output-env-credentials': 'false' } }),
    );
    expect(first.exported).toEqual({});
    const second = await succeeded(
      job.step({
        env: {
          AWS_ACCESS_KEY_ID: first.outputs['aws-access-key-id'] ?? '',
          AWS_SECRET_ACCESS_KEY: first.outputs['aws-secret-access-key'] ?? '',
          AWS_SESSION_TOKEN: first.outputs['aws-session-token'] ?? '',
        },
        inputs: { 'aws-region': 'us-east-1', 'role-chaining': 'true', 'role-to-assume': DEMO.roleArn },
      }),
    );
    expect(operations(emulator).at(-1)).toBe('AssumeRole');
    expect(emulator.calls.at(-1)?.accessKeyId).toBe(first.outputs['aws-access-key-id']);
    expect(second.outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions');
  });

  test('a profile for a role: with the keys and a code, without role-chaining and AWS_PROFILE', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'role-to-assume': DEMO.roleArn, 'aws-profile': 'deploy' };
    const { lines } = await succeeded(job.step({ inputs }));
    expect(operations(emulator)).toEqual(['AssumeRole']);
    expect(lines.at(-1)).toEqual(naming('deploy'));
  });
});

describe('refused, not ignored:', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'a session policy without a role',
      { 'inline-session-policy': '{"Statement":[]}' },
      ['inline-session-policy', 'role-to-assume'],
    ],
    ['a session name without a role', { 'role-session-name': 'ci' }, ['role-session-name', 'role-to-assume']],
    [
      'a duration that is not a number',
      { 'role-to-assume': DEMO.roleArn, 'role-duration-seconds': 'an hour' },
      ['role-duration-seconds', '"an hour"'],
    ],
    ['a deadline that is not a number', { 'action-timeout-s': 'soon' }, ['action-timeout-s', '"soon"']],
    [
      'role-chaining with keys',
      { 'role-to-assume': DEMO.roleArn, 'role-chaining': 'true', 'mfa-serial': '', 'mfa-seed': '' },
      ['aws-access-key-id', 'aws-secret-access-key', 'role-chaining'],
    ],
    [
      'role-chaining without a role',
      {
        'role-chaining': 'true',
        'mfa-serial': '',
        'mfa-seed': '',
        'aws-access-key-id': '',
        'aws-secret-access-key': '',
      },
      ['role-chaining', 'role-to-assume'],
    ],
    [
      'an account that is not allowed',
      { 'allowed-account-ids': '999999999999' },
      ['mfa-serial', '111122223333', 'allowed-account-ids'],
    ],
    [
      'the workaround that would cost codes',
      { 'role-to-assume': DEMO.roleArn, 'special-characters-workaround': 'true' },
      ['special-characters-workaround'],
    ],
    [
      'plain http to another host',
      { 'sts-endpoint': 'http://sts.example.com' },
      ['sts-endpoint', '"http://sts.example.com"'],
    ],
    ['a SOCKS proxy', { 'http-proxy': 'socks5://proxy:1080' }, ['http-proxy', 'SOCKS']],
    [
      'a tag of the workflow in another case',
      { 'role-to-assume': DEMO.roleArn, 'custom-tags': '{"repository":"x"}' },
      ['custom-tags', '"repository"'],
    ],
    ['a profile name that some tools can’t read', { 'aws-profile': 'DEFAULT' }, ['aws-profile', '"DEFAULT"']],
  ])('%s', async (_, inputs, facts) => {
    const { emulator, job } = await startJob();
    const result = await job.step({ inputs: { ...SESSION, ...inputs } });
    const { exitCode, exported } = result;
    expect({ exitCode, exported, calls: emulator.calls }).toEqual({ exitCode: 1, exported: {}, calls: [] });
    expectFailure(annotationOf(result), 'invalid-input', ...facts);
  });
});
