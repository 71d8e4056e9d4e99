import { mkdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job, RunningStep, StepResult } from '../../../lab/runner/job.ts';
import type { FailureCode } from '../../../src/core/failure.ts';
import { handedOver, NOTHING, SESSION, startJob } from '../../kit/action.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';
import { dripping, droppingPort, makeFifo, silentServer } from '../../kit/odd-servers.ts';
import { describeNeeding } from '../../kit/platform.ts';
import { type Preload, preloading } from '../../kit/preload.ts';

// Everything that a step may wait for and that never answers: each is ended by its own limit, by a signal and by action-timeout-s, and
// the process is gone soon after its result is printed.

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
  /** What it comes to by itself: the failure's code, and what its message names. */
  readonly code: FailureCode;
  readonly facts: readonly string[];
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
    facts: ['container', '5 s'],
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
    facts: ['container', '5 s'],
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
    facts: ['metadata', '10 s'],
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
    facts: ['metadata'],
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
    facts: ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AssumeRoleWithWebIdentity'],
  },
  {
    name: 'a credential_process',
    meet: endlessProcess("trap '' TERM INT\necho running >&2\nwhile :; do sleep 100; done\n"),
    code: 'keys-not-found',
    facts: ['credential_process', '60 s'],
  },
  {
    name: 'a credential_process that waits for input',
    meet: endlessProcess('cat\n'),
    code: 'keys-not-found',
    facts: ['credential_process', 'JSON'],
    atOnce: true,
  },
  {
    name: 'what a credential_process leaves running',
    meet: endlessProcess('sleep 100 &\n'),
    code: 'keys-not-found',
    facts: ['credential_process', 'JSON'],
    atOnce: true,
  },
];

const FIFOS: readonly Row[] = [
  { name: '~/.aws/config', meet: fifoAtHome('config'), facts: ['~/.aws/config'] },
  {
    name: '~/.aws/credentials',
    meet: fifoAtHome('credentials'),
    facts: ['~/.aws/credentials'],
  },
  {
    name: 'AWS_CONFIG_FILE',
    meet: (job: Job) => ({ inputs: KEYLESS, env: { AWS_CONFIG_FILE: makeFifo(join(job.temp, 'fifo')) } }),
    facts: ['AWS_CONFIG_FILE'],
  },
  {
    name: 'AWS_SHARED_CREDENTIALS_FILE',
    meet: (job: Job) => ({ inputs: KEYLESS, env: { AWS_SHARED_CREDENTIALS_FILE: makeFifo(join(job.temp, 'fifo')) } }),
    facts: ['AWS_SHARED_CREDENTIALS_FILE'],
  },
  {
    name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
    meet: (job: Job) => ({
      inputs: KEYLESS,
      env: { AWS_WEB_IDENTITY_TOKEN_FILE: makeFifo(join(job.temp, 'fifo')), AWS_ROLE_ARN: ROLE },
    }),
    facts: ['AWS_WEB_IDENTITY_TOKEN_FILE'],
  },
  {
    name: 'web_identity_token_file of a profile',
    meet: (job: Job) => {
      const fifo = makeFifo(join(job.temp, 'fifo'));
      writeConfig(job, `[default]\nrole_arn = ${ROLE}\nweb_identity_token_file = ${fifo}\n`);
      return { inputs: KEYLESS };
    },
    facts: ['web_identity_token_file'],
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
    facts: ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
  },
].map((row) => ({ ...row, name: `a FIFO as ${row.name}`, code: 'keys-not-found', atOnce: true }) as const);

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
const LOST = ['GetSessionToken'];

