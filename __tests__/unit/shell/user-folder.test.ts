import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { locateUserFolder, openUserFolder } from '../../../src/shell/user-folder.ts';
import { testNeeding } from '../../kit/platform.ts';
import { failureOf, freshFolder, modeOf } from './folders.ts';

const OTHER_USER = 12_345;

/** Opens the folder in a home on Linux. */
function open(home: string): string {
  return openUserFolder({}, { platform: 'linux', home: () => home });
}

describe("the user's cache folder is", () => {
  const HOME = '/home/ana';
  test.each([
    ['linux', {}, '/home/ana/.cache/aws-mfa-credentials'],
    ['linux', { XDG_CACHE_HOME: '/var/cache/ana' }, '/var/cache/ana/aws-mfa-credentials'],
    ['linux', { XDG_CACHE_HOME: '' }, '/home/ana/.cache/aws-mfa-credentials'],
    ['linux', { XDG_CACHE_HOME: 'cache' }, '/home/ana/.cache/aws-mfa-credentials'],
    ['darwin', {}, '/home/ana/Library/Caches/aws-mfa-credentials'],
    ['darwin', { XDG_CACHE_HOME: '/var/cache/ana' }, '/home/ana/Library/Caches/aws-mfa-credentials'],
    ['win32', { LOCALAPPDATA: 'D:\\Ana\\Local' }, 'D:\\Ana\\Local\\aws-mfa-credentials'],
    ['win32', {}, '\\home\\ana\\AppData\\Local\\aws-mfa-credentials'],
  ] as const)('on %s with %o: %s', (platform, env, folder) => {
    expect(locateUserFolder(env, { platform, home: () => HOME })).toBe(folder);
  });

  test('not looked for in a home folder if a variable names it', () => {
    const home = (): never => {
      throw new Error('looked');
    };
    expect(locateUserFolder({ XDG_CACHE_HOME: '/c' }, { platform: 'linux', home })).toBe('/c/aws-mfa-credentials');
  });

  test('nowhere if the user has no home folder', async () => {
    const home = (): never => {
      throw new Failure('profile-unwritable', { reason: 'no-home', error: 'ENOENT' });
    };
    const failure = await failureOf(() => openUserFolder({}, { platform: 'linux', home }));
    expect(failure).toMatchObject({ code: 'cache-unusable', facts: { reason: 'no-home', error: 'ENOENT' } });
  });
});

describe("the user's cache folder", () => {
  testNeeding('file modes')('is made together with the folders above it, for the user alone', () => {
    const home = freshFolder();
    expect(open(home)).toBe(join(home, '.cache', 'aws-mfa-credentials'));
    expect(modeOf(join(home, '.cache'))).toBe('700');
    expect(modeOf(join(home, '.cache', 'aws-mfa-credentials'))).toBe('700');
  });

  test('is used again, and nothing is left in it', () => {
    const home = freshFolder();
    open(home);
    expect(readdirSync(open(home))).toEqual([]);
  });

  testNeeding('symbolic links')('may be a link of the user to a folder of the user', () => {
    const home = freshFolder();
    const target = freshFolder();
    mkdirSync(join(home, '.cache'));
    symlinkSync(target, join(home, '.cache', 'aws-mfa-credentials'));
    expect(open(home)).toBe(join(home, '.cache', 'aws-mfa-credentials'));
  });

  testNeeding('file modes').each([0o770, 0o707, 0o777, 0o1777])(
    'is refused if others may write to it: %o',
    async (mode) => {
      const home = freshFolder();
      const folder = open(home);
      chmodSync(folder, mode);
      const failure = await failureOf(() => open(home));
      expect(failure).toMatchObject({
        code: 'cache-unusable',
        facts: { reason: 'writable-by-others', path: folder },
      });
    },
  );

  testNeeding('foreign files')('is refused if it belongs to another user', async () => {
    const home = freshFolder();
    const folder = open(home);
    chownSync(folder, OTHER_USER, OTHER_USER);
    const failure = await failureOf(() => open(home));
    expect(failure).toMatchObject({ code: 'cache-unusable', facts: { reason: 'owned-by-others', path: folder } });
    expect(readdirSync(folder)).toEqual([]);
  });

  testNeeding('foreign files')('is refused if another user put a link in its place', async () => {
    const home = freshFolder();
    const folder = join(home, '.cache', 'aws-mfa-credentials');
    mkdirSync(join(home, '.cache'));
    symlinkSync(freshFolder(), folder);
    lchownSync(folder, OTHER_USER, OTHER_USER);
    const failure = await failureOf(() => open(home));
    expect(failure).toMatchObject({ code: 'cache-unusable', facts: { reason: 'owned-by-others', path: folder } });
  });

  test('is refused if it is a file', async () => {
    const home = freshFolder();
    mkdirSync(join(home, '.cache'));
    writeFileSync(join(home, '.cache', 'aws-mfa-credentials'), '');
    const failure = await failureOf(() => open(home));
    expect(failure).toMatchObject({ code: 'cache-unusable', facts: { reason: 'not-a-folder' } });
  });

  test("can't be made below a file: the failure names the folder and the system's reason", async () => {
    const home = freshFolder();
    writeFileSync(join(home, '.cache'), '');
    const failure = await failureOf(() => open(home));
    expect(failure).toMatchObject({
      code: 'cache-unusable',
      facts: {
        reason: 'system',
        path: join(home, '.cache', 'aws-mfa-credentials'),
        error: expect.stringContaining('ENOTDIR'),
      },
    });
  });
});
