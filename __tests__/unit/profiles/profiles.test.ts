import { once } from 'node:events';
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, jest, test } from '@jest/globals';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { Failure } from '../../../src/core/failure.ts';
import {
  checkProfiles,
  type ProfilePaths,
  type ProfileToWrite,
  prepareProfiles,
  profilePaths,
  removeProfiles,
} from '../../../src/profiles/profile.ts';
import { describeNeeding, testNeeding } from '../../kit/platform.ts';
import {
  CI,
  CONFIG_BEFORE,
  CREDENTIALS_BEFORE,
  contents,
  entries,
  failureOf,
  filledPaths,
  freshPaths,
  mode,
  named,
} from './fixture.ts';

const CONFIG_ADDED =
  '\r\n# Written by aws-mfa-credentials; removed when the job ends.\r\n[profile ci]\r\nregion = eu-central-1\r\n';
const CREDENTIALS_ADDED =
  '\n# Written by aws-mfa-credentials; removed when the job ends.\n[ci]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n' +
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG\naws_session_token = IQoJb3JpZ2lu==\n';

/** Has files open for a tenth of a second, in a thread of its own: the one that writes does not wait for it. */
const READ_FOR_A_MOMENT = `
  const { closeSync, openSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const files = workerData.map((path) => openSync(path, 'r'));
  parentPort.postMessage('open');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  files.forEach(closeSync);
`;

/** Without waiting: a lock that is held fails at once. */
const noPause = async () => undefined;

/** As the action does it: prepare, commit, release. */
async function write(
  paths: ProfilePaths,
  profiles: readonly ProfileToWrite[] = [CI],
  overwrite: 'refuse' | 'replace' = 'refuse',
) {
  const prepared = await prepareProfiles(paths, profiles, overwrite);
  try {
    prepared.commit();
  } finally {
    prepared.release();
  }
  return prepared.written;
}

function temporaryFiles(paths: ProfilePaths): readonly string[] {
  return entries(paths).filter((name) => name.endsWith('.tmp'));
}

