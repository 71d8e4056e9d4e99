import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { INPUT_NAMES } from '../../../src/inputs/names.ts';
import { closeAfterTest, KEYS, operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { stubServer, xmlAnswer } from '../../kit/stub-server.ts';

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

  test('is not meant by AWS_ACCESS_KEY, which older tools keep an ID in', async () => {
    const { emulator, job } = await startJob({ env: { AWS_ACCESS_KEY: 'AKIAI44QH8DHBEXAMPLE:theSecretOfAnotherKey' } });
    await succeeded(job.step({ inputs: SESSION }));
    expect(emulator.calls[0]).toMatchObject({ accessKeyId: DEMO.accessKeyId, status: 200 });
  });

  test.each(['AWS_PROFILE', 'SUMMARY'])('is not meant by %s, which others use', async (name) => {
    const { job } = await startJob({ env: { [name]: 'true' } });
    const { summary, lines } = await succeeded(job.step({ inputs: SESSION }));
    expect(summary).toBe('');
    expect(lines.filter((line) => line.includes('profile') && !line.includes('AWS_PROFILE'))).toEqual([]);
  });
});

describe('a value from the environment that does not fit the step', () => {
  test('yields, and the log says so: a seed for the job, and a role chained in one of its steps', async () => {
    const { emulator, job } = await startJob({ env: { MFA_SEED: DEMO.seed, MFA_SERIAL: DEMO.serial } });
    await succeeded(job.step({ inputs: { ...KEYS, 'aws-region': 'us-east-1' } }));
    const before = emulator.calls.length;
    const { lines, outputs } = await succeeded(
      job.step({ inputs: { 'aws-region': 'us-east-1', 'role-to-assume': DEMO.roleArn, 'role-chaining': 'true' } }),
    );
    expect(operations(emulator).slice(before)).toEqual(['AssumeRole']);
    expect(outputs['authenticated-arn']).toContain(':assumed-role/deploy/');
    expect(lines[0]).toEqual(naming('MFA_SERIAL', 'MFA_SEED', 'role-chaining'));
  });

  test.each([
    [{ ROLE_SESSION_NAME: 'x y' }, {}, 'ROLE_SESSION_NAME'],
    [{ OVERWRITE_AWS_PROFILE: 'true' }, {}, 'OVERWRITE_AWS_PROFILE'],
    [{ SESSION_DURATION_SECONDS: '900' }, { 'role-to-assume': DEMO.roleArn }, 'SESSION_DURATION_SECONDS'],
  ])('yields: %j', async (env, inputs, variable) => {
    const { job } = await startJob({ env });
    const result = await succeeded(job.step({ inputs: { ...SESSION, ...inputs } }));
    expect(result.lines[0]).toContain(variable);
  });

  test('is refused by the name of its variable if it restricts the credentials', async () => {
    const { emulator, job } = await startJob({
      env: { INLINE_SESSION_POLICY: '{"Statement":[]}', ALLOWED_ACCOUNT_IDS: '999999999999' },
    });
    const result = await job.step({ inputs: SESSION });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'invalid-input', 'INLINE_SESSION_POLICY', 'ALLOWED_ACCOUNT_IDS');
  });
});

describe('what a step does not use', () => {
  const MINIO = 'http://minio:9000';

  test('does not keep it from working: endpoints of S3 and IAM, and a proxy that nothing goes through', async () => {
    const { job } = await startJob({
      env: {
        AWS_ENDPOINT_URL_S3: MINIO,
        AWS_ENDPOINT_URL_IAM: MINIO,
        HTTPS_PROXY: 'socks5://ci:hunter2hunter2@proxy:1080',
        NO_PROXY: '*',
      },
    });
    await succeeded(job.step({ inputs: SESSION }));
  });

  test('is not asked to explain a refusal either: IAM at an endpoint that cannot be used', async () => {
    const { emulator, job } = await startJob({ env: { AWS_ENDPOINT_URL_IAM: MINIO } });
    emulator.faults.add({
      kind: 'refuse-with',
      operation: 'GetSessionToken',
      status: 403,
      code: 'AccessDenied',
      message:
        'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    });
    const { exitCode } = await job.step({ inputs: { ...SESSION, 'mfa-max-wait-seconds': '0' } });
    expect(exitCode).toBe(1);
    expect(operations(emulator)).not.toContain('ListMFADevices');
  });

  test('is judged when it is used, once, and by the name of its variable', async () => {
    const { emulator, job } = await startJob();
    const result = await job.step({
      inputs: { ...SESSION, 'list-buckets': 'true', 'mfa-serial': '' },
      env: { AWS_ENDPOINT_URL: MINIO },
    });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    const { code, message } = annotationOf(result);
    expectFailure({ code, message }, 'invalid-input', 'http://minio:9000');
    expect(message.match(/AWS_ENDPOINT_URL/g)).toHaveLength(1);
  });
});

describe('what the official action accepts', () => {
  test.each([
    ['overwriting a profile that is not named', { 'overwrite-aws-profile': 'true' }],
    ['no place for the credentials', { 'output-env-credentials': 'false' }],
    [
      'tags without tagging',
      {
        'role-to-assume': DEMO.roleArn,
        'role-skip-session-tagging': 'true',
        'custom-tags': '{"Team":"blue"}',
        'transitive-tag-keys': 'Repository',
      },
    ],
  ])('is accepted: %s', async (_, inputs) => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: { ...SESSION, ...inputs } }));
  });

  test.each(['minio', 'local'])('is accepted: %s, the region of an emulator with an endpoint', async (region) => {
    // The emulator of these tests is as strict as AWS, and takes real regions only.
    const stub = await stubServer([
      xmlAnswer(
        'AssumeRole',
        `<Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>${'s'.repeat(40)}</SecretAccessKey><SessionToken>${'t'.repeat(100)}</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions</Arn><AssumedRoleId>AROA:GitHubActions</AssumedRoleId></AssumedRoleUser>`,
      ),
    ]);
    closeAfterTest(() => stub.close());
    const { job } = await startJob();
    const inputs = { ...SESSION, 'aws-region': region, 'role-to-assume': DEMO.roleArn, 'sts-endpoint': stub.endpoint };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(exported['AWS_REGION']).toBe(region);
    expect(stub.requests.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringContaining(`/${region}/sts/aws4_request`),
    ]);
  });

  test('is accepted: a transitive tag that doesn’t exist, which is left out with a warning', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'role-to-assume': DEMO.roleArn, 'transitive-tag-keys': 'Team\nRepository' };
    const { commands } = await succeeded(job.step({ inputs }));
    expect(emulator.calls[0]?.params).toMatchObject({ 'TransitiveTagKeys.member.1': 'Repository' });
    expect(commands.filter(({ name }) => name === 'warning').map(({ message }) => message)).toEqual([
      naming('transitive-tag-keys', '"Team"'),
    ]);
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
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
  });

  test('counts as not given if it is only white space', async () => {
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
  ])('comes from %j if the input is empty', async (env, region) => {
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
    const result = await job.step({ inputs: { ...SESSION, 'output-credentials': text } });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'invalid-input', 'output-credentials', `"${text}"`);
  });
});
