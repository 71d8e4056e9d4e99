import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bucket } from '../../../lab/aws/build.ts';
import type { Emulator } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import { emulate } from '../../aws/wire.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';
import { fail, jobWithProfiles, type Step, soundInputs } from '../../kit/failing.ts';
import { FILLING_DISK, fullDiskAt } from '../../kit/faults.ts';
import { arrived } from '../../kit/interrupt.ts';
import { worldWith } from '../../kit/worlds.ts';

const FILES = ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV'] as const;

/** All that a step can export, so that there is something to take back everywhere. */
const EVERYTHING = { 'output-credentials': 'true', 'output-env-credentials': 'true', 'aws-profile': 'mine' };

/** Does something on the machine as soon as a call of this operation has arrived. */
function meanwhile(emulator: Emulator, operation: string, act: () => void): void {
  const here = arrived(emulator.calls, operation);
  const timer = setInterval(() => {
    if (!here()) return;
    clearInterval(timer);
    act();
  }, 1);
  timer.unref();
}

/** An emulator that takes its time, so that a test can do something while a call is under way. */
async function slowly(operation: string): Promise<Emulator> {
  const emulator = await emulate();
  emulator.faults.add({ kind: 'slow', ms: 80, operation });
  return emulator;
}

const at = (job: Job, name: string): string => join(dirname(job.temp), name);

describe('if a command file can’t be written, everything is restored', () => {
  test.each(FILES)('%s is a folder', async (name) => {
    const emulator = await emulate();
    const { code, message, job } = await fail(emulator, { inputs: EVERYTHING, ...inItsPlace(name) });
    expectFailure({ code, message }, 'command-file-missing', name);
    expect(emulator.calls).toEqual([]);
    expect(readdirSync(at(job, 'mine'))).toEqual([]);
  });

  test.each(FILES)('the disk is full at %s', async (name) => {
    const emulator = await emulate();
    const { code, message } = await fail(emulator, { inputs: EVERYTHING, stepEnv: fullDiskAt(name) });
    expectFailure({ code, message }, 'export-failed');
  });

  test.each(FILES)('%s disappears while STS is asked', async (name) => {
    const emulator = await slowly('GetSessionToken');
    let path = '';
    const { code, message } = await fail(emulator, {
      inputs: EVERYTHING,
      prepare: (job) => {
        path = at(job, 'mine');
        writeFileSync(path, '');
        meanwhile(emulator, 'GetSessionToken', () => rmSync(path));
      },
      stepEnv: { [name]: 'mine' },
    });
    expect(existsSync(path)).toBe(false);
    expectFailure({ code, message }, 'command-file-missing', name);
  });

  test('a file that can’t be cut off any more doesn’t keep the rest from being restored, and is reported', async () => {
    const emulator = await emulate();
    const { code, message, job } = await fail(emulator, {
      inputs: EVERYTHING,
      prepare: (job) => writeFileSync(at(job, 'mine'), ''),
      stepEnv: { ...fullDiskAt('GITHUB_ENV'), GITHUB_OUTPUT: 'mine' },
    });
    expectFailure({ code, message }, 'export-failed', 'ENOSPC', 'EIO: i/o error, truncate mine');
    expect(readFileSync(at(job, 'mine'), 'utf8')).toMatch(/^aws-account-id<</);
  });

  test('a profile that can’t be restored at once is left to the post step, whose state still names it', async () => {
    const emulator = await emulate();
    const job = jobWithProfiles();
    const [config = '', credentials = ''] = ['config', 'credentials'].map((file) => join(job.home, '.aws', file));
    const before = [config, credentials].map((path) => readFileSync(path, 'latin1'));
    const inputs = { ...soundInputs(emulator), ...EVERYTHING };
    const result = await job.step({ inputs, env: { ...FILLING_DISK, GITHUB_OUTPUT: 'full' } });
    expect(result).toMatchObject({ exitCode: 1, stderr: '', exported: {}, outputs: {}, summary: '' });
    expectFailure(annotationOf(result), 'export-failed', 'ENOSPC: no space left on device, write', config, credentials);
    expect(result.commands.filter(({ name }) => name !== 'add-mask' && name !== 'error')).toEqual([]);
    expect(readFileSync(credentials, 'latin1')).toMatch(/^\[mine\]\naws_access_key_id = ASIA/m);
    expect(Object.keys(result.state)).toEqual(['undo']);
    const [post] = await job.post();
    expect(post).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('mine'), stderr: '', exported: {} });
    expect([config, credentials].map((path) => readFileSync(path, 'latin1'))).toEqual(before);
    expect(readdirSync(join(job.home, '.aws')).toSorted()).toEqual(['config', 'credentials']);
  });

  test('a profile that can be restored at once isn’t in the state of the post step', async () => {
    const emulator = await emulate();
    const { result } = await fail(emulator, { inputs: EVERYTHING, stepEnv: fullDiskAt('GITHUB_OUTPUT') });
    expect(result.state).toEqual({});
  });

  test('the files keep what was in them, byte for byte', async () => {
    const emulator = await emulate();
    const before = 'OF=somebody\r\nELSE<<x\nlines\nx\nno line end';
    const { job } = await fail(emulator, {
      inputs: EVERYTHING,
      prepare: (job) => {
        for (const name of ['GITHUB_STATE', 'GITHUB_OUTPUT']) writeFileSync(at(job, `of-${name}`), before);
      },
      stepEnv: { ...fullDiskAt('GITHUB_ENV'), GITHUB_STATE: 'of-GITHUB_STATE', GITHUB_OUTPUT: 'of-GITHUB_OUTPUT' },
    });
    for (const name of ['GITHUB_STATE', 'GITHUB_OUTPUT']) {
      expect(readFileSync(at(job, `of-${name}`), 'utf8')).toBe(before);
    }
  });

  /** A folder where the file should be. The step runs in the folder that holds it. */
  function inItsPlace(name: string): Step {
    return {
      prepare: (job) => mkdirSync(at(job, 'mine')),
      stepEnv: { [name]: 'mine' },
    };
  }
});

