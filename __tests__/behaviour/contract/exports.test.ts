import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

const CREDENTIAL_OUTPUTS = ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'];

describe('the credentials', () => {
  test('are outputs instead of variables, where only those are asked for', async () => {
    const { job } = await startJob();
    const { exported, outputs, lines } = await succeeded(
      job.step({ inputs: { ...SESSION, 'output-env-credentials': 'false', 'output-credentials': 'true' } }),
    );
    expect(exported).toEqual({});
    expect(outputs).toEqual({
      'aws-account-id': '111122223333',
      'authenticated-arn': 'arn:aws:iam::111122223333:user/ci',
      'aws-expiration': expect.any(String),
      'mfa-serial': 'arn:aws:iam::111122223333:mfa/ci',
      'aws-access-key-id': expect.stringMatching(/^ASIA/),
      'aws-secret-access-key': expect.any(String),
      'aws-session-token': expect.any(String),
    });
    expect(lines.at(-1)).toEqual(naming(...CREDENTIAL_OUTPUTS));
  });

  test('are both variables and outputs if both are requested', async () => {
    const { job } = await startJob();
    const inputs = { ...SESSION, 'output-credentials': 'true' };
    const { exported, outputs, lines } = await succeeded(job.step({ inputs }));
    expect(CREDENTIAL_OUTPUTS.map((name) => outputs[name])).toEqual([
      exported['AWS_ACCESS_KEY_ID'],
      exported['AWS_SECRET_ACCESS_KEY'],
      exported['AWS_SESSION_TOKEN'],
    ]);
    expect(lines.at(-1)).toEqual(naming('AWS_ACCESS_KEY_ID', 'AWS_DEFAULT_REGION', ...CREDENTIAL_OUTPUTS));
  });

  test('go nowhere if only a check is requested', async () => {
    const { job } = await startJob();
    const inputs = { ...SESSION, 'output-env-credentials': 'false', 'list-buckets': 'true' };
    const { exported, outputs, lines } = await succeeded(job.step({ inputs }));
    expect(exported).toEqual({});
    for (const name of CREDENTIAL_OUTPUTS) expect(outputs).not.toHaveProperty(name);
    expect(withoutTimes(lines).slice(2)).toEqual([naming('4 bucket'), expect.any(String)]);
  });

  test('replace what was in the environment', async () => {
    const { job } = await startJob({
      env: { AWS_ACCESS_KEY_ID: 'ASIAOLD', AWS_SESSION_TOKEN: 'old', AWS_REGION: 'eu-west-1' },
    });
    await succeeded(job.step({ inputs: SESSION }));
    expect(job.env).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      AWS_SESSION_TOKEN: expect.stringMatching(/^IQoJb3JpZ2luX2Vj/),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    });
  });
});

describe('variables of the environment that would get in the way', () => {
  test('a time of expiry that somebody set before becomes ours', async () => {
    const { job } = await startJob({ env: { AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' } });
    const { exported, outputs } = await succeeded(job.step({ inputs: SESSION }));
    expect(exported['AWS_CREDENTIAL_EXPIRATION']).toBe(outputs['aws-expiration']);
  });

  test('a time of expiry isn’t set if there was none', async () => {
    const { job } = await startJob();
    const { exported } = await succeeded(job.step({ inputs: SESSION }));
    expect(exported).not.toHaveProperty('AWS_CREDENTIAL_EXPIRATION');
  });

  test('a stale AWS_SECURITY_TOKEN, which botocore would prefer, is emptied', async () => {
    const { job } = await startJob({ env: { AWS_SECURITY_TOKEN: 'stale' } });
    const { exported, lines } = await succeeded(job.step({ inputs: SESSION }));
    expect(exported['AWS_SECURITY_TOKEN']).toBe('');
    expect(lines.at(-1)).toEqual(
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    );
  });

  test('AWS_PROFILE is warned of and left alone', async () => {
    const { job } = await startJob({ env: { AWS_PROFILE: 'dev' } });
    const { exported, commands } = await succeeded(job.step({ inputs: SESSION }));
    expect(exported).not.toHaveProperty('AWS_PROFILE');
    expect(commands.filter(({ name }) => name === 'warning')).toEqual([
      {
        name: 'warning',
        message:
          'AWS_PROFILE is set to dev. If no such profile exists, boto3, the AWS CLI, Go programs and Terraform fail; if it does, the AWS SDK for JavaScript uses it instead of these credentials. Remove it from `env:` in the steps that use the exported credentials.',
      },
    ]);
  });

  test('AWS_ACCOUNT_ID is warned of where it is another account, and left alone', async () => {
    const { job } = await startJob({ env: { AWS_ACCOUNT_ID: '999999999999' } });
    const { exported, commands } = await succeeded(job.step({ inputs: SESSION }));
    expect(exported).not.toHaveProperty('AWS_ACCOUNT_ID');
    expect(commands.filter(({ name }) => name === 'warning').map(({ message }) => message)).toEqual([
      "AWS_ACCOUNT_ID isn't 111122223333, the account of the exported credentials, and SDKs use it with them. Remove it from `env:`.",
    ]);
  });

  test('AWS_PROFILE is not warned of where nothing is exported that it could hide', async () => {
    const { job } = await startJob({ env: { AWS_PROFILE: 'dev' } });
    const inputs = { ...SESSION, 'output-env-credentials': 'false', 'output-credentials': 'true' };
    const { commands } = await succeeded(job.step({ inputs }));
    expect(commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });
});

describe('unset-current-credentials', () => {
  const OLD = {
    AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
    AWS_SECURITY_TOKEN: 'stale',
  };
  const OUTPUTS_ONLY = { ...SESSION, 'output-env-credentials': 'false', 'output-credentials': 'true' };

  test('empties the credentials in the environment where the new ones do not take their place', async () => {
    const { job } = await startJob({ env: OLD });
    const { exported } = await succeeded(
      job.step({ inputs: { ...OUTPUTS_ONLY, 'unset-current-credentials': 'true' } }),
    );
    expect(exported).toEqual({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SECURITY_TOKEN: '' });
  });

  test('is off by default', async () => {
    const { job } = await startJob({ env: OLD });
    const { exported } = await succeeded(job.step({ inputs: OUTPUTS_ONLY }));
    expect(exported).toEqual({});
  });

  test('leaves the new credentials in their place where they are exported', async () => {
    const { job } = await startJob({ env: OLD });
    const { exported } = await succeeded(job.step({ inputs: { ...SESSION, 'unset-current-credentials': 'true' } }));
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });
});
