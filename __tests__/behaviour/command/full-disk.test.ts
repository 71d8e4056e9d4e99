import { expect } from '@jest/globals';
import { startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';

// What is printed often goes to a file, which a later job trusts.

testNeeding('processes as files').each([
  ['seal', ['seal', '--scope', 'x']],
  ['env', ['env', '--insecure-print']],
  ['credential-process', ['credential-process']],
  ['whoami', ['whoami']],
])('%s fails if the disk is full', async (_, args) => {
  const { run } = await startShell();
  const env = { SEALING_KEY: 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=' };
  expect(await run(args, { env, redirect: '>/dev/full' })).toMatchObject({
    exitCode: 125,
    stderr: expect.stringMatching(/\naws-mfa-credentials: Standard output can't be written: ENOSPC.*\.\n$/),
  });
});
