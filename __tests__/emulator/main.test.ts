import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const MAIN = join(__dirname, '../../emulator/main.ts');

/** How it ends when asked to: of itself, or on Windows, which asks nobody, by force. */
const ENDED = process.platform === 'win32' ? null : 0;

/** Starts the command, waits until it has said everything, and ends it. */
async function run(...options: string[]): Promise<{ output: string; errors: string; exitCode: number | null }> {
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (output.includes('Stop with Ctrl-C')) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  await once(child, 'close');
  return { output, errors, exitCode: child.exitCode };
}

describe('npm run emulator', () => {
  test('says what a person needs, with a command to paste, and ends when asked to', async () => {
    const { output, errors, exitCode } = await run('--port', '0');
    expect(exitCode).toBe(ENDED);
    expect(errors).toBe('');
    const endpoint = /^endpoint +(http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)?.[1];
    expect(output).toContain('arn:aws:iam::111122223333:mfa/ci');
    expect(output).toContain(
      `aws --endpoint-url ${endpoint} --region us-east-1 sts get-session-token --serial-number arn:aws:iam::111122223333:mfa/ci --token-code "$(oathtool --totp -b GEZDGNBVGY3TQOJQ`,
    );
    expect(output).toContain(`aws --endpoint-url ${endpoint} --region us-east-1 s3api list-buckets`);
  });

  test('speaks TLS and says where its certificate is', async () => {
    const { output, exitCode } = await run('--port', '0', '--tls');
    expect(exitCode).toBe(ENDED);
    expect(output).toMatch(/^endpoint +https:\/\/localhost:\d+$/m);
    expect(output).toMatch(/^certificate +\S+ca\.pem \(AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS\)$/m);
  });

  test('refuses options that it does not know', async () => {
    const { errors, exitCode } = await run('--port', 'many');
    expect(errors).toBe('--port takes a whole number from 0 to 65535, not many\n');
    expect(exitCode).toBe(1);
  });
});
