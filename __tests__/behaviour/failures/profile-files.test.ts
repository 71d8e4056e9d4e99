import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job, StepOptions } from '../../../lab/runner/job.ts';
import { closeAfterTest, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { failingFiles } from '../../kit/faults.ts';
import { type Need, testNeeding } from '../../kit/platform.ts';
import { HOMELESS, preloading } from '../../kit/preload.ts';
import { pathOf, read, write } from '../../kit/profile-files.ts';

const PROFILE = { ...SESSION, 'aws-profile': 'mine' };
const TEMP = { ...PROFILE, 'profiles-location': 'temp' };
const USE_TEMP = /profiles-location: temp/;

/** All that lies under a folder: its kind and what is in it. An empty ~/.aws counts as none. */
function treeOf(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const stats = lstatSync(join(folder, name));
    const text = stats.isFile() ? readFileSync(join(folder, name), 'latin1') : '';
    found[name] = `${stats.mode.toString(8)} ${stats.ino} ${text.slice(0, 1000)}`;
  }
  return Object.keys(found).join() === '.aws' ? {} : found;
}

interface Case {
  /** What the message names: a file of the home, or the error of the system. */
  readonly names: string | RegExp;
  readonly prepare?: (job: Job) => void;
  readonly env?: NonNullable<StepOptions['env']>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly need?: Need;
}

/** The user's own files exist. */
function filled(job: Job): void {
  write(job, 'config', '[profile other]\nregion = eu-west-3\n');
  write(job, 'credentials', '[other]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\n');
}

function attribute(job: Job, name: string, change: string): void {
  const path = join(job.home, '.aws', name);
  execFileSync('chattr', [`+${change}`, path]);
  closeAfterTest(() => void execFileSync('chattr', [`-${change}`, path]));
}

function replaced(act: (path: string) => void, file: 'config' | 'credentials' = 'credentials'): (job: Job) => void {
  return (job) => {
    filled(job);
    rmSync(pathOf(job, file));
    act(pathOf(job, file));
  };
}

/** Files at home fail, those of the job don't. */
const faultAt = (call: string, code: string, path = '/credentials.aws-mfa') =>
  failingFiles([{ call, path: `home/.aws${path}`, code }]);

