import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '../../../lab/runner/job.ts';
import { emulate } from '../../aws/wire.ts';
import { fail, type Step, succeed } from '../../kit/failing.ts';
import { failingFiles } from '../../kit/faults.ts';
import { testNeeding } from '../../kit/platform.ts';
import { REMEDY } from '../../kit/remedies.ts';

const FILES = ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'];

/** Runs a step that must fail before anything is sent. */
async function refused(step: Step): Promise<string> {
  const { code, message, calls } = await fail(await emulate(), step);
  expect(calls).toEqual([]);
  return error;
}

describe('without the files through which the runner takes what a step hands over', () => {
  test.each(FILES)('%s is not set', async (name) => {
    expect(await refused({ stepEnv: { [name]: undefined } })).toBe(
      `${name} is not set, so nothing could be handed to later steps safely.\n${REMEDY['command-file-missing']}`,
    );
  });

  test.each(FILES)('%s names no file', async (name) => {
    expect(await refused({ stepEnv: { [name]: '/nowhere/at-all' } })).toBe(
      `${name} names a file that does not exist, so nothing could be handed to later steps safely.\n${REMEDY['command-file-missing']}`,
    );
  });

  describe.each(FILES)('%s is refused before a code is spent', (name) => {
    const notPlain = `${name} names something that is not a plain file, so nothing could be handed to later steps safely.\n${REMEDY['command-file-missing']}`;
    const cannotBeWritten = new RegExp(`^${name} names a file that cannot be written: E[A-Z]+: .+\\.\\n`);

    test('if it is a folder', async () => {
      expect(await refused({ stepEnv: { [name]: 'temp' } })).toBe(
        `${name} names a folder, so nothing could be handed to later steps safely.\n${REMEDY['command-file-missing']}`,
      );
    });

    testNeeding('FIFOs')('if it is a FIFO, which nobody reads', async () => {
      const prepare = (job: Job) => execFileSync('mkfifo', [join(dirname(job.temp), 'fifo')]);
      expect(await refused({ prepare, stepEnv: { [name]: 'fifo' } })).toBe(notPlain);
    });

    testNeeding('FIFOs')('if it is a link to a FIFO', async () => {
      const prepare = (job: Job) => {
        execFileSync('mkfifo', [join(dirname(job.temp), 'fifo')]);
        symlinkSync('fifo', join(dirname(job.temp), 'link'));
      };
      expect(await refused({ prepare, stepEnv: { [name]: 'link' } })).toBe(notPlain);
    });

    testNeeding('FIFOs')('if it is a device', async () => {
      expect(await refused({ stepEnv: { [name]: '/dev/null' } })).toBe(notPlain);
      expect(await refused({ stepEnv: { [name]: '/dev/stdout' } })).toBe(notPlain);
    });

    test.each(['EACCES', 'EPERM', 'EROFS'])('if it cannot be opened for writing: %s', async (code) => {
      const stepEnv = failingFiles([{ call: 'openSync', path: name, code }]);
      const error = await refused({ stepEnv });
      expect(error).toMatch(cannotBeWritten);
      expect(error.split('\n').at(-1)).toBe(REMEDY['command-file-unwritable']);
    });

    testNeeding('users without permissions')('if it is closed to this user', async () => {
      const prepare = (job: Job) => writeFileSync(join(dirname(job.temp), 'mine'), '', { mode: 0o444 });
      expect(await refused({ prepare, stepEnv: { [name]: 'mine' } })).toMatch(cannotBeWritten);
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
