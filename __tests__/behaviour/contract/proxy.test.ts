import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import type { Emulator } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { operations, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';
import { type LocalProxy, startProxy } from '../../kit/proxy.ts';
import { shownPieces, visibleText } from '../../kit/secrets.ts';

// A password with what a URL must encode and what the runner's commands must.
const PASSWORD = 'p@ss:w0rd/%25-long&secret';
const CREDENTIALS = `corp-user:${PASSWORD}`;
const IN_URL = `corp-user:${encodeURIComponent(PASSWORD)}`;

/** A job that trusts an emulator with TLS. */
async function startTlsJob(
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly emulator: Emulator; readonly job: Job }> {
  const { emulator, job } = await startJob({ tls: true, env });
  trust(job, emulator.caPem ?? '');
  return { emulator, job };
}

function trust(job: Job, pem: string): void {
  const path = join(job.temp, 'ca.pem');
  writeFileSync(path, pem);
  job.env['NODE_EXTRA_CA_CERTS'] = path;
}

/** A certificate for localhost, whose subject is another than the emulator's: two of one name cannot both be trusted. */
function certificateOf(commonName: string): ReturnType<typeof generate> {
  return generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
}

function hostOf({ endpoint }: Emulator): string {
  return new URL(endpoint).host;
}

function targetsOf({ requests }: LocalProxy): readonly string[] {
  return [...new Set(requests.map(({ method, target }) => `${method} ${target}`))];
}

describe('TLS', () => {
  test('is spoken to an endpoint whose authority NODE_EXTRA_CA_CERTS names', async () => {
    const { emulator, job } = await startTlsJob();
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, 'list-buckets': 'true' } }));
    expect(outputs['bucket-count']).toBe('4');
    expect(emulator.endpoint).toMatch(/^https:/);
  });

  test('is refused without it, and nothing is sent', async () => {
    const { emulator, job } = await startJob({ tls: true });
    const result = await job.step({ inputs: { ...SESSION, 'disable-retry': 'true' } });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'tls-untrusted', 'GetSessionToken', hostOf(emulator));
  });
});