const CASES: Readonly<Record<string, Case>> = {
  'the file is a folder': { names: 'credentials', prepare: replaced((path) => mkdirSync(path)) },
  'the file is a FIFO': {
    names: 'credentials',
    need: 'FIFOs',
    prepare: replaced((path) => execFileSync('mkfifo', [path])),
  },
  'the file is a link': {
    names: 'credentials',
    need: 'symbolic links',
    prepare: replaced((path) => symlinkSync('config', path)),
  },
  'the folder is a link': {
    names: '.aws',
    need: 'symbolic links',
    prepare(job) {
      filled(job);
      renameSync(join(job.home, '.aws'), join(job.home, 'real'));
      symlinkSync('real', join(job.home, '.aws'), 'junction');
    },
  },
  'the folder is a file': {
    names: '.aws',
    prepare: (job) => writeFileSync(join(job.home, '.aws'), ''),
  },
  'the file is too large to be one': {
    names: '16 MB',
    prepare: (job) => write(job, 'config', '#'.repeat(16 * 1024 * 1024 + 1)),
  },
  'a file is in the place of the lock': {
    names: 'config.lock',
    prepare(job) {
      filled(job);
      writeFileSync(`${pathOf(job, 'config')}.lock`, '');
    },
  },
  'both files are one': {
    names: '/config',
    prepare: filled,
    env: { AWS_SHARED_CREDENTIALS_FILE: '~/.aws/config' },
  },
  "the file is in another user's home": {
    names: /AWS_CONFIG_FILE.*~root\/config/,
    env: { AWS_CONFIG_FILE: '~root/config' },
  },
  'there is no home': { names: 'ENOENT', env: HOMELESS },
  'the name is too long for a temporary one': {
    names: /ENAMETOOLONG/,
    env: { AWS_CONFIG_FILE: `~/${'x'.repeat(250)}` },
  },
  'the profile is there': {
    names: /config.*\bmine\b/,
    prepare: (job) => write(job, 'config', '[profile mine]\n'),
  },
  'tools disagree on what belongs to the profile': {
    names: /\bmine\b/,
    prepare: (job) => write(job, 'config', '[profile other]\nx =\n  [profile mine]\n'),
    inputs: { 'overwrite-aws-profile': 'true' },
  },
  'the folder is closed': { names: 'EACCES: injected, open', prepare: filled, env: faultAt('openSync', 'EACCES') },
  'the file is closed': {
    names: 'EACCES: injected, open',
    prepare: filled,
    env: faultAt('openSync', 'EACCES', '/credentials'),
  },
  'the folder cannot be made': { names: 'EROFS: injected, mkdir', env: faultAt('mkdirSync', 'EROFS', '') },
  'the disk is full': { names: 'ENOSPC: injected, write', prepare: filled, env: faultAt('writeFileSync', 'ENOSPC') },
  'the quota is used up': { names: 'EDQUOT: injected, fsync', prepare: filled, env: faultAt('fsyncSync', 'EDQUOT') },
  'nothing can be renamed there': {
    names: 'EPERM: injected, rename',
    prepare: filled,
    env: faultAt('renameSync', 'EPERM'),
  },
  'permissions cannot be set': {
    names: 'EPERM: injected, fchmod',
    prepare: filled,
    env: faultAt('fchmodSync', 'EPERM'),
  },
  'the lock cannot be made': {
    names: /config.*EACCES: injected, mkdir/,
    prepare: filled,
    env: faultAt('mkdirSync', 'EACCES', '/config.lock'),
  },
  'the file is mounted by itself': {
    names: 'credentials',
    need: 'bind mounts',
    prepare(job) {
      filled(job);
      const path = pathOf(job, 'credentials');
      execFileSync('mount', ['--bind', path, path]);
      closeAfterTest(() => void execFileSync('umount', [path]));
    },
  },
  'the folder is mounted read-only': {
    names: /EROFS/,
    need: 'bind mounts',
    prepare(job) {
      filled(job);
      const path = join(job.home, '.aws');
      execFileSync('mount', ['--bind', path, path]);
      closeAfterTest(() => void execFileSync('umount', [path]));
      execFileSync('mount', ['-o', 'remount,bind,ro', path]);
    },
  },
  'the folder is immutable': {
    names: /EPERM|EACCES/,
    need: 'file attributes',
    prepare(job) {
      filled(job);
      attribute(job, '.', 'i');
    },
  },
  'the folder is append-only': {
    names: /EPERM/,
    need: 'file attributes',
    prepare(job) {
      filled(job);
      attribute(job, '.', 'a');
    },
  },
  'the file is immutable': {
    names: /EPERM/,
    need: 'file attributes',
    prepare(job) {
      filled(job);
      attribute(job, 'credentials', 'i');
    },
  },
  'the file is append-only': {
    names: /EPERM/,
    need: 'file attributes',
    prepare(job) {
      filled(job);
      attribute(job, 'credentials', 'a');
    },
  },
};

describe('before a code is spent, a profile is refused, and files of the job are offered and work, if', () => {
  for (const [name, { names, prepare, env = {}, inputs, need }] of Object.entries(CASES)) {
    const run = need === undefined ? test : testNeeding(need);
    run(name, async () => {
      const { emulator, job } = await startJob();
      prepare?.(job);
      const before = treeOf(job.home);
      const result = await job.step({ inputs: { ...PROFILE, ...inputs }, env });
      const { code, message, remedy } = annotationOf(result);
      if (typeof names === 'string') expect(message).toContain(names);
      else expect(message).toMatch(names);
      expect(remedy).toMatch(USE_TEMP);
      expect(code).toMatch(/^profile-(?:exists|locked|unwritable)$/);
      expect({ exitCode: result.exitCode, calls: emulator.calls }).toEqual({ exitCode: 1, calls: [] });
      if (name !== 'the folder is append-only') expect(treeOf(job.home)).toEqual(before);

      await succeeded(job.step({ inputs: { ...TEMP, ...inputs }, env }));
      expect(read(join(job.temp, 'aws-mfa-credentials/credentials'))).toContain('[mine]');
      if (name !== 'the folder is append-only') expect(treeOf(job.home)).toEqual(before);
    });
  }
});

