import { type ChildProcess, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { codesSent, type Ran, script, startShell, VARIABLES } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { shownPieces } from '../../kit/secrets.ts';

const NO_SEED = { MFA_SEED: undefined };
const SECRET = 'K4XGY2LTORSW4ZLS';
const PASSWORD = 'p4ssw0rd-of-the-proxy';
const SECRETS = [DEMO.seed, DEMO.secretAccessKey];

const SEALING_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';

/** Everything that files in a folder contain, and their names. */
function textsIn(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => entry.name + (entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), 'utf8') : ''))
    .join('\n');
}

/** Fails if a secret shows in what the command printed. */
function expectNoSecret({ stdout, stderr }: Ran, secrets: readonly string[]): void {
  for (const secret of secrets) expect(shownPieces(stdout + stderr, secret)).toEqual([]);
}

describe('a secret on the command line', () => {
  test.each([
    [['--mfa-seed', SECRET], "--mfa-seed isn't accepted on the command line"],
    [[`--mfa-seed=${SECRET}`], "--mfa-seed isn't accepted on the command line"],
    [['--aws-secret-access-key', SECRET], 'or use --aws-secret-access-key-file FILE (- for standard input).'],
    [[`--mfa-seeed=${SECRET}`], 'unknown option --mfa-seeed\n'],
    [['--mfa-seed-flie', SECRET], 'unknown option --mfa-seed-flie (Did you mean --mfa-seed-file?)\n'],
    [[`--mfa-seeed=a'${SECRET}'b`], 'unknown option --mfa-seeed\n'],
    [[`--mfa-seed${SECRET}`], 'unknown option\n'],
    [[`--mfa-seed${SECRET.toLowerCase()}`], 'unknown option\n'],
    [[`-s${SECRET}`], 'unknown option\n'],
    [[SECRET], 'too many arguments'],
  ])('is refused and not repeated: %j', async (args, message) => {
    const { run, emulator } = await startShell();
    const ran = await run(['whoami', ...args]);
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(message) });
    expectNoSecret(ran, [SECRET]);
    expect(emulator.calls).toEqual([]);
  });

  test.each([
    [[SECRET], 'unknown command'],
    [['help', SECRET], 'none of that name exists'],
    [['cache', SECRET], 'unknown command'],
    [['--mfa-seed', SECRET, 'exec'], 'unknown option --mfa-seed'],
  ])('is not repeated in the place of a command: %j', async (args, message) => {
    const { run } = await startShell();
    const ran = await run(args);
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(message) });
    expectNoSecret(ran, [SECRET]);
  });
});

