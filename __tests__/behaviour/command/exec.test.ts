import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { NOTE, script, startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { shownPieces } from '../../kit/secrets.ts';

const PRINT_ENV = script('process.stdout.write(JSON.stringify(process.env))');
const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

describe('exec', () => {
  test('gives the command the session, and prints nothing itself', async () => {
    const { run, emulator, home } = await startShell();
    const { exitCode, stdout, stderr } = await run(['exec', ...PRINT_ENV], { env: { OTHER: 'kept' } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: NOTE });
    const [session] = emulator.sessions;
    expect(JSON.parse(stdout)).toMatchObject({
      AWS_ACCESS_KEY_ID: session?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session?.secretAccessKey,
      AWS_SESSION_TOKEN: session?.sessionToken,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      HOME: home,
      OTHER: 'kept',
    });
  });

  test('takes away secrets, long-term keys, and what would win over the session', async () => {
    const { run, home } = await startShell();
    const keys = `aws_access_key_id = ${DEMO.accessKeyId}\naws_secret_access_key = ${DEMO.secretAccessKey}\n`;
    writeFileSync(join(home, 'credentials'), `[work]\n${keys}`);
    const gone = {
      AWS_PROFILE: 'work',
      AWS_DEFAULT_PROFILE: 'other',
      AWS_SECURITY_TOKEN: 'old',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
      AWS_ROLE_ARN: DEMO.roleArn,
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials',
      AWS_ACCESS_KEY: DEMO.accessKeyId,
      AWS_SECRET_KEY: DEMO.secretAccessKey,
      MFA_SEED: DEMO.seed,
      MFA_CODE: '',
      MFA_DEVICES: '',
      SEALING_KEY: 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=',
    };
    const { exitCode, stdout } = await run(['exec', ...PRINT_ENV], {
      env: { ...NO_KEYS, ...gone, AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials') },
    });
    expect(exitCode).toBe(0);
    expect(Object.keys(JSON.parse(stdout)).filter((name) => name in gone)).toEqual([]);
    for (const secret of [DEMO.seed, DEMO.accessKeyId, DEMO.secretAccessKey])
      expect(shownPieces(stdout, secret)).toEqual([]);
  });

  test('assumes a role', async () => {
    const { run, emulator } = await startShell();
    const { stdout } = await run(['exec', '--role-to-assume', 'deploy', ...PRINT_ENV]);
    expect(JSON.parse(stdout)).toMatchObject({ AWS_ACCESS_KEY_ID: emulator.sessions[0]?.accessKeyId });
    expect(emulator.calls[0]).toMatchObject({
      operation: 'AssumeRole',
      params: { RoleArn: DEMO.roleArn },
      status: 200,
    });
  });

  test("leaves the command's arguments and standard input alone", async () => {
    const { run } = await startShell();
    const echo = script('process.stdin.pipe(process.stdout); console.log(process.argv.slice(1).join(" "))');
    const { stdout } = await run(['exec', ...echo, '--', '--serve', '--mfa-seed=x', '--help'], { stdin: 'input' });
    expect(stdout).toBe('--serve --mfa-seed=x --help\ninput');
  });

  test('notices that it runs within another exec', async () => {
    const { run } = await startShell();
    const env = { AWS_MFA_CREDENTIALS_EXEC: '1' };
    expect((await run(['exec', ...PRINT_ENV], { env })).stderr).toBe(
      `aws-mfa-credentials: This runs within another exec, which took the seed and the long-term keys out of the environment. Its credentials are replaced.\n${NOTE}`,
    );
    expect(JSON.parse((await run(['exec', ...PRINT_ENV])).stdout)).toMatchObject(env);
  });
});

describe("exec's exit code is", () => {
  test.each([
    ["the command's", script('process.exit(7)'), 7, ''],
    ["127 if the command doesn't exist", ['--', 'no-such-command'], 127, 'no-such-command: command not found'],
    ['125 if there are no credentials', ['--aws-region', '!', ...script('')], 125, '--aws-region'],
    ['125 if there is no command', [], 125, "missing required argument 'command'"],
  ])('%s', async (_, args, exitCode, message) => {
    const { run } = await startShell();
    expect(await run(['exec', ...args])).toMatchObject({
      exitCode,
      stdout: '',
      stderr: expect.stringContaining(`aws-mfa-credentials: ${message}`),
    });
  });

  testNeeding('file modes')("126 if the command can't be run", async () => {
    const { run, home } = await startShell();
    writeFileSync(join(home, 'text'), '');
    chmodSync(join(home, 'text'), 0o600);
    expect(await run(['exec', '--', './text'])).toMatchObject({
      exitCode: 126,
      stderr: expect.stringMatching(/\naws-mfa-credentials: \.\/text can't be run: .*EACCES.*\n$/),
    });
  });

  testNeeding('signals').each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('128 + n after %s', async (signal, exitCode) => {
    const { run } = await startShell();
    expect(
      await run(['exec', ...script(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000)`)]),
    ).toMatchObject({
      exitCode,
      signal: null,
      stderr: NOTE,
    });
  });
});

testNeeding('signals').each(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
  'exec passes %s on to the command, once, if no terminal does',
  async (signal) => {
    const { run } = await startShell();
    const code = `let n = 0; process.on('${signal}', () => { n += 1; setTimeout(() => process.exit(40 + n), 200); });
      setInterval(() => {}, 1000); console.log('ready')`;
    let sent = false;
    const { exitCode, stderr } = await run(['exec', ...script(code)], {
      onOutput: (_, child) => {
        if (!sent) child.kill(signal);
        sent = true;
      },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 41, stderr: NOTE });
  },
);