test('a folder with the name of a temporary file is nobody’s obstacle, and stays', async () => {
  const { job } = await startJob();
  const folder = `${pathOf(job, 'credentials')}.aws-mfa-credentials-0123456789abcdef.tmp`;
  mkdirSync(folder, { recursive: true });
  await succeeded(job.step({ inputs: PROFILE }));
  await job.post();
  expect(existsSync(folder)).toBe(true);
});

testNeeding('processes as files')('a system that takes no folders is reported, and not asked forever', async () => {
  const { emulator, job } = await startJob();
  const result = await job.step({
    inputs: TEMP,
    env: { RUNNER_TEMP: '/proc' },
    started: (child) => void setTimeout(() => child.kill('SIGKILL'), 20_000).unref(),
  });
  expect(result.exitCode).toBe(1);
  expectFailure(annotationOf(result), 'profile-unwritable', '/proc/aws-mfa-credentials/config', 'ENOENT');
  expect(emulator.calls).toEqual([]);
});

describe('an empty HOME counts as unset', () => {
  test('so nothing is written into the folder in which the step runs', async () => {
    const { job } = await startJob();
    const real = join(job.temp, 'real-home');
    mkdirSync(real);
    const env = { ...preloading('user'), HOME: '', TEST_HOME: real };
    await succeeded(job.step({ inputs: PROFILE, env }));
    expect(readdirSync(join(real, '.aws')).toSorted()).toEqual(['config', 'credentials']);
    expect(existsSync(join(dirname(job.temp), '.aws'))).toBe(false);
  });

  test('and no home is needed if both files are named', async () => {
    const { job } = await startJob();
    const env = {
      ...HOMELESS,
      AWS_CONFIG_FILE: join(job.temp, 'c/config'),
      AWS_SHARED_CREDENTIALS_FILE: join(job.temp, 'c/credentials'),
    };
    await succeeded(job.step({ inputs: PROFILE, env }));
    expect(read(env.AWS_SHARED_CREDENTIALS_FILE)).toContain('[mine]');
    await job.post();
    expect(readdirSync(join(job.temp, 'c'))).toEqual([]);
  });
});

