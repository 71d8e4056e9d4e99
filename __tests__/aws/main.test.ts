import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codeOfStep, stepAt, systemClock } from '../../lab/aws/index.ts';
import { type Credentials, call } from './wire.ts';

const MAIN = join(__dirname, '../../lab/aws/main.ts');

/** How it ends when asked to: of itself, or on Windows, which asks nobody, by force. */
const ENDED = process.platform === 'win32' ? null : 0;

/** Starts the command, waits until it has said everything, does something with it, and ends it. */
async function run(
  options: readonly string[],
  meanwhile: (output: string) => Promise<void> = async () => {},
): Promise<{ output: string; errors: string; exitCode: number | null }> {
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

/** Calls the emulator that says this of itself. */
const caller = (output: string) => {
  const started = { endpoint: ENDPOINT.exec(output)?.[1] ?? '', clock: systemClock };
  return (
    keys: Credentials,
    action: string,
    params: Readonly<Record<string, string>>,
    service: 'sts' | 'iam' = 'sts',
  ) => call(started, keys, action, params, { service });
};

describe('npm run emulator', () => {
  test('says what a person needs, with commands to paste, and ends when asked to', async () => {
    const { output, errors, exitCode } = await run([]);
    expect(exitCode).toBe(ENDED);
    expect(errors).toBe('');
    const endpoint = ENDPOINT.exec(output)?.[1];
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(output).toContain(`device             ${SERIAL}`);
    expect(output).toContain(
      `aws --endpoint-url ${endpoint} --region us-east-1 sts get-session-token --serial-number ${SERIAL} --token-code "$(oathtool --totp -b GEZDGNBVGY3TQOJQ`,
    );
    expect(output).toContain(`aws --endpoint-url ${endpoint} --region us-east-1 s3api list-buckets`);
    expect(output).toContain(`aws() { command aws --endpoint-url ${endpoint} "$@"; }`);
  });

  test('says how act runs a workflow against it, with the action as a runner downloads it', async () => {
    let parts: string[] = [];
    const { output } = await run([], async (said) => {
      const [, action = ''] = /@v1=(\S+) \\$/m.exec(said) ?? [];
      parts = readdirSync(action);
    });
    expect(parts.sort()).toEqual(['action.yml', 'dist']);
    const [command = ''] = /^PATH=[\s\S]*?\n\n/m.exec(output) ?? [];
    const endpoint = ENDPOINT.exec(output)?.[1];
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
      '--secret GITHUB_TOKEN=',
      `--var AWS_MFA_SERIAL=${SERIAL}`,
    ]);
    if (process.platform !== 'win32') expect(existsSync(folder ?? '')).toBe(false);
  });

  test('answers what the first step of the README asks of IAM', async () => {
    const outcomes: unknown[] = [];
    await run([], async (output) => {
      const ask = caller(output);
      for (const [action, params] of [
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
      ] as const) {
        const { status } = await ask(ADMIN, action, params, 'iam');
        outcomes.push([action, status]);
      }
    });
    expect(outcomes).toEqual([
      ['CreateUser', 200],
      ['PutUserPolicy', 200],
      ['CreateVirtualMFADevice', 200],
      ['CreateAccessKey', 200],
    ]);
  });

  test('shows requests with --log, and nothing secret of them', async () => {
    const code = codeOfStep(SEED, stepAt(Date.now()));
    let token = '';
    const { output } = await run(['--log'], async (said) => {
      const ask = caller(said);
      const mfa = { SerialNumber: SERIAL, TokenCode: code };
      token = (await ask(USER, 'GetSessionToken', mfa)).credentials.sessionToken ?? '';
      await ask(USER, 'GetSessionToken', mfa);
      await ask(ADMIN, 'CreateUser', { UserName: 'new\nline' }, 'iam');
    });
    const [, log = ''] = output.split('Stop with Ctrl-C.\n');
    expect(
      log.replaceAll(/^\d\d:\d\d:\d\d /gm, ''),
    ).toBe(`sts GetSessionToken        200 AKIAIOSFODNN7EXAMPLE SerialNumber=${SERIAL} (MFA code: accepted)
sts GetSessionToken        403 AccessDenied AKIAIOSFODNN7EXAMPLE SerialNumber=${SERIAL} (MFA code: used)
iam CreateUser             400 ValidationError AKIAI44QH8DHBEXAMPLE UserName=new?line
`);
    expect(token).not.toBe('');
    for (const secret of [code, token, USER.secretAccessKey, SEED, 'Signature']) expect(log).not.toContain(secret);
  });

  test('shows no requests without it', async () => {
    const { output } = await run([], async (said) => {
      await caller(said)(USER, 'GetCallerIdentity', {});
    });
    expect(output).not.toContain('sts GetCallerIdentity');
  });

  test('speaks TLS and says where its certificate is', async () => {
    const { output, exitCode } = await run(['--tls']);
    expect(exitCode).toBe(ENDED);
    expect(output).toMatch(/^endpoint +https:\/\/localhost:\d+$/m);
    expect(output).toMatch(/^certificate +\S+ca\.pem \(AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS\)$/m);
    expect(output).toMatch(/^ {2}--env NODE_EXTRA_CA_CERTS=\S+ca\.pem \\$/m);
  });

  test('refuses options that it does not know', async () => {
    const { errors, exitCode } = await run(['--port', 'many']);
    expect(errors).toBe('--port takes a whole number from 0 to 65535, not many\n');
    expect(exitCode).toBe(1);
  });
});