const CONNECTIONS: readonly Row[] = [
  { name: 'a proxy', meet: calling(throughProxy), code: 'unreachable', facts: LOST },
  {
    name: 'a proxy whose answer drips',
    meet: calling(throughProxy, dripping('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')),
    code: 'unreachable',
    facts: LOST,
  },
  {
    name: 'a proxy whose answer is a flood',
    meet: calling(throughProxy, dripping('HTTP/1.1 200 OK\r\n', `X-A: ${'b'.repeat(65_536)}\r\n`)),
    code: 'proxy-refused',
    facts: LOST,
    atOnce: true,
  },
  {
    name: 'a proxy that shakes no hands',
    meet: calling((port) => ({ 'sts-endpoint': AWS, 'http-proxy': `https://127.0.0.1:${port}` })),
    code: 'unreachable',
    facts: LOST,
  },
  {
    name: 'TLS behind a proxy',
    meet: calling(throughProxy, (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
    code: 'unreachable',
    facts: LOST,
  },
  {
    name: 'the way to a proxy, which drops packets',
    meet: async () => ({ inputs: { ...SESSION, 'disable-retry': 'true', ...throughProxy(await droppingPort()) } }),
    code: 'unreachable',
    facts: LOST,
  },
  {
    name: 'the way to STS, which drops packets',
    meet: async () => ({
      inputs: { ...SESSION, 'disable-retry': 'true', 'sts-endpoint': `https://127.0.0.1:${await droppingPort()}` },
    }),
    code: 'unreachable',
    facts: LOST,
  },
  {
    name: 'TLS',
    meet: calling((port) => ({ 'sts-endpoint': `https://127.0.0.1:${port}` })),
    code: 'unreachable',
    facts: LOST,
  },
  { name: 'STS', meet: calling(plainly), code: 'network', facts: LOST },
  {
    name: 'STS, whose headers drip',
    meet: calling(plainly, dripping('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')),
    code: 'network',
    facts: LOST,
  },
  {
    name: 'STS, whose body stops',
    meet: calling(plainly, (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<')),
    code: 'network',
    facts: LOST,
  },
  {
    name: 'STS, whose body drips',
    meet: calling(plainly, dripping('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', '<')),
    code: 'network',
    facts: LOST,
  },
  {
    name: 'the search for a name',
    meet: (job) => ({
      inputs: { ...SESSION, 'disable-retry': 'true', 'sts-endpoint': AWS },
      env: { ...preloading('nameless'), TEST_FIFO: makeFifo(join(job.temp, 'fifo')) },
    }),
    code: 'unreachable',
    facts: LOST,
  },
  {
    name: 'a FIFO as a command file',
    meet: (job) => ({ inputs: SESSION, env: { GITHUB_ENV: makeFifo(join(job.temp, 'fifo')) } }),
    code: 'command-file-missing',
    facts: ['GITHUB_ENV'],
    atOnce: true,
  },
];

const ROWS: readonly Row[] = [...SOURCES, ...FIFOS, ...CONNECTIONS];

/** Watches a step: when its annotation came, when it was gone, and when it seems to wait. */
function watch({ waiting }: Meeting, meanwhile: (child: RunningStep) => void) {
  const times = { printed: Number.NaN, gone: Number.NaN };
  return {
    lived: (): number => times.gone - times.printed,
    started(child: RunningStep): void {
      let begun = Number.POSITIVE_INFINITY;
      let output = '';
      child.stdout.on('data', (text: string) => {
        if (output === '') begun = performance.now();
        output += text;
        if (Number.isNaN(times.printed) && output.includes('::error ')) times.printed = performance.now();
      });
      const timer = setInterval(() => {
        // What doesn't show that it is waited for is given the time to be, from the first line of the step on.
        if (waiting === undefined ? performance.now() - begun < 700 : !waiting()) return;
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

interface Extra {
  readonly inputs?: Readonly<Record<string, string>>;
  /** What is loaded before the action, in addition to what the row needs. */
  readonly preload?: Preload;
  /** What happens to the process while it waits. */
  readonly meanwhile?: (child: RunningStep) => void;
}

/** How a step ended, and how long its process lived after it had said so. */
interface Ended {
  readonly result: StepResult;
  readonly lived: number;
}

async function run(row: Row, { inputs, preload, meanwhile = () => undefined }: Extra): Promise<Ended> {
  const { job } = await startJob();
  const meeting = await row.meet(job);
  const { lived, started } = watch(meeting, meanwhile);
  const preloads = [meeting.env?.['NODE_OPTIONS'] ?? [], preload === undefined ? [] : preloading(preload).NODE_OPTIONS];
  const result = await job.step({
    inputs: { ...(meeting.inputs ?? SESSION), ...inputs },
    env: { ...meeting.env, NODE_OPTIONS: preloads.flat().join(' ') },
    started,
  });
  return { result, lived: lived() };
}

function expectEnded({ result, lived }: Ended, code: FailureCode, facts: readonly string[]): void {
  expectFailure(annotationOf(result), code, ...facts);
  expect(handedOver(result)).toEqual(NOTHING);
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(lived).toBeLessThan(2000);
}

/** Begins a run of each row, a few at the same time, since most of the time they wait. The tests look at how each has ended. */
function runsOf(rows: readonly Row[], extra: Extra): ReadonlyMap<Row, Promise<Ended>> {
  const limit = pLimit(6);
  return new Map(rows.map((row) => [row, limit(() => run(row, extra))]));
}

describeNeeding('signals')('what never answers', () => {
  const waitedFor = ROWS.filter(({ atOnce }) => !atOnce);
  let byItself: ReturnType<typeof runsOf>;
  let bySignal: ReturnType<typeof runsOf>;
  beforeAll(async () => {
    byItself = runsOf(ROWS, { preload: 'fast' });
    bySignal = runsOf(waitedFor, { meanwhile: (child) => child.kill('SIGTERM') });
    await Promise.allSettled([...byItself.values(), ...bySignal.values()]);
  });

  test.each(ROWS)('is given up after its own time: $name', async (row) => {
    const ended = await byItself.get(row);
    if (ended === undefined) throw new Error('it was not run');
    expectEnded(ended, row.code, row.facts);
  });

  test.each(waitedFor)('is ended by SIGTERM: $name', async (row) => {
    const ended = await bySignal.get(row);
    if (ended === undefined) throw new Error('it was not run');
    expectEnded(ended, 'cancelled', ['SIGTERM']);
  });

  // It ends a step in the same way as a signal, so one of each kind is enough.
  test.each(
    [SOURCES[0], SOURCES[5], CONNECTIONS[0], CONNECTIONS[8], CONNECTIONS[12]].filter((row) => row !== undefined),
  )('is ended by action-timeout-s: $name', async (row) => {
    expectEnded(await run(row, { inputs: { 'action-timeout-s': '1' } }), 'timed-out', ['1 s', 'action-timeout-s']);
  });
});

describeNeeding('signals')('a FIFO in place of the memory of a job', () => {
  test('is passed over', async () => {
    const { job } = await startJob();
    makeFifo(join(job.temp, 'aws-mfa-credentials.json'));
    expect((await job.step({ inputs: SESSION })).exitCode).toBe(0);
  });
});
