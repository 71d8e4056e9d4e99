import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO, type Fault } from '../../../lab/aws/index.ts';
import type { StepResult } from '../../../lab/runner/job.ts';
import { emulate } from '../../aws/wire.ts';
import { type Tap, tap } from '../../kit/between.ts';
import { fail, succeed } from '../../kit/failing.ts';
import { arrived, interrupt } from '../../kit/interrupt.ts';
import { testNeeding } from '../../kit/platform.ts';
import { expectNoSecretIn, withoutMasks } from '../../kit/secrets.ts';
import { policy, worldWith } from '../../kit/worlds.ts';

// Promise 1: nothing leaks. Every secret is registered as a mask before anything else can print it.

/** Every secret that an answer of STS held, used or not. */
function givenOut({ answers }: Tap): readonly string[] {
  return answers.flatMap((body) =>
    [...body.matchAll(/<(?:AccessKeyId|SecretAccessKey|SessionToken)>([^<]+)</g)].map(([, secret = '']) => secret),
  );
}

function expectAllHidden(result: StepResult, secrets: readonly string[]): void {
  const masks = result.commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
  expect(masks).toEqual(expect.arrayContaining([...secrets]));
  expectNoSecretIn(withoutMasks(result.stdout), secrets, 'the output');
  expectNoSecretIn(result.stderr + result.summary, secrets, 'what else it wrote');
}

const EVERYTHING = {
  'list-buckets': 'true',
  'output-credentials': 'true',
  'output-env-credentials': 'true',
  summary: 'true',
};

/** Of a step that is handed a session. */
const WITHOUT_KEYS = {
  'aws-access-key-id': '',
  'aws-secret-access-key': '',
  'mfa-serial': '',
  'mfa-seed': '',
};

describe('every secret is a mask before anything else is printed', () => {
  test('in a step that does all it can, with debug logging on and answers lost on the way', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'omit-field', field: 'Expiration', operation: 'GetSessionToken' });
    emulator.faults.add({ kind: 'status', status: 500, operation: 'GetSessionToken' });
    const through = await tap(emulator);
    const { result } = await succeed(through, { inputs: EVERYTHING, debug: true });
    const secrets = givenOut(through);
    // Two sessions were given out: one in an answer that was not whole.
    expect(secrets).toHaveLength(6);
    expectAllHidden(result, [...secrets, DEMO.secretAccessKey, DEMO.accessKeyId, DEMO.seed]);
    const lines = result.stdout.split('\n');
    const firstOther = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    expect(lines.slice(0, firstOther)).toEqual(
      expect.arrayContaining(
        [DEMO.secretAccessKey, DEMO.accessKeyId, DEMO.seed].map((secret) => `::add-mask::${secret}`),
      ),
    );
  });

  test('in a step with the key in one value: the whole and the secret', async () => {
    const through = await tap(await emulate());
    const pair = `${DEMO.accessKeyId}:${DEMO.secretAccessKey}`;
    const { result } = await succeed(through, {
      inputs: { ...EVERYTHING, 'aws-access-key-id': '', 'aws-secret-access-key': '', 'aws-access-key': pair },
      debug: true,
    });
    expectAllHidden(result, [...givenOut(through), pair, DEMO.secretAccessKey, DEMO.seed]);
    const lines = result.stdout.split('\n');
    const firstOther = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    expect(lines.slice(0, firstOther)).toEqual(
      expect.arrayContaining([`::add-mask::${pair}`, `::add-mask::${DEMO.secretAccessKey}`]),
    );
  });

  test('in a role that follows on a session: the session in between is one, too', async () => {
    const through = await tap(await emulate());
    const { result } = await succeed(through, { inputs: { 'role-to-assume': 'deploy', 'mfa-session-first': 'true' } });
    expect(givenOut(through)).toHaveLength(6);
    expectAllHidden(result, givenOut(through));
  });

  test('in a step that gets many roles and seals the session, and in one that opens it', async () => {
    const through = await tap(await emulate());
    const sealing = { 'sealing-key': randomBytes(32).toString('base64') };
    const roles = { roles: 'one = deploy\ntwo = deploy duration_seconds=900' };
    const { result } = await succeed(through, {
      inputs: { ...EVERYTHING, 'list-buckets': '', ...sealing, ...roles, 'seal-session': 'true' },
      debug: true,
    });
    const secrets = givenOut(through);
    expect(secrets).toHaveLength(9);
    expectAllHidden(result, [...secrets, sealing['sealing-key']]);

    const sealed = result.outputs['sealed-session'] ?? '';
    expectNoSecretIn(sealed, [...secrets, sealing['sealing-key']], 'the sealed session');
    const opened = await succeed(through, {
      inputs: { ...EVERYTHING, ...WITHOUT_KEYS, ...sealing, 'sealed-session': sealed },
      debug: true,
    });
    const { AWS_SECRET_ACCESS_KEY: secret = '' } = result.exported;
    expect(opened.result.exported['AWS_SECRET_ACCESS_KEY']).toBe(secret);
    const session = secrets.filter((one) => Object.values(result.exported).includes(one));
    expect(session).toHaveLength(3);
    expectAllHidden(opened.result, [...session, sealing['sealing-key']]);
  });

  test('in a step that fails with the credentials at hand', async () => {
    const through = await tap(await emulate());
    const inputs = { ...EVERYTHING, 'expected-buckets': 'no-such-bucket' };
    const { result } = await fail(through, { inputs, debug: true });
    expect(givenOut(through)).toHaveLength(3);
    expectAllHidden(result, givenOut(through));
  });

  const faults: readonly Fault[] = [
    { kind: 'truncate' },
    { kind: 'omit-field', field: 'SessionToken' },
    { kind: 'reset-after' },
    { kind: 'refuse-with', status: 403, code: 'AccessDenied', message: 'no' },
    { kind: 'status', status: 200, body: 'html' },
  ];
  test.each(faults)('in the stack trace of $kind', async (fault) => {
    const emulator = await emulate();
    emulator.faults.add({ times: Infinity, operation: 'AssumeRole', ...fault });
    const inputs = { 'role-to-assume': 'deploy', 'disable-retry': 'true' };
    const { result } = await fail(emulator, { inputs, debug: true });
    expect(result.stdout).toMatch(/^::debug::\s+at /m);
  });

  test('the seed in each of its spellings', async () => {
    const emulator = await emulate();
    for (const seed of [
      DEMO.seed.toLowerCase(),
      DEMO.seed.replaceAll(/(.{4})(?=.)/g, '$1 '),
      Buffer.from(DEMO.seed).toString('base64'),
      `otpauth://totp/Amazon%20Web%20Services:ci?secret=${DEMO.seed}&issuer=Amazon`,
    ]) {
      const { result } = await fail(emulator, { inputs: { 'mfa-seed': seed, 'aws-region': 'Nowhere' } });
      expectAllHidden(result, [seed, DEMO.seed, DEMO.seed.toLowerCase()]);
    }
  });

  test('the secret of a key pair that is refused', async () => {
    const emulator = await emulate();
    const { accessKeyId: id, secretAccessKey: secret } = DEMO;
    for (const pair of [
      `"${id}:${secret}"`,
      `${id} ${secret}`,
      `${id}=${secret}`,
      `${secret}:${id}`,
      `${id}:${secret}:`,
    ]) {
      const inputs = { 'aws-access-key-id': '', 'aws-secret-access-key': '', 'aws-access-key': pair };
      const { result } = await fail(emulator, { inputs });
      expectAllHidden(result, [pair, secret]);
    }
  });

  test('the password of a proxy, as it is written and as it travels', async () => {
    const emulator = await emulate({ tls: true });
    const seen: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      seen.push(String(request.headers['proxy-authorization']));
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    try {
      const inputs = {
        'http-proxy': `http://ci:hunter%402hunter@127.0.0.1:${port}`,
        'role-to-assume': 'deploy',
        'disable-retry': 'true',
      };
      const { result } = await fail(emulator, { inputs, debug: true });
      expect(seen).toEqual(['Basic Y2k6aHVudGVyQDJodW50ZXI=']);
      expectAllHidden(result, ['hunter%402hunter', 'hunter@2hunter', 'Y2k6aHVudGVyQDJodW50ZXI=']);
    } finally {
      proxy.close();
    }
  });
});

