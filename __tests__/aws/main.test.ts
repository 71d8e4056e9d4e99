import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { codeOfStep, stepAt, systemClock } from '../../lab/aws/index.ts';
import { type Credentials, call } from './wire.ts';

const MAIN = join(__dirname, '../../lab/aws/main.ts');

/** How it ends on SIGTERM. On Windows, that kills it. */
const ENDED = process.platform === 'win32' ? null : 0;

interface Run {
  readonly output: string;
  readonly errors: string;
  readonly exitCode: number | null;
}

/** Starts the command, waits for its welcome, does something, and ends it. */
async function run(options: readonly string[], meanwhile: (welcome: string) => Promise<void>): Promise<Run> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const welcomed = Promise.withResolvers<void>();
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (output.includes('Stop with Ctrl-C')) welcomed.resolve();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  await Promise.race([welcomed.promise, closed]);
  try {
    if (child.exitCode === null) await meanwhile(output);
  } finally {
    child.kill('SIGTERM');
  }
  await closed;
  return { output, errors, exitCode: child.exitCode };
}

const ENDPOINT = /^endpoint +(https?:\S+)$/m;
const USER = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const ADMIN = { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' };
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SERIAL = 'arn:aws:iam::111122223333:mfa/demo';

/** Calls the emulator with this welcome. */
const caller = (welcome: string) => {
  const started = { endpoint: ENDPOINT.exec(welcome)?.[1] ?? '', clock: systemClock };
  return (
    keys: Credentials,
    action: string,
    params: Readonly<Record<string, string>>,
    service: 'sts' | 'iam' = 'sts',
  ) => call(started, keys, action, params, { service });
};

/** What the first step of docs/iam.md, with the AWS CLI, asks of IAM. */
const FIRST_STEP: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['CreateUser', { UserName: 'ci' }],
  [
    'PutUserPolicy',
    {
      UserName: 'ci',
      PolicyName: 'ci',
      PolicyDocument: '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
    },
  ],
  ['CreateVirtualMFADevice', { VirtualMFADeviceName: 'ci' }],
  ['CreateAccessKey', { UserName: 'ci' }],
];

describe('npm run emulator -- --log', () => {
  const code = codeOfStep(SEED, stepAt(Date.now()));
  const statuses: number[] = [];
  let actionFiles: readonly string[];
  let token = '';
  let result: Run;

  beforeAll(async () => {
    result = await run(['--log'], async (welcome) => {
      actionFiles = readdirSync(/@v1=(\S+) \\$/m.exec(welcome)?.[1] ?? '');
      const ask = caller(welcome);
      for (const [action, params] of FIRST_STEP) statuses.push((await ask(ADMIN, action, params, 'iam')).status);
      const mfa = { SerialNumber: SERIAL, TokenCode: code };
      token = (await ask(USER, 'GetSessionToken', mfa)).credentials.sessionToken ?? '';
      await ask(USER, 'GetSessionToken', mfa);
      await ask(ADMIN, 'CreateUser', { UserName: 'new\nline' }, 'iam');
    });
  });

  test('ends on SIGTERM', () => {
    expect([result.exitCode, result.errors]).toEqual([ENDED, '']);
  });

  test('prints what a person needs, with commands to paste', () => {
    const { output } = result;
    const endpoint = ENDPOINT.exec(output)?.[1];
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(output).toContain(`device             ${SERIAL}`);
    expect(output).toContain(
      `aws --endpoint-url ${endpoint} --region us-east-1 sts get-session-token --serial-number ${SERIAL} --token-code "$(oathtool --totp -b GEZDGNBVGY3TQOJQ`,
    );
    expect(output).toContain(`aws --endpoint-url ${endpoint} --region us-east-1 s3api list-buckets`);
    expect(output).toContain(`aws() { command aws --endpoint-url ${endpoint} "$@"; }`);
  });

  test('prints how act runs a workflow against it, with the action as a runner downloads it', () => {
    const [command = ''] = /^PATH=[\s\S]*?\n\n/m.exec(result.output) ?? [];
    const endpoint = ENDPOINT.exec(result.output)?.[1];
    const folder = /@v1=(\S+)/.exec(command)?.[1];
    expect(command.trim().split(' \\\n  ')).toEqual([
      `PATH=${dirname(process.execPath)}:"$PATH" ACT_DISABLE_VERSION_CHECK=1`,
      'act workflow_dispatch --workflows .github/workflows/aws.yml',
      '--platform ubuntu-latest=-self-hosted --no-cache-server',
      `--local-repository aws-mfa-credentials/aws-mfa-credentials@v1=${folder}`,
      `--env AWS_ENDPOINT_URL=${endpoint}`,
      '--env AWS_EC2_METADATA_DISABLED=true',
      '--secret AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
      '--secret AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      `--secret AWS_MFA_SEED=${SEED}`,
      '--secret AWS_ACCESS_KEY=AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      `--secret AWS_MFA_DEVICE='${SERIAL} ${SEED}'`,
      '--secret GITHUB_TOKEN=',
      `--var AWS_MFA_SERIAL=${SERIAL}`,
    ]);
    expect([...actionFiles].sort()).toEqual(['action.yml', 'dist']);
    if (process.platform !== 'win32') expect(existsSync(folder ?? '')).toBe(false);
  });

  test('supports the first step of docs/iam.md', () => {
    expect(statuses).toEqual([200, 200, 200, 200]);
  });

  test('logs requests, without secrets', () => {
    const [, log = ''] = result.output.split('Stop with Ctrl-C.\n');
    const lines = log.replaceAll(/^\d\d:\d\d:\d\d /gm, '').split('\n');
    expect(lines.slice(FIRST_STEP.length)).toEqual([
      `sts GetSessionToken        200 AKIAIOSFODNN7EXAMPLE SerialNumber=${SERIAL} (MFA code: accepted)`,
      `sts GetSessionToken        403 AccessDenied AKIAIOSFODNN7EXAMPLE SerialNumber=${SERIAL} (MFA code: used)`,
      'iam CreateUser             400 ValidationError AKIAI44QH8DHBEXAMPLE UserName=new?line',
      '',
    ]);
    expect(token).not.toBe('');
    for (const secret of [code, token, USER.secretAccessKey, SEED, 'Signature']) expect(log).not.toContain(secret);
  });
});

describe('npm run emulator -- --tls', () => {
  let result: Run;
  let status: number | undefined;

  beforeAll(async () => {
    result = await run(['--tls'], async (welcome) => {
      const ca = readFileSync(/^certificate +(\S+)/m.exec(welcome)?.[1] ?? '');
      const [response] = await once(get(ENDPOINT.exec(welcome)?.[1] ?? '', { ca }), 'response');
      status = response.resume().statusCode;
    });
  });

  test('uses TLS, and prints the path of the certificate', () => {
    const { output, exitCode } = result;
    expect([exitCode, status]).toEqual([ENDED, 403]);
    expect(output).toMatch(/^endpoint +https:\/\/localhost:\d+$/m);
    expect(output).toMatch(/^certificate +\S+ca\.pem \(AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS\)$/m);
    expect(output).toMatch(/^ {2}--env NODE_EXTRA_CA_CERTS=\S+ca\.pem \\$/m);
  });

  test('logs no requests without --log', () => {
    expect(result.output).toMatch(/Stop with Ctrl-C\.\n$/);
  });
});

test('npm run emulator refuses invalid options', async () => {
  const { errors, exitCode } = await run(['--port', 'many'], async () => {});
  expect(errors).toBe('--port must be a whole number from 0 to 65535, not many\n');
  expect(exitCode).toBe(1);
});
