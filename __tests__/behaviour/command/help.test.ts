import { expect, test } from '@jest/globals';
import { startShell } from '../../kit/command.ts';

test('--help has 80 columns, and every flag of an input', async () => {
  const { run } = await startShell();
  const pages = [[], ['exec'], ['credential-process'], ['env'], ['whoami'], ['check'], ['cache'], ['cache', 'clear']];
  for (const page of pages) {
    const { exitCode, stdout, stderr } = await run([...page, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout.includes('--mfa-seed-file <path>')).toBe(page.length === 1 && page[0] !== 'cache');
    expect(stdout).not.toMatch(/--mfa-seed[ =]/);
  }
});

test.each(['enroll', 'unenroll', 'revoke'])(
  '%s --help has 80 columns, and begins with its own options',
  async (name) => {
    const { run } = await startShell();
    const { exitCode, stdout } = await run([name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const groups = stdout.match(/^[A-Z][^\n]+:$/gm);
    expect([groups?.[0], ...(groups?.slice(-3) ?? [])]).toEqual([
      'Which user:',
      'The plan:',
      'How AWS is reached:',
      'Options:',
    ]);
    expect(stdout).toContain('125 if something failed');
  },
);

test('without a command, help is what went wrong, and not the output', async () => {
  const { run } = await startShell();
  expect(await run([])).toMatchObject({
    exitCode: 125,
    stdout: '',
    stderr: expect.stringMatching(/^Usage: aws-mfa-credentials[\s\S]*\naws-mfa-credentials: no command was given/),
  });
});
