import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';
import { arrived, interrupt } from '../../kit/interrupt.ts';
import { describeNeeding } from '../../kit/platform.ts';
import { KEY, startRotating, TOKEN } from '../../kit/rotation.ts';

describe('bad inputs', () => {
  test('are named all at once, and nothing is sent', async () => {
    const { rotate, emulator, github } = await startRotating();
    const { exitCode, commands, outputs } = await rotate({
      'aws-region': 'the moon',
      'github-token': '',
      repository: 'octo-repo',
      'key-secret': 'GITHUB_KEY',
      'max-age-days': '0',
      'limit-days': 'many',
      devices: 'yes',
      'iam-endpoint': 'https://user:password@iam.example.com',
    });
    expect(exitCode).toBe(1);
    const [error, ...others] = commands.filter(({ name }) => name === 'error');
    expect(others).toEqual([]);
    expect(error?.message.split('\n').slice(1, -1)).toEqual([
      expect.stringContaining('- github-token is empty.'),
      '- repository must be OWNER/REPOSITORY, not "octo-repo".',
      '- devices must be true or false, not "yes".',
      '- max-age-days must be a whole number of days from 1 to 9999, not "0".',
      '- limit-days must be a whole number of days from 1 to 9999, not "many".',
      '- key-secret must be the name of a secret, not "GITHUB_KEY".',
      expect.stringContaining('- aws-region is "the moon"'),
      expect.stringContaining('- iam-endpoint'),
    ]);
    expect(error?.message.split('\n').at(-1)).toMatch(/\/docs\/rotation\.md$/);
    expect(outputs).toEqual({});
    expect([emulator.calls, github.requests]).toEqual([[], []]);
  });

  test('the four separate values are refused, with the way to one secret', async () => {
    const { rotate, emulator } = await startRotating();
    const { exitCode, commands } = await rotate({
      'aws-access-key': '',
      'mfa-devices': '',
      'aws-access-key-id': DEMO.accessKeyId,
      'aws-secret-access-key': DEMO.secretAccessKey,
      'mfa-serial': DEMO.serial,
      'mfa-seed': DEMO.seed,
    });
    expect(exitCode).toBe(1);
    const message = commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toContain("aws-access-key-id and aws-secret-access-key can't be rotated");
    expect(message).toContain('as ID:SECRET');
    expect(message).toContain("mfa-serial and mfa-seed can't be rotated");
    expect(message).toContain('aws-mfa-credentials enroll --replace');
    expect(emulator.calls).toEqual([]);
  });

  test('variables for other steps of the job change nothing', async () => {
    const { rotate } = await startRotating({
      keys: [{ ageDays: 5 }],
      env: { ROLE_TO_ASSUME: 'deploy', MFA_SEED: DEMO.seed, MFA_SERIAL: DEMO.serial, LIST_BUCKETS: 'true' },
    });
    expect(await rotate()).toMatchObject({ exitCode: 0, outputs: { rotated: 'unchanged' } });
  });
});

describe('a failure says what to do, in the annotation and in the job summary:', () => {
  test('a token that may not write secrets, with what GitHub accepts', async () => {
    const { rotate, user, secret } = await startRotating({ token: { permissions: { secrets: 'read' } } });
    const result = await rotate();
    const annotation = annotationOf(result);
    expectFailure(annotation, 'store-denied', 'secrets=write');
    expect(annotation.remedy).toContain('"Secrets: write"');
    expect(result.summary).toContain('store-denied');
    // The new key is taken back, and the old one stays.
    expect(user.accessKeys.map(({ id }) => id)).toEqual([DEMO.accessKeyId]);
    expect(secret()).toBe(KEY);
  });

  test("the workflow's GITHUB_TOKEN, which never may", async () => {
    const value = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a';
    const { rotate } = await startRotating({ token: { value, kind: 'installation', permissions: {} } });
    const annotation = annotationOf(await rotate({ 'github-token': value }));
    expectFailure(annotation, 'store-denied', 'secrets=read');
    expect(annotation.remedy).toContain('The GITHUB_TOKEN of a workflow can never write secrets');
  });

  test('a user without the permissions in IAM', async () => {
    const { rotate } = await startRotating({
      change: (user) => {
        user.policies.pop();
      },
    });
    expectFailure(annotationOf(await rotate()), 'access-denied', 'iam:ListAccessKeys');
  });
});

describe('masks', () => {
  test('come before every other line', async () => {
    const { rotate } = await startRotating();
    const { stdout } = await rotate();
    const lines = stdout.split('\n');
    const isMask = (line: string): boolean => line.startsWith('::add-mask::');
    const first = lines.findIndex((line) => !isMask(line));
    const early = lines.slice(0, first).join('\n');
    for (const secret of [TOKEN, KEY, DEMO.secretAccessKey, DEMO.seed]) expect(early).toContain(secret);
  });

  test('hide the new key before it is stored', async () => {
    const { rotate, user, job } = await startRotating();
    await rotate();
    const [, made] = user.accessKeys;
    expect(job.masks).toContain(made?.secret);
    expect(job.masks).toContain(`${made?.id}:${made?.secret}`);
  });

  test('are also set for inputs that are refused', async () => {
    const { rotate, job } = await startRotating();
    await rotate({ 'mfa-seed': 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'aws-secret-access-key': 'short-but-secret' });
    expect([...job.masks]).toEqual(expect.arrayContaining(['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'short-but-secret']));
  });

  test('nothing is printed outside a workflow', async () => {
    const { rotate } = await startRotating();
    const { exitCode, stdout } = await rotate({}, { env: { GITHUB_ACTIONS: undefined } });
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain('::add-mask::');
  });
});

describeNeeding('signals')('a step that is cancelled', () => {
  test('while AWS creates a key ends, and the secret holds a key that works', async () => {
    const { rotate, github, emulator, user, secret } = await startRotating();
    emulator.faults.add({ kind: 'hang', operation: 'CreateAccessKey' });
    const { started } = interrupt(['SIGINT'], arrived(emulator.calls, 'CreateAccessKey'));
    expectFailure(annotationOf(await rotate({}, { started })), 'cancelled', 'SIGINT');
    expect(github.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(secret()).toBe(KEY);
    expect(user.accessKeys.map(({ id }) => id)).toContain(DEMO.accessKeyId);
  });
});
