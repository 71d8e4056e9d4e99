import { mkdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job, RunningStep } from '../../../lab/runner/job.ts';
import { handedOver, NOTHING, SESSION, startJob } from '../../kit/action.ts';
import { describeNeeding } from '../../kit/platform.ts';
import { preloading } from '../../kit/preload.ts';
import { dripping, droppingPort, makeFifo, silentServer } from '../../kit/silent.ts';

// Everything that a step may wait for, and that never answers: each is ended by its own limit, by action-timeout-s and by a signal,
// and the process is gone soon after its result is printed.

/** A step that meets such a thing. */
interface Meeting {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the step waits for it now. */
  readonly waiting?: () => boolean;
}

interface Row {
  readonly name: string;
  readonly meet: (job: Job) => Meeting | Promise<Meeting>;
  /** What it comes to by itself: the failure's code, and how its message begins. */
  readonly code: string;
  readonly message: RegExp;
  /** Nothing is waited for: this is refused at once, whatever else would have ended the step. */
  readonly atOnce?: true;
}

/** The inputs without keys. */
const KEYLESS = { 'aws-region': DEMO.region, 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
const ROLE = 'arn:aws:iam::111122223333:role/deploy';

function writeConfig(job: Job, text: string): void {
  mkdirSync(join(job.home, '.aws'));
  writeFileSync(join(job.home, '.aws', 'config'), text);
}

function fifoAtHome(name: string): Row['meet'] {
  return (job) => {
    mkdirSync(join(job.home, '.aws'));
    makeFifo(join(job.home, '.aws', name));
    return { inputs: KEYLESS };
  };
}

/** A credential_process that never ends, and does not want to be ended. It says that it runs. */
function endlessProcess(script: string): Row['meet'] {
  return (job) => {
    const path = join(job.home, 'process.sh');
    writeFileSync(path, script);
    writeConfig(job, `[default]\ncredential_process = /bin/sh "${path}"\n`);
    return { inputs: KEYLESS };
  };
}

const SOURCES: readonly Row[] = [
  {
    name: "a container's credentials service",
    meet: async () => {
      const { port, connections } = await silentServer();
      const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/keys` };
      return { inputs: KEYLESS, env, waiting: () => connections() > 0 };
    },
    code: 'keys-not-found',
    message: /the container gives no keys: the container's credentials service did not answer within 5 s\./,
  },
  {
    name: "a container's credentials service whose answer drips",
    meet: async () => {
      const drip = dripping('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{', ' ');
      const { port, connections } = await silentServer(drip);
      const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/keys` };
      return { inputs: KEYLESS, env, waiting: () => connections() > 0 };
    },
    code: 'keys-not-found',
    message: /the container gives no keys: the container's credentials service did not answer within 5 s\./,
  },
  {
    name: 'an instance’s metadata service whose answer drips',
    meet: async () => {
      const { port, connections } = await silentServer(
        dripping('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n', 'a'),
      );
      const env = {
        AWS_EC2_METADATA_DISABLED: 'false',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
      };
      return { inputs: KEYLESS, env, waiting: () => connections() > 0 };
    },
    code: 'keys-not-found',
    message: /the metadata service of an instance did not answer within 10 s\)\./,
  },
  {
    name: 'an instance’s metadata service',
    meet: async () => {
      const { port, connections } = await silentServer();
      const env = {
        AWS_EC2_METADATA_DISABLED: 'false',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
      };
      return { inputs: KEYLESS, env, waiting: () => connections() > 0 };
    },
    code: 'keys-not-found',
    message: /the runner has no AWS credentials of its own \(.*metadata service/,
  },
  {
    name: 'STS, asked for a web identity',
    meet: async (job) => {
      const { port, connections } = await silentServer();
      const token = join(job.temp, 'token');
      writeFileSync(token, 'a.web.identity');
      return {
        inputs: { ...KEYLESS, 'sts-endpoint': `http://127.0.0.1:${port}` },
        env: { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE },
        waiting: () => connections() > 0,
      };
    },
    code: 'keys-not-found',
    message: /the web identity in AWS_WEB_IDENTITY_TOKEN_FILE gives no keys: AssumeRoleWithWebIdentity/,
  },
  {
    name: 'a credential_process',
    meet: endlessProcess("trap '' TERM INT\necho running >&2\nwhile :; do sleep 100; done\n"),
    code: 'keys-not-found',
    message: /its credential_process did not answer within 60 s\./,
  },
  {
    name: 'a credential_process that waits for input',
    meet: endlessProcess('cat\n'),
    code: 'keys-not-found',
    message: /its credential_process answered with something other than JSON\./,
    atOnce: true,
  },
  {
    name: 'what a credential_process leaves running',
    meet: endlessProcess('sleep 100 &\n'),
    code: 'keys-not-found',
    message: /its credential_process answered with something other than JSON\./,
    atOnce: true,
  },
];