describe('the paths', () => {
  const home = resolve('/home/me');
  test.each([
    ['are in .aws where nothing is set', {}, join(home, '.aws', 'config')],
    ['are in .aws where the variable is empty', { AWS_CONFIG_FILE: '' }, join(home, '.aws', 'config')],
    ['are what the variable says', { AWS_CONFIG_FILE: resolve('/etc/aws') }, resolve('/etc/aws')],
    ['are absolute where the variable is not', { AWS_CONFIG_FILE: 'aws/config' }, resolve('aws/config')],
    ['begin in the home folder for a tilde', { AWS_CONFIG_FILE: '~/x/config' }, join(home, 'x', 'config')],
    ['keep a tilde elsewhere', { AWS_CONFIG_FILE: '/x~/~' }, resolve('/x~/~')],
    ['expand a variable', { AWS_CONFIG_FILE: '$HERE/config', HERE: resolve('/x') }, resolve('/x/config')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a shell writes it
    ['expand a variable in braces', { AWS_CONFIG_FILE: '${HERE}/config', HERE: resolve('/x') }, resolve('/x/config')],
    ['keep a variable that is not set', { AWS_CONFIG_FILE: '/x/$NONE/config' }, resolve('/x/$NONE/config')],
  ])('%s', (_, env, expected) => {
    expect(profilePaths(env, () => home).config).toBe(expected);
  });

  testNeeding('Windows paths')('expand %variables% on Windows, as Python does there', () => {
    const env = { AWS_CONFIG_FILE: '%DATA%\\%NONE%\\config', DATA: 'C:\\data' };
    expect(profilePaths(env, () => home).config).toBe('C:\\data\\%NONE%\\config');
  });

  test('of the credentials come from their own variable', () => {
    expect(profilePaths({ AWS_SHARED_CREDENTIALS_FILE: '~/c' }, () => home)).toEqual({
      config: join(home, '.aws', 'config'),
      credentials: join(home, 'c'),
    });
  });

  test('need no home folder where both are named, and one that is not named does', async () => {
    const none = () => {
      throw new Failure('profile-unwritable', 'There is none.');
    };
    const both = { AWS_CONFIG_FILE: resolve('/x/config'), AWS_SHARED_CREDENTIALS_FILE: resolve('/x/credentials') };
    expect(profilePaths(both, none)).toEqual({ config: resolve('/x/config'), credentials: resolve('/x/credentials') });
    for (const env of [
      { ...both, AWS_CONFIG_FILE: '' },
      { ...both, AWS_CONFIG_FILE: '~/config' },
    ])
      expect((await failureOf(() => profilePaths(env, none))).message).toBe('There is none.');
  });

  test("in another user's home folder are refused", async () => {
    const failure = await failureOf(() => profilePaths({ AWS_CONFIG_FILE: '~root/config' }, () => home));
    expect(failure.code).toBe('profile-unwritable');
    expect(failure.remedy).toBe(
      'Write the path in AWS_CONFIG_FILE in full, or set profiles-location: temp, which writes files of this job alone.',
    );
  });
});

describe('checking', () => {
  test('changes nothing, not even a folder', () => {
    const paths = freshPaths();
    checkProfiles(paths, ['ci', 'default'], 'refuse');
    expect(existsSync(dirname(paths.config))).toBe(false);
  });

  test('refuses a profile that the config file has, and names the file but nothing in it', async () => {
    const paths = filledPaths();
    const failure = await failureOf(() => checkProfiles(paths, ['ci', 'dev'], 'refuse'));
    expect(failure.code).toBe('profile-exists');
    expect(failure.message).toBe(`${paths.credentials} already has the profile dev.`);
  });

  test('refuses a profile that only one of the files has', async () => {
    const paths = filledPaths();
    writeFileSync(paths.credentials, '');
    const failure = await failureOf(() => checkProfiles(paths, ['dev'], 'refuse'));
    expect(failure.message).toBe(`${paths.config} already has the profile dev.`);
  });

  test('allows to replace it', () => {
    const paths = filledPaths();
    expect(() => checkProfiles(paths, ['dev'], 'replace')).not.toThrow();
  });

  test('refuses to replace what tools read differently', async () => {
    const paths = filledPaths();
    writeFileSync(paths.config, '[a]\nx = 1\n  [profile dev]\n');
    const failure = await failureOf(() => checkProfiles(paths, ['dev'], 'replace'));
    expect(failure.code).toBe('profile-unwritable');
    expect(failure.remedy).toBe(
      'Move the header to the beginning of its line, or set profiles-location: temp, which writes files of this job alone.',
    );
  });

  test('refuses a name that would break the file, and one that comes twice', async () => {
    const paths = freshPaths();
    expect((await failureOf(() => checkProfiles(paths, ['a]\n[b'], 'replace'))).message).toBe(
      '"a]\\n[b" is no profile name that every AWS tool can read.',
    );
    expect((await failureOf(() => checkProfiles(paths, ['a', 'b', 'a'], 'replace'))).message).toBe(
      'The profile name a is given more than once.',
    );
  });

  test('refuses a folder in the place of a file', async () => {
    const paths = filledPaths();
    rmSync(paths.config);
    mkdirSync(paths.config);
    const failure = await failureOf(() => checkProfiles(paths, ['ci'], 'refuse'));
    expect(failure.code).toBe('profile-unwritable');
    expect(failure.message).toBe(`The profile file ${paths.config} cannot be written: it is not a regular file.`);
  });

  test('refuses a file in the place of a folder, near or far', async () => {
    const paths = freshPaths();
    writeFileSync(dirname(paths.config), '');
    const failure = await failureOf(() => checkProfiles(paths, ['ci'], 'refuse'));
    expect(failure.message).toBe(
      `The profile file ${paths.config} cannot be written: ${dirname(paths.config)} is not a folder.`,
    );
    const deeper = { ...paths, config: join(paths.config, 'deeper', 'config') };
    expect((await failureOf(() => checkProfiles(deeper, ['ci'], 'refuse'))).code).toBe('profile-unwritable');
  });

  test.each(['config', 'credentials'] as const)(
    'refuses a file in the place of the lock on the %s file, which nobody would ever take away',
    async (file) => {
      const paths = filledPaths();
      writeFileSync(`${paths[file]}.lock`, '');
      const failure = await failureOf(() => checkProfiles(paths, ['ci'], 'refuse'));
      expect(failure.code).toBe('profile-locked');
      expect(failure.message).toBe(
        `${paths[file]}.lock is in the place of the lock on ${paths[file]}, and is no lock.`,
      );
      expect(failure.remedy).toBe('Remove it, or set profiles-location: temp, which writes files of this job alone.');
      expect(entries(paths)).toContain(`${file}.lock`);
    },
  );

  test('allows a lock that another step holds at the moment', () => {
    const paths = filledPaths();
    mkdirSync(`${paths.credentials}.lock`);
    checkProfiles(paths, ['ci'], 'refuse');
  });

  test('refuses one file for both', async () => {
    const { config } = filledPaths();
    const failure = await failureOf(() => checkProfiles({ config, credentials: config }, ['ci'], 'refuse'));
    expect(failure.remedy).toBe(
      'Let AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name two files, or set profiles-location: temp, which writes files of this job alone.',
    );
  });
});

describeNeeding('symbolic links')('symbolic links', () => {
  test('are refused as a file, wherever they lead', async () => {
    for (const target of ['real', 'nowhere']) {
      const paths = filledPaths();
      writeFileSync(join(dirname(paths.config), 'real'), '');
      rmSync(paths.credentials);
      symlinkSync(join(dirname(paths.config), target), paths.credentials);
      const failure = await failureOf(() => prepareProfiles(paths, [CI], 'refuse'));
      expect(failure.code).toBe('profile-unwritable');
      expect(failure.message).toBe(
        `${paths.credentials} is a symbolic link, and profiles are not written through links.`,
      );
      expect(entries(paths)).toEqual(['config', 'credentials', 'real']);
    }
  });

  test('are refused as the folder of a file', async () => {
    const paths = filledPaths();
    const link = join(dirname(dirname(paths.config)), 'link');
    symlinkSync(dirname(paths.config), link, 'junction');
    const linked = { config: join(link, 'config'), credentials: join(link, 'credentials') };
    expect((await failureOf(() => prepareProfiles(linked, [CI], 'refuse'))).code).toBe('profile-unwritable');
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
  });

  test('that have come since are not followed when the profiles go', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    const real = join(dirname(paths.config), 'real');
    writeFileSync(real, contents(paths.config), 'latin1');
    rmSync(paths.config);
    symlinkSync(real, paths.config);
    expect((await removeProfiles(written)).warnings).toEqual([
      `The profile ci could not be removed from ${paths.config}. ${paths.config} is a symbolic link, and profiles are not written through links. Remove it by hand.`,
    ]);
    expect(contents(real)).toBe(CONFIG_BEFORE + CONFIG_ADDED);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });
});

