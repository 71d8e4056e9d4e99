import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { DEMO } from '../../../lab/aws/demo-world.ts';
import { emulate } from '../../aws/wire.ts';
import { jobFor, SESSION, startJob } from '../../kit/action.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';
import { fail } from '../../kit/failing.ts';
import { answering, blurting } from '../../kit/odd-servers.ts';
import { startProxy } from '../../kit/proxy.ts';
import { expectNoSecretIn } from '../../kit/secrets.ts';

// Whatever stands between the step and AWS may lie. What it says is believed only if it came over a connection whose certificate
// was checked, and then only as far as AWS would say it.

const NOWHERE = { endpoint: 'http://127.0.0.1:1', calls: [] };
const FORGED = `<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>ASIAIOSFODNN7FORGED1</AccessKeyId><SecretAccessKey>forgedforgedforgedforgedforgedforgedforg</SecretAccessKey><SessionToken>FORGEDTOKENFORGEDTOKEN</SessionToken><Expiration>${new Date(Date.now() + 600_000).toISOString()}</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>`;
const reply = (status: number, body: string): string =>
  `HTTP/1.1 ${status} Hello\r\nContent-Type: text/xml\r\nx-amzn-RequestId: a1\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('what a proxy says in place of AWS is not believed', () => {
  test.each([
    ['201 with credentials', reply(201, FORGED), 'proxy-refused'],
    ['202 with credentials', reply(202, FORGED), 'proxy-refused'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 'proxy-refused'],
    ['206 with credentials', reply(206, FORGED), 'proxy-refused'],
    ['302', reply(302, FORGED), 'proxy-refused'],
    ['401 with credentials', reply(401, FORGED), 'proxy-refused'],
    [
      '500 with a refusal of STS',
      reply(500, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>'),
      'proxy-refused',
    ],
    ['200 and credentials after it, without TLS', `HTTP/1.1 200 OK\r\n\r\n${reply(200, FORGED)}`, 'unreachable'],
    ['200 with credentials as its body', reply(200, FORGED), 'unreachable'],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tls\r\n\r\n', 'proxy-refused'],
    ['HTTP/0.9', FORGED, 'proxy-refused'],
  ])('CONNECT answered with %s', async (_, bytes, code) => {
    const { port } = await blurting(bytes);
    const failed = await fail(NOWHERE, {
      inputs: {
        'http-proxy': `http://127.0.0.1:${port}`,
        'sts-endpoint': '',
        's3-endpoint': '',
        'iam-endpoint': '',
        'allowed-account-ids': DEMO.accountId,
        'disable-retry': 'true',
      },
      secrets: ['ASIAIOSFODNN7FORGED1', 'FORGEDTOKENFORGEDTOKEN'],
    });
    expect(failed.code).toBe(code);
  });

  test('a bucket is not "reached" because a proxy says 204', async () => {
    const emulator = await emulate();
    const { port } = await blurting('HTTP/1.1 204 No Content\r\n\r\n');
    const { code, message, result } = await fail(emulator, {
      inputs: {
        's3-endpoint': 'https://s3.example',
        'expected-buckets': 'example-logs',
        'http-proxy': `http://127.0.0.1:${port}`,
        'disable-retry': 'true',
      },
    });
    expectFailure({ code, message }, 'proxy-refused', 'HeadBucket', 's3.example:443', 'HTTP 204');
    expect(result.outputs).toEqual({});
  });

  test.each([204, 200])('nor because a portal says %i', async (status) => {
    const emulator = await emulate();
    const { port } = await answering(() => ({ status, headers: { 'content-type': 'text/html' } }));
    const { code, message } = await fail(emulator, {
      inputs: { 's3-endpoint': `http://127.0.0.1:${port}`, 'expected-buckets': 'example-logs', 'list-buckets': 'true' },
    });
    expectFailure({ code, message }, 'incomplete-answer', 'ListBuckets', 'HeadBucket', `HTTP ${status}`, 'text/html');
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0 turns no check off', () => {
  const OFF = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

  test('of the connections that are opened early', async () => {
    const emulator = await emulate({ tls: true });
    const { code, message, warnings } = await fail(emulator, { env: OFF });
    expectFailure({ code, message }, 'tls-untrusted', 'GetSessionToken', 'localhost:');
    expect(warnings).toEqual([expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED')]);
    expect(emulator.calls).toEqual([]);
  });

  test('of those that are opened when they are needed, for IAM and S3', async () => {
    const [sts, other] = [await emulate(), await emulate({ tls: true })];
    const toOther = { 's3-endpoint': other.endpoint, 'iam-endpoint': other.endpoint };
    const iam = await fail(sts, { env: OFF, inputs: { ...toOther, 'mfa-serial': '' } });
    expectFailure(iam, 'tls-untrusted', 'ListMFADevices', 'localhost:');
    const s3 = await fail(sts, { env: OFF, inputs: { ...toOther, 'list-buckets': 'true' } });
    expectFailure(s3, 'tls-untrusted', 'ListBuckets', 'localhost:');
    expect(other.calls).toEqual([]);
  });

  test('of those through a proxy', async () => {
    const emulator = await emulate({ tls: true });
    const proxy = await startProxy();
    const { code, message } = await fail(emulator, {
      env: OFF,
      inputs: { 'http-proxy': `http://127.0.0.1:${proxy.port}` },
    });
    expectFailure({ code, message }, 'tls-untrusted', 'GetSessionToken', 'localhost:');
    expect(emulator.calls).toEqual([]);
  });

  test('of the proxy itself', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'proxy' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    const emulator = await emulate({ tls: true });
    const proxy = await startProxy({ tls: { key, cert } });
    const { code, message } = await fail(emulator, {
      env: OFF,
      inputs: { 'http-proxy': `https://localhost:${proxy.port}` },
    });
    expectFailure({ code, message }, 'tls-untrusted', 'GetSessionToken', 'localhost:');
    expect(proxy.requests).toEqual([]);
  });

  test('is only warned about if it is 0', async () => {
    for (const value of ['1', '']) {
      const { warnings } = await fail(NOWHERE, {
        env: { NODE_TLS_REJECT_UNAUTHORIZED: value },
        inputs: { 'list-buckets': 'maybe' },
      });
      expect(warnings).toEqual([]);
    }
  });
});

describe('a Date that lies', () => {
  const DAYS = 86_400_000;
  const inDays = (days: number): number => Date.now() + days * DAYS;
  const signedAt = (value: string | undefined): number =>
    Date.parse(String(value).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));

  test.each([30, 2, -2, -400])('by %i days gets no signature of that day', async (days) => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'date', date: inDays(days), times: Number.POSITIVE_INFINITY });
    emulator.faults.add({
      kind: 'refuse-with',
      status: 403,
      code: 'SignatureDoesNotMatch',
      message: 'Signature expired: it is',
      times: 9,
    });
    const { code, calls } = await fail(emulator, { inputs: { 'role-to-assume': 'deploy' } });
    expect(code).toBe('clock-off');
    expect(calls).toHaveLength(1);
    for (const { headers } of calls) {
      expect(Math.abs(signedAt(String(headers['x-amz-date'])) - Date.now())).toBeLessThan(DAYS / 24);
    }
  });

  test.each([
    ['no moment that can be', '+275760-09-13T00:00:00.000Z'],
    ['a year', '2026'],
    ['a number', '99999'],
    ['a day without a zone', 'Sat, 28 Nov 2020'],
  ])('or isn’t one (%s) is passed over', async (_, date) => {
    const end = new Date(Date.now() + 600_000).toISOString();
    const text = FORGED.replace(/(?<=<Expiration>)[^<]+/, end);
    const { port } = await answering(() => ({
      headers: { date, 'content-type': 'text/xml', 'x-amzn-requestid': 'a1' },
      text,
    }));
    const { job } = await startJob({ env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` } });
    const result = await job.step({ inputs: SESSION });
    // This server knows one answer, which says nothing of who the user is.
    expectFailure(annotationOf(result), 'incomplete-answer');
    expect(result.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });

  test('and was remembered by an earlier step is forgotten', async () => {
    const { emulator, job } = await startJob();
    writeFileSync(
      join(job.temp, 'aws-mfa-credentials.json'),
      JSON.stringify({ clockOffset: 30 * DAYS, attempts: [] }),
      {
        mode: 0o600,
      },
    );
    const { exitCode } = await job.step({ inputs: SESSION });
    expect(exitCode).toBe(0);
    for (const { headers } of emulator.calls) {
      expect(Math.abs(signedAt(String(headers['x-amz-date'])) - Date.now())).toBeLessThan(DAYS / 24);
    }
  });
});

describe('what was sent is not shown, whoever repeats it', () => {
  /** Says all that it was sent, in AWS's form or in a page of its own. */
  const echo = (status: number, type: string) =>
    answering((body) => {
      const code = /TokenCode=(\d{6})/.exec(body)?.[1] ?? '';
      const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
      const text = `${body} ${code} ${spaced} ${DEMO.seed} ${DEMO.secretAccessKey}`.replaceAll('&', '&amp;');
      return {
        status,
        headers: { 'content-type': type },
        text: `<ErrorResponse><Error><Code>ValidationError</Code><Message>${text}</Message></Error></ErrorResponse>`,
      };
    });

  test.each([
    [400, 'text/xml'],
    [500, 'text/xml'],
    [403, 'text/html'],
  ])('HTTP %i, %s, with debug logging on', async (status, type) => {
    const server = await echo(status, type);
    const { result } = await fail(NOWHERE, {
      inputs: {
        'sts-endpoint': `http://127.0.0.1:${server.port}`,
        'role-to-assume': 'deploy',
        'disable-retry': 'true',
      },
      debug: true,
    });
    const codes = server.seen.flatMap((body) => /TokenCode=(\d{6})/.exec(body)?.[1] ?? []);
    expect(codes).toHaveLength(1);
    const shown = result.stdout.replaceAll(/^::add-mask::.*$/gm, '');
    expectNoSecretIn(shown, [...codes, DEMO.secretAccessKey], 'the log');
    expectNoSecretIn(result.summary, [...codes, DEMO.secretAccessKey], 'the summary');
  });

  test('in whatever spelling', async () => {
    const server = await answering((body) => {
      const code = /TokenCode=(\d{6})/.exec(body)?.[1] ?? '';
      const digits = [...code];
      const encoded = ['', 'x', 'xy'].map((before) => Buffer.from(`${before}${code} is it`).toString('base64'));
      const spelled = ['.', '  ', '\u200b', '%20', '+', '&amp;nbsp'.slice(0, 5)].map((between) => digits.join(between));
      return {
        status: 400,
        text: `<ErrorResponse><Error><Code>Bad${code}</Code><Message>${[...spelled, ...encoded].join(' | ')}</Message></Error></ErrorResponse>`,
      };
    });
    const { code, message } = await fail(NOWHERE, {
      inputs: { 'sts-endpoint': `http://127.0.0.1:${server.port}`, 'disable-retry': 'true' },
    });
    const shown = /(?:\*{3} \| ){6}\*{3}IGlzIGl0 \| \w{2}\*{3}\w{1,2}BpcyBpdA== \| \w{3}\*{3}\w{1,2}aXMgaXQ=/;
    expect({ code, message }).toEqual({ code: 'access-denied', message: expect.stringMatching(shown) });
    expect(message).toContain('Bad***');
  });

  test.each([403, 200])('also of a content type that is cut, HTTP %i', async (status) => {
    const type = `text/html; ${'x'.repeat(70)}${DEMO.secretAccessKey}`;
    const { port } = await answering(() => ({ status, headers: { 'content-type': type }, text: '' }));
    const { code, message } = await fail(NOWHERE, {
      inputs: { 'sts-endpoint': `http://127.0.0.1:${port}`, 'disable-retry': 'true' },
    });
    expectFailure({ code, message }, 'incomplete-answer', `HTTP ${status}, text/html; ${'x'.repeat(70)}***`);
  });

  test('and no more of a foreign text than about two kilobytes', async () => {
    const { port } = await answering(() => ({
      status: 400,
      text: `<ErrorResponse><Error><Code>ValidationError</Code><Message>${'x'.repeat(3_000_000)}</Message></Error></ErrorResponse>`,
    }));
    const { text } = await fail(NOWHERE, {
      inputs: { 'sts-endpoint': `http://127.0.0.1:${port}`, 'role-to-assume': 'deploy' },
    });
    expect(text.length).toBeLessThan(2_500);
  });
});

