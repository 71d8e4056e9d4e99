import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build, DEMO, demoWorld, type Emulator, type World } from '../../../lab/aws/index.ts';
import type { Job, StepResult } from '../../../lab/runner/job.ts';
import { closeAfterTest, jobFor, operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { maskedText } from '../../kit/runner-masker.ts';
import { contentWith, OTHER_KEY, SEALING_KEY, sealedText } from '../../kit/sealed-text.ts';
import { shownPieces, visibleText } from '../../kit/secrets.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const SEAL = { 'seal-session': 'true', 'sealing-key': SEALING_KEY } as const;
const EXPORTED = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
];
const KEYS = EXPORTED.slice(0, 3);

/** A job that has sealed its session, and the emulator that it got it from. */
interface Sealed {
  readonly emulator: Emulator;
  readonly job: Job;
  readonly sealed: StepResult;
  readonly text: string;
}

async function seal(inputs: Readonly<Record<string, string>> = {}, world: World = demoWorld()): Promise<Sealed> {
  const { emulator, job } = await startJob({ world });
  const sealed = await succeeded(job.step({ inputs: { ...SESSION, ...SEAL, ...inputs } }));
  return { emulator, job, sealed, text: sealed.outputs['sealed-session'] ?? '' };
}

/** The inputs with which another job opens a text. */
function opening(text: string): Readonly<Record<string, string>> {
  return { 'aws-region': 'us-east-1', 'sealing-key': SEALING_KEY, 'sealed-session': text };
}

/** The credentials that a step exported. */
function keysOf({ exported }: StepResult): readonly (string | undefined)[] {
  return KEYS.map((name) => exported[name]);
}

/** The lines of a step's output before the first that is no mask, as the values that they mask. */
function maskedFirst({ stdout }: StepResult): readonly string[] {
  const lines = stdout.split('\n');
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith('::add-mask::')),
    )
    .map((line) => line.replace('::add-mask::', ''));
}

/** How many codes were looked at, whatever became of them. */
function codesSpent({ calls }: Emulator): number {
  return calls.filter(({ mfa, params }) => mfa !== undefined || 'TokenCode' in params).length;
}

