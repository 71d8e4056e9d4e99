import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '../../../lab/runner/job.ts';
import type { FailureCode } from '../../../src/core/failure.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { fail, type Step, succeed } from '../../kit/failing.ts';
import { failingFiles } from '../../kit/faults.ts';
import { testNeeding } from '../../kit/platform.ts';

const FILES = ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'];

/** Runs a step that must fail before anything is sent. */
async function refused(step: Step, code: FailureCode, name: string): Promise<void> {
  const failed = await fail(await emulate(), step);
  expect(failed.calls).toEqual([]);
  expectFailure(failed, code, name);
}

describe('without the command files of the runner', () => {
  test.each(FILES)('%s is not set', async (name) => {
    await refused({ stepEnv: { [name]: undefined } }, 'command-file-missing', name);
  });

  test.each(FILES)('%s names no file', async (name) => {
    await refused({ stepEnv: { [name]: '/nowhere/at-all' } }, 'command-file-missing', name);
  });

  describe.each(FILES)('%s is refused before a code is spent', (name) => {
    test('if it is a folder', async () => {
      await refused({ stepEnv: { [name]: 'temp' } }, 'command-file-missing', name);
    });

    testNeeding('FIFOs')('if it is a FIFO, which nobody reads', async () => {
      const prepare = (job: Job) => execFileSync('mkfifo', [join(dirname(job.temp), 'fifo')]);
      await refused({ prepare, stepEnv: { [name]: 'fifo' } }, 'command-file-missing', name);
    });

    testNeeding('FIFOs')('if it is a link to a FIFO', async () => {
      const prepare = (job: Job) => {
        execFileSync('mkfifo', [join(dirname(job.temp), 'fifo')]);
        symlinkSync('fifo', join(dirname(job.temp), 'link'));
      };
      await refused({ prepare, stepEnv: { [name]: 'link' } }, 'command-file-missing', name);
    });

    testNeeding('FIFOs')('if it is a device', async () => {
      await refused({ stepEnv: { [name]: '/dev/null' } }, 'command-file-missing', name);
      await refused({ stepEnv: { [name]: '/dev/stdout' } }, 'command-file-missing', name);
    });

    test.each(['EACCES', 'EPERM', 'EROFS'])('if it cannot be opened for writing: %s', async (code) => {
      const stepEnv = failingFiles([{ call: 'openSync', path: name, code }]);
      await refused({ stepEnv }, 'command-file-unwritable', name);
    });

    testNeeding('users without permissions')('if it is closed to this user', async () => {
      const prepare = (job: Job) => writeFileSync(join(dirname(job.temp), 'mine'), '', { mode: 0o444 });
      await refused({ prepare, stepEnv: { [name]: 'mine' } }, 'command-file-unwritable', name);
    });
  });

  testNeeding('symbolic links')('a link to a plain file is one: the folder may be behind a link as well', async () => {
    const emulator = await emulate();
    const prepare = (job: Job) => {
      writeFileSync(join(dirname(job.temp), 'real'), '');
      symlinkSync('real', join(dirname(job.temp), 'link'));
    };
    const { job } = await succeed(emulator, { prepare, stepEnv: { GITHUB_OUTPUT: 'link' } });
    expect(readFileSync(join(dirname(job.temp), 'real'), 'utf8')).toMatch(/^aws-account-id<</);
  });
});