describe('a host that may not hide what is masked doesn’t get to see it', () => {
  test.each([
    ['GITHUB_ACTIONS is not set', { GITHUB_ACTIONS: undefined }, 'host-unknown'],
    ['GITHUB_ACTIONS is false', { GITHUB_ACTIONS: 'false' }, 'host-unknown'],
    ['GITHUB_ENV is not set', { GITHUB_ENV: undefined }, 'command-file-missing'],
    ['GITHUB_OUTPUT names nothing', { GITHUB_OUTPUT: '/no/such/file' }, 'command-file-missing'],
    ['GITHUB_STATE is empty', { GITHUB_STATE: '' }, 'command-file-missing'],
  ])('%s', async (_, env, code) => {
    const emulator = await emulate();
    const job = jobFor(emulator);
    const { stdout, stderr, exitCode } = await job.step({
      inputs: {
        ...SESSION,
        'sealing-key': 'c2VhbGluZ2tleXNlYWxpbmdrZXlzZWFsaW5na2V5',
        'http-proxy': 'http://u:hunter2hunter2@127.0.0.1:1',
      },
      env,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`::error title=${code}::`);
    expect(stdout).not.toContain('add-mask');
    const secrets = [
      DEMO.secretAccessKey,
      DEMO.seed,
      DEMO.accessKeyId,
      'hunter2hunter2',
      'c2VhbGluZ2tleXNlYWxpbmdrZXlzZWFsaW5na2V5',
    ];
    expectNoSecretIn(`${stdout}${stderr}`, secrets, 'the output');
    expect(emulator.calls).toEqual([]);
  });
});

test('thousands of buckets are counted, and the log names none of them', async () => {
  const names = Array.from({ length: 2_400 }, (_, index) => `bucket-${String(index).padStart(5, '0')}`);
  const { emulator, job } = await startJob({
    world: (await import('../../kit/worlds.ts')).worldWith((account) => {
      for (const name of names)
        account.buckets.push({ ...account.buckets[0], name } as (typeof account.buckets)[number]);
    }),
  });
  const { exitCode, outputs, stdout } = await job.step({ inputs: { ...SESSION, 'list-buckets': 'true' } });
  expect(exitCode).toBe(0);
  expect(outputs['bucket-count']).toBe('2404');
  expect(JSON.parse(outputs['buckets'] ?? '')).toHaveLength(2_404);
  expect(stdout).not.toContain('bucket-00001');
  expect(emulator.calls.filter(({ operation }) => operation === 'ListBuckets')).toHaveLength(3);
});