describe('a job that seals its session', () => {
  test('puts it out as one text, and says so', async () => {
    const { sealed, text } = await seal();
    expect(text).toMatch(
      /^aws-mfa-1\.[\w-]{32}\.eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0\.\.[\w-]{16}\.[\w-]{300,4000}\.[\w-]{22}\.[\w-]{12}$/,
    );
    expect(withoutTimes(sealed.lines)).toEqual([
      naming('arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      naming(
        'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION',
        'sealed-session',
      ),
    ]);
  });

  test('has its credentials and outputs as without it', async () => {
    const { sealed } = await seal();
    expect(Object.keys(sealed.exported)).toEqual(EXPORTED);
    expect(Object.keys(sealed.outputs).toSorted()).toEqual([
      'authenticated-arn',
      'aws-account-id',
      'aws-expiration',
      'mfa-serial',
      'sealed-session',
    ]);
  });

  test('may keep its credentials to the seal', async () => {
    const { sealed, emulator, text } = await seal({ 'output-env-credentials': 'false' });
    expect(sealed.exported).toEqual({});
    expect(sealed.lines.at(-1)).toEqual(naming('sealed-session'));
    const opened = await succeeded(jobFor(emulator).step({ inputs: { ...opening(text), 'list-buckets': 'true' } }));
    expect(opened.outputs['bucket-count']).toBe('4');
  });

  test('masks the key first of all, and never the text: it is to be read', async () => {
    const { sealed, text } = await seal();
    expect(maskedFirst(sealed).slice(0, 3)).toEqual([
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'EEo5p5iGxK6UgZNyllLiFJwTUPQ94V/Okjq3U7Rjh0A=',
      'AKIAIOSFODNN7EXAMPLE',
    ]);
    expect(sealed.stdout).not.toContain(text);
  });

  test('puts out what GitHub passes on: none of its masks changes it, in any encoding', async () => {
    const { sealed, text } = await seal({ 'mask-aws-account-id': 'true', 'output-credentials': 'true' });
    const masks = sealed.commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    expect(masks.length).toBeGreaterThan(6);
    expect(maskedText(text, masks)).toBe(text);
  });

  test('puts out another text each time, and never the key or the credentials in it', async () => {
    const { sealed, text, emulator } = await seal();
    const again = await succeeded(
      jobFor(emulator).step({ inputs: { ...opening(text), 'seal-session': 'true', 'sealed-session-scope': 'run' } }),
    );
    expect(again.outputs['sealed-session']).not.toBe(text);
    const decoded = text.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const secret of [SEALING_KEY, DEMO.seed, ...keysOf(sealed), DEMO.accountId].map(String))
      expect(shownPieces([text, ...decoded].join('\n'), secret)).toEqual([]);
  });

  test('shows nothing of the key with debug logging on', async () => {
    const { job } = await startJob({ debug: true });
    const sealed = await succeeded(job.step({ inputs: { ...SESSION, ...SEAL, summary: 'true' } }));
    const seen = [sealed, ...(await job.post())].map((result) => visibleText(result, job.masks)).join('\n');
    for (const secret of [SEALING_KEY, ...keysOf(sealed)].map(String)) expect(shownPieces(seen, secret)).toEqual([]);
  });

  test.each([
    ['a role', { 'role-to-assume': ROLE }, ['AssumeRole']],
    [
      'a role after a session',
      { 'role-to-assume': ROLE, 'mfa-session-first': 'true' },
      ['GetSessionToken', 'AssumeRole'],
    ],
  ])('may seal that of %s', async (_, inputs, calls) => {
    const { emulator, sealed, text } = await seal(inputs);
    const opened = await succeeded(jobFor(emulator).step({ inputs: opening(text) }));
    expect(keysOf(opened)).toEqual(keysOf(sealed));
    expect(opened.outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions');
    expect(operations(emulator)).toEqual(calls);
  });

  test.each(['x', 'test'])(
    'does so at one code where the environment holds the keys of an emulator, %s',
    async (word) => {
      const env = { AWS_ACCESS_KEY_ID: word, AWS_SECRET_ACCESS_KEY: word, AWS_SESSION_TOKEN: word };
      const { emulator, job } = await startJob({ env });
      const sealed = await succeeded(job.step({ inputs: { ...SESSION, ...SEAL } }));
      expect(codesSpent(emulator)).toBe(1);
      const text = sealed.outputs['sealed-session'] ?? '';
      expect(maskedText(text, job.masks)).toBe(text);
      expect(keysOf(await succeeded(jobFor(emulator).step({ inputs: opening(text) })))).toEqual(keysOf(sealed));
    },
  );

  test('may seal the session of an earlier step, which says when it ends', async () => {
    const { emulator, job } = await startJob({ env: { AWS_CREDENTIAL_EXPIRATION: '2001-01-01T00:00:00Z' } });
    const first = await succeeded(job.step({ inputs: SESSION }));
    const second = await succeeded(job.step({ inputs: { ...SESSION, ...SEAL, 'use-existing-credentials': 'true' } }));
    expect(keysOf(second)).toEqual(keysOf(first));
    const opened = await succeeded(jobFor(emulator).step({ inputs: opening(second.outputs['sealed-session'] ?? '') }));
    expect(keysOf(opened)).toEqual(keysOf(first));
    expect(codesSpent(emulator)).toBe(1);
  });
});