describe('a seed is read', () => {
  test('from a file', async () => {
    const { run, home } = await startShell();
    writeFileSync(join(home, 'seed'), `${DEMO.seed}\n`);
    expect(await run(['whoami', '--mfa-seed-file', 'seed'], { env: NO_SEED })).toMatchObject({ exitCode: 0 });
  });

  test('from standard input, of which the command gets none', async () => {
    const { run } = await startShell();
    const count = script(
      "let n = 0; process.stdin.on('data', (d) => { n += d.length }).on('end', () => console.log(n))",
    );
    const ran = await run(['exec', '--mfa-seed-file', '-', ...count], { env: NO_SEED, stdin: `${DEMO.seed}\r\n` });
    expect(ran).toMatchObject({ exitCode: 0, stdout: '0\n' });
  });

  testNeeding('processes as files')('from a file descriptor', async () => {
    const { run } = await startShell();
    const ran = await run(['whoami', '--mfa-seed-file', '/dev/fd/3'], {
      env: NO_SEED,
      redirect: `3<<END\n${DEMO.seed}\nEND\n`,
    });
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('MFA device: arn:aws:iam::1111') });
  });

  test.each([
    [['--mfa-seed-file', '-', '--aws-secret-access-key-file', '-'], 'Only one secret can be read from standard input.'],
    [['--mfa-seed-file', '-'], '--mfa-seed-file - is empty.'],
    [['--mfa-seed-file', 'missing'], "--mfa-seed-file missing can't be read: ENOENT"],
    [['--mfa-seed-file', '.'], "--mfa-seed-file . can't be read: EISDIR"],
    [['--mfa-seed-file', process.execPath], 'is larger than 64 KB.'],
  ])('or the command says why not: %j', async (args, message) => {
    const { run } = await startShell();
    const ran = await run(['whoami', ...args], { env: NO_SEED });
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('an access key in one value', () => {
  const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const PAIR = `${DEMO.accessKeyId}:${DEMO.secretAccessKey}`;

  test('is read from a file', async () => {
    const { run, home, emulator } = await startShell();
    writeFileSync(join(home, 'key'), `${PAIR}\n`);
    expect(await run(['whoami', '--aws-access-key-file', 'key'], { env: NO_KEYS })).toMatchObject({ exitCode: 0 });
    expect(emulator.calls[0]).toMatchObject({ accessKeyId: DEMO.accessKeyId, status: 200 });
  });

  test('is read from AWS_ACCESS_KEY, and wins over the keys of other tools', async () => {
    const { run, emulator } = await startShell();
    const others = {
      AWS_ACCESS_KEY_ID: 'AKIAI44QH8DHBEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'theSecretOfAnotherKey/EXAMPLE',
    };
    const ran = await run(['whoami'], { env: { ...others, AWS_ACCESS_KEY: PAIR } });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(emulator.calls[0]).toMatchObject({ accessKeyId: DEMO.accessKeyId, status: 200 });
  });

  test('is not passed on to the command', async () => {
    const { run } = await startShell();
    const printEnv = script('process.stdout.write(JSON.stringify(process.env))');
    const { exitCode, stdout } = await run(['exec', ...printEnv], { env: { ...NO_KEYS, AWS_ACCESS_KEY: PAIR } });
    expect(exitCode).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).not.toContain('AWS_ACCESS_KEY');
    expect(shownPieces(stdout, DEMO.secretAccessKey)).toEqual([]);
  });

  test.each(['AKIAI44QH8DHBEXAMPLE', ' ', 'theSecretOfAnotherKey/EXAMPLE'])(
    'is not what AWS_ACCESS_KEY is for older tools: %j',
    async (AWS_ACCESS_KEY) => {
      const { run, emulator } = await startShell();
      expect(await run(['whoami'], { env: { AWS_ACCESS_KEY } })).toMatchObject({ exitCode: 0 });
      expect(emulator.calls[0]).toMatchObject({ accessKeyId: DEMO.accessKeyId, status: 200 });
    },
  );

  test.each([
    [`${DEMO.accessKeyId} ${DEMO.secretAccessKey}`, 'AWS_ACCESS_KEY contains whitespace. Write ID:SECRET.'],
    [`${DEMO.accessKeyId}:`, 'AWS_ACCESS_KEY has an access key ID, but no secret. Write ID:SECRET.'],
    [`ASIAIOSFODNN7EXAMPLE:${DEMO.secretAccessKey}`, 'AWS_ACCESS_KEY is a temporary key (ASIA…)'],
  ])('is refused without showing it if it is wrong', async (AWS_ACCESS_KEY, message) => {
    const { run, emulator } = await startShell();
    const ran = await run(['whoami'], { env: { ...NO_KEYS, AWS_ACCESS_KEY } });
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(message) });
    expectNoSecret(ran, [DEMO.secretAccessKey]);
    expect(emulator.calls).toEqual([]);
  });

  test('is not accepted on the command line', async () => {
    const { run } = await startShell();
    const ran = await run(['whoami', '--aws-access-key', PAIR], { env: NO_KEYS });
    expect(ran).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('Set AWS_ACCESS_KEY, or use --aws-access-key-file FILE'),
    });
    expectNoSecret(ran, [DEMO.secretAccessKey]);
  });
});

testNeeding('signals')('a command that waits for a secret from standard input can be ended', async () => {
  const { run } = await startShell();
  const onStart = (child: ChildProcess): unknown => setTimeout(() => child.kill('SIGINT'), 1000);
  // Its standard input stays open, so nothing else ends it. It may be so slow that it doesn't read yet.
  const ended = await run(['whoami', '--mfa-seed-file', '-'], { env: NO_SEED, stdin: undefined, onStart });
  expect(ended).toMatchObject({ stdout: '' });
});

