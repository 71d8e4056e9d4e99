import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { script, startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';

const hasCli = spawnSync('aws', ['--version']).status === 0 || process.env['REQUIRE_AWS_CLI'] === '1';
const BUCKETS = ['example-artifacts', 'example-backups-eu', 'example-logs', 'example-site'];
const LIST = ['--', 'aws', 's3api', 'list-buckets', '--query', 'Buckets[].Name', '--output', 'json'];
const USERS = '[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = x\n';
const ASK = `(async () => {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token } = process.env;
  const answers = [];
  for (const authorization of [token, 'another', undefined]) {
    const response = await fetch(url, { headers: authorization && { authorization } });
    answers.push([response.status, await response.json()]);
  }
  console.log(JSON.stringify({ url, answers, names: Object.keys(process.env) }));
})()`;

describe('exec --serve', () => {
  test('serves the session to the command alone, which gets no keys, until it ends', async () => {
    const { run, emulator } = await startShell();
    const { exitCode, stdout } = await run(['exec', '--serve', ...script(ASK)]);
    expect(exitCode).toBe(0);
    const { url, answers, names } = JSON.parse(stdout);
    const [session] = emulator.sessions;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(answers.map(([status]: readonly unknown[]) => status)).toEqual([200, 403, 403]);
    expect(answers[0][1]).toEqual({
      AccessKeyId: session?.accessKeyId,
      SecretAccessKey: session?.secretAccessKey,
      Token: session?.sessionToken,
      Expiration: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(answers.slice(1))).not.toContain(session?.accessKeyId);
    expect(names).toEqual(expect.arrayContaining(['AWS_REGION', 'AWS_EC2_METADATA_DISABLED', 'NO_PROXY']));
    expect(names).not.toContain('AWS_ACCESS_KEY_ID');
    expect(names).not.toContain('MFA_SEED');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test("ends with the command's exit code", async () => {
    const { run } = await startShell();
    expect(await run(['exec', '--serve', ...script('process.exit(9)')])).toMatchObject({ exitCode: 9, stdout: '' });
  });

  (hasCli ? test : test.skip).each([
    ['', []],
    [' with a role', ['--role-to-assume', 'deploy']],
  ])('serves the AWS CLI%s, whatever keys the user has in files', async (_, args) => {
    const { run, home, emulator } = await startShell();
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws/credentials'), USERS);
    const { exitCode, stdout, stderr } = await run(['exec', '--serve', ...args, ...LIST]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('sees copies of') });
    expect(JSON.parse(stdout)).toEqual(BUCKETS);
    expect(emulator.calls.at(-1)).toMatchObject({
      operation: 'ListBuckets',
      accessKeyId: emulator.sessions.at(-1)?.accessKeyId,
    });
  });

  testNeeding('signals')('leaves no files when it is ended by a signal', async () => {
    const { run, home } = await startShell();
    mkdirSync(join(home, '.aws'));
    mkdirSync(join(home, 'tmp'));
    writeFileSync(join(home, '.aws/credentials'), USERS);
    const list = script(`console.log('ready'); setInterval(() => {}, 1000)`);
    const ran = await run(['exec', '--serve', ...list], {
      env: { TMPDIR: join(home, 'tmp') },
      onOutput: (_, child) => child.kill('SIGTERM'),
    });
    expect(ran).toMatchObject({ exitCode: 143 });
    expect(readdirSync(join(home, 'tmp'))).toEqual([]);
  });
});