describe('a job that opens what another one sealed', () => {
  test('has the same three credentials, at no call', async () => {
    const { emulator, sealed, text } = await seal();
    const before = operations(emulator);
    const opened = await succeeded(jobFor(emulator).step({ inputs: opening(text) }));
    expect(keysOf(opened)).toEqual(keysOf(sealed));
    expect(opened.exported).toEqual(sealed.exported);
    expect(operations(emulator)).toEqual(before);
    expect(codesSpent(emulator)).toBe(1);
  });

  test('says what it has in three lines', async () => {
    const { emulator, text } = await seal();
    const { lines, stderr } = await succeeded(jobFor(emulator).step({ inputs: opening(text) }));
    expect(withoutTimes(lines)).toEqual([
      naming('arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
    expect(stderr).toBe('');
  });

  test('has the same outputs, but for the text', async () => {
    const { emulator, sealed, text } = await seal();
    const { outputs } = await succeeded(jobFor(emulator).step({ inputs: opening(text) }));
    const { 'sealed-session': _, ...others } = sealed.outputs;
    expect(outputs).toEqual(others);
  });

  test('masks them before it prints anything else', async () => {
    const { emulator, sealed, text } = await seal();
    const opened = await succeeded(jobFor(emulator).step({ inputs: opening(text) }));
    expect(maskedFirst(opened)).toEqual(expect.arrayContaining([SEALING_KEY, ...keysOf(sealed)]));
    expect(maskedFirst(opened)[0]).toBe(SEALING_KEY);
  });

  test('shows nothing of them or of the key, with debug logging on', async () => {
    const { emulator, sealed, text } = await seal();
    const job = jobFor(emulator, { debug: true });
    const opened = await succeeded(job.step({ inputs: { ...opening(text), summary: 'true' } }));
    const seen = [opened, ...(await job.post())].map((result) => visibleText(result, job.masks)).join('\n');
    for (const secret of [SEALING_KEY, ...keysOf(sealed)].map(String)) expect(shownPieces(seen, secret)).toEqual([]);
  });

  test('may be given the key in any spelling', async () => {
    const { emulator, sealed, text } = await seal();
    const hex = Buffer.from(SEALING_KEY, 'base64').toString('hex');
    const url = Buffer.from(SEALING_KEY, 'base64').toString('base64url');
    for (const key of [hex, url, `${SEALING_KEY.slice(0, 20)}\n${SEALING_KEY.slice(20)}\n`]) {
      const opened = await succeeded(jobFor(emulator).step({ inputs: { ...opening(text), 'sealing-key': key } }));
      expect(keysOf(opened)).toEqual(keysOf(sealed));
    }
  });

  test('may have its inputs in the environment', async () => {
    const { emulator, sealed, text } = await seal();
    const env = { SEALING_KEY, SEALED_SESSION: text, AWS_REGION: 'us-east-1' };
    expect(keysOf(await succeeded(jobFor(emulator).step({ env })))).toEqual(keysOf(sealed));
  });

  test('does so with every network blocked', async () => {
    const { emulator, sealed, text } = await seal();
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' };
    const job = jobFor(emulator, { env });
    const opened = await succeeded(job.step({ inputs: { ...opening(text), 'action-timeout-s': '5' } }));
    expect(keysOf(opened)).toEqual(keysOf(sealed));
    expect(opened.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });

  test('does not even open a connection', async () => {
    const { emulator, text } = await seal();
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeAfterTest(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const job = jobFor(emulator, { env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` } });
    await succeeded(job.step({ inputs: opening(text) }));
    expect(connections).toBe(0);
  });

  test('takes them back in its post step, at no call', async () => {
    const { emulator, text } = await seal();
    const job = jobFor(emulator);
    await succeeded(job.step({ inputs: opening(text) }));
    const before = emulator.calls.length;
    const [post, ...more] = await job.post();
    expect(more).toEqual([]);
    expect(post?.exported).toEqual(Object.fromEntries(EXPORTED.map((name) => [name, ''])));
    expect(post?.stdout).toBe(
      'Restored AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION.\n',
    );
    expect([post?.exitCode, post?.stderr, emulator.calls.length]).toEqual([0, '', before]);
  });

  test('may put them out, and into a profile', async () => {
    const { emulator, sealed, text } = await seal();
    const job = jobFor(emulator);
    const inputs = { ...opening(text), 'output-credentials': 'true', 'aws-profile': 'sealed' };
    const { outputs, exported } = await succeeded(job.step({ inputs }));
    const [id, secret, token] = keysOf(sealed);
    expect(outputs).toMatchObject({
      'aws-access-key-id': id,
      'aws-secret-access-key': secret,
      'aws-session-token': token,
    });
    expect(exported).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    const file = join(job.home, '.aws', 'credentials');
    expect(readFileSync(file, 'utf8')).toContain(`aws_session_token = ${token}`);
    await job.post();
    expect(existsSync(file)).toBe(false);
  });

  test('may check its access with them, and with no others', async () => {
    const { emulator, sealed, text } = await seal();
    const before = emulator.calls.length;
    const inputs = { ...opening(text), 'list-buckets': 'true', 'expected-buckets': 'example-logs' };
    const { outputs, lines } = await succeeded(jobFor(emulator).step({ inputs }));
    expect(outputs['bucket-count']).toBe('4');
    expect(lines).toContainEqual(naming('4 bucket'));
    const calls = emulator.calls.slice(before);
    expect(calls.map(({ service }) => service)).toEqual(['s3', 's3']);
    for (const { accessKeyId, headers } of calls)
      expect([accessKeyId, headers['x-amz-security-token']]).toEqual([
        sealed.exported['AWS_ACCESS_KEY_ID'],
        sealed.exported['AWS_SESSION_TOKEN'],
      ]);
  });

  test('hides the account if account IDs are masked', async () => {
    const { emulator, text } = await seal();
    const inputs = { ...opening(text), 'mask-aws-account-id': 'true' };
    const { lines, stdout, outputs } = await succeeded(jobFor(emulator).step({ inputs }));
    expect(withoutTimes(lines).slice(0, 2)).toEqual([
      naming('arn:aws:iam::***:user/ci', 'arn:aws:iam::***:mfa/ci'),
      naming('TIME', '1 hour'),
    ]);
    expect(stdout.split('\n').filter((line) => line.includes('111122223333'))[0]).toBe('::add-mask::111122223333');
    expect(outputs['aws-account-id']).toBe('111122223333');
  });

  test('is served where its account is allowed', async () => {
    const { emulator, sealed, text } = await seal();
    const inputs = { ...opening(text), 'allowed-account-ids': '444455556666, 111122223333' };
    expect(keysOf(await succeeded(jobFor(emulator).step({ inputs })))).toEqual(keysOf(sealed));
  });

  test('may be another run of the repository, where both sides say so', async () => {
    const scope = { 'sealed-session-scope': 'repository' };
    const { emulator, sealed, text } = await seal(scope);
    const job = jobFor(emulator, { env: { GITHUB_RUN_ID: '1658821494' } });
    expect(keysOf(await succeeded(job.step({ inputs: { ...opening(text), ...scope } })))).toEqual(keysOf(sealed));
  });

  test('may be a later attempt of the same run', async () => {
    const { emulator, sealed, text } = await seal();
    const job = jobFor(emulator, { env: { GITHUB_RUN_ATTEMPT: '2', GITHUB_JOB: 'other' } });
    expect(keysOf(await succeeded(job.step({ inputs: opening(text) })))).toEqual(keysOf(sealed));
  });

  test('may seal them again for others', async () => {
    const { emulator, sealed, text } = await seal();
    const second = await succeeded(jobFor(emulator).step({ inputs: { ...opening(text), 'seal-session': 'true' } }));
    const again = second.outputs['sealed-session'] ?? '';
    expect(again).not.toBe(text);
    expect(keysOf(await succeeded(jobFor(emulator).step({ inputs: opening(again) })))).toEqual(keysOf(sealed));
    expect(codesSpent(emulator)).toBe(1);
  });

  test('replaces what is in its environment', async () => {
    const { emulator, sealed, text } = await seal();
    const env = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };
    const job = jobFor(emulator, { env });
    expect(keysOf(await succeeded(job.step({ inputs: opening(text) })))).toEqual(keysOf(sealed));
    expect((await job.post())[0]?.exported).toMatchObject({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  });
});

test('256 jobs open one text, all with the same credentials and without a single call', async () => {
  const { emulator, sealed, text } = await seal();
  const before = emulator.calls.length;
  const opened: string[] = [];
  let left = 256;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const job = jobFor(emulator);
      opened.push(JSON.stringify(keysOf(await succeeded(job.step({ inputs: opening(text) })))));
      job.close();
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  expect(opened).toHaveLength(256);
  expect(new Set(opened)).toEqual(new Set([JSON.stringify(keysOf(sealed))]));
  expect(emulator.calls).toHaveLength(before);
  expect(codesSpent(emulator)).toBe(1);
}, 180_000);

describe('a role with a sealed session', () => {
  test.each([
    ['by its ARN', ROLE],
    ['by its name, in the account of the session, which nobody has to be asked for', 'deploy'],
  ])('is assumed with that and without a code, %s', async (_, role) => {
    const { emulator, sealed, text } = await seal();
    const before = emulator.calls.length;
    const inputs = { ...opening(text), 'role-to-assume': role, 'role-duration-seconds': '900' };
    const { outputs, exported, lines } = await succeeded(jobFor(emulator).step({ inputs }));
    const [call, ...more] = emulator.calls.slice(before);
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      operation: 'AssumeRole',
      accessKeyId: sealed.exported['AWS_ACCESS_KEY_ID'],
      params: { RoleArn: ROLE, RoleSessionName: 'GitHubActions', DurationSeconds: '900' },
    });
    expect(call?.headers['x-amz-security-token']).toBe(sealed.exported['AWS_SESSION_TOKEN']);
    for (const name of ['SerialNumber', 'TokenCode']) expect(call?.params).not.toHaveProperty(name);
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(exported['AWS_ACCESS_KEY_ID']).not.toBe(sealed.exported['AWS_ACCESS_KEY_ID']);
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions');
    expect(withoutTimes(lines).slice(0, 2)).toEqual([
      naming('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '15 minutes'),
    ]);
  });

  test('has its credentials masked, and those of the session too, before anything else is printed', async () => {
    const { emulator, sealed, text } = await seal();
    const inputs = { ...opening(text), 'role-to-assume': ROLE };
    const opened = await succeeded(jobFor(emulator).step({ inputs }));
    expect(maskedFirst(opened)).toEqual(expect.arrayContaining([...keysOf(sealed), ...keysOf(opened)]));
  });

  test('checks its access with its own credentials', async () => {
    const { emulator, text } = await seal();
    const before = emulator.calls.length;
    const inputs = { ...opening(text), 'role-to-assume': ROLE, 'list-buckets': 'true' };
    const { exported, outputs } = await succeeded(jobFor(emulator).step({ inputs }));
    expect(emulator.calls.slice(before).map(({ operation, accessKeyId }) => [operation, accessKeyId])).toEqual([
      ['AssumeRole', expect.any(String)],
      ['ListBuckets', exported['AWS_ACCESS_KEY_ID']],
    ]);
    expect(outputs['bucket-count']).toBe('4');
  });

  test('may be many roles, each a profile', async () => {
    const world = demoWorld();
    const [account] = world.accounts;
    const [deploy] = account?.roles ?? [];
    account?.roles.push(build.role({ name: 'audit', trustPolicy: deploy?.trustPolicy ?? { Statement: [] } }));
    const { emulator, text } = await seal({}, world);
    const before = emulator.calls.length;
    const inputs = { ...opening(text), roles: 'one = deploy\ntwo = audit' };
    const { outputs } = await succeeded(jobFor(emulator).step({ inputs }));
    expect(JSON.parse(outputs['profiles'] ?? '')).toMatchObject([
      { name: 'one', arn: 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions' },
      { name: 'two', arn: 'arn:aws:sts::111122223333:assumed-role/audit/GitHubActions' },
    ]);
    expect(operations(emulator).slice(before)).toEqual(['AssumeRole', 'AssumeRole']);
    expect(codesSpent(emulator)).toBe(1);
  });

  test('may be asked for a secret key without special characters', async () => {
    const { emulator, text } = await seal();
    const inputs = { ...opening(text), 'role-to-assume': ROLE, 'special-characters-workaround': 'true' };
    const { exported } = await succeeded(jobFor(emulator).step({ inputs }));
    expect(exported['AWS_SECRET_ACCESS_KEY']).toMatch(/^[A-Za-z0-9]{40}$/);
  });
});

describe('with sealed-session-fallback the step gets a new session, and a warning says why, if the sealed one', () => {
  const SOON = new Date(Date.now() + 250_000).toISOString();
  const altered = sealedText().replace(/.{4}$/, 'AAAA');

  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ['is empty', opening(''), []],
    ['was altered', opening(altered), []],
    ['shows ***', opening(sealedText().replace('eyJ', '***')), []],
    ['has another version', opening(sealedText().replace('aws-mfa-1', 'aws-mfa-2')), ['2', '1']],
    ['has another key', opening(sealedText({ key: OTHER_KEY })), ['sealing-key']],
    [
      'is of another repository',
      opening(sealedText({ content: contentWith({ repository: 'octo-org/other' }) })),
      ['octo-org/other', 'octo-org/octo-repo'],
    ],
    [
      'is of another run',
      opening(sealedText({ content: contentWith({ runId: '1658821492' }) })),
      ['1658821492', '1658821493'],
    ],
    [
      'has ended',
      opening(sealedText({ content: contentWith({ expiration: '2020-01-01T00:00:00.000Z' }) })),
      ['2020-01-01T00:00:00Z'],
    ],
    [
      'ends too soon',
      opening(sealedText({ content: contentWith({ expiration: SOON }) })),
      [`${SOON.slice(0, 19)}Z`, '300'],
    ],
    [
      'is of an account that is not allowed',
      {
        ...opening(
          sealedText({
            content: contentWith({ arn: 'arn:aws:iam::444455556666:user/ci', expiration: '2099-01-01T00:00:00.000Z' }),
          }),
        ),
        'allowed-account-ids': '111122223333',
      },
      ['arn:aws:iam::444455556666:user/ci', 'allowed-account-ids'],
    ],
    [
      'is of another partition',
      opening(
        sealedText({
          content: contentWith({ arn: 'arn:aws-cn:iam::444455556666:user/ci', expiration: '2099-01-01T00:00:00.000Z' }),
        }),
      ),
      ['aws-cn', 'aws-region'],
    ],
    ['doesn’t hold a session', opening(sealedText({ content: contentWith({ sessionToken: undefined }) })), []],
  ])('%s', async (_, inputs, facts) => {
    const { emulator, job } = await startJob();
    const result = await succeeded(job.step({ inputs: { ...SESSION, ...inputs, 'sealed-session-fallback': 'true' } }));
    const warnings = result.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
    expect(warnings).toEqual([naming(...facts, 'sealed-session-fallback')]);
    expect(operations(emulator).toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
    expect(codesSpent(emulator)).toBe(1);
    expect(keysOf(result)).toEqual([expect.stringMatching(/^ASIA/), expect.any(String), expect.any(String)]);
    expect(result.outputs['authenticated-arn']).toBe('arn:aws:iam::111122223333:user/ci');
  });

  test('is empty, for a role with the code itself', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, ...opening(''), 'sealed-session-fallback': 'true', 'role-to-assume': ROLE };
    const { outputs } = await succeeded(job.step({ inputs }));
    expect(operations(emulator)).toEqual(['AssumeRole']);
    expect(emulator.calls[0]?.params).toMatchObject({ SerialNumber: DEMO.serial });
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions');
  });

  /** A session that opens, and that the emulator has never given out. */
  const UNKNOWN = sealedText({ content: contentWith({ expiration: '2099-01-01T00:00:00.000Z' }) });

  test.each([
    ['is unknown to AWS', undefined, 'AWS: InvalidClientTokenId'],
    [
      'is at its end for AWS',
      { code: 'ExpiredToken', message: 'The security token included in the request is expired' },
      'AWS: ExpiredToken',
    ],
  ])('%s when it is used for a role', async (_, refusal, why) => {
    const { emulator, job } = await startJob();
    if (refusal !== undefined)
      emulator.faults.add({ kind: 'refuse-with', operation: 'AssumeRole', status: 403, ...refusal });
    const inputs = { ...SESSION, ...opening(UNKNOWN), 'sealed-session-fallback': 'true', 'role-to-assume': ROLE };
    const { commands, outputs } = await succeeded(job.step({ inputs }));
    expect(commands.filter(({ name }) => name === 'warning')).toEqual([
      { name: 'warning', message: naming('AssumeRole', why, 'sealed-session-fallback') },
    ]);
    expect(emulator.calls.map(({ operation, accessKeyId }) => [operation, accessKeyId])).toEqual([
      ['AssumeRole', 'ASIASEALED0000000001'],
      ['AssumeRole', DEMO.accessKeyId],
    ]);
    expect(codesSpent(emulator)).toBe(1);
    expect(outputs['authenticated-arn']).toBe('arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions');
  });

  test('is empty, for a role whose secret is to have no special characters, at one code all the same', async () => {
    const { emulator, job } = await startJob();
    const role = { 'role-to-assume': ROLE, 'special-characters-workaround': 'true' };
    const inputs = { ...SESSION, ...opening(''), 'sealed-session-fallback': 'true', ...role };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(exported['AWS_SECRET_ACCESS_KEY']).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(new Set(operations(emulator))).toEqual(new Set(['GetSessionToken', 'AssumeRole']));
    expect(codesSpent(emulator)).toBe(1);
  });

  test('is empty, and is sealed for others then', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, ...SEAL, 'sealed-session-fallback': 'true' };
    const sealed = await succeeded(job.step({ inputs }));
    const text = sealed.outputs['sealed-session'] ?? '';
    expect(keysOf(await succeeded(jobFor(emulator).step({ inputs: opening(text) })))).toEqual(keysOf(sealed));
    expect(codesSpent(emulator)).toBe(1);
  });

  test('is of another account, which the warning hides if account IDs are masked', async () => {
    const { job } = await startJob();
    const arn = 'arn:aws:iam::444455556666:user/ci';
    const text = sealedText({ content: contentWith({ arn, expiration: '2099-01-01T00:00:00.000Z' }) });
    const { lines } = await succeeded(
      job.step({
        inputs: {
          ...SESSION,
          ...opening(text),
          'sealed-session-fallback': 'true',
          'allowed-account-ids': '111122223333',
          'mask-aws-account-id': 'true',
        },
      }),
    );
    expect(lines[0]).toEqual(naming('Warning: ', 'arn:aws:iam::***:user/ci', 'sealed-session-fallback'));
    expect(lines.join('\n')).not.toMatch(/444455556666|111122223333/);
  });
});

describe('with sealed-session-fallback no new session is requested', () => {
  test('if AWS refuses the role to a good session: it would refuse a new one, too', async () => {
    const { emulator, text } = await seal();
    const before = emulator.calls.length;
    const inputs = { ...SESSION, ...opening(text), 'sealed-session-fallback': 'true', 'role-to-assume': 'other' };
    const refused = await jobFor(emulator).step({ inputs });
    expect(refused.exitCode).toBe(1);
    expect(operations(emulator).slice(before)).toEqual(['AssumeRole']);
    expect(codesSpent(emulator)).toBe(1);
    expect(refused.commands.filter(({ name }) => name === 'warning')).toEqual([]);
    expectFailure(annotationOf(refused), 'assume-role-denied', 'AssumeRole', 'role/other');
  });

  test('if the sealed session can be used', async () => {
    const { emulator, sealed, text } = await seal();
    const before = emulator.calls.length;
    const inputs = { ...SESSION, ...opening(text), 'sealed-session-fallback': 'true' };
    const opened = await succeeded(jobFor(emulator).step({ inputs }));
    expect(keysOf(opened)).toEqual(keysOf(sealed));
    expect(emulator.calls).toHaveLength(before);
    expect(opened.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });

  test('and the seed is masked all the same', async () => {
    const { emulator, text } = await seal();
    const inputs = { ...SESSION, ...opening(text), 'sealed-session-fallback': 'true' };
    const opened = await succeeded(jobFor(emulator).step({ inputs }));
    expect(maskedFirst(opened)).toEqual(expect.arrayContaining([DEMO.seed, DEMO.secretAccessKey, SEALING_KEY]));
  });
});