test('everything that is wrong with the inputs is said at once, by the names of flags and variables', async () => {
  const { run } = await startShell();
  const env = { AWS_REGION: undefined, MFA_SEED: 'not base32!', MFA_SERIAL: 'ci' };
  const { exitCode, stdout, stderr } = await run(['env', '--insecure-print', '--role-duration-seconds', '5'], { env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
  expect(stderr).toMatch(/^(aws-mfa-credentials: .*\n){4,}$/);
  for (const name of ['--aws-region', 'MFA_SEED', 'MFA_SERIAL', '--role-duration-seconds'])
    expect(stderr).toContain(name);
  expect(stderr).not.toContain('base32!');
});

test('a check without anything to check fails', async () => {
  const { run, emulator } = await startShell();
  const ran = await run(['check'], { env: { EXPECTED_BUCKET: 'example-logs' } });
  expect(ran).toMatchObject({ exitCode: 125, stderr: expect.stringContaining('check needs --list-buckets') });
  expect(emulator.calls).toEqual([]);
});

describe('no secret shows', () => {
  testNeeding('processes as files')('in the arguments of the command and of what it runs', async () => {
    const { run, home } = await startShell();
    writeFileSync(join(home, 'seed'), DEMO.seed);
    const code = `const fs = require('fs'); const { AWS_CONTAINER_AUTHORIZATION_TOKEN: token, AWS_SECRET_ACCESS_KEY: key } = process.env;
      console.log(JSON.stringify([token ?? key, ...[process.pid, process.ppid].map((pid) => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8'))]))`;
    for (const serve of [[], ['--serve']]) {
      const { stdout } = await run(['exec', ...serve, '--mfa-seed-file', 'seed', ...script(code)], { env: NO_SEED });
      const [handedOver, ...lines]: readonly string[] = JSON.parse(stdout);
      expect(lines).toHaveLength(2);
      for (const secret of [...SECRETS, String(handedOver)]) expect(shownPieces(lines.join('\n'), secret)).toEqual([]);
    }
  });

  test.each([
    ['a wrong seed', { MFA_SEED: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }],
    ['a damaged seed', { MFA_SEED: `${DEMO.seed}!` }],
    ['a wrong key', { AWS_SECRET_ACCESS_KEY: 'aVeryWrongSecretAccessKeyOfFortyLetters0' }],
    ['an unknown key', { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7UNKNOWN' }],
    ['an unknown role', { ROLE_TO_ASSUME: 'nobody' }],
    ['another account', { ALLOWED_ACCOUNT_IDS: '999999999999' }],
    ['no AWS', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }],
    [
      'no proxy',
      { HTTPS_PROXY: `http://user:${PASSWORD}@127.0.0.1:9`, STS_ENDPOINT: 'https://sts.us-east-1.amazonaws.com' },
    ],
  ] as const)('in any failure: %s', async (_, env) => {
    const { run, emulator, home } = await startShell();
    const commands = [
      ['exec'],
      ['exec', '--serve'],
      ['credential-process'],
      ['env', '--insecure-print'],
      ['whoami'],
      ['seal', '--scope', 'x'],
    ];
    for (const command of commands) {
      const rest = command[0] === 'exec' ? script("console.log('it ran')") : [];
      const quick = { DISABLE_RETRY: 'true', MFA_MAX_WAIT_SECONDS: '0', SEALING_KEY };
      const ran = await run([...command, ...rest], { env: { ...quick, ...env } });
      expect(ran).toMatchObject({
        exitCode: 125,
        stdout: '',
        stderr: expect.stringMatching(/^(aws-mfa-credentials: \S.*\n)+$/),
      });
      const { MFA_SEED, AWS_SECRET_ACCESS_KEY }: Readonly<Record<string, string>> = { ...VARIABLES, ...env };
      const got = emulator.sessions.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken]);
      const secrets = [String(MFA_SEED), String(AWS_SECRET_ACCESS_KEY), PASSWORD, SEALING_KEY, ...got];
      expectNoSecret(ran, secrets);
      const files = textsIn(home);
      for (const secret of secrets) expect(shownPieces(files, secret)).toEqual([]);
      for (const code of codesSent(emulator)) expect(ran.stderr).not.toContain(code);
    }
  });
});

testNeeding('FIFOs')('a signal ends the command while a FIFO has no writer', async () => {
  const { run, home } = await startShell();
  execFileSync('mkfifo', [join(home, 'fifo')]);
  const { exitCode, stderr } = await run(['whoami', '--mfa-seed-file', 'fifo'], {
    env: NO_SEED,
    onStart: (child) => void setTimeout(() => child.kill('SIGTERM'), 1000),
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 125, stderr: expect.stringContaining('cancelled (SIGTERM)') });
});