describe('files of the job that are not its own are refused before a code is spent', () => {
  const folderIn = ({ temp }: Job): string => join(temp, 'aws-mfa-credentials');
  const owned = (lines: string) => ({
    ...preloading('owner'),
    TEST_OWNER: lines,
  });

  async function refused(prepare: (folder: string) => void, env: StepOptions['env'] = {}): Promise<string> {
    const { emulator, job } = await startJob();
    prepare(folderIn(job));
    const before = treeOf(job.temp);
    const result = await job.step({ inputs: TEMP, env });
    const { code, message, remedy } = annotationOf(result);
    expect({ exitCode: result.exitCode, calls: emulator.calls, code }).toEqual({
      exitCode: 1,
      calls: [],
      code: 'profile-unwritable',
    });
    expect(remedy).toContain('profiles-location');
    expect(treeOf(job.temp)).toEqual(before);
    return message.replaceAll(folderIn(job), 'FOLDER');
  }

  const planted = (name: string) => (folder: string) => {
    mkdirSync(folder, { mode: 0o700 });
    if (/lock$/.test(name)) mkdirSync(join(folder, name));
    else if (name !== '') writeFileSync(join(folder, name), '', { mode: 0o600 });
  };
  const TEMPORARY = 'credentials.aws-mfa-credentials-0123456789abcdef.tmp';

  test.each(['', 'credentials', 'config', 'config.lock', 'credentials.lock', TEMPORARY, 'anything'])(
    'planted by another user: %j',
    async (name) => {
      const end = name === '' ? 'aws-mfa-credentials' : `aws-mfa-credentials/${name}`;
      const message = await refused(planted(name), owned(`${end} 4242`));
      expect(message).toContain(`${join('FOLDER', name)} `);
      expect(message).toContain('another user');
    },
  );

  testNeeding('file modes').each([
    ['', 0o777],
    ['', 0o770],
    ['credentials', 0o666],
    ['config', 0o620],
    ['config.lock', 0o777],
  ])('open to others: %j with the mode %o', async (name, mode) => {
    const prepare = (folder: string) => {
      planted(name)(folder);
      chmodSync(join(folder, name), mode);
    };
    const message = await refused(prepare);
    expect(message).toContain(join('FOLDER', name).replace(/\/$/, ''));
    expect(message).toContain('other users');
  });

  testNeeding('symbolic links').each(['', 'credentials', 'config'])('a link: %j', async (name) => {
    const prepare = (folder: string) => {
      if (name !== '') mkdirSync(folder, { mode: 0o700 });
      symlinkSync(dirname(folder), join(folder, name), 'junction');
    };
    const message = await refused(prepare);
    expect(message).toContain(`${join('FOLDER', name)} `);
    expect(message).toContain('symbolic link');
  });

  test('a file in the place of the folder', async () => {
    expect(await refused((folder) => writeFileSync(folder, '', { mode: 0o600 }))).toContain('FOLDER');
  });

  testNeeding('file modes')('planted while STS is asked, and no key is written there', async () => {
    const { emulator, job } = await startJob();
    emulator.faults.add({ kind: 'slow', ms: 80, operation: 'GetSessionToken' });
    const timer = setInterval(() => {
      if (emulator.calls.length === 0) return;
      clearInterval(timer);
      mkdirSync(folderIn(job), { recursive: true });
      chmodSync(folderIn(job), 0o777);
    }, 1);
    timer.unref();
    const result = await job.step({ inputs: TEMP });
    expectFailure(annotationOf(result), 'profile-unwritable', folderIn(job));
    expect(readdirSync(folderIn(job))).toEqual([]);
  });

  test('but owners mean nothing by themselves: all that is made there may look like another user’s', async () => {
    const { job } = await startJob();
    planted('')(folderIn(job));
    // Each path ends with nothing at least.
    await succeeded(job.step({ inputs: TEMP, env: owned(' 4242') }));
  });
});

describe('files of the user that others may change', () => {
  const warnings = (lines: readonly string[]) => lines.filter((line) => line.startsWith('Warning'));

  testNeeding('file modes').each([
    [0o700, []],
    [0o755, []],
    [0o757, ['other users']],
    [0o777, ['other users']],
    [0o1777, []],
  ])('are written, with one warning, if the folder has the mode %o', async (mode, expected) => {
    const { job } = await startJob();
    filled(job);
    chmodSync(join(job.home, '.aws'), mode);
    const { lines } = await succeeded(job.step({ inputs: PROFILE }));
    expect(warnings(lines)).toEqual(expected.map((whose) => naming(join(job.home, '.aws'), whose)));
  });

  test.each([
    ['.aws 4242', '.aws'],
    ['.aws/credentials 4242', join('.aws', 'credentials')],
  ])('are written, with a warning, if they belong to another user: %s', async (owner, path) => {
    const { job } = await startJob();
    filled(job);
    const env = { ...preloading('owner'), TEST_OWNER: owner };
    const { lines } = await succeeded(job.step({ inputs: PROFILE, env }));
    expect(warnings(lines)).toEqual([naming(join(job.home, path), 'another user')]);
  });
});
