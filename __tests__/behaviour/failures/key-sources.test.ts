import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { closeAfterTest, operations, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { answering } from '../../kit/odd-servers.ts';
import { startProxy } from '../../kit/proxy.ts';
import { stubServer } from '../../kit/stub-server.ts';

// Keys that are not inputs: which are taken, by which way they are asked for, and what is shown of them.

const KEYLESS = { 'aws-region': 'us-east-1', 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const CHAINED = { 'aws-region': 'us-east-1', 'role-chaining': 'true', 'role-to-assume': ROLE };
const KEYS = `aws_access_key_id = ${DEMO.accessKeyId}\naws_secret_access_key = ${DEMO.secretAccessKey}\n`;

function writeCredentials(job: Job, text: string): void {
  mkdirSync(join(job.home, '.aws'), { recursive: true });
  writeFileSync(join(job.home, '.aws', 'credentials'), text, { mode: 0o600 });
}

describe('no part of a secret is shown of an answer that is not JSON', () => {
  const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzZ9vEXQ1aB';

  async function shown(job: Job, env: Readonly<Record<string, string>>): Promise<string> {
    const { stdout, stderr, exitCode } = await job.step({ inputs: KEYLESS, env });
    expect(exitCode).toBe(1);
    return stdout + stderr;
  }

  function expectNothingOf(text: string): void {
    for (let from = 0; from + 6 <= SECRET.length; from += 1) expect(text).not.toContain(SECRET.slice(from, from + 6));
  }

  test.each([
    ['a container', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', {}],
    ['an instance', 'AWS_EC2_METADATA_SERVICE_ENDPOINT', { AWS_EC2_METADATA_DISABLED: 'false' }],
  ])('%s', async (_, variable, env) => {
    for (const body of [SECRET, `{"AccessKeyId":${SECRET}}`, `<x>${SECRET}</x>`, `{"SecretAccessKey":"${SECRET}"`]) {
      const server = await stubServer([{ body }]);
      closeAfterTest(() => server.close());
      const { job } = await startJob({ debug: true });
      expectNothingOf(await shown(job, { ...env, [variable]: server.endpoint }));
    }
  });

  test('a credential_process', async () => {
    const { job } = await startJob({ debug: true });
    mkdirSync(join(job.home, '.aws'));
    const path = join(job.home, 'keys.cjs');
    writeFileSync(
      path,
      `console.log('{"SecretAccessKey": ${SECRET}'); console.error('got ${SECRET}'); process.exit(Number(process.env.CODE));`,
    );
    writeFileSync(
      join(job.home, '.aws', 'config'),
      `[default]\ncredential_process = "${process.execPath}" "${path}"\n`,
    );
    expectNothingOf(await shown(job, { CODE: '0' }));
    expectNothingOf(await shown(job, { CODE: '1' }));
  });

  test('a shared file', async () => {
    const { job } = await startJob({ debug: true });
    writeCredentials(job, `[default]\n${SECRET}\naws_secret_access_key = ${SECRET}\n`);
    expectNothingOf(await shown(job, {}));
  });
});

describe('the way to a source', () => {
  test('checks the certificate of a container’s credentials service, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
    let asked = 0;
    const server = createHttpsServer({ cert, key }, (_, response) => {
      asked += 1;
      response.end(JSON.stringify({ AccessKeyId: DEMO.accessKeyId, SecretAccessKey: DEMO.secretAccessKey }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeAfterTest(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { job, emulator } = await startJob({
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `https://localhost:${port}/`,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      },
    });
    const result = await job.step({ inputs: KEYLESS });
    expect(result.exitCode).toBe(1);
    expectFailure(annotationOf(result), 'keys-not-found', 'aws-access-key-id', 'self-signed certificate');
    expect(asked).toBe(0);
    expect(emulator.calls).toEqual([]);
  });

  test('checks the certificate of STS, asked for a web identity, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { job, emulator } = await startJob({ tls: true, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    const token = join(job.temp, 'token');
    writeFileSync(token, 'a.web.identity');
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE };
    const result = await job.step({ inputs: KEYLESS, env });
    expect(result.exitCode).toBe(1);
    const facts = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AssumeRoleWithWebIdentity', 'certificate'];
    expectFailure(annotationOf(result), 'keys-not-found', ...facts);
    expect(result.stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('a.web.identity');
    expect(emulator.calls).toEqual([]);
  });

  test.each([
    [
      'a container',
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/', AWS_CONTAINER_AUTHORIZATION_TOKEN: 'T' },
    ],
    ['an instance', { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1', AWS_EC2_METADATA_DISABLED: 'false' }],
  ])('leads past the proxy to %s, whatever NODE_USE_ENV_PROXY says', async (_, env) => {
    const proxy = await startProxy();
    const { job } = await startJob({
      env: { ...env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
    });
    await job.step({ inputs: KEYLESS });
    expect(proxy.requests).toEqual([]);
  });

  test('does not show the token of a web identity, even if it is repeated', async () => {
    const { port } = await answering((body) => ({
      status: 400,
      text: `<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>${new URLSearchParams(body).get('WebIdentityToken')?.trim()}</Message></Error></ErrorResponse>`,
    }));
    const { job } = await startJob({ debug: true, env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` } });
    const token = join(job.temp, 'token');
    writeFileSync(token, 'a.web.identity\n');
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE };
    const { stdout } = await job.step({ inputs: KEYLESS, env });
    expect(stdout).toMatch(/HTTP 400.*InvalidIdentityToken: \*\*\*/);
    expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('a.web.identity');
  });

  test('of a profile’s role is our region and endpoint', async () => {
    const { job, emulator } = await startJob();
    writeCredentials(job, `[default]\nrole_arn = ${ROLE}\nsource_profile = base\nregion = us-west-2\n[base]\n${KEYS}`);
    await job.step({ inputs: { ...KEYLESS, 'aws-region': 'eu-central-1' } });
    expect(operations(emulator)).toEqual(['AssumeRole']);
    expect(emulator.calls[0]?.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-central-1\/sts\/aws4_request,/,
    );
  });

  test('of a web identity is our proxy', async () => {
    const proxy = await startProxy();
    const { job, emulator } = await startJob({ tls: true, env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } });
    const token = join(job.temp, 'token');
    const authority = join(job.temp, 'ca.pem');
    writeFileSync(token, 'a.web.identity');
    writeFileSync(authority, emulator.caPem ?? '');
    await job.step({
      inputs: KEYLESS,
      env: { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE, NODE_EXTRA_CA_CERTS: authority },
    });
    const host = new URL(emulator.endpoint).host;
    expect(new Set(proxy.requests.map(({ method, target }) => `${method} ${target}`))).toEqual(
      new Set([`CONNECT ${host}`]),
    );
  });
});

describe('a session token next to a long-term key', () => {
  test('in the environment is ignored, which is reported once', async () => {
    const { job, emulator } = await startJob({
      env: {
        AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
        AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
        AWS_SESSION_TOKEN: 'left-over-from-another-session',
      },
    });
    const { lines, stdout } = await succeeded(job.step({ inputs: { ...KEYLESS, 'use-existing-credentials': 'true' } }));
    expect(lines.filter((line) => line.includes('session token'))).toEqual([naming('AWS_ACCESS_KEY_ID', 'AKIA…')]);
    expect(stdout).toContain('::add-mask::left-over-from-another-session');
    expect(new Set(emulator.calls.map(({ headers }) => headers['x-amz-security-token']))).toEqual(new Set([undefined]));
  });

  test('in a shared file is ignored', async () => {
    const { job } = await startJob();
    writeCredentials(job, `[default]\n${KEYS}aws_session_token = left-over-from-another-session\n`);
    const { lines } = await succeeded(job.step({ inputs: KEYLESS }));
    expect(lines.slice(0, 2)).toEqual([naming('session token', '"default"', 'AKIA…'), naming('"default"')]);
  });
});

describe('role-chaining with AWS_PROFILE', () => {
  test('goes on from the profile, not from the session in the environment', async () => {
    const { job, emulator } = await startJob();
    const first = await succeeded(job.step({ inputs: SESSION }));
    const inProfile = first.exported;
    await succeeded(job.step({ inputs: { ...SESSION, 'mfa-max-wait-seconds': '0' } }));
    writeCredentials(
      job,
      `[other]\naws_access_key_id = ${inProfile['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = ${inProfile['AWS_SECRET_ACCESS_KEY']}\naws_session_token = ${inProfile['AWS_SESSION_TOKEN']}\n`,
    );
    const { lines } = await succeeded(job.step({ inputs: CHAINED, env: { AWS_PROFILE: 'other' } }));
    expect(lines[0]).toEqual(naming('"other"', 'AWS_PROFILE'));
    expect(emulator.calls.at(-1)?.accessKeyId).toBe(inProfile['AWS_ACCESS_KEY_ID']);
    expect(job.env['AWS_ACCESS_KEY_ID']).not.toBe(inProfile['AWS_ACCESS_KEY_ID']);
  });

  test('names the profile as the source of many roles, not the environment', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: { ...SESSION, 'aws-profile': 'other' } }));
    const inputs = { 'aws-region': 'us-east-1', 'role-chaining': 'true', roles: 'a = deploy', summary: 'true' };
    const { lines, summary } = await succeeded(job.step({ inputs, env: { AWS_PROFILE: 'other' } }));
    expect(lines.slice(0, 2)).toEqual([naming('"other"', 'AWS_PROFILE'), naming('arn:aws:iam::111122223333:user/ci')]);
    expect(summary).toContain('AWS_PROFILE');
  });

  test.each([
    ['that does not exist', 'typo', ['"typo"']],
    ['with long-term keys', 'base', ['"base"']],
  ])('fails with a profile %s, and sends nothing', async (_, profile, facts) => {
    const { job, emulator } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    writeCredentials(job, `[base]\n${KEYS}`);
    const result = await job.step({ inputs: CHAINED, env: { AWS_PROFILE: profile } });
    expect(result.exitCode).toBe(1);
    const failure = annotationOf(result);
    expectFailure(failure, 'session-not-found', 'role-chaining', 'AWS_PROFILE', ...facts);
    expect(failure.remedy).toContain('AWS_PROFILE');
    expect(emulator.calls.slice(before)).toEqual([]);
  });
});
