import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NOTE, startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { modeOf } from '../../unit/shell/folders.ts';

describe('env', () => {
  test('prints nothing unless the user insists, and spends no code on that', async () => {
    const { run, emulator } = await startShell();
    expect(await run(['env'])).toMatchObject({
      exitCode: 125,
      stdout: '',
      stderr: expect.stringContaining('add --insecure-print if nobody else reads the output'),
    });
    expect(emulator.calls).toEqual([]);
  });

  testNeeding('file modes')('prints what a shell reads, or JSON', async () => {
    const { run, emulator } = await startShell();
    const { stdout, stderr } = await run(['env', '--insecure-print']);
    expect(stderr).toBe(NOTE);
    const input = `${stdout}printf '%s %s %s %s' $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN $AWS_REGION`;
    const json = await run(['env', '--insecure-print', '--format', 'json']);
    const { accessKeyId, secretAccessKey, sessionToken, region } = JSON.parse(json.stdout);
    const [first, second] = emulator.sessions.map((one) => [one.accessKeyId, one.secretAccessKey, one.sessionToken]);
    expect(execFileSync('sh', ['-s'], { input, encoding: 'utf8' }).split(' ')).toEqual([...(first ?? []), 'us-east-1']);
    expect([accessKeyId, secretAccessKey, sessionToken, region]).toEqual([...(second ?? []), 'us-east-1']);
  });

  test('writes a new file that only the user can read', async () => {
    const { run, home } = await startShell();
    const ran = await run(['env', '--output', 'keys.env', '--format', 'dotenv']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
    expect(readFileSync(join(home, 'keys.env'), 'utf8')).toMatch(/^AWS_ACCESS_KEY_ID=ASIA\w+\n/);
    if (process.platform !== 'win32') expect(modeOf(join(home, 'keys.env'))).toBe('600');
  });

  test.each([
    [['--output', 'keys.env'], '--output keys.env exists. Remove it first.'],
    [['--output', 'missing/keys.env'], "--output missing/keys.env can't be written: ENOENT"],
    [['--format', 'github'], '--format github writes to the file in GITHUB_ENV, which is not set.'],
    [['--format', 'xml'], '--format must be one of sh, dotenv, fish, powershell, cmd, json, process, github, azure.'],
  ])('spends no code if it has nowhere to write: %j', async (args, message) => {
    const { run, home, emulator } = await startShell();
    writeFileSync(join(home, 'keys.env'), 'mine');
    const ran = await run(['env', ...args], { env: { GITHUB_ACTIONS: 'true' } });
    expect(ran).toMatchObject({ exitCode: 125, stdout: '', stderr: expect.stringContaining(message) });
    expect(readFileSync(join(home, 'keys.env'), 'utf8')).toBe('mine');
    expect(emulator.calls).toEqual([]);
  });

  test('leaves no file if there are no credentials', async () => {
    const { run, home } = await startShell();
    const ran = await run(['env', '--output', 'keys.env', '--allowed-account-ids', '999999999999']);
    expect(ran).toMatchObject({ exitCode: 125, stdout: '' });
    expect(existsSync(join(home, 'keys.env'))).toBe(false);
  });
});