describe('if a profile can’t be written, nothing is exported', () => {
  test('it has appeared while STS was asked', async () => {
    const emulator = await slowly('GetSessionToken');
    let path = '';
    let before = '';
    const theirs = '[mine]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\n';
    const { code, message } = await fail(emulator, {
      inputs: EVERYTHING,
      prepare: ({ home }) => {
        path = join(home, '.aws/credentials');
        before = readFileSync(path, 'utf8');
        meanwhile(emulator, 'GetSessionToken', () => writeFileSync(path, theirs));
      },
      after: () => {
        expect(readFileSync(path, 'utf8')).toBe(theirs);
        writeFileSync(path, before);
      },
    });
    expectFailure({ code, message }, 'profile-exists', path);
  });

  test('its folder has gone, and a file is there', async () => {
    const emulator = await slowly('GetSessionToken');
    let folder = '';
    const { code, message } = await fail(emulator, {
      inputs: EVERYTHING,
      prepare: (job) => {
        folder = at(job, 'aws');
        mkdirSync(folder);
        meanwhile(emulator, 'GetSessionToken', () => {
          rmSync(folder, { recursive: true });
          writeFileSync(folder, '');
        });
      },
      stepEnv: { AWS_CONFIG_FILE: 'aws/config', AWS_SHARED_CREDENTIALS_FILE: 'aws/credentials' },
    });
    expectFailure({ code, message }, 'profile-unwritable', folder);
  });
});

describe('if the list of buckets can’t be written', () => {
  const world = () =>
    worldWith((account) => {
      account.buckets = Array.from({ length: 1500 }, (_, i) => bucket({ name: `bucket-${i}-${'x'.repeat(50)}` }));
    });

  test('nothing is exported', async () => {
    const emulator = await emulate({ world: world() });
    const { code, message } = await fail(emulator, {
      inputs: { ...EVERYTHING, 'list-buckets': 'true' },
      env: { RUNNER_TEMP: 'nowhere' },
    });
    expectFailure({ code, message }, 'export-failed', join('nowhere', 'aws-mfa-credentials-buckets-'), 'ENOENT');
  });

  test('the list that was written before something else failed is removed', async () => {
    const emulator = await emulate({ world: world() });
    const { job } = await fail(emulator, {
      inputs: { ...EVERYTHING, 'list-buckets': 'true' },
      stepEnv: fullDiskAt('GITHUB_ENV'),
    });
    expect(readdirSync(job.temp).filter((name) => name.includes('buckets'))).toEqual([]);
  });
});