const FIFOS: readonly Row[] = [
  { name: '~/.aws/config', meet: fifoAtHome('config'), message: /the file ~\/\.aws\/config is not a plain file \(/ },
  {
    name: '~/.aws/credentials',
    meet: fifoAtHome('credentials'),
    message: /the file ~\/\.aws\/credentials is not a plain file \(/,
  },
  {
    name: 'AWS_CONFIG_FILE',
    meet: (job: Job) => ({ inputs: KEYLESS, env: { AWS_CONFIG_FILE: makeFifo(join(job.temp, 'fifo')) } }),
    message: /the file in AWS_CONFIG_FILE is not a plain file \(/,
  },
  {
    name: 'AWS_SHARED_CREDENTIALS_FILE',
    meet: (job: Job) => ({ inputs: KEYLESS, env: { AWS_SHARED_CREDENTIALS_FILE: makeFifo(join(job.temp, 'fifo')) } }),
    message: /the file in AWS_SHARED_CREDENTIALS_FILE is not a plain file \(/,
  },
  {
    name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
    meet: (job: Job) => ({
      inputs: KEYLESS,
      env: { AWS_WEB_IDENTITY_TOKEN_FILE: makeFifo(join(job.temp, 'fifo')), AWS_ROLE_ARN: ROLE },
    }),
    message: /the file in AWS_WEB_IDENTITY_TOKEN_FILE is not a plain file \(/,
  },
  {
    name: 'web_identity_token_file of a profile',
    meet: (job: Job) => {
      const fifo = makeFifo(join(job.temp, 'fifo'));
      writeConfig(job, `[default]\nrole_arn = ${ROLE}\nweb_identity_token_file = ${fifo}\n`);
      return { inputs: KEYLESS };
    },
    message: /its web_identity_token_file is not a plain file \(/,
  },
  {
    name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    meet: (job: Job) => ({
      inputs: KEYLESS,
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/keys',
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: makeFifo(join(job.temp, 'fifo')),
      },
    }),
    message: /the file in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is not a plain file \(/,
  },
].map((row) => ({ ...row, name: `a FIFO as ${row.name}`, code: 'keys-not-found', atOnce: true }));

const AWS = 'https://sts.us-east-1.amazonaws.com';

/** A step with keys, whose calls go to something silent. */
function calling(
  inputs: (port: number) => Readonly<Record<string, string>>,
  onRequest?: (socket: Socket) => void,
): Row['meet'] {
  return async () => {
    const { port, connections } = await silentServer(onRequest);
    return { inputs: { ...SESSION, 'disable-retry': 'true', ...inputs(port) }, waiting: () => connections() > 0 };
  };
}

const throughProxy = (port: number) => ({ 'sts-endpoint': AWS, 'http-proxy': `http://127.0.0.1:${port}` });
const plainly = (port: number) => ({ 'sts-endpoint': `http://127.0.0.1:${port}` });
const LOST = /^GetSessionToken: /;

const CONNECTIONS: readonly Row[] = [
  { name: 'a proxy', meet: calling(throughProxy), code: 'unreachable', message: LOST },
  {
    name: 'a proxy whose answer drips',
    meet: calling(throughProxy, dripping('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')),
    code: 'unreachable',
    message: LOST,
  },
  {
    name: 'a proxy whose answer is a flood',
    meet: calling(throughProxy, dripping('HTTP/1.1 200 OK\r\n', `X-A: ${'b'.repeat(65_536)}\r\n`)),
    code: 'proxy-refused',
    message: LOST,
    atOnce: true,
  },
  {
    name: 'a proxy that shakes no hands',
    meet: calling((port) => ({ 'sts-endpoint': AWS, 'http-proxy': `https://127.0.0.1:${port}` })),
    code: 'unreachable',
    message: LOST,
  },
  {
    name: 'TLS behind a proxy',
    meet: calling(throughProxy, (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
    code: 'unreachable',
    message: LOST,
  },
  {
    name: 'the way to a proxy, which drops packets',
    meet: async () => ({ inputs: { ...SESSION, 'disable-retry': 'true', ...throughProxy(await droppingPort()) } }),
    code: 'unreachable',
    message: LOST,
  },
  {
    name: 'the way to STS, which drops packets',
    meet: async () => ({
      inputs: { ...SESSION, 'disable-retry': 'true', 'sts-endpoint': `https://127.0.0.1:${await droppingPort()}` },
    }),
    code: 'unreachable',
    message: LOST,
  },
  {
    name: 'TLS',
    meet: calling((port) => ({ 'sts-endpoint': `https://127.0.0.1:${port}` })),
    code: 'unreachable',
    message: LOST,
  },
  { name: 'STS', meet: calling(plainly), code: 'network', message: LOST },
  {
    name: 'STS, whose headers drip',
    meet: calling(plainly, dripping('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')),
    code: 'network',
    message: LOST,
  },
  {
    name: 'STS, whose body stops',
    meet: calling(plainly, (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<')),
    code: 'network',
    message: LOST,
  },
  {
    name: 'STS, whose body drips',
    meet: calling(plainly, dripping('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', '<')),
    code: 'network',
    message: LOST,
  },
  {
    name: 'the search for a name',
    meet: (job) => ({
      inputs: { ...SESSION, 'disable-retry': 'true', 'sts-endpoint': AWS },
      env: { ...preloading('nameless'), TEST_FIFO: makeFifo(join(job.temp, 'fifo')) },
    }),
    code: 'unreachable',
    message: LOST,
  },
  {
    name: 'a FIFO as a command file',
    meet: (job) => ({ inputs: SESSION, env: { GITHUB_ENV: makeFifo(join(job.temp, 'fifo')) } }),
    code: 'command-file-missing',
    message: /^GITHUB_ENV /,
    atOnce: true,
  },
];

const ROWS = [...SOURCES, ...FIFOS, ...CONNECTIONS];

/** Watches a step: when its annotation came, when it was gone, and when it seems to wait. */
function watch(
  { waiting = () => false }: Meeting,
  { atOnce }: Pick<Row, 'atOnce'>,
  meanwhile: (child: RunningStep) => void,
) {
  const times = { printed: Number.NaN, gone: Number.NaN };
  return {
    lived: (): number => times.gone - times.printed,
    started(child: RunningStep): void {
      const begin = performance.now();
      let output = '';
      child.stdout.on('data', (text: string) => {
        output += text;
        if (Number.isNaN(times.printed) && output.includes('::error ')) times.printed = performance.now();
      });
      const timer = setInterval(() => {
        // What does not show that it is waited for is given the time to be; what is not waited for, to end by itself.
        const lasted = performance.now() - begin;
        if (atOnce ? lasted < 5000 : !waiting() && lasted < 700) return;
        clearInterval(timer);
        meanwhile(child);
      }, 5);
      child.once('exit', () => {
        clearInterval(timer);
        times.gone = performance.now();
      });
    },
  };
}

/** What each of them wants to be loaded first. */
function both(...of: readonly (Readonly<Record<string, string>> | undefined)[]): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: of.flatMap((env) => env?.['NODE_OPTIONS'] ?? []).join(' ') };
}

async function run(
  row: Row,
  extra: { readonly inputs?: Readonly<Record<string, string>>; readonly env?: Readonly<Record<string, string>> },
  meanwhile: (child: RunningStep) => void = () => undefined,
) {
  const { job } = await startJob();
  const meeting = await row.meet(job);
  const { lived, started } = watch(meeting, row, meanwhile);
  const result = await job.step({
    inputs: { ...(meeting.inputs ?? SESSION), ...extra.inputs },
    env: { ...meeting.env, ...extra.env, ...both(meeting.env, extra.env) },
    started,
  });
  expect(handedOver(result)).toEqual(NOTHING);
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(lived()).toBeLessThan(2000);
  const errors = result.stdout.split('\n').filter((line) => line.startsWith('::error '));
  expect(errors).toHaveLength(1);
  const [, code = '', message = ''] = /^::error title=([a-z-]+)::(.*)$/.exec(errors[0] ?? '') ?? [];
  return { code, message };
}

describeNeeding('signals')('what never answers', () => {
  test.each(ROWS)('is given up after its own time: $name', async (row) => {
    const { code, message } = await run(row, { env: preloading('fast') });
    expect(message).toMatch(row.message);
    expect(code).toBe(row.code);
  });

  test.each(ROWS)('is ended by action-timeout-s: $name', async (row) => {
    const { code } = await run(row, { inputs: { 'action-timeout-s': row.atOnce ? '5' : '1' } });
    if (row.atOnce) expect(code).toBe(row.code);
    else expect(code).toBe('timed-out');
  });

  test.each(ROWS)('is ended by SIGTERM: $name', async (row) => {
    const { code } = await run(row, {}, (child) => child.kill('SIGTERM'));
    if (row.atOnce) expect(code).toBe(row.code);
    else expect(code).toBe('cancelled');
  });
});

describeNeeding('signals')('a FIFO in place of the memory of a job', () => {
  test('is passed over', async () => {
    const { job } = await startJob();
    makeFifo(join(job.temp, 'aws-mfa-credentials.json'));
    expect((await job.step({ inputs: SESSION })).exitCode).toBe(0);
  });
});
