import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { codesSent, NOTE, script, startShell, VARIABLES } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { shownPieces } from '../../kit/secrets.ts';

const KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';
const NOTHING = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, undefined]));
const OTHER_JOB = { ...NOTHING, AWS_REGION: DEMO.region, SEALING_KEY: KEY };
const GITLAB = { GITLAB_CI: 'true', CI_PROJECT_PATH: 'acme/app', CI_PIPELINE_ID: '42' };
const PRINT_ENV = script('process.stdout.write(JSON.stringify(process.env))');
const SAID = 'aws-mfa-credentials: ';

describe('seal and open', () => {
  test('pass one session to other jobs, which need no keys and no code', async () => {
    const { run, emulator } = await startShell();
    const { exitCode, stdout, stderr } = await run(['seal'], { env: { ...GITLAB, SEALING_KEY: KEY } });
    expect({ exitCode, stderr, stdout }).toEqual({
      exitCode: 0,
      stderr: NOTE,
      stdout: expect.stringMatching(/^aws-mfa-1\.\S+\n$/),
    });
    const [session] = emulator.sessions;
    for (const secret of [session?.secretAccessKey ?? '', session?.sessionToken ?? '', KEY])
      expect(shownPieces(stdout, secret)).toEqual([]);
    const opened = await run(['open', '--sealed-session-file', '-', ...PRINT_ENV], {
      env: { ...OTHER_JOB, ...GITLAB },
      stdin: stdout,
    });
    expect(opened).toMatchObject({ exitCode: 0, stderr: '' });
    const env = JSON.parse(opened.stdout);
    expect(env).toMatchObject({ AWS_SESSION_TOKEN: session?.sessionToken, AWS_REGION: DEMO.region });
    expect(Object.keys(env)).not.toContain('SEALING_KEY');
    expect(codesSent(emulator)).toHaveLength(1);
  });

  test('are bound to a scope, and the role is assumed where the session is opened', async () => {
    const { run, emulator, home } = await startShell();
    writeFileSync(join(home, 'key'), `${KEY}\n`, { mode: 0o600 });
    const sealing = ['--scope', 'nightly 7', '--sealing-key-file', join(home, 'key')];
    expect(await run(['seal', ...sealing, '--output', 'sealed'])).toMatchObject({ exitCode: 0, stdout: '' });
    const opening = ['open', ...sealing, '--sealed-session-file', 'sealed', '--role-to-assume', 'deploy', ...PRINT_ENV];
    const { stdout, exitCode } = await run(opening, { env: { ...NOTHING, AWS_REGION: DEMO.region } });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AWS_ACCESS_KEY_ID: emulator.sessions[1]?.accessKeyId });
    expect(emulator.calls.map(({ operation }) => operation)).toEqual([
      'GetSessionToken',
      'GetCallerIdentity',
      'AssumeRole',
    ]);
  });

  testNeeding('file modes')('write a file that nobody else can read, and none if there is no session', async () => {
    const { run, home } = await startShell();
    const sealing = ['seal', '--scope', 'x', '--output'];
    const env = { SEALING_KEY: KEY };
    await run([...sealing, 'sealed'], { env });
    expect(statSync(join(home, 'sealed')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, 'sealed'), 'utf8')).toMatch(/^aws-mfa-1\.\S+\n$/);
    expect((await run([...sealing, 'other', '--role-to-assume', 'unknown'], { env })).exitCode).toBe(125);
    expect(statSync(join(home, 'other'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test.each([
    ['the scope is another', ['--scope', 'b'], {}, 'The session was sealed for scope a, but this is b.'],
    ['the key is another', ['--scope', 'a'], { SEALING_KEY: `B${KEY.slice(1)}` }, 'The session was sealed with a diff'],
    ['the CI is unknown', [], {}, 'This CI is unknown, so --scope must say what the sealed session is bound to'],
    ['the scope is empty', ['--scope', ''], {}, '--scope is empty, so it would bind the sealed session to nothing.'],
    ['there is no key', ['--scope', 'a'], { SEALING_KEY: '' }, '--sealing-key-file is empty'],
    ['nothing was sealed', ['--scope', 'a'], { SEALED_SESSION: '' }, 'No sealed session was given.'],
    ['it was cut', ['--scope', 'a'], { SEALED_SESSION: 'aws-mfa-1.abc' }, "The sealed session isn't exactly what"],
  ])('fail before the command runs if %s', async (_, args, env, message) => {
    const { run } = await startShell();
    const sealed = (await run(['seal', '--scope', 'a'], { env: { SEALING_KEY: KEY } })).stdout.trim();
    const ran = await run(['open', ...args, ...PRINT_ENV], { env: { ...OTHER_JOB, SEALED_SESSION: sealed, ...env } });
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(`${SAID}${message}`) });
  });

  test('get a new session if the sealed one is of another run and that is allowed', async () => {
    const { run, emulator } = await startShell();
    const env = { ...GITLAB, SEALING_KEY: KEY };
    const sealed = (await run(['seal'], { env })).stdout.trim();
    const opening = ['open', '--sealed-session-fallback', ...PRINT_ENV];
    const ran = await run(opening, { env: { ...env, SEALED_SESSION: sealed, CI_PIPELINE_ID: '43' } });
    expect(ran).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('sealed for run 42, but this is run 43.'),
    });
    expect(JSON.parse(ran.stdout)).toMatchObject({ AWS_ACCESS_KEY_ID: emulator.sessions[1]?.accessKeyId });
  });

  test("don't change what other commands do with the same variables", async () => {
    const { run } = await startShell();
    const env = { SEALING_KEY: KEY, SEALED_SESSION: 'anything' };
    const { exitCode, stdout } = await run(['exec', ...PRINT_ENV], { env });
    expect(exitCode).toBe(0);
    expect(Object.keys(JSON.parse(stdout)).filter((name) => name in env)).toEqual([]);
  });
});