describe('no secret leaves by another way', () => {
  testNeeding('processes as files')(
    'the command line is the action’s file alone, and no other process is started',
    async () => {
      const emulator = await emulate();
      emulator.faults.add({ kind: 'hang', operation: 'ListBuckets' });
      const seen: string[] = [];
      const { started } = interrupt(['SIGINT'], arrived(emulator.calls, 'ListBuckets'));
      await fail(emulator, {
        inputs: EVERYTHING,
        started: (child) => {
          started({
            kill: (signal) => {
              seen.push(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'));
              seen.push(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'));
              return child.kill(signal);
            },
          });
        },
      });
      const [commandLine = '', children] = seen;
      expect(commandLine.split('\0').slice(1)).toEqual([expect.stringMatching(/\/dist\/main\.js$/), '']);
      expect(children).toBe('');
    },
  );

  testNeeding('file modes')('files that hold credentials are open to their owner alone', async () => {
    const emulator = await emulate();
    const step = { inputs: { ...EVERYTHING, 'aws-profile': 'mine' } };
    const { job } = await succeed(emulator, step);
    const folder = join(job.home, '.aws');
    expect(readdirSync(folder).sort()).toEqual(['config', 'credentials']);
    for (const path of [...readdirSync(folder).map((name) => join(folder, name)), ...filesUnder(job.temp)]) {
      expect((statSync(path).mode & 0o077).toString(8)).toBe('0');
    }
  });

  test('the long-term key and the seed are exported nowhere', async () => {
    const emulator = await emulate();
    const env = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };
    const step = {
      env,
      inputs: { ...EVERYTHING, 'aws-profile': 'mine', 'aws-access-key-id': '', 'aws-secret-access-key': '' },
    };
    const { job, result } = await succeed(emulator, step);
    const [post] = await job.post();
    const written = JSON.stringify([result.exported, result.outputs, result.state, result.summary, post?.exported]);
    const profile = readFileSync(join(job.home, '.aws/credentials'), 'utf8');
    const longTerm = [DEMO.secretAccessKey, DEMO.accessKeyId, DEMO.seed];
    expectNoSecretIn(written + profile, longTerm, 'what was written');
  });

  test('plain http is spoken to this machine alone: nothing is sent to another', async () => {
    const emulator = await emulate();
    for (const input of ['sts-endpoint', 's3-endpoint', 'iam-endpoint']) {
      const { calls } = await fail(emulator, {
        inputs: { [input]: 'http://10.0.0.1:4566', 'list-buckets': 'true', 'mfa-serial': '' },
      });
      expect(calls).toEqual([]);
    }
  });

  function filesUnder(folder: string): readonly string[] {
    return readdirSync(folder).map((name) => join(folder, name));
  }
});

test('a bucket that may not be listed is told without the token that was refused', async () => {
  const world = worldWith((_account, user) => {
    user.policies.push(policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }));
  });
  const through = await tap(await emulate({ world }));
  const { result } = await fail(through, { inputs: { 'list-buckets': 'true' }, debug: true });
  expectAllHidden(result, givenOut(through));
});