describe('a proxy', () => {
  test.each(['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'])('is taken from %s', async (name) => {
    const proxy = await startProxy();
    const { emulator, job } = await startTlsJob({ [name]: `http://127.0.0.1:${proxy.port}` });
    await succeeded(job.step({ inputs: SESSION }));
    expect(targetsOf(proxy)).toEqual([`CONNECT ${hostOf(emulator)}`]);
    expect(operations(emulator).toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
  });

  test('carries every service', async () => {
    const proxy = await startProxy();
    const { emulator, job } = await startTlsJob();
    const { 'mfa-serial': _, ...inputs } = SESSION;
    const given = { ...inputs, 'list-buckets': 'true', 'http-proxy': `http://127.0.0.1:${proxy.port}` };
    await succeeded(job.step({ inputs: given }));
    expect(new Set(emulator.calls.map(({ service }) => service))).toEqual(new Set(['iam', 'sts', 's3']));
    expect(targetsOf(proxy)).toEqual([`CONNECT ${hostOf(emulator)}`]);
  });

  test('that is an input wins over the environment', async () => {
    const [named, other] = [await startProxy(), await startProxy()];
    const { job } = await startTlsJob({ https_proxy: `http://127.0.0.1:${other.port}` });
    await succeeded(job.step({ inputs: { ...SESSION, 'http-proxy': `http://127.0.0.1:${named.port}` } }));
    expect(named.requests.length).toBeGreaterThan(0);
    expect(other.requests).toEqual([]);
  });

  test('may be written without http:// before it', async () => {
    const proxy = await startProxy();
    const { job } = await startTlsJob({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
    await succeeded(job.step({ inputs: SESSION }));
    expect(proxy.requests.length).toBeGreaterThan(0);
  });

  test('may speak TLS itself', async () => {
    const { private: key, cert } = await certificateOf('proxy');
    const proxy = await startProxy({ tls: { key, cert }, credentials: CREDENTIALS });
    const { emulator, job } = await startTlsJob();
    trust(job, `${emulator.caPem}\n${cert}`);
    const inputs = { ...SESSION, 'http-proxy': `https://${IN_URL}@localhost:${proxy.port}` };
    await succeeded(job.step({ inputs }));
    expect(targetsOf(proxy)).toEqual([`CONNECT ${hostOf(emulator)}`]);
  });

  test.each([
    ['no_proxy', 'localhost'],
    ['NO_PROXY', 'example.com,localhost'],
    ['no_proxy', '*'],
  ])('is passed by where %s is %s', async (name, hosts) => {
    const proxy = await startProxy();
    const { job } = await startTlsJob({ https_proxy: `http://127.0.0.1:${proxy.port}`, [name]: hosts });
    await succeeded(job.step({ inputs: SESSION }));
    expect(proxy.requests).toEqual([]);
  });

  test('is passed by where the input no-proxy says so, which wins over the environment', async () => {
    const proxy = await startProxy();
    const { job } = await startTlsJob({ https_proxy: `http://127.0.0.1:${proxy.port}`, no_proxy: 'example.com' });
    await succeeded(job.step({ inputs: { ...SESSION, 'no-proxy': 'localhost' } }));
    expect(proxy.requests).toEqual([]);
  });

  test('is not used for plain http, which is spoken to this machine only', async () => {
    const proxy = await startProxy();
    const address = `http://127.0.0.1:${proxy.port}`;
    const { job } = await startJob({ env: { http_proxy: address, https_proxy: address } });
    await succeeded(job.step({ inputs: { ...SESSION, 'list-buckets': 'true' } }));
    expect(proxy.requests).toEqual([]);
  });

  test("gets the user name and the password, and both from the URL's encoding", async () => {
    const proxy = await startProxy({ credentials: CREDENTIALS });
    const { job } = await startTlsJob({ https_proxy: `http://${IN_URL}@127.0.0.1:${proxy.port}` });
    await succeeded(job.step({ inputs: SESSION }));
    expect(new Set(proxy.requests.map(({ status, authorization }) => [status, authorization].join(' ')))).toEqual(
      new Set([`200 Basic ${Buffer.from(CREDENTIALS).toString('base64')}`]),
    );
  });
});

describe("a proxy's password", () => {
  const MASKS = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(CREDENTIALS).toString('base64')];

  test.each([
    ['if the proxy lets the step pass', CREDENTIALS, 0],
    ['if the proxy refuses it', 'somebody:else', 1],
  ])('is masked in each of its forms and shows nowhere, even with DEBUG=*, %s', async (_, credentials, exitCode) => {
    const proxy = await startProxy({ credentials });
    const env = { DEBUG: '*', NODE_DEBUG: '', RUNNER_DEBUG: '1' };
    const { job } = await startTlsJob({ ...env, https_proxy: `http://${IN_URL}@127.0.0.1:${proxy.port}` });
    const result = await job.step({ inputs: { ...SESSION, 'disable-retry': 'true' } });
    expect(result.exitCode).toBe(exitCode);
    const masks = result.commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    expect(masks).toEqual(expect.arrayContaining(MASKS));
    for (const form of MASKS) expect(shownPieces(visibleText(result, job.masks), form)).toEqual([]);
  });

  test('that is refused is told apart from a refusal of AWS', async () => {
    const proxy = await startProxy({ credentials: 'somebody:else' });
    const { emulator, job } = await startTlsJob({ https_proxy: `http://${IN_URL}@127.0.0.1:${proxy.port}` });
    const failure = annotationOf(await job.step({ inputs: { ...SESSION, 'disable-retry': 'true' } }));
    expect(emulator.calls).toEqual([]);
    expectFailure(failure, 'proxy-refused', 'GetSessionToken', hostOf(emulator), 'HTTP 407');
    expect(failure.remedy).toContain('USER:PASSWORD@');
  });
});

describe("AWS's own endpoints", () => {
  // The proxy of these tests lets nothing out of this machine; it shows where a step would have gone.
  test.each([
    ['us-east-1', {}, 'sts.us-east-1.amazonaws.com'],
    ['eu-central-1', {}, 'sts.eu-central-1.amazonaws.com'],
    ['us-gov-west-1', {}, 'sts.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', {}, 'sts.cn-north-1.amazonaws.com.cn'],
    ['us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'sts-fips.us-east-1.amazonaws.com'],
    ['us-east-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'sts.us-east-1.api.aws'],
  ])('are regional: %s with %j is %s', async (region, env, host) => {
    const proxy = await startProxy();
    const { emulator, job } = await startJob({
      env: { ...env, https_proxy: `http://127.0.0.1:${proxy.port}`, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    });
    const inputs = { ...SESSION, 'aws-region': region, 'mfa-serial': 'GAHT12345678', 'disable-retry': 'true' };
    const { exitCode } = await job.step({ inputs });
    expect(exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expect(targetsOf(proxy)).toEqual([`CONNECT ${host}:443`]);
  });

  test('are not what an endpoint that is an input means, whatever the environment says', async () => {
    const { emulator, job } = await startJob({ env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' } });
    const inputs = { ...SESSION, 'sts-endpoint': emulator.endpoint };
    expect((await job.step({ inputs })).exitCode).toBe(0);
  });
});
