import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { codesSent, NOTE, type Shell, startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { modeOf } from '../../unit/shell/folders.ts';

/** The paths of the user's cached sessions. */
function cached({ home }: Shell): readonly string[] {
  const paths = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => /session-[0-9a-f]{64}\.json$/.test(path)).map((path) => join(home, path));
}

describe('credential-process', () => {
  test('prints the form that SDKs read, on one line', async () => {
    const { run, emulator } = await startShell();
    const { exitCode, stdout, stderr } = await run(['credential-process']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: NOTE });
    const [session] = emulator.sessions;
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({
      Version: 1,
      AccessKeyId: session?.accessKeyId,
      SecretAccessKey: session?.secretAccessKey,
      SessionToken: session?.sessionToken,
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    });
  });

  test('answers again from the cache, without a code and without AWS, until the cache is cleared', async () => {
    const shell = await startShell();
    const first = await shell.run(['credential-process']);
    const calls = shell.emulator.calls.length;
    expect(await shell.run(['credential-process'])).toEqual({ ...first, stderr: '' });
    expect(shell.emulator.calls).toHaveLength(calls);
    expect(await shell.run(['cache', 'clear'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(cached(shell)).toEqual([]);
    expect((await shell.run(['credential-process'])).stdout).not.toBe(first.stdout);
    expect(new Set(codesSent(shell.emulator)).size).toBe(2);
  });

  testNeeding('file modes')(
    'keeps sessions where only the user can read them, without the seed and the key',
    async () => {
      const shell = await startShell();
      await shell.run(['credential-process']);
      const [path = '', ...others] = cached(shell);
      expect(others).toEqual([]);
      expect([modeOf(path), modeOf(join(path, '..'))]).toEqual(['600', '700']);
      const folder = readdirSync(join(path, '..'), { withFileTypes: true }).filter((entry) => entry.isFile());
      const texts = folder.map(({ name }) => readFileSync(join(path, '..', name), 'utf8')).join('\n');
      for (const secret of [DEMO.seed, DEMO.secretAccessKey, ...codesSent(shell.emulator)])
        expect(texts.includes(secret)).toBe(false);
    },
  );

  test('keeps a session for each role', async () => {
    const shell = await startShell();
    const role = ['credential-process', '--role-to-assume', 'deploy'];
    const answers = [await shell.run(['credential-process']), await shell.run(role), await shell.run(role)];
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(2);
    expect(cached(shell)).toHaveLength(2);
  });

  test('keeps a session for each file that keys come from', async () => {
    const { run, home } = await startShell();
    const write = (file: string, key: string): void =>
      writeFileSync(
        join(home, file),
        `[default]\naws_access_key_id = ${key}\naws_secret_access_key = ${DEMO.secretAccessKey}\n`,
      );
    write('one', DEMO.accessKeyId);
    write('two', 'AKIAIOSFODNN7UNKNOWN');
    const from = (file: string) => ({
      env: { AWS_ACCESS_KEY_ID: undefined, AWS_SHARED_CREDENTIALS_FILE: join(home, file), DISABLE_RETRY: 'true' },
    });
    expect(await run(['credential-process'], from('one'))).toMatchObject({ exitCode: 0 });
    expect(await run(['credential-process'], from('two'))).toMatchObject({ exitCode: 125, stdout: '' });
  });

  test('spends one code on 20 calls at once', async () => {
    const { run, emulator } = await startShell();
    const answers = await Promise.all(Array.from({ length: 20 }, () => run(['credential-process'])));
    expect(answers.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
    expect(codesSent(emulator)).toHaveLength(1);
  });

  test('never sends a code that another process has sent, whatever each of them gets', async () => {
    const { run, emulator } = await startShell();
    const commands = [['whoami'], ['credential-process'], ['exec', '--', process.execPath, '-e', '']];
    const answers = await Promise.all(commands.map((command) => run(command)));
    expect(answers.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(new Set(codesSent(emulator)).size).toBe(3);
    expect(codesSent(emulator)).toHaveLength(3);
  });
});
