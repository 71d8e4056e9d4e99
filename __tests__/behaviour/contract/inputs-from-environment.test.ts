import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../emulator/index.ts';
import { INPUT_NAMES } from '../../../src/core/request/inputs.ts';
import { KEYS, operations, SESSION, startJob, succeeded, withoutTimes } from '../../support/action.ts';

const NOBODY = 'http://127.0.0.1:9';

describe('an input that was not given', () => {
  test('comes from the environment variable of its name', async () => {
    const { emulator, job } = await startJob({
      env: {
        MFA_SERIAL: DEMO.serial,
        MFA_SEED: DEMO.seed,
        ROLE_TO_ASSUME: DEMO.roleArn,
        ROLE_SESSION_NAME: 'from-the-environment',
        ROLE_DURATION_SECONDS: '900',
        OUTPUT_CREDENTIALS: 'true',
      },
    });
    const { outputs } = await succeeded(job.step({ inputs: { ...KEYS, 'aws-region': 'us-east-1' } }));
    expect(emulator.calls[0]?.params).toMatchObject({
      RoleArn: DEMO.roleArn,
      RoleSessionName: 'from-the-environment',
      DurationSeconds: '900',
    });
    expect(outputs['aws-access-key-id']).toMatch(/^ASIA/);
  });

  test('is masked all the same where it is a secret', async () => {
    const { job } = await startJob({ env: { MFA_SEED: DEMO.seed } });
    const { 'mfa-seed': _, ...inputs } = SESSION;
    const { commands } = await succeeded(job.step({ inputs }));
    expect(commands).toContainEqual({ name: 'add-mask', message: DEMO.seed });
  });

  test('is another one than an input that was: `with:` wins', async () => {
    const { emulator, job } = await startJob({ env: { SESSION_DURATION_SECONDS: '900', AWS_REGION: 'eu-west-1' } });
    const inputs = { ...SESSION, 'session-duration-seconds': '1800' };
    const { exported } = await succeeded(job.step({ inputs }));
    const call = emulator.calls.find(({ operation }) => operation === 'GetSessionToken');
    expect(call?.params['DurationSeconds']).toBe('1800');
    expect(exported['AWS_REGION']).toBe('us-east-1');
  });

  test.each(['AWS_PROFILE', 'SUMMARY'])('is not meant by %s, which others use', async (name) => {
    const { job } = await startJob({ env: { [name]: 'true' } });
    const { summary, lines } = await succeeded(job.step({ inputs: SESSION }));
    expect(summary).toBe('');
    expect(lines.join('\n')).not.toContain('wrote the profile');
  });
});

describe('an empty input', () => {
  test('counts as not given, whichever it is', async () => {
    const { emulator, job } = await startJob();
    const empty = Object.fromEntries(INPUT_NAMES.map((name) => [name, '']));
    const { lines, exported } = await succeeded(job.step({ inputs: { ...empty, ...SESSION } }));
    expect(operations(emulator).toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
    expect(Object.keys(exported)).toHaveLength(5);
    expect(withoutTimes(lines).slice(1)).toEqual([
      'Valid until TIME, in 1 hour.',
      'Exported AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION.',
    ]);
  });

  test('counts as not given where it is only white space', async () => {
    const { job } = await startJob();
    expect((await job.step({ inputs: { ...SESSION, 'role-to-assume': ' \n ', 'list-buckets': '  ' } })).exitCode).toBe(
      0,
    );
  });
});

describe('the region', () => {
  const { 'aws-region': _, ...inputs } = SESSION;

  test.each([
    [{ AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
    [{ AWS_DEFAULT_REGION: 'ap-south-1' }, 'ap-south-1'],
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'ap-south-1' }, 'eu-west-1'],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'ap-south-1' }, 'ap-south-1'],
  ])('comes from %j where the input does not say it', async (env, region) => {
    const { emulator, job } = await startJob({ env });
    const { exported } = await succeeded(job.step({ inputs }));
    expect(new Set(emulator.calls.map((call) => call.region))).toEqual(new Set([region]));
    expect(exported).toMatchObject({ AWS_REGION: region, AWS_DEFAULT_REGION: region });
  });
});

describe('the endpoints', () => {
  test('of the services win over the one for all', async () => {
    const { emulator, job } = await startJob();
    const env = {
      AWS_ENDPOINT_URL: NOBODY,
      AWS_ENDPOINT_URL_STS: emulator.endpoint,
      AWS_ENDPOINT_URL_S3: emulator.endpoint,
      AWS_ENDPOINT_URL_IAM: emulator.endpoint,
    };
    const { 'mfa-serial': _, ...inputs } = SESSION;
    await succeeded(job.step({ inputs: { ...inputs, 'list-buckets': 'true' }, env }));
    expect(new Set(emulator.calls.map(({ service }) => service))).toEqual(new Set(['iam', 'sts', 's3']));
  });

  test('that are inputs win over those of the environment', async () => {
    const { emulator, job } = await startJob();
    const env = { AWS_ENDPOINT_URL: NOBODY, AWS_ENDPOINT_URL_STS: NOBODY, AWS_ENDPOINT_URL_S3: NOBODY };
    const inputs = {
      ...SESSION,
      'list-buckets': 'true',
      'sts-endpoint': emulator.endpoint,
      's3-endpoint': emulator.endpoint,
    };
    expect((await job.step({ inputs, env })).exitCode).toBe(0);
  });
});

describe('a boolean', () => {
  test.each(['true', 'True', 'TRUE'])('may be written %s', async (text) => {
    const { job } = await startJob();
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, 'output-credentials': text } }));
    expect(outputs).toHaveProperty('aws-session-token');
  });

  test.each(['false', 'False', 'FALSE'])('is off when written %s', async (text) => {
    const { job } = await startJob();
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, 'output-credentials': text } }));
    expect(outputs).not.toHaveProperty('aws-session-token');
  });

  test.each(['yes', 'on', '1', 'tRUE'])('is nothing else: %s is refused before any call', async (text) => {
    const { emulator, job } = await startJob();
    const { exitCode, lines } = await job.step({ inputs: { ...SESSION, 'output-credentials': text } });
    expect(exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expect(lines[0]).toBe(`Error: output-credentials is "${text}"; write true or false.`);
  });
});