describe('writing', () => {
  test('shows nothing before it is committed, everything after, and leaves no other file', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    prepared.commit();
    expect(contents(paths.config)).toBe(CONFIG_BEFORE + CONFIG_ADDED);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE + CREDENTIALS_ADDED);
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('outlasts a moment in which somebody reads the files', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    const reader = new Worker(READ_FOR_A_MOMENT, { eval: true, workerData: Object.values(paths) });
    const done = once(reader, 'exit');
    await once(reader, 'message');
    prepared.commit();
    prepared.release();
    await done;
    expect(contents(paths.config)).toBe(CONFIG_BEFORE + CONFIG_ADDED);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE + CREDENTIALS_ADDED);
  });

  test('is undone by the post step to the byte', async () => {
    const paths = filledPaths();
    expect((await removeProfiles(await write(paths))).warnings).toEqual([]);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('makes missing files and folders, and removes the files again', async () => {
    const { config } = freshPaths();
    const paths = { config, credentials: join(dirname(config), 'deep', 'er', 'credentials') };
    const written = await write(paths);
    expect(entries(paths)).toEqual(['config', 'deep']);
    expect(statSync(dirname(config)).mode & 0o777).toBe(0o700);
    expect((await removeProfiles(written)).warnings).toEqual([]);
    expect(existsSync(config)).toBe(false);
    expect(existsSync(paths.credentials)).toBe(false);
  });

  test('puts twenty profiles down at once, which the SDK reads', async () => {
    const paths = filledPaths();
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const written = await write(paths, names.map(named));
    const read = await loadSharedConfigFiles({
      filepath: paths.credentials,
      configFilepath: paths.config,
      ignoreCache: true,
    });
    expect(Object.keys(read.credentialsFile)).toEqual(['dev', ...names]);
    for (const name of names) {
      expect(read.configFile[name]).toEqual({ region: 'eu-central-1' });
      expect(read.credentialsFile[name]).toEqual({
        aws_access_key_id: 'ASIAIOSFODNN7EXAMPLE',
        aws_secret_access_key: 'wJalrXUtnFEMI/K7MDENG',
        aws_session_token: 'IQoJb3JpZ2lu==',
      });
    }
    expect(JSON.stringify(written).length).toBeLessThan(5_000);
    expect((await removeProfiles(written)).warnings).toEqual([]);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('replaces a profile in both files where it may', async () => {
    const paths = filledPaths();
    const written = await write(paths, [named('dev')], 'replace');
    expect(contents(paths.config)).toBe(
      '# mine\r\n[profile dev]\r\n# Written by aws-mfa-credentials; removed when the job ends.\r\nregion = eu-central-1\r\n',
    );
    expect(contents(paths.credentials)).toBe(CREDENTIALS_ADDED.replace('[ci]', '[dev]'));
    expect((await removeProfiles(written)).warnings).toEqual([]);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe('');
  });

  test('puts no secret and nothing of the files into the state', async () => {
    const paths = filledPaths();
    const text = JSON.stringify(await write(paths));
    for (const secret of ['ASIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI', 'IQoJb3JpZ2lu', 'AKIADEV', 'us-east-1']) {
      expect(text).not.toContain(secret);
    }
  });

  test.each([
    ['aws_access_key_id', { ...CI, credentials: { ...CI.credentials, accessKeyId: 'SECRET\n[x]' } }],
    ['aws_secret_access_key', { ...CI, credentials: { ...CI.credentials, secretAccessKey: 'SECRET\0' } }],
    ['aws_session_token', { ...CI, credentials: { ...CI.credentials, sessionToken: '' } }],
    ['region', { ...CI, region: 'SECRET # x' }],
  ])('refuses a value for %s that would not read back, without showing it', async (key, profile) => {
    const paths = freshPaths();
    const failure = await failureOf(() => prepareProfiles(paths, [profile], 'refuse'));
    expect(failure.code).toBe('profile-unwritable');
    expect(failure.message).toBe(
      `The ${key} for the profile ci is empty or has a character that a profile file cannot hold.`,
    );
    expect(existsSync(dirname(paths.config))).toBe(false);
  });
});

describeNeeding('file modes')('permissions', () => {
  test('are the owner’s alone from the first moment', async () => {
    const paths = freshPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    expect(temporaryFiles(paths)).toEqual([]);
    const seen: string[] = [];
    const open = jest.spyOn(fs, 'openSync').mockImplementation((...given) => {
      const descriptor = openSync(...given);
      if (String(given[0]).endsWith('.tmp')) seen.push(`${mode(String(given[0]))} ${basename(String(given[0]))}`);
      return descriptor;
    });
    prepared.commit();
    open.mockRestore();
    prepared.release();
    expect(seen).toEqual([
      expect.stringMatching(/^600 credentials\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/),
      expect.stringMatching(/^600 config\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/),
    ]);
    expect([mode(dirname(paths.config)), mode(paths.config), mode(paths.credentials)]).toEqual(['700', '600', '600']);
  });

  test('of a file that was open to others are narrowed, and stay so', async () => {
    const paths = filledPaths();
    expect(mode(paths.config)).toBe('644');
    const written = await write(paths);
    expect(mode(paths.config)).toBe('600');
    await removeProfiles(written);
    expect(mode(paths.config)).toBe('600');
  });

  test('of a file that was closed even to its owner are not widened', async () => {
    const paths = filledPaths();
    chmodSync(paths.config, 0o400);
    // Only root may write to such a file at all.
    if (process.getuid?.() !== 0) {
      expect((await failureOf(() => write(paths))).code).toBe('profile-unwritable');
      return;
    }
    await write(paths);
    expect(mode(paths.config)).toBe('400');
  });
});

describe('taking it back', () => {
  test('restores bytes and permissions', async () => {
    const paths = filledPaths();
    const before = mode(paths.config);
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.commit();
    prepared.rollback();
    prepared.release();
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(mode(paths.config)).toBe(before);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('brings a replaced profile back', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [named('dev')], 'replace');
    prepared.commit();
    prepared.rollback();
    prepared.release();
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('removes files that were made', async () => {
    const paths = freshPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.commit();
    prepared.rollback();
    prepared.rollback();
    prepared.release();
    expect(entries(paths)).toEqual([]);
  });

  test('is not needed without a commit: nothing is left', async () => {
    const paths = freshPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.rollback();
    prepared.release();
    prepared.release();
    expect(entries(paths)).toEqual([]);
  });

  /** Has a call fail, each time or but for some, as the system does. */
  function failing(
    call: 'closeSync' | 'fsyncSync' | 'renameSync' | 'writeFileSync',
    code: string,
    after = 0,
  ): () => void {
    const real: (...given: never[]) => unknown = fs[call];
    let left = after;
    const spy = jest.spyOn(fs, call).mockImplementation((...given: readonly unknown[]) => {
      left -= 1;
      if (left >= 0 || call === 'closeSync') Reflect.apply(real, fs, given);
      if (left < 0) throw Object.assign(new Error(`${code}: it failed`), { code });
    });
    return () => spy.mockRestore();
  }

  test.each([
    ['the first file cannot be written', 'writeFileSync', 0, 'credentials'],
    ['the second file cannot be written', 'writeFileSync', 1, 'config'],
    ['the disk does not take the first file', 'fsyncSync', 0, 'credentials'],
    // Two are closed by then, which were only read.
    ['the first file cannot be closed', 'closeSync', 2, 'credentials'],
    ['the second file cannot be closed', 'closeSync', 3, 'config'],
    ['the first file cannot be replaced', 'renameSync', 0, 'credentials'],
    ['the second file cannot be replaced', 'renameSync', 1, 'config'],
  ] as const)('happens as far as it can where %s, and once more when it is asked for', async (_, call, after, file) => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    const restore = failing(call, 'EIO', after);
    const failure = await failureOf(() => prepared.commit());
    restore();
    expect(failure.code).toBe('profile-unwritable');
    expect(failure.message).toBe(`The profile file ${paths[file]} cannot be written: EIO: it failed.`);
    prepared.rollback();
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(temporaryFiles(paths)).toEqual([]);
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('is not needed where another program has written in between, whose bytes stay', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    writeFileSync(paths.config, '[profile theirs]\n');
    const failure = await failureOf(() => prepared.commit());
    expect(failure.code).toBe('profile-locked');
    expect(failure.message).toBe(
      `The profile file ${paths.config} was changed by another process while this step was about to write it.`,
    );
    prepared.release();
    expect(contents(paths.config)).toBe('[profile theirs]\n');
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('says which file it could not restore', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.commit();
    rmSync(paths.credentials);
    mkdirSync(paths.credentials);
    const failure = await failureOf(() => prepared.rollback());
    prepared.release();
    expect(failure.code).toBe('profile-unwritable');
    expect(failure.message).toContain(`The profile file ${paths.credentials} could not be put back as it was: `);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
  });
});

describe('the post step', () => {
  test('leaves what has changed since and says so', async () => {
    const paths = filledPaths();
    const written = await write(paths, [CI, named('two')]);
    writeFileSync(
      paths.config,
      contents(paths.config).replace('[profile ci]', '[profile ci]\r\noutput = json'),
      'latin1',
    );
    expect((await removeProfiles(written)).warnings).toEqual([
      `${paths.config}: what this step wrote as profile ci has changed since, so it was left there. Remove it by hand when nobody needs it.`,
    ]);
    expect(contents(paths.config)).toContain('output = json');
    expect(contents(paths.config)).not.toContain('two');
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('is silent where the profiles, the files or the folder are gone', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    writeFileSync(paths.config, CONFIG_BEFORE);
    rmSync(paths.credentials);
    expect((await removeProfiles(written)).warnings).toEqual([]);
    expect(entries(paths)).toEqual(['config']);
    rmSync(dirname(paths.config), { recursive: true });
    expect((await removeProfiles(written)).warnings).toEqual([]);
    expect(existsSync(dirname(paths.config))).toBe(false);
  });

  test('keeps a file that was made for the profiles and is used by others', async () => {
    const paths = freshPaths();
    const written = await write(paths);
    writeFileSync(paths.config, '[profile theirs]\nregion = x\n', { flag: 'a' });
    expect((await removeProfiles(written)).warnings).toEqual([]);
    expect(entries(paths)).toEqual(['config']);
    expect(contents(paths.config)).toBe('[profile theirs]\nregion = x\n');
  });

  test('of a step that was overtaken by a later one finds nothing to do', async () => {
    const paths = filledPaths();
    const first = await write(paths);
    const second = await write(paths, [{ ...CI, region: 'us-east-1' }], 'replace');
    expect((await removeProfiles(second)).warnings).toEqual([]);
    expect((await removeProfiles(first)).warnings).toEqual([]);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('warns where the lock is held by somebody else all the time', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    mkdirSync(`${paths.config}.lock`);
    // A lock that was touched in the future does not grow old while this test runs.
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(`${paths.config}.lock`, later, later);
    expect((await removeProfiles(written, noPause)).warnings).toEqual([
      `The profile ci could not be removed from ${paths.config}. The profile file ${paths.config} was locked by another process (${paths.config}.lock) for 10 seconds. Remove it by hand.`,
    ]);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('warns where the folder has become something else', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    rmSync(dirname(paths.config), { recursive: true });
    writeFileSync(dirname(paths.config), '');
    const warnings = (await removeProfiles(written)).warnings;
    expect(warnings).toHaveLength(2);
    expect(readdirSync(dirname(dirname(paths.config)))).toEqual(['.aws']);
  });
});
